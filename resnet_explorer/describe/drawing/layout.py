"""Where everything in the drawing of a unit stands: boxes, lines and words as values, in pixels.

The trunk is a vertical line at one x, the branch a column to the right of it. Heights above and below
the addition can be set, so that units side by side have it at one height.
"""

from typing import NamedTuple

from resnet_explorer.describe.drawing.composites import Inside, open_composite
from resnet_explorer.describe.drawing.labels import box_text, fraction, notes
from resnet_explorer.language.layer import Chain, Layer, Shape
from resnet_explorer.networks.lowering import LoweredUnit

WIDTH = 168
TRUNK, BRANCH, RAIL = 42, 126, 165
BOX_WIDTH, BOX_HEIGHT = 72, 24
GAP, LINE, START, TURN = 8, 13, 28, 16


class Box(NamedTuple):
    """One layer; `warn` says that it stands on the trunk, `label` is what is written beside it."""

    part: str
    layer: Layer
    x: int
    y: int
    text: str
    notes: tuple[str, ...] = ()
    warn: bool = False
    label: str = ""
    inside: Inside | None = None

    @property
    def height(self) -> int:
        return self.inside.height if self.inside else BOX_HEIGHT

    @property
    def bottom(self) -> int:
        """The end of the box and of what is written below it."""
        return self.y + self.height + LINE * len(self.notes)


class BranchStage(NamedTuple):
    """A branch from where it leaves the trunk to its end; a later Runge-Kutta stage says what it sees."""

    leaves: int
    ends: int
    sees: str = ""
    weight: str = ""


class Drawing(NamedTuple):
    """A unit, laid out; `merge_y` is where branch and trunk meet (in a plain unit: where they would)."""

    boxes: tuple[Box, ...]
    branches: tuple[BranchStage, ...]
    merge: Layer | None
    merge_y: int
    height: int
    gated: bool = False
    entry: str = ""
    leads: str = "l+1"

    def on_trunk(self) -> tuple[str, ...]:
        """The words drawn in the warning tone, in the order that data takes."""
        before = [box.layer.word for box in self.boxes if box.warn and box.part != "post"]
        after = [box.layer.word for box in self.boxes if box.warn and box.part == "post"]
        gate = [self.merge.word or self.merge.call] if self.merge and self.gated else []
        return (*before, *gate, *after)


class Marks(NamedTuple):
    """Which ops, in which parts of a unit, stand on the trunk, and a label for a part.

    `closing` are the ops that the head begins with, drawn after the last unit.
    """

    trunk: tuple[str, ...]
    parts: tuple[str, ...]
    labels: dict[str, str]
    closing: Chain = ()


class Heights(NamedTuple):
    """The least height above the addition, and below it."""

    above: int = 0
    below: int = 0


NO_MINIMUM = Heights()


def heights_for_all(drawings: list[Drawing]) -> Heights:
    """The least heights with which the additions of all drawings are on one line."""
    return Heights(max(d.merge_y for d in drawings), max(d.height - d.merge_y for d in drawings))


def layout(unit: LoweredUnit, marks: Marks, least: Heights = NO_MINIMUM) -> Drawing:
    """The place of every layer of a unit; `least` are heights to keep above and below the addition."""
    column = _Column(marks)
    y = column.stack("between", unit.between, unit.x, TRUNK, START)
    y = column.stack("pre", unit.pre, _end_shape(unit.between, unit.x), TRUNK, y)
    entry = _end_shape((*unit.between, *unit.pre), unit.x)
    branches: tuple[BranchStage, ...] = ()
    if unit.merge is None:
        end = column.stack("branch", unit.branches[0], entry, TRUNK, y)
    else:
        branches = tuple(_place_branches(column, unit, unit.merge, entry, y))
        end = max(branches[-1].ends, column.stack("skip", unit.skip, entry, TRUNK, y + TURN))
    merge_y = max(end + TURN, least.above)
    gated = unit.merge is not None and unit.merge.call == "Blend"
    y = column.stack("post", unit.post, unit.y, TRUNK, merge_y + TURN + GAP + (BOX_HEIGHT if gated else 0))
    y = column.stack("close", marks.closing, unit.y, TRUNK, y)
    height = max(y + START - GAP, merge_y + least.below)
    leads = "head" if marks.closing else "l+1"
    return Drawing(
        tuple(column.boxes), branches, unit.merge, merge_y, height, gated, marks.labels.get("entry", ""), leads
    )


def _place_branches(column: "_Column", unit: LoweredUnit, merge: Layer, entry: Shape, y: int) -> list[BranchStage]:
    """The branches below each other, with the weights of a Runge-Kutta step."""
    stepped = merge.call == "RungeKutta"
    later, weights = merge.args if stepped else ((), (1.0,))
    assert isinstance(later, tuple)
    assert isinstance(weights, tuple)
    stages = []
    for i, branch in enumerate(unit.branches):
        part = f"branch {i + 1}" if len(unit.branches) > 1 else "branch"
        sees = _describe_input(later[i - 1]) if i else ""
        top = y + TURN + (LINE + GAP if sees else 0)
        shape = entry if i == 0 else unit.branches[0][-1].shape
        end = column.stack(part, branch, shape, BRANCH, top)
        weight = f"{fraction(weights[i])}k{_subscript(i + 1)}" if stepped and weights[i] else ""
        last = i == len(unit.branches) - 1
        stages.append(BranchStage(y, end, sees, weight))
        y = end if last else end + TURN
    return stages


def _describe_input(row: tuple[float, ...]) -> str:
    """The input of a later stage: 'h + ½k₁'."""
    terms = [(weight, j) for j, weight in enumerate(row, start=1) if weight]
    return "h " + " ".join(
        f"{'−' if weight < 0 else '+'} {fraction(abs(weight))}k{_subscript(j)}" for weight, j in terms
    )


def _subscript(number: int) -> str:
    return "₀₁₂₃₄₅₆₇₈₉"[number]


def _end_shape(layers: Chain, x: Shape) -> Shape:
    return layers[-1].shape if layers else x


class _Column:
    """Stacks layers under each other and keeps them as boxes."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self.boxes: list[Box] = []

    def stack(self, part: str, layers: Chain, x: Shape, axis: int, y: int) -> int:
        """Place layers from a height on; the height where the next would begin."""
        for i, layer in enumerate(layers):
            warn = part in self.marks.parts and layer.word in self.marks.trunk
            label = self.marks.labels.get(part, "on the trunk" if warn else "")
            caption = label if i == 0 or (warn and part not in self.marks.labels) else ""
            below, beside = (caption, "") if part == "skip" else ("", caption)
            lines = (*notes(layer, x), *([below] if below else []))
            box = Box(part, layer, axis, y, box_text(layer), lines, warn, beside, open_composite(layer))
            self.boxes.append(box)
            y, x = box.bottom + GAP, layer.shape
        return y
