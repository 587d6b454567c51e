"""From a part of a study and a seed to the runs that it needs, and from what these recorded to the lanes' numbers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from math import inf, nan
from typing import Any

from resnet_explorer.analyses.analysis_job import analysis_job
from resnet_explorer.analyses.catalog import find_analysis
from resnet_explorer.analyses.request import AnalysisRequest, SubjectRequest
from resnet_explorer.analyses.setting_fields import read_settings
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request
from resnet_explorer.runs.analysis_results import Results, follow
from resnet_explorer.runs.events import Evaluated, Record, Stepped, merge_attempts
from resnet_explorer.runs.experiment import Experiment, prepare
from resnet_explorer.runs.run_folder import Job
from resnet_explorer.studies.child_runs import ChildRuns, require_finished, training_job
from resnet_explorer.studies.numbers import OF_ANALYSES, OF_PLANS, OF_RUNS, Curve
from resnet_explorer.studies.study import FIRST_SEED, Form, FromAnalysis, FromPlan, FromRuns, Lane, Measure

# a run that diverged has a number: that of guessing
DIVERGED = "nonfinite"


@dataclass(frozen=True)
class Asker:
    """Who asks: its runs, whose they are, the study's own run, and the data where a part leaves it open."""

    runs: ChildRuns
    data: str
    owner: str
    group: str


@dataclass
class Sample:
    """One seed of a part: the runs it needs, in the order they can be asked for, and the lanes' numbers in the end."""

    form: Form
    seed: int
    numbers: list[float] | None = None
    runs: list[list[str]] = field(default_factory=list)

    def needs(self, asker: Asker) -> list[Job]:
        """The runs that can be asked for now and have not ended; where there are none, the numbers are known."""
        measure = self.form.measure
        if isinstance(measure, FromPlan):
            self.runs = [[] for _ in self.form.lanes]
            self.numbers = [_plan_number(lane.line, measure.number) for lane in self.form.lanes]
            return []
        trained = measure if isinstance(measure, FromRuns) else measure.trained
        jobs = [_training(lane, trained, self.seed, asker) for lane in self.form.lanes] if trained else []
        self.runs = [[job.run] for job in jobs] or [[] for _ in self.form.lanes]
        if waiting := _not_ended(jobs, asker):
            return waiting
        if isinstance(measure, FromRuns):
            self.numbers = [_run_number(job, measure, asker) for job in jobs]
            return []
        return self._analysis(measure, jobs, asker)

    def _analysis(self, measure: FromAnalysis, trained: Sequence[Job], asker: Asker) -> list[Job]:
        """The analysis that is needed; where it has ended, its numbers are known."""
        for job in trained:
            require_finished(_progress(job, asker), job.run)
        request = _question(measure, self.form.lanes, trained, self.seed)
        job = analysis_job(request, asker.owner, asker.group)
        self.runs = [[*runs, job.run] for runs in self.runs]
        if waiting := _not_ended([job], asker):
            return waiting
        require_finished(_progress(job, asker), job.run)
        known = follow(Results(), asker.runs.folder(job.run).records()[0])
        accuracies = [_accuracy(training, asker) for training in trained] or [1.0] * len(self.form.lanes)
        self.numbers = [
            _analysis_number(known.values.get(lane, {}), measure) if accuracy >= measure.least_accuracy else nan
            for lane, accuracy in enumerate(accuracies)
        ]
        return []


def measured_in_words(measure: Measure) -> str:
    """What is measured of each lane, how, and on what."""
    match measure:
        case FromRuns():
            settings = "".join(f", {name}={value}" for name, value in measure.settings.items())
            data = f" on {measure.data}" if measure.data else ""
            return f"{OF_RUNS[measure.number].words}; recipe {measure.recipe}{settings}{data}"
        case FromAnalysis():
            settings = "".join(f", {name}={value}" for name, value in measure.settings.items())
            trained = f"after training, recipe {measure.trained.recipe}" if measure.trained else "at initial weights"
            text = f"{OF_ANALYSES[measure.number].words}; {trained}, by the analysis {measure.analysis}{settings}"
            least = measure.least_accuracy
            return f"{text}; only of networks that are right on {least:.0%} at least" if least else text
        case _:
            return f"{OF_PLANS[measure.number].words}; counted, not measured"


