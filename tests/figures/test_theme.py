"""The lanes' colours differ for every eye, and stand out from their paper.

Colour blindness is simulated with the matrices of Machado, Oliveira and Fernandes (2009) at severity 1,
on linear RGB; distance is that of CIE 1976, in CIELAB under D65.
"""

import re
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from resnet_explorer.figures.theme import DARK, DASHES, LIGHT, Palette
from resnet_explorer.networks.request import LETTERS
from resnet_explorer.ui.theme import variables

LEAST_DISTANCE = 29
LEAST_CONTRAST = 3.0
TEXT_CONTRAST = 4.5
Colour = NDArray[np.float64]
VISION = {
    "normal": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
PALETTES = {"light": LIGHT, "dark": DARK}


def linear(text: str) -> Colour:
    value = np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(colour: Colour) -> Colour:
    ratio = TO_XYZ @ colour / TO_XYZ.sum(axis=1)
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def seen(colour: str, vision: str) -> Colour:
    return lab(np.clip(np.array(VISION[vision]) @ linear(colour), 0, 1))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((float(TO_XYZ[1] @ linear(text)) for text in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_every_pair_of_lanes_can_be_told_apart(palette: Palette, vision: str) -> None:
    for one, other in combinations(palette.lanes, 2):
        distance = np.linalg.norm(seen(one, vision) - seen(other, vision))
        assert distance >= LEAST_DISTANCE, (one, other, distance)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_every_lane_stands_out_from_its_paper(palette: Palette) -> None:
    assert min(contrast(lane, palette.paper) for lane in palette.lanes) >= LEAST_CONTRAST


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_words_can_be_read_on_their_paper(palette: Palette) -> None:
    assert min(contrast(tone, palette.paper) for tone in (palette.ink, palette.faint, palette.warn)) >= TEXT_CONTRAST


def test_every_lane_has_a_letter_and_a_dash_of_its_own() -> None:
    assert len(set(LETTERS[:6])) == len(set(DASHES)) == len(LIGHT.lanes) == len(DARK.lanes) == 6


def properties(which: str) -> dict[str, str]:
    """The custom properties of a rule of the page."""
    rule = variables().partition(f"{which} {{")[2].partition("}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", rule))


RULES = {":root": LIGHT, ":root.dark, .dark": DARK}


@pytest.mark.parametrize("slot", range(6))
@pytest.mark.parametrize("rule", RULES)
def test_the_page_has_the_same_lanes(rule: str, slot: int) -> None:
    assert properties(rule)[f"lane-{slot}"] == RULES[rule].lanes[slot]


@pytest.mark.parametrize("rule", RULES)
def test_the_page_has_the_same_tones(rule: str) -> None:
    tones = properties(rule)
    palette = RULES[rule]
    assert (tones["paper"], tones["ink"], tones["hair"]) == (palette.paper, palette.ink, palette.hair)
    assert (tones["faint"], tones["warn"]) == (palette.faint, palette.warn)
