"""A run as one row of a list."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.errors import ExplorerError
from resnet_explorer.executors.lock import read_owner
from resnet_explorer.executors.queue import queue_estimates
from resnet_explorer.networks.request import parse_request
from resnet_explorer.runs.bundled import BundledRun
from resnet_explorer.runs.event_json import to_json
from resnet_explorer.runs.events import LIVE, RESUMABLE, STATES, Failed, Interrupted, Noted, Record, Saved, Started
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.runs.index.store import IndexedRun
from resnet_explorer.runs.progress import progress
from resnet_explorer.runs.run_folder import SHORT, RunFolder

Places = Mapping[str, tuple[int, float | None]]
NUMBERS = ("seconds", "remaining", "loss", "accuracy", "rate", "test_loss", "test_accuracy")
TEXTS = ("state", "reason", "code", "device", "hardware", "precision", "engine", "note", "preparing")
SEARCHED = ("line", "data", "recipe", "run", "group", "reason", "ordering", "recorded")
COUNTS = ("attempt", "step", "steps", "test_images", "parameters", "done", "of", "ended")


def to_run_answer(row: IndexedRun, owner: str = "", places: Places | None = None, recorded: str = "") -> RunAnswer:
    """A run in one line, as JSON."""
    job, now = row.job, row.progress
    position, starts_in = (places or {}).get(job.run, (0, None))
    told = {name: getattr(now, name) for name in (*TEXTS, *COUNTS)}
    told |= {name: to_json(getattr(now, name)) for name in NUMBERS}
    told |= {
        "run": job.run,
        "short": job.run[:SHORT],
        "ordering": _ordering(job.what["line"]),
        "slot": job.slot,
        "seed": job.what["experiment"].get("seed", 0),
        "experiment": _id(job.what["experiment"]),
        "group": job.group,
        "mine": bool(owner) and job.owner == hash_owner(owner),
        "created": job.created,
        "position": position,
        "starts_in": starts_in,
        "resumable": now.state in RESUMABLE and not recorded,
        "recorded": recorded,
    }
    return cast(RunAnswer, told | {name: job.what[name] for name in ("line", "data", "recipe", "settings")})


def answer_from_run(folder: RunFolder | BundledRun, owner: str = "") -> RunAnswer:
    """From the run itself: the index comes a moment later."""
    row = IndexedRun(0, folder.job(), progress(folder.records()[0]), 0)
    recorded = str(folder.provenance()) if isinstance(folder, BundledRun) else ""
    return to_run_answer(row, owner, recorded=recorded)


def launch_commit(folder: RunFolder | BundledRun) -> str:
    """The commit that a run was launched from, not the one that is here now."""
    known: str = folder.job().what.get("commit", "")
    return known or (folder.provenance().commit if isinstance(folder, BundledRun) else "")


def hash_owner(owner: str) -> str:
    """What is kept of an owner: nobody who reads it can pass for them."""
    return hashlib.sha256(owner.encode("utf-8", "replace")).hexdigest()[:16] if owner else ""


def matches(run: RunAnswer, state: str, text: str) -> bool:
    """Whether a run is in a state (live: waiting or at work) and holds a text."""
    if state and run["state"] != state and not (state == "live" and run["state"] in LIVE):
        return False
    words = " ".join(str(run[name]) for name in SEARCHED)  # type: ignore[literal-required]
    return text.lower() in words.lower()


def queue_positions(rows: Sequence[IndexedRun], home: Path) -> Places:
    """For each run that waits: its place in the queue from 1, and in how many seconds it may start."""
    return queue_estimates(rows, _slots(home))


def history(records: Sequence[Record]) -> list[str]:
    """What happened to a run, one sentence each, but for its curves."""
    told = []
    for record in records:
        match record.event:
            case Noted(text):
                told.append(text)
            case Started() as event:
                told.append(f"attempt {record.attempt} started after step {event.step} on {event.hardware}")
            case Saved(step):
                told.append(f"checkpoint after step {step}")
            case Failed(reason) | Interrupted(reason):
                told.append(f"{record.kind}: {reason}")
            case _ if record.kind in STATES and record.kind not in ("prepared",):
                told.append(record.kind)
    return told


def _slots(home: Path) -> int:
    """How many runs the owner of the home works on at once."""
    slots = read_owner(home).get("slots")
    return max(1, slots) if isinstance(slots, int) else 1


def _ordering(line: str) -> str:
    try:
        return parse_request(line).ordering
    except ExplorerError:
        return ""


def _id(experiment: Mapping[str, object]) -> str:
    try:
        return Experiment.from_json(json.dumps(experiment)).id
    except ExplorerError:
        return ""
