"""Training as a generator of events: pull it to train, close it to stop."""

import platform
from collections import deque
from collections.abc import Generator
from math import isnan
from pathlib import Path

import torch

from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.events import Evaluated, Event, Failed, Finished, Measured, Noted, Saved, Started, Stepped
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.training import checkpoint
from resnet_explorer.training.data.datasets import load
from resnet_explorer.training.data.images import LoadedDataset
from resnet_explorer.training.device import (
    SHORT,
    DeviceConfig,
    check_memory,
    configure_device,
    oom_code,
    precision_note,
    with_torch_settings,
)
from resnet_explorer.training.hooks import round_5, unit_statistics
from resnet_explorer.training.reporting import ReportSchedule, report_schedule
from resnet_explorer.training.state import StepResult, Trainer
from resnet_explorer.training.step import StepOutputs

Events = Generator[Event, None, None]
# ticks over which images a second are a mean
SMOOTHED = 10


def train(
    experiment: Experiment, folder: Path, home: Path, device: str = "auto", threads: int = 1, read_every: int = 0
) -> Events:
    """Train from the newest checkpoint in the folder, or from the start; closing it leaves a checkpoint.

    `home` is where downloads and packed images are kept, `together` the steps whose numbers are read at once (0: one
    on a processor, ten on a GPU, which would have to wait each time). Whoever pulls finds torch as it was: its random
    numbers, its threads, its precision.
    """
    chosen = configure_device(device, experiment.recipe.precision, threads)
    return with_torch_settings(_events(experiment, folder, home, chosen, read_every), chosen)


def _events(experiment: Experiment, folder: Path, home: Path, place: DeviceConfig, read_every: int) -> Events:
    try:
        loaded = yield from _prepared(experiment, home, place)
        state, notes = load_or_create(experiment, folder, loaded, place, read_every)
        yield from map(Noted, notes)
        yield _started(state, loaded)
        yield from _kept(state, folder)
    except (RuntimeError, MemoryError) as error:
        code = oom_code(error)
        if not code:
            raise
        yield Failed(f"{SHORT[code]} at batch {experiment.recipe.batch}; a smaller batch needs less", code)


def _prepared(experiment: Experiment, home: Path, place: DeviceConfig) -> Generator[Event, None, LoadedDataset]:
    """Refuse what cannot fit before anything is loaded."""
    check_memory(experiment, place)
    return (yield from load(experiment.data, home, place.device))


def load_or_create(
    experiment: Experiment, folder: Path, loaded: LoadedDataset, place: DeviceConfig, read_every: int = 0
) -> tuple[Trainer, list[str]]:
    """A run as its newest checkpoint left it, or new; and what a reader should know."""
    found, notes = checkpoint.load(folder, experiment.id)
    state = Trainer(experiment, loaded, place, read_every)
    if found:
        state.load(found)
    notes += filter(None, (precision_note(experiment.recipe.precision, place), state.engine.reason, state.engine.waits))
    return state, notes


def _kept(state: Trainer, folder: Path) -> Events:
    """The steps; whoever closes this does so between two of them, and finds a checkpoint."""
    try:
        yield from _steps(state, folder)
    except GeneratorExit:
        state.read()
        if state.step > state.saved and not state.lost:
            state.save(folder)
        raise


def _steps(state: Trainer, folder: Path) -> Events:
    units = plan(state.experiment.network).unit_count
    steps = report_schedule(state.recipe, state.steps, len(state.engine.work.names), units)
    speed, reason = Speed(state), state.engine.reason
    yield from _report_steps(state, steps, speed)
    if steps.evaluates(state.step) and state.step > state.evaluated:
        # closed after the step, before its evaluation
        yield Evaluated(state.step, state.seconds, *state.evaluate())
    while state.step < state.steps:
        state.advance(_wanted(steps, state))
        if not (state.due or steps.evaluates(state.step) or steps.saves(state.step)):
            continue
        state.read()
        if (yield from _report_steps(state, steps, speed)):
            return
        if state.engine.reason != reason:
            reason = state.engine.reason
            yield Noted(reason)
        if steps.evaluates(state.step):
            yield Evaluated(state.step, state.seconds, *state.evaluate())
        if steps.saves(state.step):
            yield Saved(state.step, state.save(folder))
    yield Finished(state.step, state.seconds)


def _report_steps(state: Trainer, steps: ReportSchedule, speed: "Speed") -> Generator[Event, None, bool]:
    """Say what was read; whether a loss among it ends the run."""
    while state.unreported:
        told = state.unreported.pop(0)
        if told.lost or steps.reports_at(told.step):
            yield from _step_events(state, steps, told, speed)
        if told.lost:
            yield Failed(_lost(told, state, steps), code="nonfinite")
            return True
    return False


def _wanted(steps: ReportSchedule, state: Trainer) -> StepOutputs:
    """On a CPU each loss is looked at, as nothing waits for it; a GPU is asked at ticks alone."""
    step = state.step + 1
    return StepOutputs(state.place.device.type == "cpu" or steps.reports_at(step), steps.measures(step))


def _step_events(state: Trainer, steps: ReportSchedule, told: StepResult, speed: "Speed") -> Events:
    loss, accuracy, total, *rest = told.numbers
    names = len(state.engine.work.names)
    weights = tuple(map(round_5, rest[:names])) if steps.weighs(told.step) else ()
    rate = round_5(speed.now(told))
    yield Stepped(told.step, told.seconds, loss, accuracy, state.lr(told.step), rate, round_5(total), weights)
    if steps.measures(told.step):
        yield Measured(told.step, *unit_statistics(rest[names:], state.engine.work.sizes))


def _lost(told: StepResult, state: Trainer, steps: ReportSchedule) -> str:
    what = "NaN" if isnan(told.numbers[0]) else "infinite"
    exact = state.place.device.type == "cpu" or steps.tick == 1
    return f"loss became {what} at step {told.step}" + ("" if exact else f" or up to {steps.tick - 1} before")


def _started(state: Trainer, loaded: LoadedDataset) -> Started:
    place, work = state.place, state.engine.work
    return Started(
        state.unreported[0].step - 1 if state.unreported else state.step,
        state.steps,
        device=str(place.device),
        hardware=place.hardware,
        threads=place.threads,
        precision=place.precision,
        engine=state.engine.now,
        parameters=sum(one.numel() for one in work.net.parameters()),
        train=len(loaded.train.labels),
        test=len(loaded.test.labels),
        data=loaded.label,
        weights=work.names,
        versions={"python": platform.python_version(), "torch": torch.__version__},
    )


class Speed:
    """Images a second over the last ticks."""

    def __init__(self, state: Trainer) -> None:
        self.batch = state.recipe.batch
        self.reports_at = deque([(state.step, state.seconds)], maxlen=SMOOTHED + 1)

    def now(self, told: StepResult) -> float:
        if told.step <= self.reports_at[0][0]:
            # left over by a checkpoint: the speed of the run so far
            self.reports_at.appendleft((0, 0.0))
        self.reports_at.append((told.step, told.seconds))
        (first, since), (last, now) = self.reports_at[0], self.reports_at[-1]
        return self.batch * (last - first) / max(now - since, 1e-9)
