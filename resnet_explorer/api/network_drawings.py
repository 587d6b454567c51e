"""The verb that draws whole networks, coloured by what their units cost or by numbers that were measured."""

from collections.abc import Callable, Mapping, Sequence
from math import nan
from typing import TypedDict

from resnet_explorer.api.drawing_answers import drawing_lanes
from resnet_explorer.api.planning import build_plan
from resnet_explorer.describe.drawing.colour_scale import colour_scale
from resnet_explorer.describe.drawing.formats import written
from resnet_explorer.describe.drawing.network_layout import Block
from resnet_explorer.describe.drawing.network_picture import DrawnNetwork, network_picture
from resnet_explorer.describe.drawing.network_shapes import Colouring, Place
from resnet_explorer.describe.drawing.svg import svg
from resnet_explorer.describe.table import LayerRow, layer_rows
from resnet_explorer.errors import NetworkError
from resnet_explorer.networks.budget import format_bytes
from resnet_explorer.networks.plan import Plan

MAX_DRAWN = 6
NARROWEST, WIDEST = 480, 2400
COLOURS = ("none", "parameters", "macs", "memory", "measured")
LABELS = {"parameters": "parameters of a unit", "macs": "MACs of a unit, one image"}


class NetworkShown(TypedDict):
    """A network on the picture: how many units it has, and in how many blocks they are drawn."""

    name: str
    units: int
    blocks: int


class NetworkPicture(TypedDict):
    """Whole networks as one picture, SVG, TikZ or a PDF in base64; the ends of the scale of colours, if there is one.

    A unit of the SVG has `data-network` (its place in the list, from 0), `data-stage` and `data-unit`.
    """

    picture: str
    networks: list[NetworkShown]
    label: str
    low: float | None
    high: float | None
    logarithmic: bool


def draw_network(
    networks: list[str],
    colour: str = "none",
    values: list[list[float | None]] | None = None,
    label: str = "measured",
    theme: str = "",
    slots: list[int] | None = None,
    format: str = "svg",
    width: int = 1120,
    batch: int = 128,
    precision: str = "fp32",
) -> NetworkPicture:
    """Draw whole networks below each other: a block a unit, its width by channels, its height by pixels.

    Args:
        networks: NETWORK[:ORDERING] each, such as cifar-basic-56:original
        colour: none, parameters, macs, memory (of activations), or measured: by the numbers in values
        values: for each network a number for each unit in order, or one more before them for the stem
        label: what those numbers are, such as |dL/dx|
        theme: light or dark for a picture that stands alone; otherwise it has the page's own colours
        slots: the lane of each network, 0 to 5, for its letter and colour
        format: svg, tikz, or pdf in base64; the latter two need a theme
        width: of the picture in pixels, 480 to 2400
        batch: images in a training step, for the memory
        precision: fp32, tf32, bf16 or fp16, for the memory
    """
    _check(len(networks), width, theme, format)
    requests = [build_plan(text, "", "", None, batch, precision, "") for text in networks]
    plans = [plan for _, plan in requests]
    lanes, palettes = drawing_lanes(theme, len(networks), slots)
    colourings = _colourings(plans, colour, values, label, batch, precision)
    drawn = [
        DrawnNetwork(request.name, plan, lane, palette)
        for (request, plan), lane, palette in zip(requests, lanes, palettes, strict=True)
    ]
    picture, rows = network_picture(drawn, colourings, width)
    return _answer(written(picture, format) if theme else svg(picture), drawn, rows, colourings)


def _check(count: int, width: int, theme: str, format: str) -> None:
    if not 1 <= count <= MAX_DRAWN:
        raise NetworkError(f"draw_network takes 1 to {MAX_DRAWN} networks, not {count}")
    if not NARROWEST <= width <= WIDEST:
        raise NetworkError(f"width is from {NARROWEST} to {WIDEST} pixels, not {width}")
    if format != "svg" and not theme:
        raise NetworkError(f"{format[:20]} needs a theme: light or dark")


def _answer(
    picture: str, drawn: Sequence[DrawnNetwork], rows: Sequence[Sequence[Block]], colourings: Sequence[Colouring]
) -> NetworkPicture:
    scale = colourings[0].scale if colourings else None
    return NetworkPicture(
        picture=picture,
        networks=[
            NetworkShown(name=network.name, units=network.plan.unit_count, blocks=sum(b.section.stage > 0 for b in row))
            for network, row in zip(drawn, rows, strict=True)
        ],
        label=colourings[0].label if colourings else "",
        low=scale.low if scale else None,
        high=scale.high if scale else None,
        logarithmic=bool(scale and scale.log),
    )


def _colourings(
    plans: Sequence[Plan],
    colour: str,
    values: list[list[float | None]] | None,
    label: str,
    batch: int,
    precision: str,
) -> list[Colouring]:
    """The numbers of each network with one scale for all; nothing where there are no colours."""
    if colour not in COLOURS:
        raise NetworkError(f"colour is {', '.join(COLOURS)}, not {colour[:20]!r}")
    if colour == "measured":
        places = _measured_places(plans, values or [])
        write: Callable[[float], str] = "{:.4g}".format
    elif values:
        raise NetworkError(f"values are for the colour measured, not for {colour}")
    elif colour == "none":
        return []
    else:
        places = [_summed(layer_rows(plan, batch, precision), colour) for plan in plans]
        write = format_bytes_of if colour == "memory" else format_count
        label = LABELS.get(colour, f"activations of a unit held for the backward pass, batch {batch}, {precision}")
    scale = colour_scale(value for by_place in places for value in by_place.values())
    return [Colouring(label, write, by_place, scale) for by_place in places]


def _summed(rows: Sequence[LayerRow], colour: str) -> dict[Place, float]:
    """What each unit, the stem and the head cost."""
    index = LayerRow._fields.index({"parameters": "params"}.get(colour, colour))
    sums: dict[Place, float] = {}
    for row in rows:
        place = ("" if row.stage else row.part, row.stage, row.unit)
        sums[place] = sums.get(place, 0) + float(row[index])  # type: ignore[arg-type]
    return sums


def _measured_places(plans: Sequence[Plan], values: list[list[float | None]]) -> list[Mapping[Place, float]]:
    if len(values) != len(plans):
        raise NetworkError(f"values needs a list for each network: {len(plans)}, not {len(values)}")
    result: list[Mapping[Place, float]] = []
    for plan, numbers in zip(plans, values, strict=True):
        count = plan.unit_count
        if len(numbers) not in (count, count + 1):
            raise NetworkError(f"values needs a number for each of {count} units, or one more, not {len(numbers)}")
        units: list[Place] = [("", position.stage, position.index) for position in plan.units()]
        places = units if len(numbers) == count else [("stem", 0, 0), *units]
        result.append({place: nan if n is None else float(n) for place, n in zip(places, numbers, strict=True)})
    return result


def format_count(count: float) -> str:
    """A count with three digits, such as 1.73 M."""
    for size, name in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if count >= size:
            return f"{count / size:.3g}{name}"
    return f"{count:.3g}"


def format_bytes_of(size: float) -> str:
    """Bytes with three digits and a unit."""
    return format_bytes(round(size))
