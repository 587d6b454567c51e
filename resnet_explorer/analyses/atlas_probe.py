"""Each entry of an atlas at its initial weights: how gradients and signal run through it, before anything is trained.

One value an entry, in the order of their numbers. What an earlier attempt knew is given again and not measured anew.
"""

import platform
from collections.abc import Generator, Mapping, Sequence
from math import isfinite, log10
from pathlib import Path
from time import monotonic
from typing import Any

import torch

from resnet_explorer.analyses.request import SubjectRequest
from resnet_explorer.analyses.settings import SignalSettings
from resnet_explorer.analyses.signal import Signal
from resnet_explorer.analyses.subject import Pictures, load_subject
from resnet_explorer.runs.analysis_results import Results, follow
from resnet_explorer.runs.atlas import Atlas
from resnet_explorer.runs.datasets import Data
from resnet_explorer.runs.events import Computed, Concluded, Event, Finished, Started
from resnet_explorer.runs.run_folder import Job, RunFolder
from resnet_explorer.training.data.datasets import load
from resnet_explorer.training.device import DeviceConfig, configure_device, with_torch_settings

# the gradient is the loss's; two batches of 32 held-out images
SETTINGS = SignalSettings(images=32, batches=2, of="loss", steps=0)
DIGITS = 5


def probe(job: Job, folder: RunFolder, home: Path, device: str, threads: int) -> Generator[Event, None, None]:
    """The events of a probe from its first entry to its last."""
    config = configure_device(device, "fp32", threads)
    atlas = Atlas.from_json(job.what["request"])
    known = follow(Results(), folder.records()[0]).values
    return with_torch_settings(_events(atlas, known, home, config), config)


def _events(
    atlas: Atlas, known: Mapping[int, Mapping[str, Any]], home: Path, config: DeviceConfig
) -> Generator[Event, None, None]:
    yield from load(atlas.experiment(0).data, home, config.device)
    versions = {"python": platform.python_version(), "torch": torch.__version__}
    yield Started(0, 0, device=str(config.device), hardware=config.hardware, threads=config.threads, versions=versions)
    begun, of = monotonic(), len(atlas.entries)
    pictures: dict[Data, Pictures] = {}
    for number in range(of):
        values = known.get(number) or measure(atlas, number, home, config, pictures)
        yield Computed(number + 1, of, monotonic() - begun, number, values)
    yield Concluded((f"{of} orderings are probed at depth {atlas.depth} on {atlas.data}.",))
    yield Finished(of, monotonic() - begun)


def measure(
    atlas: Atlas, number: int, home: Path, config: DeviceConfig, pictures: dict[Data, Pictures]
) -> dict[str, float | None]:
    """What the initial weights of an entry say, by name; None where it is no number."""
    request = SubjectRequest(atlas.line(number), seed=atlas.seed, data=atlas.data)
    signal = Signal(load_subject(request, home, config, pictures), SETTINGS)
    for batch in range(SETTINGS.batches):
        signal.send(batch)
    return scores(signal.values())


def scores(curves: Mapping[str, Any]) -> dict[str, float | None]:
    """The numbers of an entry from its curves along the trunk."""
    gradients, moments = curves["gradient"], curves["moment"]
    return {
        "spread": _decades(gradients),
        "first_gradient": _logarithm(gradients[0]),
        "growth": _difference(_logarithm(moments[-1]), _logarithm(moments[0])),
        "correlation": _rounded(curves["correlation"][0]),
    }


def _decades(values: Sequence[float | None]) -> float | None:
    """The largest over the smallest, as a power of ten."""
    logarithms = [_logarithm(value) for value in values]
    known = [one for one in logarithms if one is not None]
    return _rounded(max(known) - min(known)) if len(known) == len(logarithms) else None


def _logarithm(value: float | None) -> float | None:
    return _rounded(log10(value)) if value is not None and isfinite(value) and value > 0 else None


def _difference(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else _rounded(one - other)


def _rounded(value: float | None) -> float | None:
    return float(f"{value:.{DIGITS}g}") if value is not None and isfinite(value) else None
