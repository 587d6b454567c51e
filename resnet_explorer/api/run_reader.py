"""The verbs that read the runs of a home: list, show, curves, export; and the new events, for streams."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import cached_property, partial
from itertools import islice
from operator import itemgetter
from pathlib import Path

from resnet_explorer.api.run_answers import FileAnswer, FoundRuns, RunAnswer, RunDetail, RunList
from resnet_explorer.api.run_estimate import LaunchEstimate, estimate_launch
from resnet_explorer.api.run_rows import (
    answer_from_run,
    history,
    launch_commit,
    matches,
    queue_positions,
    slots_of,
    to_run_answer,
)
from resnet_explorer.api.run_search import ORDERS, holds, key_of, sort_keys
from resnet_explorer.errors import JournalError, RunError
from resnet_explorer.runs import curves as run_curves
from resnet_explorer.runs import export
from resnet_explorer.runs.bundled import BUNDLED_DIR, BundledRun, find_bundled, list_bundled
from resnet_explorer.runs.curves import Curves
from resnet_explorer.runs.datasets import require_known
from resnet_explorer.runs.events import ENDED, LIVE, Record
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.runs.index.store import IndexedEvent, IndexedRun, Store
from resnet_explorer.runs.measures import measure_of
from resnet_explorer.runs.run_folder import KINDS, TRAIN, RunFolder, find_run, run_folders

MAX_LISTED = 5000
# the newest runs that an estimate looks at
AVERAGED = 50


class RunReader:
    """Reads the runs of one home, and the bundled runs that come with the program."""

    def __init__(self, home: Path, bundled_dir: Path = BUNDLED_DIR) -> None:
        self.home = home
        self.bundled_dir = bundled_dir

    def runs(self, state: str = "", text: str = "", owner: str = "", limit: int = 200, kind: str = TRAIN) -> RunList:
        """List runs, the newest first, with where each stands; `last` is the newest event's number.

        Args:
            state: only those queued, preparing, running, finished, stopped, failed or interrupted; or live
            text: only those whose network, data, recipe, group or id holds this
            owner: marks those of this owner as yours
            limit: how many at most
            kind: train, analyse, judge, sweep, or nothing for all
        """
        _check_kind(kind)
        if not 1 <= limit <= MAX_LISTED:
            raise RunError(f"limit is 1 to {MAX_LISTED}, not {limit}")
        if state:
            require_known("state", state, ("live", *LIVE, *ENDED))
        with self._index() as index:
            rows = index.rows(MAX_LISTED if state or text else limit, kind)
            live, last = index.live(), index.last()
        places = queue_positions([*live, *(row for row in rows if row.progress.state not in LIVE)], self.home)
        answers = (to_run_answer(row, owner, places) for row in rows if self._is_there(row.job.run))
        matching = (run for run in answers if matches(run, state, text))
        # bundled runs come last, and the limit does not count them
        bundled = [run for run in self._bundled_runs if matches(run, state, text)] if kind in ("", TRAIN) else []
        return RunList(runs=[*islice(matching, limit), *bundled], last=last)

    def in_states(self, states: Collection[str], owner: str = "") -> list[RunAnswer]:
        """Every run of any kind in one of these states, the newest first; not a verb.

        The index has what happened only a moment later: runs whose files have grown since are read from these.
        """
        with self._index() as index:
            rows, offsets = index.rows(MAX_LISTED), index.offsets()
        answers = {row.job.run: to_run_answer(row, owner) for row in rows if self._is_there(row.job.run)}
        for folder in run_folders(self.home):
            if offsets.get(folder.run, 0) != folder.size:
                # it may be removed meanwhile, or hold no run
                with suppress(JournalError, OSError):
                    answers[folder.run] = answer_from_run(folder, owner)
        chosen = (run for run in answers.values() if run["state"] in states)
        return sorted(chosen, key=itemgetter("created"), reverse=True)

    def rows_of(self, runs: Sequence[str]) -> list[IndexedRun]:
        """Where these runs stand, by their whole ids; those that are not there are left out; not a verb."""
        with self._index() as index:
            return index.some(runs)

    def estimate(self, experiments: Sequence[Experiment], seeds: int) -> LaunchEstimate | None:
        """How long a launch of these with as many seeds would take here; for the page, not a verb."""
        with self._index() as index:
            return estimate_launch(experiments, seeds, index.rows(AVERAGED, TRAIN), slots_of(self.home))

    def find_runs(
        self,
        text: str = "",
        state: str = "",
        order: str = "newest",
        offset: int = 0,
        limit: int = 50,
        recorded: bool = True,
        owner: str = "",
    ) -> FoundRuns:
        """Find runs among thousands, a part at a time, with how many there are in all.

        Args:
            text: only those whose network, data, recipe, settings, group, reason or id hold every word of this
            state: only those queued, preparing, running, finished, stopped, failed or interrupted; or live, recorded
            order: newest, oldest, network, accuracy (best first) or seconds (shortest first)
            offset: how many to pass over
            limit: how many at most
            recorded: those that came with the program, too
            owner: marks those of this owner as yours
        """
        _check_part(offset, limit, state, order)
        words = text.lower().split()
        bundled = {run["run"]: run for run in self._bundled_runs if recorded and holds(run, state, words)}
        with self._index() as index:
            own = index.find(state, words, TRAIN) if state != "recorded" else []
            ordered = sort_keys([*own, *map(key_of, bundled.values())], order)
            part = [key.run for key in ordered[offset : offset + limit]]
            here = [run for run in part if run not in bundled and self._is_there(run)]
            rows = {row.job.run: row for row in index.some(here)}
            live, states, last = index.live(), index.states(TRAIN), index.last()
        places = queue_positions(live, self.home)
        runs = [
            bundled[run] if run in bundled else to_run_answer(rows[run], owner, places)
            for run in part
            if run in bundled or run in rows
        ]
        return FoundRuns(runs=runs, total=len(ordered), states=states, last=last)

    def show(self, run: str, owner: str = "") -> RunDetail:
        """Everything about one run: what was asked, where it stands, its history, the command that repeats it.

        Args:
            run: the id of a run, or its first letters
            owner: marks the run as yours if it is
        """
        folder = self.find(run)
        job = folder.job()
        return RunDetail(
            run=answer_from_run(folder, owner),
            network=job.what["experiment"].get("network", {}) if job.kind == TRAIN else {},
            recipe=export.recipe_of(job),
            history=history(folder.records()[0]),
            command=export.command(job),
        )

    def curves(self, run: str, since: int = 0, points: int = 0, weights: bool = False) -> Curves:
        """What a run has measured, column by column, after event number `since`.

        Args:
            run: the id of a run, or its first letters
            since: the cursor of an earlier answer; 0 for everything
            points: leave out steps evenly until about so many are left; 0 for all
            weights: the norm of each weight's gradient too
        """
        folder = self.find(run)
        return run_curves.curves(folder.run, folder.records()[0], since, points, weights)

    def export_run(self, run: str, form: str = "card") -> FileAnswer:
        """A run as a file: its events as JSON Lines, its curve as CSV, or a run card that repeats it.

        Args:
            run: the id of a run, or its first letters
            form: jsonl, csv or card
        """
        folder = self.find(run)
        job, records = folder.job(), folder.records()[0]
        measure = measure_of(job.what["data"]).name
        writers: dict[str, Callable[[Sequence[Record]], str]] = {
            "jsonl": export.jsonl,
            "csv": partial(export.table, measure=measure),
        }
        if form not in (*writers, "card"):
            raise RunError(f"a run is exported as jsonl, csv or card, not {form[:40]!r}")
        text = writers[form](records) if form in writers else export.card(job, records, launch_commit(folder))
        return FileAnswer(name=export.file_name(job, form), text=text)

    def events_after(self, after: int, runs: Sequence[str]) -> tuple[list[IndexedEvent], int]:
        """The events of some runs after a number in the index, and the newest number; for streams, not a verb."""
        with self._index() as index:
            events = index.events(after, runs)
        return events, events[-1].id if events else max(after, 0)

    def last_event(self) -> int:
        """The number of the newest event in the index; for streams, not a verb."""
        with self._index() as index:
            return index.last()

    def news(self) -> str:
        """A text that is another one as soon as a run came, went or reported something; for lists, not a verb."""
        with self._index() as index:
            return f"{index.last()}-{sum(index.states().values())}"

    def current_rows(self, runs: Sequence[str]) -> list[RunAnswer]:
        """Where some runs stand, by the index: cheap enough to ask several times a second; not a verb."""
        with self._index() as index:
            rows, live = [index.row(run) for run in runs], index.live()
        places = queue_positions(live, self.home)
        return [
            to_run_answer(row, "", places) if row else answer_from_run(self.find(run))
            for run, row in zip(runs, rows, strict=True)
        ]

    def find(self, run: str) -> RunFolder | BundledRun:
        """A run of this home, or a bundled one; refused if there is neither, or several."""
        try:
            return find_run(self.home, run)
        except RunError:
            bundled = find_bundled(run, self.bundled_dir)
            if bundled is None:
                raise
            return bundled

    @cached_property
    def _bundled_runs(self) -> list[RunAnswer]:
        """Read once: bundled runs do not change while the program runs."""
        return [answer_from_run(run) for run in list_bundled(self.bundled_dir)]

    def _is_there(self, run: str) -> bool:
        """Whether a run has not been removed: the index forgets it only a moment later."""
        return (self.home / "runs" / run).is_dir()

    def _index(self) -> Store:
        return Store(self.home / "index.sqlite3")


def _check_kind(kind: str) -> None:
    if kind:
        require_known("kind of run", kind, KINDS)


def _check_part(offset: int, limit: int, state: str, order: str) -> None:
    if not 1 <= limit <= MAX_LISTED:
        raise RunError(f"limit is 1 to {MAX_LISTED}, not {limit}")
    if offset < 0:
        raise RunError(f"offset is 0 or more, not {offset}")
    if state:
        require_known("state", state, ("live", "recorded", *LIVE, *ENDED))
    require_known("order", order, ORDERS)
