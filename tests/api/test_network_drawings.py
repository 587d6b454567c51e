"""The verb that draws whole networks."""

import xml.etree.ElementTree as ElementTree

import pytest

from resnet_explorer.api.network_drawings import draw_network
from resnet_explorer.api.networks import describe
from resnet_explorer.errors import NetworkError

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ["cifar-basic-20", "cifar-basic-1202:full-preactivation"]


def units(picture: str) -> list[ElementTree.Element]:
    return [node for node in ElementTree.fromstring(picture).iter(f"{SVG}g") if node.get("class") == "unit"]


def test_every_unit_can_be_focused_and_says_what_and_where_it_is() -> None:
    nodes = units(draw_network(["cifar-basic-20", "cifar-basic-20:plain"])["picture"])
    places = [(node.get("data-network"), node.get("data-stage"), node.get("data-unit")) for node in nodes]
    assert places == [(str(n), str(s), str(u)) for n in range(2) for s in (1, 2, 3) for u in (1, 2, 3)]
    assert [node.get("tabindex") for node in nodes].count("0") == 2
    assert (nodes[3].findtext(f"{SVG}title") or "").startswith("stage 2, unit 1: 32×16², shortcut: padding")


def test_the_scale_has_the_ends_of_what_the_units_cost() -> None:
    answer = draw_network(NAMES, "parameters", theme="light")
    params = [unit["params"] for name in NAMES for unit in describe(name)["units"]]
    assert (answer["high"], answer["logarithmic"]) == (max(params), True)
    assert [network["units"] for network in answer["networks"]] == [9, 600]
    assert "var(" not in answer["picture"]


@pytest.mark.parametrize(("colour", "cost"), [("parameters", "18,560"), ("macs", "4.72 M"), ("memory", "")])
def test_a_unit_says_the_number_that_its_colour_stands_for(colour: str, cost: str) -> None:
    unit = describe("cifar-basic-20")["units"][4]
    (title,) = [
        node.findtext(f"{SVG}title") or ""
        for node in units(draw_network(["cifar-basic-20"], colour)["picture"])
        if (node.get("data-stage"), node.get("data-unit")) == ("2", "2")
    ]
    expected = {"parameters": f"{unit['params'] / 1e3:.3g} k", "macs": cost, "memory": f"{unit['memory'] / 1e6:.3g} MB"}
    assert title.endswith(f": {expected[colour]}")


def test_measured_numbers_colour_every_unit_of_a_joined_block() -> None:
    values: list[list[float | None]] = [[1.0 + i for i in range(600)]]
    answer = draw_network(NAMES[1:], "measured", values, "|dL/dx|", theme="dark")
    assert (answer["low"], answer["high"], answer["label"]) == (1, 600, "|dL/dx|")
    single = [node for node in units(answer["picture"]) if "-" not in (node.get("data-unit") or "")]
    assert len(single) == 600


def test_a_number_more_than_units_is_that_of_the_stem_and_none_is_not_finite() -> None:
    picture = draw_network(["cifar-basic-8"], "measured", [[4.0, 3.0, None, 1.0]])["picture"]
    titles = [node.text or "" for node in ElementTree.fromstring(picture).iter(f"{SVG}title")]
    assert titles[0] == "stem: 16×32², measured: 4"
    assert titles[2].endswith("measured: not a finite number")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"colour": "red"}, "colour is none, parameters"),
        ({"colour": "measured"}, "values needs a list for each network: 1, not 0"),
        ({"colour": "measured", "values": [[1.0]]}, "a number for each of 9 units, or one more, not 1"),
        ({"colour": "macs", "values": [[1.0]]}, "values are for the colour measured"),
        ({"format": "pdf"}, "pdf needs a theme"),
        ({"width": 10}, "width is from 480 to 2400 pixels"),
        ({"slots": [0, 1]}, "slots names a lane for each network"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments: dict[str, object], reason: str) -> None:
    with pytest.raises(NetworkError, match=reason):
        draw_network(["cifar-basic-20"], **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(("format", "begins"), [("tikz", "% "), ("pdf", "JVBERi0xLjQ")])
def test_a_whole_network_is_written_in_other_formats(format: str, begins: str) -> None:
    assert draw_network(NAMES, "macs", theme="light", format=format)["picture"].startswith(begins)
