"""The trainings and analyses that a study asks for: each has the id of what it asks, so that none is done twice."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from resnet_explorer.errors import JournalError, StudyError
from resnet_explorer.executors.base import stop_queued
from resnet_explorer.runs.analysis_results import Results, follow
from resnet_explorer.runs.commit import program_commit
from resnet_explorer.runs.events import LIVE, RESUMABLE, Queued, state_of
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.runs.progress import Progress, progress
from resnet_explorer.runs.run_folder import SHORT, TRAIN, Job, RunFolder, hashed_id, newest_records

# how often a study lets a run that was stopped or interrupted go on
MOST_RESUMED = 3


def training_job(
    line: str, data: str, recipe: str, settings: Mapping[str, str], experiment: Experiment, owner: str, group: str
) -> Job:
    """The job that trains an experiment; the same experiment has the same run."""
    what = {
        "line": line,
        "data": data,
        "recipe": recipe,
        "settings": dict(settings),
        "commit": program_commit(),
        "experiment": experiment.changes(),
    }
    return Job(training_id(experiment), TRAIN, what, owner, group)


def training_id(experiment: Experiment) -> str:
    """The id of the run that trains an experiment for whoever asks for it by what it is."""
    return hashed_id(f"train {experiment.id}")


class ChildRuns:
    """Asks for runs in a home and says how they stand; when it is closed, those that are still live are stopped."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._live: dict[str, RunFolder] = {}
        self._ended: dict[str, Progress] = {}
        self._resumed: Counter[str] = Counter()
        self._torch: dict[str, str] = {}
        self._news = False

    @property
    def live(self) -> int:
        """How many of the runs asked for wait or are at work."""
        return len(self._live)

    def ask(self, job: Job) -> None:
        """Queue a run, unless it is there already; one that was stopped or interrupted goes on."""
        if job.run in self._live or job.run in self._ended:
            return
        folder = RunFolder(self.home / "runs" / job.run)
        if not folder.path.is_dir():
            RunFolder.create(self.home, job)
        self._live[job.run] = folder
        self._look_at(folder)

    def poll(self) -> bool:
        """Look at the live runs: those that ended are known from now on, those that were stopped go on.

        True where a run ended since the last look, so that more is known or can be asked.
        """
        for folder in list(self._live.values()):
            self._look_at(folder)
        news, self._news = self._news, False
        return news

    def ended(self, run: str) -> Progress | None:
        """How a run ended, or None while it has not."""
        return self._ended.get(run)

    def torch_version(self, run: str) -> str:
        """The version of torch that a run was done with; nothing where it has not ended."""
        return self._torch.get(run, "")

    def folder(self, run: str) -> RunFolder:
        """The folder of a run."""
        return RunFolder(self.home / "runs" / run)

    def stop(self) -> None:
        """Stop what is live."""
        for folder in self._live.values():
            with suppress(OSError):
                folder.write_command("stop")
                stop_queued(folder)

    def __enter__(self) -> "ChildRuns":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _look_at(self, folder: RunFolder) -> None:
        state = _state(folder)
        if state in RESUMABLE:
            self._go_on(folder)
        elif state not in LIVE:
            records = folder.records()[0]
            self._ended[folder.run] = progress(records)
            self._torch[folder.run] = follow(Results(), records).versions.get("torch", "")
            del self._live[folder.run]
            self._news = True

    def _go_on(self, folder: RunFolder) -> None:
        """Queue a run again that was stopped or interrupted."""
        self._resumed[folder.run] += 1
        if self._resumed[folder.run] > MOST_RESUMED:
            now = progress(folder.records()[0])
            raise StudyError(f"run {folder.run[:SHORT]} is {now.state} again and again: {now.reason or 'by hand'}")
        # whoever holds the journal does the same, or the run is still ending
        with suppress(JournalError), folder.writer() as events:
            if events.state in RESUMABLE:
                folder.write_command("run")
                events.append(Queued())


def require_finished(known: Progress, run: str, allowed: Sequence[str] = ()) -> None:
    """Raise a StudyError for a run that failed, but for a reason of which the code is allowed."""
    if known.state == "failed" and known.code not in allowed:
        raise StudyError(f"run {run[:SHORT]} failed: {known.reason}")


def _state(folder: RunFolder) -> str:
    try:
        return state_of(newest_records(folder))
    except FileNotFoundError:
        raise StudyError(f"run {folder.run[:SHORT]} was removed while a study needed it") from None
