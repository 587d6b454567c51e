"""One image on its way through the units: what comes by the trunk, what the branch writes on it, and their sum.

Maps are sizes of numbers, as hundredths of a decade (100 times the decimal logarithm), so that all lanes have one
scale. The image is a held-out one, or the visitor's own.
"""

from base64 import b64decode
from collections.abc import Iterator, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from resnet_explorer.analyses.request import Part
from resnet_explorer.analyses.settings import FeaturesSettings
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.analyses.ways import split
from resnet_explorer.errors import AnalysisError
from resnet_explorer.models.blocks import Decoder
from resnet_explorer.models.units import Residual
from resnet_explorer.training.data.decoding import resize
from resnet_explorer.training.data.pictures import data_uri
from resnet_explorer.training.data.thumbnails import SIDE as PICTURE_SIDE

WAYS = ("trunk", "branch", "sum")
# pixels of all maps of a lane at most, and along a side of one
MOST_PIXELS, SIDES = 40_000, (32, 28, 16, 14, 8, 7, 4, 2)
# sizes are brought between these; what is no number is the largest
LEAST, MOST = 1e-6, 1e6
# classes whose probability is given
TOP = 3


def measure(subjects: Sequence[Subject], settings: FeaturesSettings) -> Iterator[Part]:
    """Stage by stage, all lanes in turn; last what the network makes of the image."""
    lanes = [_Lane(subject, settings) for subject in subjects]
    of, done = sum(len(lane.stages) + 1 for lane in lanes), 0
    for turn in range(max((len(lane.stages) + 1 for lane in lanes), default=0)):
        for number, lane in enumerate(lanes):
            if turn <= len(lane.stages):
                lane.go_on(turn)
                done += 1
                yield Part(number, done, of, lane.values())


class _Lane:
    """A lane's image, how far it has come, and the maps so far."""

    def __init__(self, subject: Subject, settings: FeaturesSettings) -> None:
        self.subject, self.settings = subject, settings
        self.x, label = choose_image(subject, settings)
        self.stages: list[list[Residual]] = [list(stage) for stage in subject.net.stages]  # type: ignore[call-overload]
        self.side = map_side([at.unit.y[1:] for at in subject.plan.units()])
        self.early: list[Tensor] = []
        self.y = self.x
        self.known: dict[str, Any] = {
            "picture": data_uri(pixels_of(subject, self.x)),
            "label": label,
            "stage": [],
            "shape": [],
            **{way: [] for way in WAYS},
            **{f"{way}_norm": [] for way in WAYS},
            "channel": [],
            "predicted": None,
            "trained": subject.trained,
            "probability": None,
            "probabilities": {},
        }

    @torch.no_grad()
    def go_on(self, turn: int) -> None:
        """Through the stage of a number from 0, or, after the last, through the head."""
        if turn == len(self.stages):
            self._predict()
            return
        if turn == 0:
            self.y = self.subject.net.stem(self.x)
        steps = []
        for unit in self.stages[turn]:
            fork = unit.pre(self.y)
            trunk, branch = split(unit, fork)
            total = branch if trunk is None else trunk + branch
            steps.append((trunk, branch, total))
            self.y = unit.post(total)
        self.early.append(self.y)
        self._keep(turn + 1, steps)

    def _keep(self, stage: int, steps: Sequence[tuple[Tensor | None, Tensor, Tensor]]) -> None:
        channel = self._choose_channel(stage, steps[-1][2])
        for step in steps:
            self.known["stage"].append(stage)
            self.known["shape"].append(list(step[2].shape[1:]))
            self.known["channel"].append(channel)
            for way, tensor in zip(WAYS, step, strict=True):
                self.known[way].append(None if tensor is None else size_map(tensor[0], channel, self.side))
                self.known[f"{way}_norm"].append(None if tensor is None else root_mean_square(tensor))

    def _choose_channel(self, stage: int, total: Tensor) -> int | None:
        """The channel of a rank by energy at the end of a stage, from 0; None for all."""
        rank, channels = self.settings.channel, total.shape[1]
        if rank > channels:
            raise AnalysisError(
                f"stage {stage} of {self.subject.letter} has {channels} channels; there is no channel {rank}"
            )
        energies = total[0].flatten(1).square().sum(1)
        return int(energies.argsort(descending=True, stable=True)[rank - 1]) if rank else None

    def _predict(self) -> None:
        y, layers = self.y, list(self.subject.net.head)
        if any(isinstance(layer, Decoder) for layer in layers):
            return
        for layer in layers:
            y = layer(y)
        classes = self.subject.classes
        if y.shape != (1, len(classes)):
            return
        probabilities = y[0].softmax(0)
        best = probabilities.argsort(descending=True, stable=True)[:TOP].tolist()
        self.known["predicted"] = classes[best[0]]
        self.known["probability"] = round(float(probabilities[best[0]]), 4)
        self.known["probabilities"] = {classes[each]: round(float(probabilities[each]), 4) for each in best}

    def values(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, list) else value for name, value in self.known.items()}


def choose_image(subject: Subject, settings: FeaturesSettings) -> tuple[Tensor, str | None]:
    """The image as the network takes it, 1×C×H×W, and its class; None for the visitor's own."""
    if settings.picture:
        return own_image(subject, settings.picture), None
    count = len(subject.x)
    if settings.image >= count:
        raise AnalysisError(
            f"{subject.letter} has {count:,} held-out images, 0 to {count - 1:,}; not {settings.image:,}"
        )
    label = subject.classes[int(subject.labels[settings.image])]
    return subject.x[settings.image : settings.image + 1], label


def own_image(subject: Subject, picture: str) -> Tensor:
    """The visitor's picture at the size and with the normalisation of the lane's own images."""
    raw = torch.frombuffer(bytearray(b64decode(picture)), dtype=torch.uint8)
    pixels = raw.view(1, PICTURE_SIDE, PICTURE_SIDE, 3).permute(0, 3, 1, 2)
    if subject.x.shape[1] == 1:
        pixels = pixels.float().mean(1, keepdim=True).round().byte()
    sized = resize(pixels, subject.x.shape[-1])
    assert subject.normaliser
    return subject.normaliser(sized).to(subject.x)


def pixels_of(subject: Subject, x: Tensor) -> Tensor:
    """The image as bytes again."""
    normaliser = subject.normaliser
    assert normaliser
    return (x[0].cpu() / normaliser.factor + normaliser.mean).round().clamp(0, 255).byte()


def map_side(sizes: Sequence[Sequence[int]]) -> int:
    """Pixels along a side of a map at most, so that those of all units are not too many; from their sizes."""
    for side in SIDES:
        if len(WAYS) * sum(min(side, height) * min(side, width) for height, width in sizes) <= MOST_PIXELS:
            return side
    return SIDES[-1]


def size_map(x: Tensor, channel: int | None, side: int) -> list[list[int]]:
    """The mean size of a tensor (C×H×W) over its channels, or that of one, in hundredths of a decade."""
    sizes = x.abs().mean(0) if channel is None else x[channel].abs()
    if max(sizes.shape) > side:
        sizes = F.adaptive_avg_pool2d(sizes[None], min(side, *sizes.shape))[0]
    hundredths: list[list[int]] = (
        sizes.double().nan_to_num(nan=MOST).clamp(LEAST, MOST).log10().mul(100).round().int().tolist()
    )
    return hundredths


def root_mean_square(x: Tensor) -> float:
    """The root of the mean energy of a number, to five digits."""
    return float(f"{float(x.double().square().mean().sqrt()):.5g}")
