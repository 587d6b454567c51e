"""A study as a run: it asks for trainings and analyses, takes those that are there, and judges at each look.

It computes nothing itself, so it starts from the beginning each time, and comes to the same verdict: what it asked for
earlier is there.
"""

import platform
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from resnet_explorer.errors import StudyError
from resnet_explorer.runs.event_json import to_json
from resnet_explorer.runs.events import Computed, Concluded, Event, Finished, Started
from resnet_explorer.runs.run_folder import Job
from resnet_explorer.studies.catalog import find_study
from resnet_explorer.studies.child_runs import ChildRuns
from resnet_explorer.studies.measuring import Asker, Sample
from resnet_explorer.studies.request import StudyRequest
from resnet_explorer.studies.rules import INCONCLUSIVE, NOT_MEASURED, Verdict
from resnet_explorer.studies.study import Form, Study, StudyPart, headline

# seconds between two looks at the runs
PAUSE = 0.2


def judge(job: Job, home: Path, at_once: int) -> Generator[Event | None, None, None]:
    """The events of a study until all its parts are judged; None between them while its runs are at work."""
    request = StudyRequest.from_json(job.what["request"])
    study = find_study(request.study)
    if request.rules != tuple(part.hash for part in study.parts):
        raise StudyError(f"the rules of {study.id} are others now; ask once more")
    yield Started(0, 0, versions={"python": platform.python_version()})
    parts = [PartState(part, part.form(request.form), request) for part in study.parts]
    begun = monotonic()
    with ChildRuns(home) as runs:
        asker = Asker(runs, request.data, job.owner, job.run)
        for changed in _work(parts, asker, at_once):
            done, of = sum(part.done for part in parts), sum(part.of for part in parts)
            for place in changed:
                yield Computed(done, of, monotonic() - begun, place, parts[place].values(asker))
            if not changed:
                yield None
    yield Concluded(tuple(_sentences(study, parts)))
    yield Finished(sum(part.done for part in parts), monotonic() - begun)


def _work(parts: list["PartState"], asker: Asker, at_once: int) -> Iterator[list[int]]:
    """Ask and look until no part needs anything more; the places of the parts that know more, after each look."""
    yield list(range(len(parts)))
    while True:
        before = [part.done for part in parts]
        needed = [job for part in parts for job in part.needs(asker)]
        changed = [place for place, part in enumerate(parts) if part.done != before[place]]
        if changed:
            yield changed
        if not needed:
            if changed:
                continue
            return
        for job in needed:
            if asker.runs.live >= at_once:
                break
            asker.runs.ask(job)
        while not asker.runs.poll():
            yield []
            sleep(PAUSE)


@dataclass
class PartState:
    """A part at work: the samples so far, up to the look that it stands at, and its verdict."""

    part: StudyPart
    form: Form | str
    request: StudyRequest

    def __post_init__(self) -> None:
        self.samples: list[Sample] = []
        self.verdict = Verdict(INCONCLUSIVE, "", 0)
        self._looks: list[int] = []
        if isinstance(self.form, Form):
            self._looks = list(self.form.rule.looks(self.request.seeds or self.form.seeds))
            self._extend()
            self.verdict = Verdict(INCONCLUSIVE, f"it is judged after {len(self.samples)} seeds, not before", 0)
        else:
            self.verdict = Verdict(NOT_MEASURED, self.form, 0)

    @property
    def done(self) -> int:
        """Seeds of which the numbers are known."""
        return sum(sample.numbers is not None for sample in self.samples)

    @property
    def of(self) -> int:
        """Seeds that the look it stands at needs."""
        return len(self.samples)

    def needs(self, asker: Asker) -> list[Job]:
        """The runs it can ask for now; where a look is complete it is judged, and the next one follows if need be."""
        needed = [job for sample in self.samples if sample.numbers is None for job in sample.needs(asker)]
        if isinstance(self.form, Form) and self.samples and not needed:
            rows = [sample.numbers for sample in self.samples if sample.numbers is not None]
            self.verdict = self.form.judge(rows)
            if self.verdict.word == INCONCLUSIVE and self._looks:
                self._extend()
                return self.needs(asker)
        return needed

    def _extend(self) -> None:
        """Add the seeds of the next look."""
        assert isinstance(self.form, Form)
        look, first = self._looks.pop(0), self.request.first_seed
        self.samples += [Sample(self.form, first + number) for number in range(len(self.samples), look)]

    def values(self, asker: Asker) -> dict[str, Any]:
        """What is known, by plain names."""
        known = [sample for sample in self.samples if sample.numbers is not None]
        rows = [sample.numbers or [] for sample in known]
        form = self.form
        runs = list(dict.fromkeys(run for sample in known for lane in sample.runs for run in lane))
        ended = [now for run in runs if (now := asker.runs.ended(run))]
        values: dict[str, Any] = to_json(
            {
                "part": self.part.name,
                "hash": self.part.hash,
                "seeds": [sample.seed for sample in known],
                "numbers": rows,
                "statistics": [form.contrast.value(row) for row in rows] if isinstance(form, Form) else [],
                "verdict": _verdict(self.verdict),
                "runs": [sample.runs for sample in known],
                "run_seconds": sum(now.seconds for now in ended),
                "hardware": sorted({now.hardware for now in ended if now.hardware}),
                "torch": sorted({asker.runs.torch_version(run) for run in runs} - {""}),
            }
        )
        return values


def _verdict(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON values; an interval without ends has none."""
    interval = verdict.interval
    finite = interval is not None and isfinite(interval.low)
    return {**asdict(verdict), "interval": asdict(interval) if interval and finite else None}


def _sentences(study: Study, parts: list[PartState]) -> list[str]:
    """The verdict on the claim, then on each part."""
    words = headline([part.verdict.word for part in parts])
    return [
        f"{study.claim} {words.capitalize()}.",
        *(f"{part.part.statement} {part.verdict.word.capitalize()}: {part.verdict.reason}." for part in parts),
    ]
