"""What figures and forms name is known in Chinese."""

import json

import pytest

from resnet_explorer.figures import curves, depth_ratio, gradient
from resnet_explorer.figures.cost_error import COSTS
from resnet_explorer.gradients.metrics import INITS, LOSSES, METRICS
from resnet_explorer.gradients.profile import GradientProfile
from resnet_explorer.runs.recipes import RECIPES
from resnet_explorer.ui.i18n import CHINESE, translate

TEXTS = json.loads(CHINESE.read_text())
PLACES = ((0, 0), (1, 1))


def axis_texts(figure: dict[str, dict[str, dict[str, dict[str, str]]]]) -> list[str]:
    x, y = (figure["layout"][f"{axis}axis"] for axis in "xy")
    return [x["title"]["text"], y["title"]["text"], x["unifiedhovertitle"]["text"]]


@pytest.mark.parametrize("across", curves.ACROSS)
@pytest.mark.parametrize("curve", curves.CURVES)
def test_the_axes_of_curves_are_named_in_chinese(curve: str, across: str) -> None:
    assert [text for text in axis_texts(curves.frame(curve, across=across)) if text not in TEXTS] == []


@pytest.mark.parametrize("name", METRICS)
def test_the_axes_of_gradients_are_named_in_chinese(name: str) -> None:
    profile = GradientProfile(METRICS[name], PLACES, ((2.0, 1.0),))
    lane = gradient.Curve(0, "lane", profile)
    texts = [text for part in (True, False) for text in axis_texts(gradient.draw([lane], fraction=part))]
    point = depth_ratio.DepthPoint(20, 5.0, 4.0, 6.0)
    cliff = depth_ratio.draw([depth_ratio.DepthCurve(0, "lane", (point,))], METRICS[name].label)
    texts += [*axis_texts(cliff), *(str(note["text"]) for note in cliff["layout"]["annotations"])]
    # a symbol such as E x² is the same in every language
    assert [text for text in texts if text not in TEXTS and text != METRICS[name].label] == []


def test_recipes_losses_and_weights_are_explained_in_chinese() -> None:
    texts = [*(recipe.meaning for recipe in RECIPES.values()), *INITS.values(), *LOSSES.values(), *COSTS.values()]
    assert [text for text in texts if text not in TEXTS] == []


def test_a_text_is_translated_for_a_chinese_page_only() -> None:
    assert translate("learning rate", "zh-CN") == "学习率"
    assert translate("learning rate", "en") == translate("learning rate", "") == "learning rate"
