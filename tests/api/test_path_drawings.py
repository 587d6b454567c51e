"""The two ways of the gradient on the drawing of a unit are as wide as what was measured."""

import re
from math import inf, nan
from xml.etree import ElementTree

import pytest

from resnet_explorer.api.gradients import probe
from resnet_explorer.api.path_drawings import draw_paths
from resnet_explorer.describe.drawing.diagram import DrawnUnit, draw
from resnet_explorer.describe.drawing.shapes import Path
from resnet_explorer.describe.drawing.unit_paths import BAND, WIDEST, sentence, with_paths
from resnet_explorer.errors import NetworkError
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

NETS = ["cifar-basic-8:original;image=16", "cifar-basic-8:plain;image=16"]


def unit(text: str) -> DrawnUnit:
    return draw([(text, plan(parse_request(text).network))])[0]


def widths(drawn: DrawnUnit) -> list[float]:
    """Of the bands, as far as they stand upright: the outermost lines of each."""
    bands = [shape.d for shape in drawn.picture.shapes if isinstance(shape, Path) and shape.style == BAND]
    columns = [sorted(map(float, re.findall(r"[MH](-?\d+(?:\.\d+)?)", band)), reverse=True) for band in bands]
    return [round(column[0] - column[1], 6) for column in (sorted(set(one), reverse=True) for one in columns)]


def test_bands_are_as_wide_as_the_norms() -> None:
    assert widths(with_paths(unit(NETS[0]), 1.0, 2.0)) == [WIDEST / 2, WIDEST]
    assert widths(with_paths(unit(NETS[0]), 4e-9, 1e-9)) == [WIDEST, WIDEST / 4]
    assert widths(with_paths(unit(NETS[1]), None, 5.0)) == [WIDEST]


@pytest.mark.parametrize("norm", [nan, inf])
def test_what_is_no_number_has_no_band_but_a_word(norm: float) -> None:
    assert widths(with_paths(unit(NETS[0]), 1.0, norm)) == [WIDEST]
    assert str(sentence(1.0, norm)) == "1 through the shortcut, out of range through the branch"
    assert str(sentence(None, 0.5)) == "0.5 through the branch; there is no shortcut"


def test_the_verb_draws_what_the_probe_measures() -> None:
    answer = draw_paths(NETS, "2.1", seeds=1, batch=2)
    lanes = probe(NETS, seeds=1, batch=2, paths=True)["lanes"]
    for drawn, lane in zip(answer["units"], lanes, strict=True):
        assert (drawn["stage"], drawn["unit"]) == (2, 1)
        assert (drawn["identity"], drawn["branch"]) == (lane["paths"][1]["identity"], lane["paths"][1]["branch"])
        assert drawn["text"] in answer["picture"]
    assert ElementTree.fromstring(answer["picture"]).tag.endswith("svg")
    assert "batch of 2" in answer["caption"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"unit": "somewhere"}, "a unit is inside"),
        ({"theme": "grey"}, "theme is light or dark"),
        ({"theme": "", "format": "pdf"}, "needs a theme"),
        ({"slots": [1]}, "slots names a lane for each network"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_it_is_measured(arguments: dict[str, object], reason: str) -> None:
    with pytest.raises(NetworkError, match=reason):
        draw_paths(NETS, **arguments)  # type: ignore[arg-type]
