"""What figures and forms name is known in Chinese."""

import json
import re
from math import inf

import pytest

from resnet_explorer.figures import curves, depth_ratio, gradient
from resnet_explorer.figures.cost_error import COSTS
from resnet_explorer.gradients.findings import find, sentence
from resnet_explorer.gradients.groups import LaneFlow, group
from resnet_explorer.gradients.metrics import INITS, LOSSES, METRICS
from resnet_explorer.gradients.profile import GradientProfile
from resnet_explorer.runs.recipes import RECIPES
from resnet_explorer.ui.i18n import CHINESE, say, translate

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


def english_in(text: str) -> set[str]:
    """Words of English that are no names."""
    return set(re.findall("[A-Za-z]{3,}", text)) - {"ReLU", "float"}


# growing, flat, vanishing, with a kink, not finite, zero
PROFILES = ((64, 32, 16, 8, 4, 2, 1), (2,) * 7, (1e-6, 1, 1, 1, 1, 1, 1), (1, 1, 1, 1, 4, 4, 4), (inf,) * 7, (0,) * 7)
STAGES = ((0, 0), (1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3))


@pytest.mark.parametrize("shortcut", [True, False])
@pytest.mark.parametrize("norm", [True, False])
@pytest.mark.parametrize("name", METRICS)
def test_what_is_found_in_gradients_is_said_in_chinese(name: str, norm: bool, shortcut: bool) -> None:
    rows = [*PROFILES, *(row[::-1] for row in PROFILES)]
    flows = [GradientProfile(METRICS[name], STAGES, (row,)) for row in rows]
    moments = [
        GradientProfile(METRICS["second-moment"], STAGES, (row,)) for row in (PROFILES[1], (1, 2, 4, 8, 1, 2, 4))
    ]
    lanes = [LaneFlow("A", flow, squares, shortcut, norm) for flow in flows for squares in moments]
    groups = group(lanes)
    sentences = [sentence(find(flow, "A")) for flow in flows] + [
        part for one in groups for part in (one.text, one.reason) if part
    ]
    assert len(groups) >= 5
    assert set.union(*(english_in(say(one, "zh-CN")) for one in sentences)) == set()
