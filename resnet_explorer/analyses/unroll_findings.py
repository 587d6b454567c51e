"""Whether a stage's output is its input plus the sum of its branches, in sentences."""

from collections.abc import Iterator, Sequence

from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.settings import UnrollSettings
from resnet_explorer.describe.sentence import Sentence

# errors below are those of rounding
EXACT = 1e-9


def findings(lanes: Sequence[LaneResult], settings: UnrollSettings) -> list[Sentence]:
    """For each lane whether the sum is exact and by how much, and which branches matter most."""
    return [sentence for lane in lanes if lane.values.get("share") for sentence in _describe(lane)]


def _describe(lane: LaneResult) -> Iterator[Sentence]:
    values = lane.values
    error, exact = values["error"], values["error"] < EXACT
    agrees = "as the plan says" if exact == values["promised"] else "unlike the plan says"
    if not exact:
        text = "{lane}: x_L = x_l + sum F does not hold: it is off by {error} times the largest |x_L|, {agrees}."
        yield Sentence(text, {"lane": lane.letter, "error": f"{error:.2g}", "agrees": agrees})
        return
    text = "{lane}: x_L = x_l + sum F holds to {error} of the largest |x_L|, {agrees}."
    yield Sentence(text, {"lane": lane.letter, "error": f"{error:.1e}", "agrees": agrees})
    biggest = max(range(len(values["share"])), key=lambda unit: values["share"][unit])
    yield Sentence(
        "{lane}: in the last stage x_l is {direct} of the output; unit {unit} writes the largest part of a stage, "
        "{share}, at {angle}° to the trunk.",
        {
            "lane": lane.letter,
            "direct": f"{values['direct'][-1]:.0%}",
            "unit": biggest + 1,
            "share": f"{values['share'][biggest]:.0%}",
            "angle": f"{values['angle'][biggest]:.0f}",
        },
    )
