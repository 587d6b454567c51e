"""A run small enough to be trained in a test: four channels, eight pixels, 64 images of `shapes`."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from resnet_explorer.runs.events import Event, Stepped
from resnet_explorer.runs.experiment import Experiment, prepare
from resnet_explorer.training.loop import train

NOISY = "cifar-basic-8:bn relu conv dropout(0.2) bn relu conv droppath(0.1) +"
SETTINGS = {
    "size": "8", "width": "1/4", "batch": "16", "subset": "64", "test": "32", "steps": "6", "warmup": "2",
    "precision": "fp32", "evaluate": "0", "save": "0", "measure": "2", "augment": "crop-flip",
}  # fmt: skip
T = TypeVar("T")


def experiment(line: str = "cifar-basic-8", seed: str = "0", **settings: str) -> Experiment:
    return prepare(line, "shapes", "short", int(seed), SETTINGS | settings)


def ran(experiment: Experiment, folder: Path, until: int = 0, together: int = 0) -> list[Event]:
    """All events; or those up to that step, where the run is closed."""
    events = train(experiment, folder, folder / "home", device="cpu", together=together)
    told = []
    for event in events:
        told.append(event)
        if until and isinstance(event, Stepped) and event.step == until:
            events.close()
    return told


def only(kind: type[T], events: Iterable[object]) -> list[T]:
    return [event for event in events if isinstance(event, kind)]


def curve(events: Iterable[Event]) -> list[Stepped]:
    """The steps, without what a clock says."""
    return [replace(event, seconds=0.0, rate=0.0) for event in only(Stepped, events)]
