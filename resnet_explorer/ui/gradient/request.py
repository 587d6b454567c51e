"""A request of the gradient view, read from its JSON and checked."""

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

MAX_NAME = 80
MAX_MEMORY = 16 * 10**9


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
    """Lanes, the conditions of the probe, and how it is drawn."""

    lanes: tuple[PageLane, ...]
    config: ProbeConfig
    images: bytes = b""
    fraction: bool = False
    theory: bool = False


def parse_gradient_request(fields: Mapping[str, Any]) -> GradientRequest:
    """Read what the page sends."""
    images = _images(fields.get("images", ""))
    config = ProbeConfig(
        (str(fields.get("metric", "gradient")),),
        fields.get("seeds", 3),
        fields.get("batch", 8),
        str(fields.get("init", "he-fan-out")),
        fields.get("batch_norm", True) is not False,
        str(fields.get("loss", "cross-entropy")),
        str(fields.get("source", "noise")),
    )
    lanes = _lanes(fields.get("lanes"))
    return GradientRequest(lanes, config, images, fields.get("fraction") is True, fields.get("theory") is True)


def memory_limit() -> str:
    """The most that one probe may need: half of what the machine has, 16 GB at most."""
    return f"{min(total_memory() // 2, MAX_MEMORY) // 10**6}MB"


def _lanes(value: object) -> tuple[PageLane, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= len(DASHES):
        raise NetworkError(f"a question names 1 to {len(DASHES)} lanes")
    lanes = tuple(_lane(fields) for fields in value)
    if len({lane.slot for lane in lanes}) < len(lanes):
        raise NetworkError("two lanes have the same letter")
    return lanes


def _lane(fields: Mapping[str, Any]) -> PageLane:
    slot, spec = fields["slot"], fields["spec"]
    if isinstance(slot, bool) or slot not in range(len(DASHES)) or not isinstance(spec, str):
        raise NetworkError(f"a lane has a slot from 0 to {len(DASHES) - 1} and a spec")
    return PageLane(slot, str(fields.get("name") or spec)[:MAX_NAME], spec)


def _images(text: object) -> bytes:
    if not isinstance(text, str):
        raise NetworkError("images are written in base64")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NetworkError("images are written in base64") from None
