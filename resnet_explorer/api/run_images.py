"""The verbs that show images: those that a run trains on, and what its network makes of test images.

They are computed by workers, in which torch is loaded; images come as PNG in data URIs.
"""

import json
from pathlib import Path
from typing import Any, TypedDict, cast

from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import RunError
from resnet_explorer.executors.compute import Call, Computer, InProcess, compute_one
from resnet_explorer.runs.bundled import BundledRun
from resnet_explorer.runs.datasets import CLASSES, POINTS, read_data
from resnet_explorer.runs.experiment import prepare
from resnet_explorer.runs.run_folder import SHORT, RunFolder, require_training

MODULE = "resnet_explorer.training.predictions"
MOST_IMAGES = 100
# any network of the right kind will do: the images do not depend on it
NETWORKS = {CLASSES: "cifar-basic-8", POINTS: "cifar-basic-8;head=conv1(bias=true)"}


class FoundPoint(TypedDict):
    """A point by its name, where it is (null: not there) and where it is found, as shares of the image's side."""

    name: str
    x: float | None
    y: float | None
    found_x: float
    found_y: float
    right: bool


class PredictedImage(TypedDict):
    """A test image by its number, its class, the predicted one, and the probabilities of both.

    Where points are to be found, those it has, those that are found, and twice the share that is found; the picture has
    a ring where a point is and a cross where it is found.
    """

    image: int
    label: str
    predicted: str
    right: bool
    probability: float
    of_label: float
    points: list[FoundPoint]
    png: str


class Predictions(TypedDict):
    """`right` of `of` images, or of their points, are right at a step; `test` images there are in all.

    `measure` says what is right: accuracy, or PCK@0.1, points within 0.1 of the image's side. `seed` chose the images.
    """

    run: str
    step: int
    right: int
    of: int
    test: int
    seed: int
    measure: str
    classes: list[str]
    images: list[PredictedImage]


class ChannelMap(TypedDict):
    """One channel of a stage's result as a grey image, from its least value to its largest."""

    channel: int
    png: str


class StageMaps(TypedDict):
    """What the stem or a stage gives: its shape, the mean over channels, and the strongest channels."""

    name: str
    shape: list[int]
    mean: str
    channels: list[ChannelMap]


class FeatureMaps(TypedDict):
    """One test image, and the maps of it inside the network after a step."""

    run: str
    step: int
    image: int
    label: str
    png: str
    stages: list[StageMaps]


class TrainingImage(TypedDict):
    """One image as it is fed, and its class."""

    label: str
    png: str


class TrainingImages(TypedDict):
    """The first images of a run's first batch; `train` counts all there are to train on."""

    data: str
    size: int
    augment: str
    batch: int
    train: int
    classes: list[str]
    images: list[TrainingImage]


class RunImages:
    """Answers with images of the runs of one home, where the computer says."""

    def __init__(self, runs: Runs, computer: Computer | None = None) -> None:
        self.runs, self.computer = runs, computer or InProcess()

    def predictions(self, run: str, step: int = 0, count: int = 24) -> Predictions:
        """Show test images with what a run's network takes them for: half right, half wrong where there are.

        Args:
            run: the id of a run, or its first letters
            step: whose weights; 0 for the newest that are kept
            count: how many images, 1 to 100
        """
        _check_count(count)
        folder = self._trained(run)
        answer = self._compute("predictions", *_arguments(folder), self._home, step, count)
        return cast(Predictions, {"run": folder.run, **answer})

    def feature_maps(self, run: str, image: int = 0, step: int = 0) -> FeatureMaps:
        """Show what the stem and each stage of a run's network make of one test image, as grey maps.

        Args:
            run: the id of a run, or its first letters
            image: the number of an image, as `predictions` gives it
            step: whose weights; 0 for the newest that are kept
        """
        folder = self._trained(run)
        answer = self._compute("feature_maps", *_arguments(folder), self._home, step, image)
        return cast(FeatureMaps, {"run": folder.run, **answer})

    def training_images(
        self,
        data: str = "shapes",
        recipe: str = "short",
        settings: dict[str, str] | None = None,
        seed: int = 0,
        count: int = 24,
    ) -> TrainingImages:
        """Show the first images that a run would train on, at its size, cropped and mirrored as its recipe says.

        Args:
            data: shapes, shapes:hard, points, cifar10, cifar100, svhn, mnist ..., or imagefolder:PATH, pointfolder:PATH
            recipe: short, steady, he2015, wrn or speed
            settings: fields of the recipe to set, such as {"augment": "crop-flip", "size": "32"}
            seed: of the run
            count: how many images, 1 to 100
        """
        _check_count(count)
        data, classes = self.runs.jobs.resolve_data(data)
        experiment = prepare(NETWORKS[read_data(data).task], data, recipe, seed, settings or {}, classes)
        answer = self._compute("training_images", experiment.to_json(), self._home, count)
        size, augment = experiment.network.image, experiment.data.augment
        return cast(TrainingImages, {"data": data, "size": size, "augment": augment, **answer})

    @property
    def _home(self) -> str:
        return str(self.runs.home)

    def _trained(self, run: str) -> RunFolder:
        """A run of this home; a recorded one came without its weights."""
        folder = self.runs.reader.find(run)
        if isinstance(folder, BundledRun):
            raise RunError(f"run {folder.run[:SHORT]} was recorded, and came with its curves but without its weights")
        require_training(folder.job())
        return folder

    def _compute(self, function: str, *arguments: object) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = compute_one(self.computer, Call(f"{MODULE}:{function}", arguments))
        except RuntimeError as error:
            raise RunError(f"the images cannot be computed: {str(error).strip().splitlines()[0][:200]}") from None
        return answer


def _arguments(folder: RunFolder) -> tuple[str, str]:
    """The experiment as JSON, and where its checkpoints are."""
    return json.dumps(folder.job().what["experiment"]), str(Path(folder.path))


def _check_count(count: int) -> None:
    if not 1 <= count <= MOST_IMAGES:
        raise RunError(f"count is 1 to {MOST_IMAGES} images, not {count}")
