"""Who works on the runs of a home: processes of this machine, or a Ray cluster."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from resnet_explorer.errors import RunError
from resnet_explorer.executors.cluster import Cluster
from resnet_explorer.executors.local import Local
from resnet_explorer.executors.sharing import read_sharing

EXECUTOR, ADDRESS = "RESNET_EXPLORER_EXECUTOR", "RAY_ADDRESS"
GPUS, SPOOL = "RESNET_EXPLORER_RAY_GPUS", "RESNET_EXPLORER_RAY_FOLDER"


def choose_executor(variables: Mapping[str, str], home: Path, local: Local) -> Local | Cluster:
    """What the environment's variables name; raises RunError for what there is not.

    Processes of this machine share its GPU as was measured for the home, or as a variable says.
    """
    local.sharing = read_sharing(variables, home)
    name = variables.get(EXECUTOR, "") or "local"
    if name == "local":
        return local
    if name != "ray":
        raise RunError(f"{EXECUTOR} is local or ray, not {name[:40]!r}")
    if find_spec("ray") is None:
        raise RunError(f"{EXECUTOR} is ray, which is not installed: pip install 'resnet-explorer[cluster]'")
    return Cluster(
        home, local, variables.get(ADDRESS, ""), _gpus(variables.get(GPUS, "") or "1"), variables.get(SPOOL, "")
    )


def _gpus(text: str) -> float:
    """The GPUs that a run asks for: a share of one, or one."""
    try:
        gpus = float(text)
    except ValueError:
        gpus = 0.0
    if not 0 < gpus <= 1:
        raise RunError(f"{GPUS} is a number above 0, and 1 at most, not {text[:40]!r}")
    return gpus
