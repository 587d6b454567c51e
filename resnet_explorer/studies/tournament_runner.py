"""A tournament as a run: it asks for the probe of its atlas, then for the trainings of one round after the other.

It computes nothing itself, so it starts from the beginning each time; what it asked for earlier is there.
"""

import platform
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

from resnet_explorer.errors import StudyError
from resnet_explorer.runs.analysis_results import Results, follow
from resnet_explorer.runs.atlas import RECIPE, Atlas, Tournament
from resnet_explorer.runs.commit import program_commit
from resnet_explorer.runs.events import Computed, Concluded, Event, Finished, Started
from resnet_explorer.runs.run_folder import PROBE, TOURNAMENT, Job
from resnet_explorer.studies.child_runs import ChildRuns, require_finished, training_job
from resnet_explorer.studies.sweep_runner import row_values
from resnet_explorer.studies.tournament import FINAL, LONG, RANKED_BY, SHORT, first_round, next_round

# seconds between two looks at the runs
PAUSE = 0.2
Numbers = dict[int, float | None]


class Match(NamedTuple):
    """One training of a tournament."""

    round: str
    entry: int
    seed: int


def probe_job(atlas: Atlas, owner: str = "") -> Job:
    """The job that probes an atlas."""
    return Job(atlas.id, PROBE, _what(atlas, f"atlas at depth {atlas.depth}", atlas.to_json()), owner, atlas.id)


def tournament_job(request: Tournament, owner: str = "") -> Job:
    """The job of a tournament."""
    title = f"tournament at depth {request.atlas.depth}"
    return Job(request.id, TOURNAMENT, _what(request.atlas, title, request.to_json()), owner, request.atlas.id)


def tournament(job: Job, home: Path, at_once: int) -> Generator[Event | None, None, None]:
    """The events of a tournament until its last round has ended; None between them while its runs are at work."""
    request = Tournament.from_json(job.what["request"])
    yield Started(0, 0, versions={"python": platform.python_version()})
    with ChildRuns(home) as runs:
        rounds = _Rounds(request, job, runs, max(1, at_once))
        spreads = yield from rounds.probe()
        short = yield from rounds.train(SHORT, first_round(request.atlas, spreads), request.short, 1)
        long = yield from rounds.train(LONG, next_round(request.atlas, LONG, short), request.long, 1)
        yield from rounds.train(FINAL, next_round(request.atlas, FINAL, long), request.long, request.seeds)
        yield Concluded((f"{rounds.done} trainings of {len(request.atlas.entries)} orderings have ended.",))
        yield Finished(rounds.done, monotonic() - rounds.begun)


class _Rounds:
    """The rounds of one tournament, each of which ends before the next one begins."""

    def __init__(self, request: Tournament, job: Job, runs: ChildRuns, at_once: int) -> None:
        self.request, self.job, self.runs, self.at_once = request, job, runs, at_once
        self.begun, self.done = monotonic(), 0

    def probe(self) -> Generator[Event | None, None, Numbers]:
        """What the probe says of each entry."""
        job = probe_job(self.request.atlas, self.job.owner)
        self.runs.ask(job)
        while not (ended := self.runs.ended(job.run)):
            yield None
            if not self.runs.poll():
                sleep(PAUSE)
        require_finished(ended, job.run)
        values = follow(Results(), self.runs.folder(job.run).records()[0]).values
        if len(values) < len(self.request.atlas.entries):
            raise StudyError(f"the probe of the atlas knows {len(values)} of {len(self.request.atlas.entries)} entries")
        return {number: each[RANKED_BY] for number, each in values.items()}

    def train(
        self, name: str, entries: Sequence[int], steps: int, seeds: int
    ) -> Generator[Event | None, None, Numbers]:
        """Train a round; the mean accuracy of each entry, or None where a training came to nothing."""
        first = self.request.atlas.seed
        waiting = [Match(name, entry, seed) for seed in range(first, first + seeds) for entry in entries]
        live: dict[Match, Job] = {}
        given: dict[int, list[float | None]] = {entry: [] for entry in entries}
        of = self.done + len(waiting)
        while waiting or live:
            while waiting and self.runs.live < self.at_once:
                match = waiting.pop(0)
                live[match] = self._training(match, steps)
                self.runs.ask(live[match])
            news = {match: now for match, job in live.items() if (now := self.runs.ended(job.run))}
            for match, now in news.items():
                values = row_values(live.pop(match), match.seed, now) | {"round": name, "entry": match.entry}
                given[match.entry].append(_accuracy(values))
                self.done += 1
                yield Computed(self.done, of, monotonic() - self.begun, self.done - 1, values)
            if not news:
                yield None
                if not self.runs.poll():
                    sleep(PAUSE)
        return {entry: _mean(values) for entry, values in given.items()}

    def _training(self, match: Match, steps: int) -> Job:
        request = self.request
        experiment = request.experiment(match.entry, steps, match.seed)
        line, settings = request.atlas.line(match.entry), request.settings(steps)
        return training_job(line, request.atlas.data, RECIPE, settings, experiment, self.job.owner, self.job.run)


def _what(atlas: Atlas, title: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """What lists show and search, and the request itself."""
    texts = {"line": title, "data": atlas.data, "recipe": RECIPE, "settings": {}, "commit": program_commit()}
    return {**texts, "request": dict(request)}


def _accuracy(values: Mapping[str, Any]) -> float | None:
    accuracy = values["test_accuracy"]
    return float(accuracy) if values["state"] == "finished" and isinstance(accuracy, int | float) else None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(values) if len(known) == len(values) else None
