import pytest

from resnet_explorer.api import networks as api
from resnet_explorer.language.orderings import ORDERINGS
from tests.fixtures.paths import PACKAGE

LANE = (PACKAGE / "ui" / "components" / "lanes" / "lane.js").read_text()


@pytest.mark.parametrize("option", ["A", "B", "C"])
@pytest.mark.parametrize("name", ["cifar-basic-20", "wrn-16-8", "imagenet-18"])
def test_an_outline_tells_the_shortcut_option_that_was_set(name: str, option: str) -> None:
    assert api.outline(name, settings={"shortcut": option})["fields"]["shortcut"] == option


def test_every_field_of_an_outline_can_be_set_to_what_it_says() -> None:
    outline = api.outline("cifar-basic-20")
    for field, text in outline["fields"].items():
        if text and field != "shortcut":
            assert api.outline("cifar-basic-20", settings={field: text})["id"] == outline["id"]


def test_an_argument_of_a_word_comes_with_the_control_it_needs() -> None:
    words = {word["name"]: word for word in api.catalog()["words"]}
    kinds = {parameter["name"]: parameter["kind"] for parameter in words["conv"]["parameters"]}
    assert (kinds["k"], kinds["groups"], kinds["bias"]) == ("choice", "whole", "switch")
    assert words["wasp"]["parameters"][0]["default"] == "18/12/6"


def test_the_browser_knows_the_same_orderings() -> None:
    assert [name for name in ORDERINGS if f'"{name}"' in LANE] == list(ORDERINGS)