def trainings(form: Form, data: str) -> list[Experiment]:
    """The experiments of one seed of a form, for an estimate."""
    trained = form.measure.trained if isinstance(form.measure, FromAnalysis) else form.measure
    if not isinstance(trained, FromRuns):
        return []
    return [
        _prepare(
            lane.line,
            trained.data or data,
            trained.recipe,
            FIRST_SEED,
            json.dumps({**trained.settings, **lane.settings}),
        )
        for lane in form.lanes
    ]


def _not_ended(jobs: Sequence[Job], asker: Asker) -> list[Job]:
    return [job for job in jobs if asker.runs.ended(job.run) is None]


def _training(lane: Lane, measure: FromRuns, seed: int, asker: Asker) -> Job:
    data = measure.data or asker.data
    settings = {**measure.settings, **lane.settings}
    experiment = _prepare(lane.line, data, measure.recipe, seed, json.dumps(settings))
    return training_job(lane.line, data, measure.recipe, settings, experiment, asker.owner, asker.group)


@lru_cache(256)
def _prepare(line: str, data: str, recipe: str, seed: int, settings: str) -> Experiment:
    """Kept, as a study asks for the same at every look."""
    return prepare(line, data, recipe, seed, json.loads(settings))


def _question(measure: FromAnalysis, lanes: Sequence[Lane], trained: Sequence[Job], seed: int) -> AnalysisRequest:
    """The question to an analysis about initial weights of a seed, or about the runs' weights."""
    row = find_analysis(measure.analysis)
    names = {each.name for each in fields(row.settings)}
    settings = {**measure.settings, **({"seed": seed} if "seed" in names else {})}
    subjects = [SubjectRequest(lane.line, slot, seed=seed, data=measure.data) for slot, lane in enumerate(lanes)]
    for slot, job in enumerate(trained):
        experiment = Experiment.from_json(json.dumps(job.what["experiment"]))
        steps = experiment.recipe.steps
        subjects[slot] = SubjectRequest(lanes[slot].line, slot, job.run, steps, experiment=experiment.id)
    values = {**row.defaults(), **vars(read_settings(row.settings, settings))}
    return AnalysisRequest(row.name, row.version, values, tuple(subjects))


def _run_number(job: Job, measure: FromRuns, asker: Asker) -> float:
    require_finished(_progress(job, asker), job.run, (DIVERGED,))
    experiment = Experiment.from_json(json.dumps(job.what["experiment"]))
    curve = read_curve(asker.runs.folder(job.run).records()[0], experiment)
    return OF_RUNS[measure.number].read(curve)


def read_curve(records: Sequence[Record], experiment: Experiment) -> Curve:
    """What a run recorded; the steps that it did not reach after it diverged count as infinite."""
    events = [record.event for record in merge_attempts(records)]
    steps = [event for event in events if isinstance(event, Stepped)]
    accuracies = [event.accuracy for event in events if isinstance(event, Evaluated)]
    missing = 0 if experiment.recipe.epochs else experiment.recipe.steps - (steps[-1].step if steps else 0)
    losses = [event.loss for event in steps] + [inf] * missing
    return Curve(losses, [event.seconds for event in steps], accuracies, experiment.network.classes)


def _analysis_number(values: Any, measure: FromAnalysis) -> float:
    number = OF_ANALYSES[measure.number].read(values) if values else nan
    return nan if number is None else float(number)


@lru_cache(64)
def _plan_number(line: str, number: str) -> float:
    return OF_PLANS[number].read(plan(parse_request(line).network))


def _progress(job: Job, asker: Asker) -> Any:
    known = asker.runs.ended(job.run)
    assert known
    return known


def _accuracy(job: Job, asker: Asker) -> float:
    return float(_progress(job, asker).test_accuracy or 0.0)
