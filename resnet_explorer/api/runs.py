"""The verbs that change runs: train, stop, resume, remove, import; `executors/` does the training.

They write jobs and commands into the folders of one home; `run_reader` has the verbs that read it.
"""

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from operator import itemgetter
from pathlib import Path

from resnet_explorer.api import run_form
from resnet_explorer.api.quotas import Caller, RunLimits, RunQuota, the_machine
from resnet_explorer.api.run_answers import Choices, LaunchedRuns, RunAnswer, RunList
from resnet_explorer.api.run_launch import JobFactory
from resnet_explorer.api.run_reader import RunReader
from resnet_explorer.api.run_rows import answer_from_run, hash_owner
from resnet_explorer.errors import JournalError, RunError
from resnet_explorer.executors.base import stop_queued
from resnet_explorer.executors.machine import total_memory
from resnet_explorer.runs.bundled import BUNDLED_DIR, BundledRun
from resnet_explorer.runs.events import ENDED, LIVE, RESUMABLE, Queued, state_of
from resnet_explorer.runs.index.store import Store
from resnet_explorer.runs.run_folder import (
    SHORT,
    SLOTS,
    TRAIN,
    Job,
    RunFolder,
    milliseconds,
    new_id,
    refuse_unwritable,
)

MAX_AT_ONCE = 72


