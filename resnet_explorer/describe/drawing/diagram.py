"""The drawing of a unit, from its plan: which unit, its labels and rules, and one height for all additions."""

from collections.abc import Sequence
from typing import NamedTuple

from resnet_explorer.describe.drawing.layout import Drawing, Marks, heights_for_all, layout
from resnet_explorer.describe.drawing.shapes import Picture
from resnet_explorer.describe.drawing.svg import svg
from resnet_explorer.describe.drawing.unit_shapes import unit_picture
from resnet_explorer.describe.identity_path import identity_path
from resnet_explorer.errors import NetworkError
from resnet_explorer.language.syntax import format_chain
from resnet_explorer.networks.lowering import LoweredUnit, drops_leading_ops, leading_activations
from resnet_explorer.networks.plan import Plan, UnitPosition

UNITS = ("inside", "first", "transition", "last")


class DrawnUnit(NamedTuple):
    """One unit of a network: where it stands, its shapes, the rules that show in it, and its picture."""

    stage: int
    unit: int
    shape: str
    rules: tuple[str, ...]
    drawing: Drawing
    picture: Picture

    @property
    def svg(self) -> str:
        """The picture in the page's own colours."""
        return svg(self.picture)


def draw(plans: Sequence[tuple[str, Plan]], which: str = "inside") -> list[DrawnUnit]:
    """Draw one unit of each named plan to one scale, with all additions on one height."""
    positions = [find_unit(plan, which) for _, plan in plans]
    marks = [unit_marks(plan, position) for (_, plan), position in zip(plans, positions, strict=True)]
    drawings = [layout(position.unit, mark) for position, mark in zip(positions, marks, strict=True)]
    heights = heights_for_all(drawings)
    return [
        _draw_unit(name, plan, position, layout(position.unit, mark, heights))
        for (name, plan), position, mark in zip(plans, positions, marks, strict=True)
    ]


def find_unit(plan: Plan, which: str) -> UnitPosition:
    """The unit of a name, or the nearest to a place like 2.3 (stage 2, unit 3)."""
    positions = list(plan.units())
    if which == "first":
        return positions[0]
    if which == "last":
        return positions[-1]
    if which == "inside":
        unchanged = [position for position in positions if not position.unit.changes] or positions
        return next((position for position in unchanged if position.index > 1), unchanged[0])
    if which == "transition":
        changing = [position for position in positions if position.unit.changes]
        return next((position for position in changing if position.stage > 1), (changing or positions)[0])
    return _nearest_unit(positions, which)


def unit_marks(plan: Plan, position: UnitPosition) -> Marks:
    """The labels of a unit's parts, and which of its ops stand on the trunk."""
    network, block, unit = plan.network, plan.network.unit, position.unit
    ops = identity_path(plan).ops
    if block.merge is None:
        return Marks(ops, ("branch",), {"branch": "no shortcut"})
    labels = {"close": "close"}
    if unit.pre and not block.pre:
        labels["pre"] = "shared"
    if position.stage == position.index == 1 and drops_leading_ops(network):
        labels["entry"] = "bare"
    parts = ("pre", "post") if unit.changes else ("pre", "skip", "post")
    last = position.stage == len(plan.stages) and position.index == sum(run.count for run in plan.stages[-1])
    closing = plan.head[: len(leading_activations(block))] if last and network.close else ()
    return Marks(ops, parts if block.pre else parts[1:], labels, closing)


def rules(plan: Plan, position: UnitPosition) -> tuple[str, ...]:
    """The rules of pre-activation that show in a unit, in words."""
    network, block = plan.network, plan.network.unit
    leading = format_chain(leading_activations(block))
    if not leading:
        return ()
    sentences = []
    if position.stage == position.index == 1 and drops_leading_ops(network):
        sentences.append(f"bare: the stem ends with {leading}, so the first unit does not repeat them")
    elif position.unit.changes and block.merge and not block.pre:
        stands = "stand" if " " in leading else "stands"
        shared = (
            f"shared: {leading} {stands} before the fork, because the shape changes; branch and shortcut both see it"
        )
        raw = f"share is off: the shortcut takes x as it is, before {leading}"
        sentences.append(shared if network.share else raw)
    if position.stage == len(plan.stages) and position.index == sum(run.count for run in plan.stages[-1]):
        close = f"close: the head begins with {leading}, as the branch of a next unit would"
        sentences.append(close if network.close else f"close is off: no {leading} after the last unit")
    return tuple(sentences)


def _draw_unit(name: str, plan: Plan, position: UnitPosition, drawing: Drawing) -> DrawnUnit:
    unit = position.unit
    shape = str(unit.x) if unit.x == unit.y else f"{unit.x} → {unit.y}"
    sentences = rules(plan, position)
    title = f"{name}: stage {position.stage}, unit {position.index}"
    return DrawnUnit(
        position.stage,
        position.index,
        shape,
        sentences,
        drawing,
        unit_picture(drawing, title, _describe(unit, drawing, sentences)),
    )


def _describe(unit: LoweredUnit, drawing: Drawing, sentences: tuple[str, ...]) -> str:
    """The picture in words."""
    parts = [f"{part}: {', '.join(layer.word or layer.call for layer in layers)}" for part, layers in unit.parts()]
    trunk_ops = ", ".join(drawing.on_trunk())
    stands = f"on the trunk: {trunk_ops}" if trunk_ops else "nothing stands on the trunk"
    return ". ".join([*(part for part in parts if not part.endswith(": ")), stands, *sentences]) + "."


def _nearest_unit(positions: list[UnitPosition], which: str) -> UnitPosition:
    stage, _, index = which.partition(".")
    if not (stage.isascii() and stage.isdigit() and index.isascii() and index.isdigit()) or len(which) > 12:
        raise NetworkError(f"a unit is {', '.join(UNITS)} or a place like 2.3, not {which[:20]!r}")
    target = (int(stage), int(index))
    before = [position for position in positions if (position.stage, position.index) <= target]
    return before[-1] if before else positions[0]
