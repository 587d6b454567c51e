"""A request of the gradient view: the lanes, the conditions of the probe, and how it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from resnet_explorer.api.probe_runner import ProbeLane
from resnet_explorer.errors import ExplorerError
from resnet_explorer.executors.machine import total_memory
from resnet_explorer.gradients.profile import ProbeConfig
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import LETTERS, NetworkRequest, parse_request
from resnet_explorer.ui.components.lanes.lanes import Lane

MAX_NAME = 80
MAX_MEMORY = 16 * 10**9
MAX_IMAGES = 64
IMAGE_BYTES = 32 * 32 * 3


@dataclass(frozen=True)
class PageLane:
    """A lane as the page knows it."""

    slot: int
    name: str
    spec: str

    @property
    def letter(self) -> str:
        return LETTERS[self.slot]

    def probe_lane(self) -> ProbeLane:
        """The lane with its plan; one that cannot be read is refused here."""
        request = parse_request(self.spec)
        return ProbeLane(self.letter, request, plan(request.network))


@dataclass(frozen=True)
class GradientRequest:
    """Lanes, the conditions of the probe, how it is drawn, and the language of its words."""

    lanes: tuple[PageLane, ...]
    config: ProbeConfig
    images: bytes = b""
    fraction: bool = False
    theory: bool = False
    language: str = "en"

    @property
    def slots(self) -> tuple[int, ...]:
        return tuple(lane.slot for lane in self.lanes)


def gradient_request(
    lanes: Sequence[Lane],
    metric: str = "gradient",
    seeds: str = "3",
    batch: str = "8",
    source: str = "noise",
    files: Sequence[str] | None = None,
    init: str = "he-fan-out",
    norm: bool = True,
    loss: str = "cross-entropy",
    across: str = "unit",
    theory: bool = False,
    language: str = "en",
) -> GradientRequest:
    """What the lanes and the controls of the view ask for; lanes that were never readable are left out."""
    images = read_images(tuple(files or ())) if source == "images" else b""
    # a batch is drawn without repetition
    size = min(int(batch), len(images) // IMAGE_BYTES) if images else int(batch)
    config = ProbeConfig((metric,), int(seeds), size, init, norm, loss, "shapes" if source == "shapes" else "noise")
    readable = sorted((lane for lane in lanes if lane.spec), key=lambda lane: lane.slot)
    named = tuple(PageLane(lane.slot, _name(lane), lane.spec) for lane in readable)
    return GradientRequest(named, config, images, across == "fraction", theory, language)


@lru_cache(maxsize=16)
def read_images(files: tuple[str, ...]) -> bytes:
    """Image files as pictures of 32×32, RGB; raises NetworkError with the name of a file that is none."""
    thumbnails = import_module("resnet_explorer.training.data.thumbnails")
    return b"".join(thumbnails.thumbnail(Path(file)) for file in files[:MAX_IMAGES])


def memory_limit() -> str:
    """The most that one probe may need: half of what the machine has, 16 GB at most."""
    return f"{min(total_memory() // 2, MAX_MEMORY) // 10**6}MB"


def _name(lane: Lane) -> str:
    """What the hover text and the table call a lane: its title or ordering, and its depth."""
    try:
        request = parse_request(lane.spec)
        name = f"{lane.title or _ordering(lane, request)} {plan(request.network).depth}"
    except ExplorerError:
        name = lane.title or lane.name
    return name[:MAX_NAME]


def _ordering(lane: Lane, request: NetworkRequest) -> str:
    """An ordering as the papers write it."""
    if not request.ordering:
        return "own unit" if lane.unit else lane.name
    words = f"{request.ordering} ".replace("-", " ").replace("bn ", "BN ").replace("relu ", "ReLU ")
    return words.replace("preactivation", "pre-activation").strip()
