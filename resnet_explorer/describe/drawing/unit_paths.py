"""How much of the gradient takes either way through a unit, as bands behind the drawing: as wide as what was measured.

The thicker way of a unit is as wide as that of any other: a drawing shows their share, and its words the norms.
"""

from collections.abc import Iterator
from math import isfinite

from resnet_explorer.describe.drawing.diagram import DrawnUnit
from resnet_explorer.describe.drawing.layout import BRANCH, TRUNK, TURN, Drawing
from resnet_explorer.describe.drawing.shapes import Path, Shape, Style
from resnet_explorer.describe.sentence import Sentence

WIDEST, LEAST = 28.0, 1.0
BAND = Style(fill="lane", fill_opacity=0.3)


def with_paths(unit: DrawnUnit, identity: float | None, branch: float | None) -> DrawnUnit:
    """The unit with its bands; None where there is no such way, NaN where a norm left the range of numbers."""
    most = max((norm for norm in (identity, branch) if norm is not None and isfinite(norm)), default=0.0)
    bands = _bands(unit.drawing, *(_width(norm, most) for norm in (identity, branch)))
    shapes = (*bands, *unit.picture.shapes)
    text = f"{unit.picture.description} Gradient at the input: {sentence(identity, branch)}."
    return unit._replace(picture=unit.picture._replace(shapes=shapes, description=text))


def sentence(identity: float | None, branch: float | None) -> Sentence:
    """Both norms in words."""
    values = {"shortcut": _format(identity or 0.0), "branch": _format(branch or 0.0)}
    if branch is None:
        return Sentence("{shortcut} through the shortcut" if identity is not None else "none", values)
    if identity is None:
        return Sentence("{branch} through the branch; there is no shortcut", values)
    return Sentence("{shortcut} through the shortcut, {branch} through the branch", values)


def _width(norm: float | None, most: float) -> float:
    if norm is None or not isfinite(norm) or not most:
        return 0.0
    return max(LEAST, WIDEST * norm / most)


def _bands(drawing: Drawing, identity: float, branch: float) -> Iterator[Shape]:
    """The shortcut down the trunk, and the branch along its column; in a plain unit that is the trunk."""
    if not drawing.branches:
        yield _upright(TURN, drawing.merge_y, branch)
        return
    top, bottom, half = drawing.branches[0].leaves, drawing.merge_y, branch / 2
    start = TRUNK + identity / 2
    if identity:
        yield _upright(top, bottom, identity)
    if branch:
        outer, inner = f"H{BRANCH + half}V{bottom + half}H{start}", f"H{BRANCH - half}V{top + half}H{start}Z"
        yield Path(f"M{start} {top - half}{outer}V{bottom - half}{inner}", BAND)


def _upright(top: float, bottom: float, width: float) -> Path:
    left, right = TRUNK - width / 2, TRUNK + width / 2
    return Path(f"M{left} {top}H{right}V{bottom}H{left}Z", BAND)


def _format(norm: float) -> str:
    return f"{norm:.2g}" if isfinite(norm) else "out of range"
