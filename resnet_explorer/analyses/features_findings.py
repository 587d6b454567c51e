"""What follows from the maps of one image, in sentences."""

from collections.abc import Iterator, Sequence
from math import isfinite

from resnet_explorer.analyses.request import LaneResult


def describe(lanes: Sequence[LaneResult], image: int, own: bool) -> list[str]:
    """What each network makes of the image, and where its branches write most and least."""
    return [sentence for lane in lanes for sentence in (*_prediction(lane, image, own), *_writing(lane))]


def _prediction(lane: LaneResult, image: int, own: bool) -> Iterator[str]:
    values = lane.values
    if values["predicted"] is None:
        return
    guess = f"{values['predicted']} with a probability of {values['probability']:.0%}"
    if own:
        yield f"{lane.letter}: the network takes the image for {guess}; it may be of none of its classes."
        return
    right = values["predicted"] == values["label"]
    truth = f"rightly for {guess}" if right else f"wrongly for {guess}"
    untrained = "" if values["trained"] else "; its weights are initial ones, so that says nothing"
    yield f"{lane.letter}: image {image} is of class {values['label']}; the network takes it {truth}{untrained}."


def _writing(lane: LaneResult) -> Iterator[str]:
    trunks, branches = lane.values["trunk_norm"], lane.values["branch_norm"]
    shares = [
        (branch / trunk, unit)
        for unit, (trunk, branch) in enumerate(zip(trunks, branches), start=1)
        if trunk and isfinite(trunk) and isfinite(branch)
    ]
    if not shares:
        if branches and not any(trunk is not None for trunk in trunks):
            yield f"{lane.letter}: its units are plain, so nothing is written onto a trunk: each replaces what it gets."
        return
    (least, quiet), (most, loud) = min(shares), max(shares)
    middle = sorted(share for share, _ in shares)[len(shares) // 2]
    if len(shares) == 1:
        yield f"{lane.letter}: the branch of unit {loud} is {most:.2f} times as large as the trunk that it writes onto."
        return
    yield (
        f"{lane.letter}: branches are {least:.2f} (unit {quiet}) to {most:.2f} times (unit {loud}) as large as the "
        f"trunk that they write onto, {middle:.2f} times in the median of {len(shares)} units."
    )
