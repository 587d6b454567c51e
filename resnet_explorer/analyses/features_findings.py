"""What follows from the maps of one image, in sentences."""

from collections.abc import Iterator, Sequence
from math import isfinite

from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.settings import FeaturesSettings
from resnet_explorer.describe.sentence import Sentence


def findings(lanes: Sequence[LaneResult], settings: FeaturesSettings) -> list[Sentence]:
    """What each network makes of the image, and where its branches write most and least."""
    return [sentence for lane in lanes for sentence in (*_prediction(lane, settings), *_writing(lane))]


def _prediction(lane: LaneResult, settings: FeaturesSettings) -> Iterator[Sentence]:
    values = lane.values
    if values["predicted"] is None:
        return
    probability = f"{values['probability']:.0%}"
    words = {"lane": lane.letter, "predicted": values["predicted"], "probability": probability}
    if settings.picture:
        yield Sentence(
            "{lane}: the network takes the image for {predicted} with a probability of {probability}; it may be of "
            "none of its classes.",
            words,
        )
        return
    yield Sentence(
        "{lane}: image {image} is of class {label}; the network takes it {rightly} for {predicted} with a probability "
        "of {probability}{untrained}.",
        {
            **words,
            "image": settings.image,
            "label": values["label"],
            "rightly": "rightly" if values["predicted"] == values["label"] else "wrongly",
            "untrained": "" if values["trained"] else "; its weights are initial ones, so that says nothing",
        },
    )


def _writing(lane: LaneResult) -> Iterator[Sentence]:
    trunks, branches = lane.values["trunk_norm"], lane.values["branch_norm"]
    shares = [
        (branch / trunk, unit)
        for unit, (trunk, branch) in enumerate(zip(trunks, branches), start=1)
        if trunk and isfinite(trunk) and isfinite(branch)
    ]
    if not shares:
        if branches and not any(trunk is not None for trunk in trunks):
            text = "{lane}: its units are plain, so nothing is written onto a trunk: each replaces what it gets."
            yield Sentence(text, {"lane": lane.letter})
        return
    (least, quiet), (most, loud) = min(shares), max(shares)
    middle = sorted(share for share, _ in shares)[len(shares) // 2]
    values = {"lane": lane.letter, "most": f"{most:.2f}", "loud": loud}
    if len(shares) == 1:
        text = "{lane}: the branch of unit {loud} is {most} times as large as the trunk that it writes onto."
        yield Sentence(text, values)
        return
    yield Sentence(
        "{lane}: branches are {least} (unit {quiet}) to {most} times (unit {loud}) as large as the trunk that they "
        "write onto, {middle} times in the median of {count} units.",
        {**values, "least": f"{least:.2f}", "quiet": quiet, "middle": f"{middle:.2f}", "count": len(shares)},
    )
