"""What the stages look at, in sentences."""

from collections.abc import Sequence

from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.settings import ReceptiveSettings
from resnet_explorer.describe.sentence import Sentence, joined


def findings(lanes: Sequence[LaneResult], settings: ReceptiveSettings) -> list[Sentence]:
    """What each lane's last stage looks at, beside what it could."""
    return [_describe(lane) for lane in lanes]


def _describe(lane: LaneResult) -> Sentence:
    side, reach = lane.values["side"], lane.values["theoretical"][-1]
    could = Sentence("of the {reach} pixels that kernels and strides allow", {"reach": f"{reach:,}"})
    if reach > side:
        text = "of an image of {side} (kernels and strides would allow {reach})"
        could = Sentence(text, {"side": side, "reach": f"{reach:,}"})
    first, *rest = (f"{size:.1f}" for size in lane.values["effective"])
    then = joined([Sentence(", then {size}", {"size": size}) for size in rest])
    return Sentence(
        "{lane}: the central output of the stages looks at {first}{then} pixels a side, the last {could}.",
        {"lane": lane.letter, "first": first, "then": then, "could": could},
    )
