"""A run written for TensorBoard or Trackio; both are extras (requirements-trackers.txt)."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from resnet_explorer.errors import RunError
from resnet_explorer.runs.events import Evaluated, Record, Stepped, merge_attempts
from resnet_explorer.runs.measures import measure_of
from resnet_explorer.runs.run_folder import SHORT, Job, require_training

PROJECT = "resnet-explorer"
STEPPED = ("loss", "accuracy", "lr", "rate", "gradient")


def tensorboard(job: Job, records: Sequence[Record], target: Path) -> str:
    """Write the run as a TensorBoard log below a folder; gives the folder."""
    writer_module = _library("tensorboard.summary.writer.event_file_writer", "tensorboard")
    event_module = _library("tensorboard.compat.proto.event_pb2", "tensorboard")
    summary_module = _library("tensorboard.compat.proto.summary_pb2", "tensorboard")
    require_training(job)
    folder = target / run_name(job)
    writer = writer_module.EventFileWriter(str(folder))
    for record, step, scalars in scalars_of(records, _measure(job)):
        values = [summary_module.Summary.Value(tag=tag, simple_value=value) for tag, value in scalars.items()]
        summary = summary_module.Summary(value=values)
        writer.add_event(event_module.Event(wall_time=record.time / 1000, step=step, summary=summary))
    writer.close()
    return str(folder)


def trackio(job: Job, records: Sequence[Record]) -> str:
    """Log the run with Trackio; gives the project's name."""
    library = _library("trackio", "trackio")
    require_training(job)
    config = {name: job.what[name] for name in ("line", "data", "recipe", "settings")}
    library.init(project=PROJECT, name=run_name(job), config=config)
    for _, step, scalars in scalars_of(records, _measure(job)):
        library.log(scalars, step=step)
    library.finish()
    return PROJECT


def run_name(job: Job) -> str:
    """What a run is called in TensorBoard and Trackio."""
    return f"{job.what['line'].replace(':', '-').replace('/', '-')}-{job.run[:SHORT]}"


def _measure(job: Job) -> str:
    return measure_of(job.what["data"]).name


def scalars_of(records: Sequence[Record], measure: str = "accuracy") -> Iterator[tuple[Record, int, dict[str, float]]]:
    """The scalars of each step and evaluation; the share right is called what it is."""
    for record in merge_attempts(records):
        event = record.event
        if isinstance(event, Stepped):
            yield (
                record,
                event.step,
                {f"train/{measure if name == 'accuracy' else name}": getattr(event, name) for name in STEPPED},
            )
        if isinstance(event, Evaluated):
            yield record, event.step, {"test/loss": event.loss, f"test/{measure}": event.accuracy}


def _library(module: str, package: str) -> Any:
    """An extra, imported; refused with the command that installs it."""
    try:
        return import_module(module)
    except ImportError:
        raise RunError(f"{package} is not installed here: pip install -r requirements-trackers.txt") from None
