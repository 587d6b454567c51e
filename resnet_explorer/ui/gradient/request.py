"""What the gradient view asks for, read from its JSON and checked."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resnet_explorer.api.probe_runner import ProbeLane
from resnet_explorer.errors import NetworkError
from resnet_explorer.executors.machine import total_memory
from resnet_explorer.figures.theme import DASHES
from resnet_explorer.gradients.profile import ProbeConfig
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import LETTERS, parse_request

LONGEST_NAME = 80
MOST_MEMORY = 16 * 10**9


@dataclass(frozen=True)
class PageLane:
    """A lane as the page knows it."""

    slot: int
    name: str
    spec: str

    @property
    def letter(self) -> str:
        return LETTERS[self.slot]

    def lane(self) -> ProbeLane:
        """Read and spell out the lane; one that cannot be is refused here."""
        request = parse_request(self.spec)
        return ProbeLane(self.letter, request, plan(request.network))


@dataclass(frozen=True)
class GradientRequest:
    """Lanes, the conditions of the probe, and how it is drawn."""

    lanes: tuple[PageLane, ...]
    config: ProbeConfig
    images: bytes = b""
    fraction: bool = False
    theory: bool = False


def parse_gradient_request(given: Mapping[str, Any]) -> GradientRequest:
    """Read a question of the page."""
    images = _images(given.get("images", ""))
    asked = ProbeConfig(
        (str(given.get("metric", "gradient")),),
        given.get("seeds", 3),
        given.get("batch", 8),
        str(given.get("init", "he-fan-out")),
        given.get("batch_norm", True) is not False,
        str(given.get("loss", "cross-entropy")),
        str(given.get("source", "noise")),
    )
    lanes = _lanes(given.get("lanes"))
    return GradientRequest(lanes, asked, images, given.get("fraction") is True, given.get("theory") is True)


def memory_limit() -> str:
    """The most that one probe may need: half of what the machine has, 16 GB at most."""
    return f"{min(total_memory() // 2, MOST_MEMORY) // 10**6}MB"


def _lanes(given: object) -> tuple[PageLane, ...]:
    if not isinstance(given, list) or not 1 <= len(given) <= len(DASHES):
        raise NetworkError(f"a question names 1 to {len(DASHES)} lanes")
    lanes = tuple(_lane(one) for one in given)
    if len({lane.slot for lane in lanes}) < len(lanes):
        raise NetworkError("two lanes have the same letter")
    return lanes


def _lane(given: Mapping[str, Any]) -> PageLane:
    slot, spec = given["slot"], given["spec"]
    if isinstance(slot, bool) or slot not in range(len(DASHES)) or not isinstance(spec, str):
        raise NetworkError(f"a lane has a slot from 0 to {len(DASHES) - 1} and a spec")
    return PageLane(slot, str(given.get("name") or spec)[:LONGEST_NAME], spec)


def _images(given: object) -> bytes:
    if not isinstance(given, str):
        raise NetworkError("images are written in base64")
    try:
        return base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        raise NetworkError("images are written in base64") from None
