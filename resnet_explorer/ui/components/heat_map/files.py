"""The heat maps of a page as a file: an SVG, a PDF of vectors, or TikZ, in light colours."""

import re
from typing import Any

from resnet_explorer.describe.drawing.formats import written
from resnet_explorer.describe.drawing.heat_maps import Map, Scale, heat_maps
from resnet_explorer.errors import ExplorerError, NetworkError
from resnet_explorer.figures.theme import LIGHT, heat_scale

# fewer than on the page, more than an eye tells apart on paper
SHADES = 64
MOST_MAPS, MOST_CELLS, LONGEST = 40, 300_000, 200
# powers of ten beyond these are no numbers of a computer
LARGEST = 400


def write_heat_maps(arguments: object) -> dict[str, Any]:
    """The file's text under `picture`, of a PDF in base64; or a sentence on what is wrong under `error`.

    `arguments` has `maps`, each with a title, columns of a number a unit (null where there is none) and `filled`, the
    share of the width that the columns take; `low` and `high`, the powers of ten at the ends of the scale; the words of
    the `legend`; and the `format`.
    """
    try:
        match arguments:
            case {"maps": [_, *_] as maps, "low": int() | float() as low, "high": int() | float() as high, **rest}:
                drawn = [_map(one) for one in maps[:MOST_MAPS]]
            case _:
                raise NetworkError("heat maps are written from maps, low and high, legend and format")
        _check(drawn, low, high)
        scale = Scale(low, high, [_colour(shade) for shade in heat_scale(SHADES)], LIGHT.warn)
        legend, form = (str(rest.get(name, ""))[:LONGEST] for name in ("legend", "format"))
        return {"picture": written(heat_maps(drawn, scale, legend, LIGHT.ink), form)}
    except ExplorerError as error:
        return {"error": str(error)}


def _map(one: object) -> Map:
    match one:
        case {"title": str() as title, "columns": [_, *_] as columns, "filled": int() | float() as share} if (
            0 < share <= 1 and all(map(_is_column, columns))
        ):
            return Map(title[:LONGEST], columns, share)
    raise NetworkError("a heat map has a title, columns of numbers, and a share of the width that they fill")


def _is_column(column: object) -> bool:
    return isinstance(column, list) and all(map(_is_value, column))


def _is_value(value: object) -> bool:
    """Null or a number; whole ones only as large as a float has them exactly."""
    return value is None or isinstance(value, float) or (isinstance(value, int) and abs(value) <= 2**53)


def _check(maps: list[Map], low: float, high: float) -> None:
    if not -LARGEST <= low < high <= LARGEST:
        raise NetworkError(f"a scale of heat maps goes up, not from {low:g} to {high:g}")
    cells = sum(len(column) for one in maps for column in one.columns)
    if cells > MOST_CELLS:
        raise NetworkError(f"heat maps of a file have at most {MOST_CELLS:,} cells, not {cells:,}")


def _colour(shade: str) -> str:
    """A colour such as rgb(0, 32, 77) as #00204d."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", shade))
