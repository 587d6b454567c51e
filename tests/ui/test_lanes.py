"""The value of the Lanes component, and what the browser asks it."""

import json
import re
from typing import Any

import pytest

from resnet_explorer.errors import NetworkError
from resnet_explorer.networks.catalog import preset_network
from resnet_explorer.networks.examples import EXAMPLES, Example
from resnet_explorer.ui.components.lanes.controls import controls_text
from resnet_explorer.ui.components.lanes.lanes import Lane, Lanes, lane_outlines, read_lanes

LANE = {"slot": 0, "name": "cifar-basic-20", "unit": "original", "fields": {"shortcut": "B"}, "title": "mine"}


def test_lanes_survive_the_way_to_the_browser_and_back() -> None:
    lanes = [Lane(0, "cifar-basic-20", "plain"), Lane(3, "wrn-28-10", fields={"classes": "7"}, error="no")]
    component = Lanes(lanes, render=False)
    assert component.preprocess(component.postprocess(lanes)) == lanes


@pytest.mark.parametrize(
    "payload",
    ["text", [1], [{"slot": 6}], [{"slot": True}], [LANE, LANE], [LANE | {"unit": 5}], [LANE | {"title": "x" * 1001}]],
)
def test_what_is_no_list_of_lanes_is_refused(payload: object) -> None:
    with pytest.raises(NetworkError):
        read_lanes(payload)


def test_one_call_answers_for_several_lanes() -> None:
    good, wrong = lane_outlines([{"network": "cifar-basic-20"}, {"network": "cifar-basic-57"}])
    assert good["name"].startswith("cifar-basic-20")
    assert [mend["lane"] for mend in wrong["error"]["mends"]] == [
        {"name": "cifar-basic-56"},
        {"name": "cifar-basic-62"},
    ]
    assert wrong["error"]["place"] == "name"


def test_a_wrong_word_is_answered_with_its_place_and_the_sentence_to_write() -> None:
    (answer,) = lane_outlines([{"network": "cifar-basic-20", "block": "convv bn +"}])
    assert answer["error"]["place"] == "unit"
    assert answer["error"]["marked"] == ("", "convv", " bn +")
    assert answer["error"]["mends"] == [{"text": "conv", "lane": {"unit": "conv bn +"}}]


def test_a_wrong_field_is_answered_with_its_name_and_a_misspelt_one_with_the_right_fields() -> None:
    wrong, misspelt, stem, hostile = lane_outlines(
        [
            {"network": "cifar-basic-20", "settings": {"classes": "ten"}},
            {"network": "cifar-basic-20", "settings": {"clases": "7", "image": "32"}},
            {"network": "cifar-basic-20", "settings": {"stem": "conv bnn", "image": "32"}},
            {"network": "cifar-basic-20", "settings": 3},
        ]
    )
    assert wrong["error"]["place"] == "classes"
    assert misspelt["error"]["mends"] == [{"text": "classes", "lane": {"fields": {"classes": "7", "image": "32"}}}]
    assert stem["error"]["place"] == "stem"
    assert stem["error"]["mends"] == [{"text": "bn", "lane": {"fields": {"stem": "conv bn", "image": "32"}}}]
    assert hostile["error"]["place"] == "unit"


@pytest.mark.parametrize("family", json.loads(controls_text())["families"], ids=lambda family: family["name"])
def test_the_pattern_of_a_family_reads_its_example_and_its_template_writes_it(family: dict[str, Any]) -> None:
    match = re.fullmatch(family["pattern"].replace("(?<", "(?P<"), family["example"])
    assert match
    assert family["template"].format(**match.groupdict()) == family["example"]
    for knob in family["knobs"]:
        stops = knob["stops"][match.groupdict().get(knob.get("other"), "")]
        for stop in (stops[0], stops[-1], str(knob.get("most", stops[0]))):
            assert preset_network(family["template"].format(**match.groupdict() | {knob["name"]: stop}))


def test_a_semicolon_in_a_sentence_begins_no_field() -> None:
    (answer,) = lane_outlines([{"network": "cifar-basic-20", "block": "conv; bn +"}])
    assert answer["error"]["message"] == "unknown character ';' at column 5"
    assert answer["error"]["marked"] == ("conv", ";", " bn +")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_example_can_be_read(example: Example) -> None:
    for lane in example.lanes:
        unit = {"ordering": lane.unit} if " " not in lane.unit else {"block": lane.unit}
        (answer,) = lane_outlines([{"network": lane.name, **unit, "settings": dict(lane.fields)}])
        assert "error" not in answer, answer
