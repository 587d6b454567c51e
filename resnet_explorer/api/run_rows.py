"""A run as one row of a list: its answer as JSON, its place in the queue, its history in sentences."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, cast

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.errors import ExplorerError
from resnet_explorer.executors.lock import read_owner
from resnet_explorer.executors.queue import queue_estimates
from resnet_explorer.executors.turns import TURN
from resnet_explorer.networks.request import parse_request
from resnet_explorer.runs.bundled import BundledRun
from resnet_explorer.runs.event_json import to_json
from resnet_explorer.runs.events import (
    LIVE,
    RESUMABLE,
    STATES,
    Failed,
    Interrupted,
    Noted,
    Paused,
    Record,
    Saved,
    Started,
)
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.runs.index.store import IndexedRun
from resnet_explorer.runs.measures import measure_of
from resnet_explorer.runs.progress import progress
from resnet_explorer.runs.run_folder import BESIDE, SHORT, RunFolder


class Place(NamedTuple):
    """Where a live run stands among the others: its place in the queue from 1, and the seconds until it starts.

    `waiting` says why it waits; `stretch` is how much longer it takes than alone, as runs take turns.
    """

    position: int = 0
    starts_in: float | None = None
    waiting: str = ""
    stretch: float = 1.0


Places = Mapping[str, Place]
ALONE = Place()
NUMBERS = ("seconds", "loss", "accuracy", "rate", "test_loss", "test_accuracy")
TEXTS = ("state", "reason", "code", "device", "hardware", "precision", "engine", "note", "preparing")
SEARCHED = ("analysis", "line", "data", "recipe", "run", "group", "reason", "ordering", "recorded")
COUNTS = ("attempt", "step", "steps", "test_images", "parameters", "done", "of", "ended")


def to_run_answer(row: IndexedRun, owner: str = "", places: Places | None = None, recorded: str = "") -> RunAnswer:
    """An indexed run in one line, as JSON; `recorded` says where a bundled run comes from."""
    job, now = row.job, row.progress
    place = (places or {}).get(job.run, ALONE)
    answer = {name: job.what[name] for name in ("line", "data", "recipe", "settings")}
    experiment = job.what.get("experiment", {})
    answer |= {name: getattr(now, name) for name in (*TEXTS, *COUNTS)}
    answer["note"] = now.note or job.what.get("note", "")
    answer |= {name: to_json(getattr(now, name)) for name in NUMBERS}
    answer |= {
        "run": job.run,
        "short": job.run[:SHORT],
        "kind": job.kind,
        "measure": measure_of(job.what["data"]).name,
        "analysis": job.what.get("analysis", ""),
        "ordering": _ordering_of(job.what["line"]) if experiment else "",
        "slot": job.slot,
        "seed": experiment.get("seed", 0),
        "experiment": _experiment_id(json.dumps(experiment)) if experiment else "",
        "group": job.group,
        "mine": bool(owner) and job.owner == hash_owner(owner),
        "created": job.created,
        "remaining": to_json(now.remaining and now.remaining * place.stretch),
        "position": place.position,
        "starts_in": place.starts_in,
        "waiting": place.waiting,
        "resumable": now.state in RESUMABLE and not recorded,
        "recorded": recorded,
    }
    return cast(RunAnswer, answer)


def answer_from_run(folder: RunFolder | BundledRun, owner: str = "") -> RunAnswer:
    """A run in one line, read from its own files: the index has a new run only a moment later."""
    row = IndexedRun(0, folder.job(), progress(folder.records()[0]), 0)
    recorded = str(folder.provenance()) if isinstance(folder, BundledRun) else ""
    return to_run_answer(row, owner, recorded=recorded)


def launch_commit(folder: RunFolder | BundledRun) -> str:
    """The commit that a run was launched from, not the one that is here now."""
    commit: str = folder.job().what.get("commit", "")
    return commit or (folder.provenance().commit if isinstance(folder, BundledRun) else "")


def hash_owner(owner: str) -> str:
    """What is stored of an owner's text: nobody who reads the hash can pass for them."""
    return hashlib.sha256(owner.encode("utf-8", "replace")).hexdigest()[:16] if owner else ""


def matches(run: RunAnswer, state: str, text: str) -> bool:
    """Whether a run is in a state (live: queued, preparing or running) and one of its texts contains `text`."""
    if state and run["state"] != state and not (state == "live" and run["state"] in LIVE):
        return False
    words = " ".join(str(run[name]) for name in SEARCHED)  # type: ignore[literal-required]
    return text.lower() in words.lower()


def queue_positions(rows: Sequence[IndexedRun], home: Path) -> Places:
    """The place of each run that is live."""
    slots = slots_of(home)
    live = [row for row in rows if row.progress.state in LIVE and row.job.kind not in BESIDE]
    estimates = queue_estimates(rows, slots, TURN.seconds)
    why = f"{slots} of {len(live)} train at a time on this machine" if len(live) > slots else ""
    places = {}
    for row in live:
        queued = row.job.run in estimates
        position, starts_in = estimates.get(row.job.run, (0, None))
        places[row.job.run] = Place(position, starts_in, why if queued else "", max(1.0, len(live) / slots))
    return places


def history(records: Sequence[Record]) -> list[str]:
    """What happened to a run, one sentence each, but for its curves and for its turns, which are counted."""
    sentences: list[str] = []
    pauses, paused = 0, 0
    for record in records:
        match record.event:
            case Paused(step):
                pauses, paused = pauses + 1, record.attempt
                if sentences[-1:] == [_checkpoint(step)]:
                    sentences.pop()
            case Started() if record.attempt == paused:
                continue
            case Noted(text) if text not in sentences:
                sentences.append(text)
            case Started() as event:
                sentences.append(f"attempt {record.attempt} started after step {event.step} on {event.hardware}")
            case Saved(step):
                sentences.append(_checkpoint(step))
            case Failed(reason) | Interrupted(reason):
                sentences.append(f"{record.kind}: {reason}")
            case _ if record.kind in STATES and record.kind not in ("prepared",):
                sentences.append(record.kind)
    return [*sentences, f"took turns with other runs, {pauses + 1} so far"] if pauses else sentences


def _checkpoint(step: int) -> str:
    return f"checkpoint after step {step}"


def slots_of(home: Path) -> int:
    """How many runs the owner of the home works on at once; 1 where nobody has written it."""
    slots = read_owner(home).get("slots")
    return max(1, slots) if isinstance(slots, int) else 1


# thousands of runs are of some tens of lines and experiments
@lru_cache(4096)
def _ordering_of(line: str) -> str:
    """The ordering that a line names; nothing where an older program wrote a line that is refused now."""
    try:
        return parse_request(line).ordering
    except ExplorerError:
        return ""


@lru_cache(4096)
def _experiment_id(experiment: str) -> str:
    try:
        return Experiment.from_json(experiment).id
    except ExplorerError:
        return ""
