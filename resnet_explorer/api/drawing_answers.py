"""Answers about structure as JSON: drawings of units, and what a second program counts."""

from collections.abc import Sequence
from importlib import import_module
from typing import TypedDict

from resnet_explorer.describe.drawing.diagram import DrawnUnit
from resnet_explorer.describe.drawing.formats import written
from resnet_explorer.describe.drawing.sheet import sheet
from resnet_explorer.errors import NetworkError
from resnet_explorer.networks.plan import Plan


class DrawingAnswer(TypedDict):
    """One unit drawn: where it stands, its shapes, the rules of pre-activation that show, and SVG."""

    name: str
    stage: int
    unit: int
    shape: str
    on_trunk: list[str]
    rules: list[str]
    svg: str


class Drawings(TypedDict):
    """A unit of each network to one scale; `sheet` is all of them as one picture that stands alone, or empty.

    A picture is SVG, TikZ, or a PDF in base64.
    """

    drawings: list[DrawingAnswer]
    sheet: str


class SecondOpinion(TypedDict):
    """torchinfo's counts beside the plan's, for one image, and what was taken off to compare them."""

    name: str
    params: int
    macs: int
    torchinfo_params: int
    torchinfo_macs: int
    normalisation: int
    biases: int
    agrees: bool
    sentence: str
    table: str


def drawings_answer(
    names: Sequence[str], drawn: Sequence[DrawnUnit], theme: str, slots: Sequence[int] | None, format: str
) -> Drawings:
    """All drawings, and one picture of them all where a theme is named."""
    drawings = [drawing(name, unit) for name, unit in zip(names, drawn, strict=True)]
    if not theme:
        return Drawings(drawings=drawings, sheet="")
    lanes, palettes = drawing_lanes(theme, len(names), slots)
    return Drawings(drawings=drawings, sheet=written(sheet(drawn, names, lanes, palettes), format))


def drawing(name: str, drawn: DrawnUnit) -> DrawingAnswer:
    """One drawing."""
    return DrawingAnswer(
        name=name,
        stage=drawn.stage,
        unit=drawn.unit,
        shape=drawn.shape,
        on_trunk=list(drawn.drawing.on_trunk()),
        rules=list(drawn.rules),
        svg=drawn.svg,
    )


def second_opinion_answer(name: str, plan: Plan, counts: Sequence[int], table: str) -> SecondOpinion:
    """Compare the plan with what torchinfo counted: parameters, MACs, and of those for normalisation and biases."""
    params, macs, normalisation, biases = counts
    return SecondOpinion(
        name=name,
        params=plan.params,
        macs=plan.macs,
        torchinfo_params=params,
        torchinfo_macs=macs,
        normalisation=normalisation,
        biases=biases,
        agrees=params == plan.params and macs - normalisation - biases == plan.macs,
        sentence=f"{_params_sentence(plan, params)} {_macs_sentence(plan, macs, normalisation, biases)}",
        table=table,
    )


def drawing_lanes(theme: str, count: int, slots: Sequence[int] | None) -> tuple[list[int], list[dict[str, str]]]:
    """The lane of each drawing and its colours; without a theme, the properties by which the page sets them."""
    lanes = list(slots or range(count))
    if len(lanes) != count:
        raise NetworkError(f"slots names a lane for each network: {count}, not {len(lanes)}")
    return _lane_colours(theme, lanes)


def _lane_colours(theme: str, slots: Sequence[int]) -> tuple[list[int], list[dict[str, str]]]:
    themes = import_module("resnet_explorer.figures.theme")
    palettes = {"": themes.PAGE, "light": themes.LIGHT, "dark": themes.DARK}
    if theme not in palettes:
        raise NetworkError(f"theme is light or dark, not {theme[:20]!r}")
    palette = palettes[theme]
    colours = {name: getattr(palette, name) for name in ("paper", "ink", "hair", "faint", "warn")}
    if theme == "light":
        # the picture stands on the ground of whoever places it, which in print is white
        colours["paper"] = "#ffffff"
    lanes = [slot % len(palette.lanes) for slot in slots]
    return lanes, [
        {
            **colours,
            "lane": palette.lanes[lane],
            "dash": themes.DASHES[lane].replace("solid", "none"),
        }
        for lane in lanes
    ]


def _params_sentence(plan: Plan, params: int) -> str:
    same = "the same as the plan" if params == plan.params else f"but the plan {plan.params:,}"
    return f"torchinfo counts {params:,} parameters in the built module, {same}."


def _macs_sentence(plan: Plan, macs: int, normalisation: int, biases: int) -> str:
    left = macs - normalisation - biases
    same = "the same as the plan" if left == plan.macs else f"but the plan has {plan.macs:,}"
    return (
        f"It counts {macs:,} multiply-adds for one image; without the {normalisation:,} it adds for scales, shifts "
        f"and norms and the {biases:,} for biases, {left:,} are left, {same}."
    )
