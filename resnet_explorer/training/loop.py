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
    OUT_OF_MEMORY,
    DeviceConfig,
    check_memory,
    configure_device,
    oom_code,
    precision_note,
    with_torch_settings,
)
from resnet_explorer.training.hooks import round_5, unit_statistics
from resnet_explorer.training.parallel.process_group import ALONE, ProcessGroup
from resnet_explorer.training.reporting import ReportSchedule, report_schedule
from resnet_explorer.training.state import StepResult, Trainer
from resnet_explorer.training.step import StepOutputs

Events = Generator[Event, None, None]
# reported steps over which images a second are averaged
SPEED_WINDOW = 10


def train(
    experiment: Experiment,
    folder: Path,
    home: Path,
    device: str = "auto",
    threads: int = 1,
    read_every: int = 0,
    group: ProcessGroup = ALONE,
) -> Events:
    """Train from the newest checkpoint in the folder, or from the start; closing it leaves a checkpoint.

    `home` is where downloads and packed images are kept, `read_every` the steps whose numbers are read at once (0: one
    on a processor, ten on a GPU, which has to wait each time). Between two events torch is as the caller left it: its
    random numbers, its threads, its precision. Of a group of processes each calls this, with a folder that all share.
    """
    config = configure_device(device, experiment.recipe.precision, threads, group)
    return with_torch_settings(_events(experiment, folder, home, config, read_every), config)


def _events(experiment: Experiment, folder: Path, home: Path, config: DeviceConfig, read_every: int) -> Events:
    try:
        loaded = yield from _load_images(experiment, home, config)
        trainer, notes = load_or_create(experiment, folder, loaded, config, read_every)
        yield from map(Noted, notes)
        yield _started_event(trainer, loaded)
        yield from _train_and_save(trainer, folder)
    except (RuntimeError, MemoryError) as error:
        code = oom_code(error)
        if not code:
            raise
        yield Failed(f"{OUT_OF_MEMORY[code]} at batch {experiment.recipe.batch}; a smaller batch needs less", code)


def _load_images(experiment: Experiment, home: Path, config: DeviceConfig) -> Generator[Event, None, LoadedDataset]:
    """The images of the experiment; raises before anything is loaded if the run needs more memory than is free."""
    check_memory(experiment, config)
    if config.group.rank:
        # the first process downloads and packs for all
        config.group.wait(config.device)
    loaded = yield from load(experiment.data, home, config.device)
    if not config.group.rank:
        config.group.wait(config.device)
    return loaded


def load_or_create(
    experiment: Experiment, folder: Path, loaded: LoadedDataset, config: DeviceConfig, read_every: int = 0
) -> tuple[Trainer, list[str]]:
    """A run as its newest checkpoint left it, or a new one; and remarks for the reader."""
    newest, notes = checkpoint.load(folder, experiment.id)
    trainer = Trainer(experiment, loaded, config, read_every)
    if newest:
        trainer.load(newest)
    notes += filter(
        None,
        (precision_note(experiment.recipe.precision, config), trainer.engine.fallback, trainer.engine.first_step_note),
    )
    return trainer, notes


def _train_and_save(trainer: Trainer, folder: Path) -> Events:
    """The events of the steps; closed between two of them, it saves a checkpoint."""
    try:
        yield from _train_steps(trainer, folder)
    except GeneratorExit:
        trainer.read()
        if trainer.step > trainer.saved and not trainer.diverged:
            trainer.save(folder)
        raise


