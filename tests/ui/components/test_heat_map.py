"""Heat maps as files: what is drawn of the numbers of a page, and what is refused."""

import re
from base64 import b64decode
from typing import Any

import pytest

from resnet_explorer.figures.theme import LIGHT, heat_scale
from resnet_explorer.ui.components.heat_map.files import SHADES, write_heat_maps
from tests.fixtures.pdf import page_of, words_of

# two steps of three units; what is 0, no number or missing has the warning tone
MAP = {"title": "A original 20", "columns": [[1.0, 10.0, 100.0], [1.0, 0.0, None]], "filled": 0.5}


def request_of(**fields: Any) -> dict[str, Any]:
    return {"maps": [MAP], "low": 0, "high": 2, "legend": "|dL/dx|, 10⁰ – 10²", "format": "svg", **fields}


def hexadecimal(shade: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", shade))


def test_every_cell_is_a_box_in_its_colour_and_equal_neighbours_are_one() -> None:
    text = write_heat_maps(request_of())["picture"]
    boxes = {fill: path.count("M") for path, fill in re.findall(r'<path d="([^"]*)"[^>]*fill="(#\w+)"', text)}
    shades = [hexadecimal(shade) for shade in heat_scale(SHADES)]
    # the first unit is the same at both steps; the warning tone stands twice, in rows of their own
    assert boxes == {shades[0]: 1, shades[round(0.5 * (SHADES - 1))]: 1, shades[-1]: 1, LIGHT.warn: 2}
    # half of the steps are trained, so half of the width is filled
    edges = [float(x) for x in re.findall(r"H([\d.]+)V", text)]
    assert max(edges) == 24 + 320 / 2


def test_a_picture_has_titles_and_legend_in_every_format() -> None:
    many = [{**MAP, "title": f"{letter} original 20"} for letter in "ABCD"]
    for words in (
        write_heat_maps(request_of(maps=many))["picture"],
        write_heat_maps(request_of(maps=many, format="tikz"))["picture"],
        words_of(b64decode(write_heat_maps(request_of(maps=many, format="pdf"))["picture"])),
    ):
        assert all(f"{letter} original 20" in words for letter in "ABCD")
        assert "dL/dx" in words
    page = page_of(b64decode(write_heat_maps(request_of(format="pdf"))["picture"]))
    assert page.count("\nf\n") == 1 + 4 + SHADES


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"maps": []}, "heat maps are written from maps"),
        ({"maps": [{**MAP, "columns": [["x"]]}]}, "a heat map has a title, columns of numbers"),
        ({"maps": [{**MAP, "columns": [[1.0] * 1000] * 301}]}, "at most 300,000 cells, not 301,000"),
        ({"maps": [{**MAP, "filled": 2}]}, "a share of the width that they fill"),
        ({"low": 2, "high": 2}, "a scale of heat maps goes up, not from 2 to 2"),
        ({"format": "gif"}, "format is svg, tikz, pdf, not 'gif'"),
    ],
)
def test_what_is_no_heat_map_is_refused_in_a_sentence(fields: dict[str, Any], refusal: str) -> None:
    answer = write_heat_maps(request_of(**fields))
    assert set(answer) == {"error"}
    assert refusal in answer["error"]


def test_what_is_no_question_at_all_is_refused() -> None:
    assert "heat maps" in write_heat_maps(None)["error"]
