"""The drawing of a unit, from its plan: which unit, what is said about it, and one height for all additions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from resnet_explorer.describe.drawing.layout import WIDTH, Drawing, Marks, heights_for_all, layout
from resnet_explorer.describe.drawing.svg import FAINT, LANE, element, resolved, svg, words
from resnet_explorer.describe.identity_path import identity_path
from resnet_explorer.errors import NetworkError
from resnet_explorer.language.syntax import format_chain
from resnet_explorer.networks.lowering import LoweredUnit, drops_leading_ops, leading_activations
from resnet_explorer.networks.plan import Plan, UnitPosition
from resnet_explorer.networks.request import LETTERS

UNITS = ("inside", "first", "transition", "last")


class DrawnUnit(NamedTuple):
    """A unit that was asked for: where it stands, its shapes, the rules that show in it, and its picture."""

    stage: int
    unit: int
    shape: str
    rules: tuple[str, ...]
    drawing: Drawing
    svg: str


def draw(plans: Sequence[tuple[str, Plan]], which: str = "inside") -> list[DrawnUnit]:
    """Draw one unit of each named plan to one scale, with all additions on one height."""
    placed = [find(plan, which) for _, plan in plans]
    marked = [marks(plan, place) for (_, plan), place in zip(plans, placed, strict=True)]
    natural = [layout(place.unit, mark) for place, mark in zip(placed, marked, strict=True)]
    least = heights_for_all(natural)
    return [
        _drawn(name, plan, place, layout(place.unit, mark, least))
        for (name, plan), place, mark in zip(plans, placed, marked, strict=True)
    ]


def find(plan: Plan, which: str) -> UnitPosition:
    """The unit of a name, or the nearest to a place like 2.3 (stage 2, unit 3)."""
    placed = list(plan.units())
    if which == "first":
        return placed[0]
    if which == "last":
        return placed[-1]
    if which == "inside":
        calm = [place for place in placed if not place.unit.changes] or placed
        return next((place for place in calm if place.index > 1), calm[0])
    if which == "transition":
        changing = [place for place in placed if place.unit.changes]
        return next((place for place in changing if place.stage > 1), (changing or placed)[0])
    return _nearest(placed, which)


def marks(plan: Plan, place: UnitPosition) -> Marks:
    """What the layout says about the parts of a unit."""
    network, block, unit = plan.network, plan.network.unit, place.unit
    ops = identity_path(plan).ops
    if block.merge is None:
        return Marks(ops, ("branch",), {"branch": "no shortcut"})
    labels = {"close": "close"}
    if unit.pre and not block.pre:
        labels["pre"] = "shared"
    if place.stage == place.index == 1 and drops_leading_ops(network):
        labels["entry"] = "bare"
    parts = ("pre", "post") if unit.changes else ("pre", "skip", "post")
    last = place.stage == len(plan.stages) and place.index == sum(run.count for run in plan.stages[-1])
    closing = plan.head[: len(leading_activations(block))] if last and network.close else ()
    return Marks(ops, parts if block.pre else parts[1:], labels, closing)


def rules(plan: Plan, place: UnitPosition) -> tuple[str, ...]:
    """The rules of pre-activation that show in a unit, in words."""
    network, block = plan.network, plan.network.unit
    lead = format_chain(leading_activations(block))
    if not lead:
        return ()
    said = []
    if place.stage == place.index == 1 and drops_leading_ops(network):
        said.append(f"bare: the stem ends with {lead}, so the first unit does not repeat them")
    elif place.unit.changes and block.merge and not block.pre:
        stands = "stand" if " " in lead else "stands"
        shared = f"shared: {lead} {stands} before the fork, because the shape changes; branch and shortcut both see it"
        raw = f"share is off: the shortcut takes x as it is, before {lead}"
        said.append(shared if network.share else raw)
    if place.stage == len(plan.stages) and place.index == sum(run.count for run in plan.stages[-1]):
        close = f"close: the head begins with {lead}, as the branch of a next unit would"
        said.append(close if network.close else f"close is off: no {lead} after the last unit")
    return tuple(said)


def sheet(
    drawn: Sequence[DrawnUnit], names: Sequence[str], slots: Sequence[int], palettes: Sequence[Mapping[str, str]]
) -> str:
    """All drawings side by side as one picture that stands alone, each with its letter and name."""
    step, top = WIDTH + 24, 64
    height = top + max(one.drawing.height for one in drawn) + 16
    parts = [element("rect", width="100%", height="100%", fill="var(--paper)")]
    for i, (one, name, slot) in enumerate(zip(drawn, names, slots, strict=True)):
        inner = resolved(
            "".join(_heading(one, name, slot)) + element("g", one.svg, transform=f"translate(0 {top})"), palettes[i]
        )
        parts.append(element("g", inner, transform=f"translate({16 + i * step} 8)"))
    width = step * len(drawn) + 8
    size = {"width": width, "height": height, "viewBox": f"0 0 {width} {height}"}
    picture = element("svg", "".join(parts), xmlns="http://www.w3.org/2000/svg", **size, font_family="var(--sans)")
    return resolved(picture, palettes[0])


def _drawn(name: str, plan: Plan, place: UnitPosition, drawing: Drawing) -> DrawnUnit:
    unit = place.unit
    shape = str(unit.x) if unit.x == unit.y else f"{unit.x} → {unit.y}"
    said = rules(plan, place)
    title = f"{name}: stage {place.stage}, unit {place.index}"
    return DrawnUnit(
        place.stage, place.index, shape, said, drawing, svg(drawing, title, _described(unit, drawing, said))
    )


def _described(unit: LoweredUnit, drawing: Drawing, said: tuple[str, ...]) -> str:
    """The picture in words."""
    parts = [f"{part}: {', '.join(layer.word or layer.call for layer in layers)}" for part, layers in unit.parts()]
    on = ", ".join(drawing.on_trunk())
    stands = f"on the trunk: {on}" if on else "nothing stands on the trunk"
    return ". ".join([*(part for part in parts if not part.endswith(": ")), stands, *said]) + "."


def _heading(one: DrawnUnit, name: str, slot: int) -> Iterator[str]:
    """The lane's letter and dash, its name, and where the unit stands."""
    network, _, unit = name.partition(":")
    dash = {"stroke": LANE, "stroke_width": 3, "stroke_dasharray": "var(--dash)"}
    yield words(LETTERS[slot], 0, 18, anchor="start")
    yield element("line", x1=16, y1=13, x2=40, y2=13, **dash)
    yield words(f"stage {one.stage}, unit {one.unit}", 48, 18, 12, FAINT, "start")
    for line, text in enumerate((network, unit), start=1):
        yield words(_cut(text), 0, 18 + 16 * line, anchor="start")


def _cut(text: str, most: int = 26) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _nearest(placed: list[UnitPosition], which: str) -> UnitPosition:
    stage, _, index = which.partition(".")
    if not (stage.isascii() and stage.isdigit() and index.isascii() and index.isdigit()) or len(which) > 12:
        raise NetworkError(f"a unit is {', '.join(UNITS)} or a place like 2.3, not {which[:20]!r}")
    wanted = (int(stage), int(index))
    before = [place for place in placed if (place.stage, place.index) <= wanted]
    return before[-1] if before else placed[0]
