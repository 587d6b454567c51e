"""Where a run is computed, whether it fits there, and how torch is set: device, memory, threads, precision."""

import platform
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import torch

from resnet_explorer.errors import RunError
from resnet_explorer.networks.budget import Limits, check
from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.experiment import Experiment

T = TypeVar("T")
SHORT = {"oom": "the memory of this machine did not suffice", "oom_gpu": "the memory of the GPU did not suffice"}
WORDS = ("not enough memory", "can't allocate memory", "cannot allocate memory")


@dataclass(frozen=True)
class DeviceConfig:
    """A device with the precision and the threads that a run uses there."""

    device: torch.device
    precision: str
    threads: int

    @property
    def dtype(self) -> torch.dtype | None:
        """What autocast casts to, if it is used."""
        return torch.bfloat16 if self.precision == "bf16" else None

    @property
    def hardware(self) -> str:
        if self.device.type == "cuda":
            return torch.cuda.get_device_name(self.device)
        return _processor()


def configure_device(device: str, precision: str, threads: int) -> DeviceConfig:
    """Choose the device and the precision; `auto` is the fastest there is."""
    found = _device(device)
    if precision == "auto":
        precision = _fastest(found)
    elif precision == "tf32" and found.type == "cpu":
        precision = "fp32"
    return DeviceConfig(found, precision, max(1, threads))


def precision_note(asked: str, place: DeviceConfig) -> str:
    """Why the precision that was asked for is not to be had here, if it is not."""
    return "tf32 is a format of GPUs; on a CPU this run uses fp32" if asked == "tf32" != place.precision else ""


def with_torch_settings(events: Generator[T, None, None], place: DeviceConfig) -> Generator[T, None, None]:
    """Pull a generator with torch set as the place says, and put back whenever somebody else has the turn."""
    try:
        while True:
            with _set(place):
                event = next(events, None)
            if event is None:
                return
            yield event
    finally:
        with _set(place):
            events.close()


def check_memory(experiment: Experiment, place: DeviceConfig) -> None:
    """Refuse a run that needs more memory than is free."""
    free = _free(place.device)
    if free:
        check("training", plan(experiment.network), experiment.recipe.batch, place.precision, Limits(memory=free))


def oom_code(error: Exception) -> str:
    """The code of an error that says that memory ran out; nothing for any other."""
    if isinstance(error, torch.OutOfMemoryError):
        return "oom_gpu"
    short = isinstance(error, MemoryError) or any(words in str(error) for words in WORDS)
    return "oom" if short else ""


@contextmanager
def _set(place: DeviceConfig) -> Iterator[None]:
    cuda = place.device.type == "cuda"
    threads = torch.get_num_threads()
    flags = torch.backends.cudnn.conv, torch.backends.cuda.matmul  # type: ignore[attr-defined]
    formats = [flag.fp32_precision for flag in flags]
    with torch.random.fork_rng(devices=[place.device] if cuda else []):
        try:
            torch.set_num_threads(place.threads)
            if cuda:
                for flag in flags:
                    flag.fp32_precision = "tf32" if place.precision == "tf32" else "ieee"
            yield
        finally:
            torch.set_num_threads(threads)
            if cuda:
                for flag, before in zip(flags, formats, strict=True):
                    flag.fp32_precision = before


def _device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        found = torch.device(name)
    except RuntimeError:
        found = torch.device("meta")
    if found.type not in ("cpu", "cuda"):
        raise RunError(f"a device is auto, cpu, cuda or cuda:1, not {name[:20]!r}")
    if found.type == "cuda" and (found.index or 0) >= torch.cuda.device_count():
        raise RunError(f"there is no {name[:20]} here; torch sees {torch.cuda.device_count()} GPUs")
    return found


def _fastest(device: torch.device) -> str:
    """On a processor with bf16 of its own a step takes 0.84 of fp32's time at width 8, 0.6 at 16, 0.55 at 32."""
    return "bf16" if device.type == "cuda" or _bf16() else "fp32"


def _bf16() -> bool:
    # without these instructions each product is done in fp32, after a conversion
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _free(device: torch.device) -> int:
    """Free bytes on a device; 0 where nobody says."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    path = Path("/proc/meminfo")
    lines = path.read_text().splitlines() if path.exists() else []
    found = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    return found[0] if found else 0
