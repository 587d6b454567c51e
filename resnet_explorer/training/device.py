"""Where a run is computed, whether it fits there, and how torch is set: device, memory, threads, precision."""

import platform
from collections.abc import Generator, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import torch

from resnet_explorer.errors import RunError
from resnet_explorer.networks.budget import Limits, check
from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.training.parallel.process_group import ALONE, ProcessGroup

T = TypeVar("T")
OUT_OF_MEMORY = {
    "oom": "the memory of this machine did not suffice",
    "oom_gpu": "the memory of the GPU did not suffice",
}
# torch 2.9 and later name a precision; the switches of before warn there
NAMES_PRECISION = getattr(torch.backends.cudnn, "conv", None) is not None
OUT_OF_MEMORY_PHRASES = ("not enough memory", "can't allocate memory", "cannot allocate memory")


@dataclass(frozen=True)
class DeviceConfig:
    """A device with the precision and the threads that a run uses there, and the processes that share the run."""

    device: torch.device
    precision: str
    threads: int
    group: ProcessGroup = ALONE

    @property
    def dtype(self) -> torch.dtype | None:
        """What autocast casts to; None without autocast."""
        return torch.bfloat16 if self.precision == "bf16" else None

    @property
    def hardware(self) -> str:
        name = torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else _processor_name()
        if self.group.size == 1:
            return name
        return f"{self.group.size} {'x' if self.device.type == 'cuda' else 'processes on'} {name}"


def configure_device(device: str, precision: str, threads: int, group: ProcessGroup = ALONE) -> DeviceConfig:
    """The device and the precision of these names; `auto` is the fastest there is. Raises RunError for no device."""
    chosen = _choose_device(device)
    if precision == "auto":
        precision = _fastest_precision(chosen)
    elif precision == "tf32" and chosen.type == "cpu":
        precision = "fp32"
    return DeviceConfig(chosen, precision, max(1, threads), group)


def precision_note(precision: str, config: DeviceConfig) -> str:
    """Why a run uses another precision than its recipe names; empty if it does not."""
    return "tf32 is a format of GPUs; on a CPU this run uses fp32" if precision == "tf32" != config.precision else ""


def with_torch_settings(events: Generator[T, None, None], config: DeviceConfig) -> Generator[T, None, None]:
    """The same events, with torch set for the device while the generator runs, and as it was while the caller does."""
    try:
        while True:
            with _torch_settings(config):
                event = next(events, None)
            if event is None:
                return
            yield event
    finally:
        with _torch_settings(config):
            events.close()


def check_memory(experiment: Experiment, config: DeviceConfig) -> None:
    """Raise if a run needs more memory than is free."""
    free = _free_memory(config.device)
    if free:
        batch = -(-experiment.recipe.batch // config.group.size)
        check("training", plan(experiment.network), batch, config.precision, Limits(memory=free))


def oom_code(error: Exception) -> str:
    """`oom` or `oom_gpu` for an error that says that memory ran out; empty for any other."""
    if isinstance(error, torch.OutOfMemoryError):
        return "oom_gpu"
    out_of_memory = isinstance(error, MemoryError) or any(phrase in str(error) for phrase in OUT_OF_MEMORY_PHRASES)
    return "oom" if out_of_memory else ""


@contextmanager
def _torch_settings(config: DeviceConfig) -> Iterator[None]:
    cuda = config.device.type == "cuda"
    threads = torch.get_num_threads()
    with torch.random.fork_rng(devices=[config.device] if cuda else []):
        try:
            torch.set_num_threads(config.threads)
            with tf32_settings(config.precision == "tf32") if cuda else nullcontext():
                yield
        finally:
            torch.set_num_threads(threads)


@contextmanager
def tf32_settings(allowed: bool) -> Iterator[None]:
    """Whether products and convolutions of fp32 are done in tf32 inside, by the names that this torch has for it."""
    attribute, on, off = ("fp32_precision", "tf32", "ieee") if NAMES_PRECISION else ("allow_tf32", True, False)
    convolutions = torch.backends.cudnn.conv if NAMES_PRECISION else torch.backends.cudnn  # type: ignore[attr-defined]
    flags = convolutions, torch.backends.cuda.matmul
    before = [getattr(flag, attribute) for flag in flags]
    try:
        for flag in flags:
            setattr(flag, attribute, on if allowed else off)
        yield
    finally:
        for flag, value in zip(flags, before, strict=True):
            setattr(flag, attribute, value)


def _choose_device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        chosen = torch.device(name)
    except RuntimeError:
        chosen = torch.device("meta")
    if chosen.type not in ("cpu", "cuda"):
        raise RunError(f"a device is auto, cpu, cuda or cuda:1, not {name[:20]!r}")
    if chosen.type == "cuda" and (chosen.index or 0) >= torch.cuda.device_count():
        raise RunError(f"there is no {name[:20]} here; torch sees {torch.cuda.device_count()} GPUs")
    return chosen


def _fastest_precision(device: torch.device) -> str:
    """On a processor with bf16 of its own a step takes 0.84 of fp32's time at width 8, 0.6 at 16, 0.55 at 32."""
    return "bf16" if device.type == "cuda" or _has_bf16() else "fp32"


def _has_bf16() -> bool:
    # without these instructions each product is done in fp32, after a conversion
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def _processor_name() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _free_memory(device: torch.device) -> int:
    """Free bytes on a device; 0 where they are unknown."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    path = Path("/proc/meminfo")
    lines = path.read_text().splitlines() if path.exists() else []
    available = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    return available[0] if available else 0
