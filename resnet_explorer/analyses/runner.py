"""An analysis as a run: its subjects loaded, then what it computes as events, a few a second, and what follows."""

import platform
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

import torch

from resnet_explorer.analyses.catalog import find_analysis
from resnet_explorer.analyses.request import AnalysisRequest, LaneResult, Part
from resnet_explorer.analyses.setting_fields import read_settings
from resnet_explorer.analyses.subject import Pictures, Subject, load_subject, plan_subject
from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.networks.request import LETTERS
from resnet_explorer.runs.datasets import Data, read_data
from resnet_explorer.runs.events import Computed, Concluded, Event, Finished, Prepared, Started
from resnet_explorer.training.data.datasets import load
from resnet_explorer.training.device import DeviceConfig, configure_device, with_torch_settings

Measure = Callable[[Sequence[Subject], Any], Iterator[Part]]
Findings = Callable[[Sequence[LaneResult], Any], list[Sentence]]
# seconds between two parts of one lane in the journal, and between two conclusions from parts
PART_PAUSE, CONCLUSION_PAUSE = 0.2, 1.0


def analyse(
    request: AnalysisRequest, measure: Measure, findings: Findings, home: Path, device: str, threads: int
) -> Generator[Event, None, None]:
    """The events of an analysis from its subjects to its end; it begins anew each time."""
    config = configure_device(device, "fp32", threads)
    return with_torch_settings(_events(request, measure, findings, home, config), config)


def _events(
    request: AnalysisRequest, measure: Measure, findings: Findings, home: Path, config: DeviceConfig
) -> Generator[Event, None, None]:
    row = find_analysis(request.analysis)
    settings = read_settings(row.settings, request.settings)
    for data in {lane.data for lane in request.lanes if lane.recorded}:
        # weights that come with the program may be the first to need these images
        yield from load(read_data(data), home, config.device)
    subjects: list[Subject] = []
    pictures: dict[Data, Pictures] = {}
    for lane in request.lanes:
        yield Prepared("networks", len(subjects), len(request.lanes))
        planned = row.needs == "plan" and not lane.run
        subjects.append(plan_subject(lane, config) if planned else load_subject(lane, home, config, pictures))
    yield _started_event(subjects, config)
    begun = monotonic()
    known: dict[int, Mapping[str, Any]] = {}
    conclusion, concluded_at, done = Concluded(()), begun, 0
    for part in thinned(measure(subjects, settings)):
        now, done = monotonic(), part.done
        known[part.lane] = part.values
        yield Computed(part.done, part.of, now - begun, part.lane, part.values)
        if now - concluded_at > CONCLUSION_PAUSE:
            concluded_at = now
            if (newer := _conclusion(findings, subjects, known, settings)) != conclusion:
                yield (conclusion := newer)
    yield _conclusion(findings, subjects, known, settings)
    yield Finished(done, monotonic() - begun)


def thinned(parts: Iterator[Part], pause: float = PART_PAUSE, clock: Callable[[], float] = monotonic) -> Iterator[Part]:
    """The parts with at least `pause` seconds between two of a lane, each the newest; the last of each lane always."""
    given_at: dict[int, float] = {}
    held: dict[int, Part] = {}
    for part in parts:
        held[part.lane] = part
        now = clock()
        for lane in [lane for lane in held if now - given_at.get(lane, -inf) >= pause]:
            given_at[lane] = now
            yield _at(held.pop(lane), part)
    for rest in held.values():
        yield _at(rest, part)


def lane_results(subjects: Sequence[Subject], known: Mapping[int, Mapping[str, Any]]) -> list[LaneResult]:
    """What is known of each lane, in the order of the subjects; those of which nothing is known are left out."""
    return [_lane_result(subjects, lane, known[lane]) for lane in sorted(known)]


def _lane_result(subjects: Sequence[Subject], lane: int, values: Mapping[str, Any]) -> LaneResult:
    if lane >= len(subjects):
        # an analysis that needs no subjects names its lanes itself
        return LaneResult(lane, LETTERS[lane], "", "", values)
    subject = subjects[lane]
    return LaneResult(subject.request.slot, subject.letter, subject.request.line, subject.words, values)


def _at(part: Part, newest: Part) -> Part:
    """A part that was held back, with as much done as is done by now."""
    return part._replace(done=newest.done, of=newest.of)


def _conclusion(
    findings: Findings, subjects: Sequence[Subject], known: Mapping[int, Mapping[str, Any]], settings: Any
) -> Concluded:
    return Concluded(tuple(map(str, findings(lane_results(subjects, known), settings))))


def _started_event(subjects: Sequence[Subject], config: DeviceConfig) -> Started:
    return Started(
        0,
        0,
        device=str(config.device),
        hardware=config.hardware,
        threads=config.threads,
        precision=config.precision,
        versions={"python": platform.python_version(), "torch": torch.__version__},
        subjects=tuple(subject.words for subject in subjects),
    )
