"""Whether a run fits into the memory there is, before it starts and when it did not."""

from pathlib import Path

import torch

from resnet_explorer.networks.budget import Limits, check
from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.training.device import DeviceConfig

SHORT = {"oom": "the memory of this machine did not suffice", "oom_gpu": "the memory of the GPU did not suffice"}
WORDS = ("not enough memory", "can't allocate memory", "cannot allocate memory")


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


def _free(device: torch.device) -> int:
    """Free bytes on a device; 0 where nobody says."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    path = Path("/proc/meminfo")
    lines = path.read_text().splitlines() if path.exists() else []
    found = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    return found[0] if found else 0