class Runs:
    """Launches, stops, resumes and removes the runs of one home; `reader` lists and shows them.

    Where `shared`, only its owner can change a run, and no path is read for a visitor.
    """

    def __init__(
        self,
        home: Path,
        shared: bool = False,
        bundled_dir: Path = BUNDLED_DIR,
        caller: Caller = the_machine,
        limits: RunLimits | None = None,
        on_launch: Callable[[str], None] = lambda _owner: None,
    ) -> None:
        """`on_launch` is called with the hash of the owner before runs are launched or gone on with."""
        self.home = home
        self.shared = shared
        self.quota, self.on_launch = RunQuota(caller, limits), on_launch
        self.reader = RunReader(home, bundled_dir)
        self.jobs = JobFactory(total_memory(), shared)

    def train(
        self,
        networks: list[str],
        data: str = "shapes",
        recipe: str = "short",
        seeds: list[int] | None = None,
        settings: dict[str, str] | None = None,
        owner: str = "",
        slots: list[int] | None = None,
        gpus: int = 1,
        processes: int = 1,
    ) -> LaunchedRuns:
        """Launch a training run for each network and seed; they wait for a place and then train by themselves.

        Args:
            networks: NETWORK[:ORDERING] each, such as cifar-basic-56:original
            data: shapes, shapes:hard, points, cifar10, cifar100, svhn, mnist ..., or imagefolder:PATH, pointfolder:PATH
            recipe: short, steady, he2015, wrn or speed
            seeds: one run for each, such as [0, 1, 2]; a seed decides weights, order and augmentation
            settings: fields of the recipe to set, such as {"lr": "0.05", "steps": "1000"}
            owner: a text of your own that marks the runs as yours
            slots: the lane of each network, 0 to 5, for its letter and colour
            gpus: so many GPUs of this machine train each run together, a part of each batch on each
            processes: the same with so many processes on processors, a core each
        """
        seeds = [0] if seeds is None else seeds
        _check_counts(networks, seeds, slots)
        data, classes = self.jobs.resolve_data(data)
        lanes = list(zip(networks, slots or range(len(networks)), strict=True))
        parallel = self.jobs.parallel_args(gpus, processes)
        # all lanes with the first seed come first, so that they can be compared early
        jobs = [
            (self.jobs.job_args(line, data, recipe, seed, settings or {}, classes) | parallel, slot)
            for seed in dict.fromkeys(seeds)
            for line, slot in lanes
        ]
        self.check_owner_limit(len(jobs), owner)
        return self._launch(jobs, owner)

    def stop(self, run: str, owner: str = "") -> RunAnswer:
        """Stop a run between two steps; what it measured is kept, and it can be resumed.

        Args:
            run: the id of a run, or its first letters
            owner: whose run it is, where strangers share the machine
        """
        folder = self._writable_run(run, owner)
        with refuse_unwritable(folder):
            if state_of(folder.records()[0]) in LIVE:
                folder.write_command("stop")
                stop_queued(folder)
        return answer_from_run(folder, owner)

    def stop_all(self, owner: str = "") -> RunList:
        """Stop all runs and analyses that wait or are at work (where strangers share the machine: your own).

        Args:
            owner: whose runs
        """
        stopped = []
        for run in self.reader.in_states(LIVE, owner):
            if run["mine"] or not self.shared:
                # somebody else may just have removed it
                with suppress(RunError, JournalError):
                    stopped.append(self.stop(run["run"], owner))
        return RunList(runs=stopped, last=0)

    def resume(self, run: str, owner: str = "") -> RunAnswer:
        """Go on with a stopped or interrupted run from its last checkpoint; its curve has no gap and no step twice.

        Args:
            run: the id of a run, or its first letters
            owner: whose run it is, where strangers share the machine
        """
        folder = self._writable_run(run, owner)
        self.check_owner_limit(1, owner)
        with refuse_unwritable(folder), folder.writer() as events:
            if events.state not in RESUMABLE:
                state = f"{folder.run[:SHORT]} is {events.state}"
                raise RunError(f"only a stopped or interrupted run can be resumed; {state}")
            folder.write_command("run")
            events.append(Queued())
        self.quota.launched([folder.run], hash_owner(owner))
        return answer_from_run(folder, owner)

    def resume_all(self, owner: str = "") -> RunList:
        """Go on with all stopped and interrupted runs, the oldest first (where strangers share the machine: your own).

        Args:
            owner: whose runs
        """
        listed = self.reader.in_states(RESUMABLE, owner)
        mine = [run for run in listed if run["mine"] or not self.shared]
        self.check_owner_limit(len(mine), owner)
        resumed = []
        for run in sorted(mine, key=itemgetter("created")):
            # the list may be older than what somebody else did with a run
            with suppress(RunError, JournalError):
                resumed.append(self.resume(run["run"], owner))
        return RunList(runs=resumed, last=0)

    def remove(self, run: str, owner: str = "") -> RunAnswer:
        """Remove a run that has ended, with its curves and checkpoints, for good.

        Args:
            run: the id of a run, or its first letters
            owner: whose run it is, where strangers share the machine
        """
        folder = self._writable_run(run, owner)
        answer = answer_from_run(folder, owner)
        # while the writer is open nobody can resume it
        with refuse_unwritable(folder), folder.writer() as events:
            if events.state in LIVE:
                raise RunError(f"run {folder.run[:SHORT]} is {events.state}; stop it first")
            # a rename takes it out of every list at once; deleting its files takes longer
            removed = folder.path.with_name(f".{folder.run}.removed")
            folder.path.rename(removed)
        shutil.rmtree(removed)
        return answer

    def import_run(self, card: str, owner: str = "") -> LaunchedRuns:
        """Launch the run that a run card describes, once more.

        Args:
            card: the text of a run card
            owner: a text of your own that marks the run as yours
        """
        self.check_owner_limit(1, owner)
        return self._launch([(self.jobs.from_card(card), 0)], owner)

    def choices(self) -> Choices:
        """What can be chosen for a run: recipes with all their fields, data sets, and the names a field can have."""
        return run_form.choices(folders=not self.shared)

    def check_owner_limit(self, count: int, owner: str) -> None:
        """Refuse so many more runs of an owner if they would be too many where strangers share the machine."""
        self.on_launch(hash_owner(owner))
        if not self.shared:
            return
        with Store(self.home / "index.sqlite3") as index:
            live = {row.job.run: row.job.owner for row in index.live()}

            def ended(runs: Sequence[str]) -> set[str]:
                known = {row.job.run for row in index.some(runs) if row.progress.state in ENDED}
                return known | {run for run in runs if not (self.home / "runs" / run).is_dir()}

            self.quota.check(count, hash_owner(owner), live, ended)

    def _launch(self, jobs: Sequence[tuple[dict[str, object], int]], owner: str) -> LaunchedRuns:
        """A folder for each job, given as its arguments and the slot of its lane."""
        group, now, hashed = new_id(), milliseconds(), hash_owner(owner)
        folders = [
            # a millisecond apart, so that they start in this order
            RunFolder.create(self.home, Job(new_id(), TRAIN, args, hashed, group, slot, now + index))
            for index, (args, slot) in enumerate(jobs)
        ]
        self.quota.launched([folder.run for folder in folders], hashed)
        return LaunchedRuns(group=group, runs=[answer_from_run(folder, owner) for folder in folders])

    def _writable_run(self, run: str, owner: str) -> RunFolder:
        """A run that may be changed: not a bundled one, and the owner's where strangers share the machine."""
        folder = self.reader.find(run)
        if isinstance(folder, BundledRun):
            raise RunError(f"run {folder.run[:SHORT]} was recorded and came with the program; it can only be looked at")
        if self.shared and folder.job().owner != hash_owner(owner):
            raise RunError(f"run {folder.run[:SHORT]} belongs to somebody else")
        return folder


def _check_counts(networks: Sequence[str], seeds: Sequence[int], slots: Sequence[int] | None) -> None:
    """Refuse no runs, too many, and lanes that do not fit the networks."""
    if not networks or not seeds or len(networks) * len(seeds) > MAX_AT_ONCE:
        raise RunError(f"train takes 1 to {MAX_AT_ONCE} runs at once, not {len(networks)} x {len(seeds)}")
    if slots is not None and len(slots) != len(networks):
        raise RunError(f"slots names {len(slots)} lanes for {len(networks)} networks")
    if not all(0 <= slot < SLOTS for slot in slots or ()):
        raise RunError(f"slots are numbers of lanes, 0 to {SLOTS - 1}")
