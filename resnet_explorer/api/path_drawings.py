"""The verb that draws how much of the gradient takes the shortcut of a unit, and how much its branch: measured."""

from collections.abc import Callable, Sequence
from math import nan
from typing import TypedDict

from resnet_explorer.api.drawing_answers import drawing_lanes
from resnet_explorer.api.gradient_answers import UnitPathsAnswer, unit_paths
from resnet_explorer.api.probe_runner import LaneProgress, ProbeLane, ProbeRunner, parse_lanes, probe_lanes
from resnet_explorer.describe.drawing import diagram
from resnet_explorer.describe.drawing import unit_paths as bands
from resnet_explorer.describe.drawing.formats import FORMATS, written
from resnet_explorer.describe.drawing.sheet import sheet
from resnet_explorer.describe.drawing.svg import svg
from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.errors import NetworkError
from resnet_explorer.gradients.conditions import caption
from resnet_explorer.gradients.profile import ProbeConfig


class LanePathsAnswer(UnitPathsAnswer):
    """Both norms at one unit of a lane, and the same in words."""

    lane: str
    name: str
    text: str


class PathDrawings(TypedDict):
    """One picture of a unit of each lane, SVG, TikZ or a PDF in base64; its numbers, and the conditions in one line."""

    picture: str
    units: list[LanePathsAnswer]
    caption: str


def draw_paths(
    networks: list[str],
    unit: str = "inside",
    seeds: int = 3,
    batch: int = 8,
    init: str = "he-fan-out",
    batch_norm: bool = True,
    loss: str = "cross-entropy",
    source: str = "noise",
    limit: str = "16GB",
    theme: str = "light",
    slots: list[int] | None = None,
    format: str = "svg",
    *,
    runner: ProbeRunner | None = None,
) -> PathDrawings:
    """Measure the gradient that reaches a unit's input through shortcut and branch, and draw both as wide as they are.

    Args:
        networks: NETWORK[:ORDERING] each, such as cifar-basic-56:original
        unit: inside (of a stage), first, transition, last, or a place like 2.3: stage 2, unit 3
        seeds: as for probe
        batch: as for probe
        init: as for probe
        batch_norm: as for probe
        loss: as for probe
        source: as for probe
        limit: as for probe
        theme: light or dark; the page's own colours where it is empty
        slots: the lane of each network, 0 to 5, for its letter and colour
        format: svg, tikz, or pdf in base64
    """
    config = ProbeConfig(
        seeds=seeds, batch=batch, init=init, batch_norm=batch_norm, loss=loss, source=source, paths=True
    )
    lanes = parse_lanes(networks)
    _check(lanes, unit, theme, slots, format)
    last = {step.lane.letter: step for step in probe_lanes(lanes, config, limit, runner)}
    return path_drawings([last[lane.letter] for lane in lanes], unit, theme, slots, format)


def path_drawings(
    lanes: Sequence[LaneProgress],
    unit: str,
    theme: str = "",
    slots: Sequence[int] | None = None,
    format: str = "svg",
    say: Callable[[Sentence], str] = str,
) -> PathDrawings:
    """The picture of lanes whose paths were measured; `say` gives a sentence in a reader's language."""
    drawn = diagram.draw([(step.lane.request.name, step.lane.plan) for step in lanes], unit)
    shown, units = [], []
    for step, one in zip(lanes, drawn, strict=True):
        measured = next(at for at in unit_paths(step) if (at["stage"], at["unit"]) == (one.stage, one.unit))
        identity, branch = _norms(measured)
        shown.append(bands.with_paths(one, identity, branch))
        text = say(bands.sentence(identity, branch))
        units.append(LanePathsAnswer(**measured, lane=step.lane.letter, name=step.lane.request.name, text=text))
    places, palettes = drawing_lanes(theme, len(lanes), slots)
    picture = sheet(shown, [f"{unit['name']}: {unit['text']}" for unit in units], places, palettes)
    drawing = written(picture, format) if theme else svg(picture)
    return PathDrawings(picture=drawing, units=units, caption=say(caption(lanes[0].config)))


def _norms(measured: UnitPathsAnswer) -> tuple[float | None, float]:
    """Mean norms: None where there is no shortcut, NaN where a seed gave no number."""
    identity, branch = measured["identity"], measured["branch"]["mean"]
    straight = None if identity is None else nan if identity["mean"] is None else identity["mean"]
    return straight, nan if branch is None else branch


def _check(lanes: Sequence[ProbeLane], unit: str, theme: str, slots: Sequence[int] | None, format: str) -> None:
    """Refuse what cannot be drawn before anything is measured."""
    if format != "svg" and not theme:
        raise NetworkError(f"{format[:20]} needs a theme: light or dark")
    if format not in FORMATS:
        raise NetworkError(f"format is {', '.join(FORMATS)}, not {format[:20]!r}")
    diagram.find_unit(lanes[0].plan, unit)
    drawing_lanes(theme, len(lanes), slots)
