"""The data sets there are, and which images of one a run sees and how; `training/data` loads the images."""

from dataclasses import dataclass
from difflib import get_close_matches

from resnet_explorer.errors import RunError

FOLDER, POINT_FOLDER = "imagefolder", "pointfolder"
FOLDERS = (FOLDER, POINT_FOLDER)
# what is learned: one class an image, or places in it
CLASSES, POINTS = "classes", "points"
SMALLEST, LARGEST = 8, 64


@dataclass(frozen=True)
class DataSet:
    """A data set and its numbers; those of a folder are 0 here, as they are known only after it was scanned.

    `classes` counts the kinds of points where places are learned.
    """

    name: str
    meaning: str
    classes: int
    channels: int
    size: int
    train: int
    test: int
    download: str = ""
    task: str = CLASSES


DATA_SETS = {
    data_set.name: data_set
    for data_set in (
        DataSet(
            "shapes",
            "ten shapes drawn in colour on a noisy ground; made here, nothing fetched",
            10,
            3,
            32,
            10_000,
            2_000,
        ),
        DataSet(
            "points",
            "a disc, a plus and a ring in each image, whose centres are to be found; made here, nothing fetched",
            3,
            3,
            32,
            10_000,
            2_000,
            task=POINTS,
        ),
        DataSet("cifar10", "CIFAR-10: photographs of ten things", 10, 3, 32, 50_000, 10_000, "170 MB"),
        DataSet("cifar100", "CIFAR-100: photographs of a hundred things", 100, 3, 32, 50_000, 10_000, "169 MB"),
        DataSet("svhn", "SVHN: house numbers in the street", 10, 3, 32, 73_257, 26_032, "246 MB"),
        DataSet("fashion-mnist", "Fashion-MNIST: ten kinds of clothes, grey", 10, 1, 28, 60_000, 10_000, "31 MB"),
        DataSet("mnist", "MNIST: handwritten digits, grey", 10, 1, 28, 60_000, 10_000, "12 MB"),
        DataSet(
            FOLDER,
            "a folder or archive of your own: train/CLASS/*.jpg and test/CLASS/*.jpg, or CLASS/*.jpg",
            0,
            3,
            32,
            0,
            0,
        ),
        DataSet(
            POINT_FOLDER,
            "a folder or archive of your own: images, and one .json that says where their key points are",
            0,
            3,
            32,
            0,
            0,
            task=POINTS,
        ),
    )
}
LEVELS = ("easy", "hard")
NORMALISE = {
    "channel": "less the mean of each channel, over its standard deviation",
    "pixel": "less the mean image, over 255 (He 2015 subtracts the per-pixel mean)",
}
AUGMENT = {
    "crop-flip": "4 pixels of zeros around 32 (an eighth of the size), a random crop, half of them mirrored",
    "crop": "the crop alone, for pictures that mean something else in the mirror, such as digits",
    "flip": "mirroring alone",
    "none": "the images as they are",
}


@dataclass(frozen=True)
class Data:
    """Which images a run sees, and how. `size` 0 is the data set's own, `subset` and `test` 0 all images."""

    name: str = "shapes"
    path: str = ""
    level: str = "easy"
    size: int = 0
    subset: int = 0
    test: int = 0
    normalise: str = "channel"
    augment: str = "crop-flip"

    def __post_init__(self) -> None:
        """Raise RunError for unknown names and numbers out of range."""
        require_known("data set", self.name, DATA_SETS)
        require_known("level", self.level, LEVELS)
        require_known("normalise", self.normalise, NORMALISE)
        require_known("augment", self.augment, AUGMENT)
        if self.size and not SMALLEST <= self.size <= LARGEST:
            raise RunError(f"size is {SMALLEST} to {LARGEST} pixels, not {self.size}")
        if min(self.subset, self.test) < 0:
            raise RunError("subset and test are numbers of images; 0 means all")
        if bool(self.path) != (self.name in FOLDERS):
            raise RunError(f"a path belongs to {' or '.join(f'{name}:PATH' for name in FOLDERS)}, and only there")

    @property
    def task(self) -> str:
        """What is learned: classes or points."""
        return DATA_SETS[self.name].task

    @property
    def label(self) -> str:
        """The text that `read_data` reads: shapes:hard, imagefolder:PATH, cifar10."""
        if self.name == "shapes":
            return self.name if self.level == LEVELS[0] else f"{self.name}:{self.level}"
        return f"{self.name}:{self.path}" if self.path else self.name


def read_data(text: str) -> Data:
    """The data that NAME, `shapes:hard` or `imagefolder:PATH` stands for; raises RunError for any other text."""
    name, colon, rest = text.strip().partition(":")
    if name in FOLDERS:
        if not rest.strip():
            raise RunError(f"{name} needs a folder or archive: {name}:PATH")
        return Data(name, path=rest.strip())
    if colon and name == "shapes":
        return Data(name, level=rest)
    if colon:
        raise RunError(f"{name[:40]!r} takes nothing after a colon; only shapes, {' and '.join(FOLDERS)} do")
    return Data(name)


def require_known(kind: str, name: str, names: object) -> None:
    """Raise RunError for a name that is not among the names, with the nearest one if there is one."""
    known = list(names)  # type: ignore[call-overload]
    if name not in known:
        near = get_close_matches(str(name)[:40], known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"it is one of {', '.join(known)}"
        raise RunError(f"unknown {kind} {str(name)[:40]!r}; {hint}")
