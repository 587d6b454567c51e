"""How many paths there are, and which lengths carry the gradient, in sentences."""

from collections.abc import Sequence
from math import log10

from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.settings import PathsSettings
from resnet_explorer.describe.sentence import Sentence


def findings(lanes: Sequence[LaneResult], settings: PathsSettings) -> list[Sentence]:
    """For each lane how many paths there are, and which lengths carry the gradient."""
    return [_describe(lane) for lane in lanes if lane.values.get("effective")]


def _describe(lane: LaneResult) -> Sentence:
    values, effective = lane.values, lane.values["effective"]
    total = sum(values["counts"])
    if total == 1:
        text = "{lane}: there is no shortcut, so there is one path, through all {count} branches."
        return Sentence(text, {"lane": lane.letter, "count": values["longest"]})
    middle, mean = values["middle"], effective["mean"]
    return Sentence(
        "{lane}: {number} paths pass {middle} branches on average; weighted by the gradient that they carry they are "
        "{side}, {mean} branches; those of {low} to {high} carry {carried} of the gradient and are {share} of all "
        "paths.",
        {
            "lane": lane.letter,
            "number": f"{total:,}" if total < 10**9 else f"10^{log10(total):.1f}",
            "middle": f"{middle:.1f}",
            "side": "shorter" if mean < middle - 1 else "longer" if mean > middle + 1 else "about as long",
            "mean": f"{mean:.1f}",
            "low": effective["low"],
            "high": effective["high"],
            "carried": f"{effective['carried']:.0%}",
            "share": f"{effective['share']:.2%}",
        },
    )
