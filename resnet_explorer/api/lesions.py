"""The verb that cuts units of one network and answers at once: its worker keeps the network for the next cut."""

from typing import TypedDict, cast

from resnet_explorer.analyses.request import INITIAL
from resnet_explorer.api.analyses import Analyses
from resnet_explorer.errors import AnalysisError
from resnet_explorer.executors.compute import Call, Computer, InProcess, compute_one

CUT = "resnet_explorer.analyses.warm:cut_units"


class CutAnswer(TypedDict):
    """What is left: accuracy and loss without the units, and `whole`, the accuracy with all of them.

    They are of the first `images` of `of` held-out images in a fixed random order; `subject` says what weights.
    """

    network: str
    run: str
    step: int
    subject: str
    units: list[int]
    accuracy: float
    loss: float
    whole: float
    images: int
    of: int


class Lesions:
    """Cuts units of networks and runs of one home, where the computer says."""

    def __init__(self, analyses: Analyses, computer: Computer | None = None) -> None:
        self.analyses, self.computer = analyses, computer or InProcess()

    def cut(
        self,
        network: str = "",
        units: list[int] | None = None,
        run: str = "",
        seed: int = 0,
        data: str = "shapes",
        weights: str = INITIAL,
    ) -> CutAnswer:
        """Cut units of one network without training again: what accuracy is left, on a few held-out images.

        Args:
            network: NETWORK[:ORDERING]
            units: which units, counted from 1 through the whole network, such as [4, 5]
            run: the weights of a run instead of a network, RUN or RUN@STEP
            seed: of the initial weights
            data: the images that are sent through this network
            weights: of this network: initial, or recorded, where such come with the program
        """
        if bool(network) == bool(run):
            raise AnalysisError("units are cut of one network or one run")
        networks, runs = ([network] if network else []), ([run] if run else [])
        (lane,) = self.analyses.question("lesion", networks, runs=runs, seed=seed, data=data, weights=weights).lanes
        places = tuple(sorted({unit - 1 for unit in units or []}))
        call = Call(CUT, (lane, self.analyses.runs.home, places), group=f"cut {lane}")
        left = compute_one(self.computer, call)
        lesion = {"network": lane.line, "run": lane.run, "step": lane.step, "units": [place + 1 for place in places]}
        return cast(CutAnswer, {**lesion, **left})
