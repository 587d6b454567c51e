"""Tables of the papers as sweeps: which networks, by which recipe, and what the paper says of each. Data, no code.

One rule scales a table: training images, steps, milestones and warm-up are times the scale, so that each image is seen
as often as in the paper. Test images stay all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from resnet_explorer.errors import StudyError
from resnet_explorer.networks.published import published_errors
from resnet_explorer.runs.datasets import DATA_SETS, FOLDERS, read_data, require_known
from resnet_explorer.runs.experiment import settings_of
from resnet_explorer.runs.sweep import Sweep

# the fields that a scale multiplies, each a number or numbers with slashes
SCALED = ("steps", "milestones", "warmup")
# steps between two evaluations of a whole run
EVALUATIONS = 10


class Row(NamedTuple):
    """A row as the paper names it, its network, and the test error in per cent, or what the paper says in its place."""

    name: str
    line: str
    published: float | str | None = None


@dataclass(frozen=True)
class PaperTable:
    """A table of a paper: what it shows, where it stands, on which data, by which recipe, and how often.

    Where a row says nothing itself, what papers published of its network on the data counts.
    """

    id: str
    title: str
    place: str
    rows: tuple[Row, ...]
    data: tuple[str, ...] = ("cifar10",)
    recipe: str = "he2015"
    settings: tuple[tuple[str, str], ...] = ()
    seeds: int = 5

    def published(self, row: Row, data: str) -> float | str | None:
        """What the paper says of a row on a data set."""
        known = {point.line: point.error for point in published_errors(data)}
        return row.published if row.published is not None else known.get(row.line)


NAMES = {
    "original": "original",
    "bn-after-addition": "BN after addition",
    "relu-before-addition": "ReLU before addition",
    "relu-only-preactivation": "ReLU-only pre-activation",
    "full-preactivation": "full pre-activation",
}
NETS = {110: "cifar-basic-110", 164: "cifar-bottleneck-164", 1001: "cifar-bottleneck-1001"}
HALF = "scale(0.5)"
BRANCH = "cifar-basic-110:conv bn relu conv bn"
TABLES = (
    PaperTable(
        "he2015-6",
        "Residual networks on CIFAR-10, 20 to 1202 layers",
        "He, Zhang, Ren, Sun 2015, table 6",
        (
            Row("20 layers", "cifar-basic-20:original", 8.75),
            Row("32 layers", "cifar-basic-32:original", 7.51),
            Row("44 layers", "cifar-basic-44:original", 7.17),
            Row("56 layers", "cifar-basic-56:original", 6.97),
            Row("110 layers", "cifar-basic-110:original", 6.61),
            Row("1202 layers", "cifar-basic-1202:original", 7.93),
        ),
    ),
    PaperTable(
        "he2016-1",
        "What stands on the shortcut, 110 layers",
        "He, Zhang, Ren, Sun 2016, table 1",
        (
            Row("original", "cifar-basic-110:original", 6.61),
            Row("constant scaling, 0 and 1", "cifar-basic-110:original;skip=scale(0)", "fail"),
            Row("constant scaling, 0.5 and 1", f"cifar-basic-110:original;skip={HALF}", "fail"),
            Row("constant scaling, 0.5 and 0.5", f"{BRANCH} {HALF} + relu;skip={HALF}", 12.35),
            Row("exclusive gating, bias -6", f"{BRANCH} blend(bias=-6) relu", 8.70),
            Row("exclusive gating, bias -7", f"{BRANCH} blend(bias=-7) relu", 9.81),
            Row("shortcut-only gating, bias 0", "cifar-basic-110:original;skip=gate(bias=0)", 12.86),
            Row("shortcut-only gating, bias -6", "cifar-basic-110:original;skip=gate(bias=-6)", 6.91),
            Row("1×1 convolution", "cifar-basic-110:original;shortcut=C", 12.22),
            Row("dropout 0.5", "cifar-basic-110:original;skip=dropout(0.5)", "fail"),
        ),
    ),
    PaperTable(
        "he2016-2",
        "Five orderings at 110 and 164 layers",
        "He, Zhang, Ren, Sun 2016, table 2",
        tuple(Row(f"{name}, {depth}", f"{NETS[depth]}:{key}") for depth in (110, 164) for key, name in NAMES.items()),
    ),
    PaperTable(
        "he2016-4",
        "Original and full pre-activation units, 110 to 1001 layers",
        "He, Zhang, Ren, Sun 2016, tables 3 and 4",
        tuple(
            Row(f"{NAMES[key]}, {depth}", f"{NETS[depth]}:{key}")
            for depth in (110, 164, 1001)
            for key in ("original", "full-preactivation")
        ),
        data=("cifar10", "cifar100"),
    ),
    PaperTable(
        "wrn-4",
        "Wide residual networks",
        "Zagoruyko, Komodakis 2016, table 4",
        tuple(
            Row(f"WRN-{name}", f"wrn-{name}")
            for name in ("40-1", "40-2", "40-4", "40-8", "28-10", "22-10", "16-8", "16-4")
        ),
        data=("cifar10", "cifar100"),
        recipe="wrn",
    ),
    PaperTable(
        "resnext-3",
        "Cardinality against width at about the same cost, ImageNet",
        "Xie, Girshick, Dollár, Tu, He 2017, table 3",
        (
            Row("ResNet-50, 1 x 64d", "imagenet-50", 23.9),
            Row("ResNeXt-50, 2 x 40d", "resnext-50-2x40d", 23.0),
            Row("ResNeXt-50, 4 x 24d", "resnext-50-4x24d", 22.6),
            Row("ResNeXt-50, 8 x 14d", "resnext-50-8x14d", 22.3),
            Row("ResNeXt-50, 32 x 4d", "resnext-50-32x4d", 22.2),
            Row("ResNet-101, 1 x 64d", "imagenet-101", 22.0),
            Row("ResNeXt-101, 32 x 4d", "resnext-101-32x4d", 21.2),
        ),
        # 90 epochs of 1.28 million images by 256, a tenth at 30 and 60
        data=("imagenet",),
        settings=(("batch", "256"), ("steps", "450360"), ("milestones", "150120/300240"), ("warmup", "0")),
        seeds=1,
    ),
)
_BY_ID: Mapping[str, PaperTable] = {table.id: table for table in TABLES}


def find_table(name: str) -> PaperTable:
    """The table with an id; raises StudyError with the ids there are."""
    if name not in _BY_ID:
        raise StudyError(f"there is no table {name[:40]!r}; there are {', '.join(_BY_ID)}")
    return _BY_ID[name]


def table_sweep(table: PaperTable, scale: float, seeds: int = 0, data: str = "") -> Sweep:
    """The table as a sweep, at a scale up to 1, of the paper's data or other."""
    if not 0 < scale <= 1:
        raise StudyError(f"scale is above 0 and at most 1, not {scale}")
    sets = (data,) if data else table.data
    for name in sets:
        if name not in DATA_SETS and name in table.data:
            raise StudyError(
                f"{table.id} is of ImageNet, which is not fetched; name a copy as imagefolder:PATH, or another data set"
            )
        require_known("data set", read_data(name).name, (*DATA_SETS, *FOLDERS))
    train = DATA_SETS[read_data(sets[0]).name].train
    if not train and scale < 1:
        raise StudyError("how many images a folder has is known only when they are read: its scale is 1")
    settings = dict(table.settings) | scaled_settings(table, scale)
    batch = int((settings_of(table.recipe) | settings)["batch"])
    if train and train * scale < batch:
        raise StudyError(f"scale is {batch / train:.2g} or more: with less, {sets[0]} has no batch of {batch} images")
    if scale < 1:
        settings["subset"] = str(round(train * scale))
    return Sweep(
        networks=tuple(row.line for row in table.rows),
        data=sets,
        recipes=(table.recipe,),
        seeds=tuple(range(seeds or table.seeds)),
        settings=tuple(settings.items()),
        title=f"{table.id} at scale {scale:g}",
    )


def scaled_settings(table: PaperTable, scale: float) -> dict[str, str]:
    """Steps, milestones and warm-up times the scale; ten evaluations, and two checkpoints."""
    full = settings_of(table.recipe) | dict(table.settings)
    settings = {name: _times(full[name], scale) for name in SCALED if full[name]}
    steps = max(1, round(int(settings["milestones"].rpartition("/")[2] or full["steps"]) * 4 / 3))
    return settings | {"evaluate": str(max(1, steps // EVALUATIONS)), "save": str(max(1, steps // 2))}


def scaling_in_words(scale: float) -> str:
    """What was scaled, for a caption."""
    if scale == 1:
        return "Images and steps are the paper's."
    return (
        f"Training images, steps, milestones and warm-up are {scale:g} times the paper's, so that each image is seen "
        "as often; errors are not those of a full training."
    )


def _times(text: str, scale: float) -> str:
    return "/".join(str(max(1, round(int(part) * scale))) if int(part) else part for part in text.split("/"))