def _train_steps(trainer: Trainer, folder: Path) -> Events:
    """The steps to the last, with what the schedule has after each."""
    units = plan(trainer.experiment.network).unit_count
    schedule = report_schedule(trainer.recipe, trainer.steps, len(trainer.engine.train_step.names), units)
    speed, fallback = Speed(trainer), trainer.engine.fallback
    yield from _report_steps(trainer, schedule, speed)
    if schedule.evaluates_at(trainer.step) and trainer.step > trainer.evaluated:
        # the attempt before was closed between the step and its evaluation
        yield Evaluated(trainer.step, trainer.seconds, *trainer.evaluate())
    while trainer.step < trainer.steps:
        trainer.advance(_next_outputs(schedule, trainer))
        if not (trainer.due or schedule.evaluates_at(trainer.step) or schedule.saves_at(trainer.step)):
            continue
        trainer.read()
        if (yield from _report_steps(trainer, schedule, speed)):
            return
        if trainer.engine.fallback != fallback:
            fallback = trainer.engine.fallback
            yield Noted(fallback)
        if schedule.evaluates_at(trainer.step):
            yield Evaluated(trainer.step, trainer.seconds, *trainer.evaluate())
        if schedule.saves_at(trainer.step):
            yield Saved(trainer.step, trainer.save(folder))
    yield Finished(trainer.step, trainer.seconds)


def _report_steps(trainer: Trainer, schedule: ReportSchedule, speed: "Speed") -> Generator[Event, None, bool]:
    """The events of the steps that were read; returns whether a loss among them ends the run."""
    while trainer.unreported:
        result = trainer.unreported.pop(0)
        if result.diverged or schedule.reports_at(result.step):
            yield from _step_events(trainer, schedule, result, speed)
        if result.diverged:
            yield Failed(_divergence(result, trainer, schedule), code="nonfinite")
            return True
    return False


def _next_outputs(schedule: ReportSchedule, trainer: Trainer) -> StepOutputs:
    """What the next step has to compute; on a CPU each loss is read, on a GPU, which would wait, only if reported."""
    step = trainer.step + 1
    return StepOutputs(trainer.config.device.type == "cpu" or schedule.reports_at(step), schedule.measures_at(step))


def _step_events(trainer: Trainer, schedule: ReportSchedule, result: StepResult, speed: "Speed") -> Events:
    loss, accuracy, total, *rest = result.numbers
    names = len(trainer.engine.train_step.names)
    weights = tuple(map(round_5, rest[:names])) if schedule.weights_at(result.step) else ()
    rate = round_5(speed.update(result))
    yield Stepped(result.step, result.seconds, loss, accuracy, trainer.lr(result.step), rate, round_5(total), weights)
    if schedule.measures_at(result.step):
        yield Measured(result.step, *unit_statistics(rest[names:], trainer.engine.train_step.sizes))


def _divergence(result: StepResult, trainer: Trainer, schedule: ReportSchedule) -> str:
    """The reason of a run that ends as its loss is not finite; on a GPU it may have been so some steps before."""
    what = "NaN" if isnan(result.numbers[0]) else "infinite"
    exact = trainer.config.device.type == "cpu" or schedule.every == 1
    return f"loss became {what} at step {result.step}" + ("" if exact else f" or up to {schedule.every - 1} before")


def _started_event(trainer: Trainer, loaded: LoadedDataset) -> Started:
    config, step = trainer.config, trainer.engine.train_step
    return Started(
        trainer.unreported[0].step - 1 if trainer.unreported else trainer.step,
        trainer.steps,
        device=str(config.device),
        hardware=config.hardware,
        threads=config.threads,
        precision=config.precision,
        engine=trainer.engine.running,
        parameters=sum(parameter.numel() for parameter in step.net.parameters()),
        train=len(loaded.train.labels),
        test=len(loaded.test.labels),
        data=loaded.label,
        weights=step.names,
        versions={"python": platform.python_version(), "torch": torch.__version__},
    )


class Speed:
    """Images a second over the last reported steps."""

    def __init__(self, trainer: Trainer) -> None:
        self.batch = trainer.recipe.batch
        self.points = deque([(trainer.step, trainer.seconds)], maxlen=SPEED_WINDOW + 1)

    def update(self, result: StepResult) -> float:
        """The speed after one more step."""
        if result.step <= self.points[0][0]:
            # a step that a checkpoint held unreported: the speed of the run so far
            self.points.appendleft((0, 0.0))
        self.points.append((result.step, result.seconds))
        (first, start), (last, end) = self.points[0], self.points[-1]
        return self.batch * (last - first) / max(end - start, 1e-9)
