"""Maps of one image: against hooks on the modules, with the network's own answer, for images of one's own too."""

import json
from base64 import b64encode
from dataclasses import replace
from math import log10

import pytest
import torch
from torch import Tensor, nn

from resnet_explorer.analyses.features import choose_image, map_side, measure, pixels_of, size_map
from resnet_explorer.analyses.features_findings import findings
from resnet_explorer.analyses.request import LaneResult, Part
from resnet_explorer.analyses.setting_fields import read_settings
from resnet_explorer.analyses.settings import FeaturesSettings
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.errors import AnalysisError
from resnet_explorer.figures.features import MOST_UNITS, choose_units, draw
from resnet_explorer.figures.plotly_figure import to_plotly
from resnet_explorer.figures.plotly_json import to_json
from tests.fixtures.findings import texts
from tests.fixtures.subjects import subject

LINES = ("cifar-basic-14:original", "cifar-basic-14:full-preactivation", "horesnet-rk4-26", "cifar-basic-14:plain")
SETTINGS = FeaturesSettings(image=3)


def last(lane: Subject, settings: FeaturesSettings = SETTINGS) -> Part:
    return list(measure([lane], settings))[-1]


def hundredths(x: Tensor) -> list[list[int]]:
    return [[round(100 * log10(max(each, 1e-6))) for each in row] for row in x.abs().mean(1)[0].tolist()]


@pytest.mark.parametrize("line", LINES)
def test_maps_and_norms_are_those_of_the_modules(line: str) -> None:
    lane = subject(line, 6)
    forks: list[Tensor] = []
    sums: list[Tensor] = []
    hooks = [unit.pre.register_forward_hook(lambda *seen: forks.append(seen[2])) for unit in lane.units]
    hooks += [unit.post.register_forward_pre_hook(lambda _, seen: sums.append(seen[0])) for unit in lane.units]
    with torch.no_grad():
        probabilities = lane.net(lane.x[3:4]).softmax(1)[0]
    for hook in hooks:
        hook.remove()
    values = last(lane).values
    for place, (unit, fork, total) in enumerate(zip(lane.units, forks, sums, strict=True)):
        trunk = None if line.endswith("plain") else unit.skip(fork)
        branch = total if trunk is None else total - trunk
        assert values["trunk"][place] == (None if trunk is None else hundredths(trunk))
        assert values["sum_norm"][place] == pytest.approx(float(total.square().mean().sqrt()), rel=1e-4)
        assert values["branch_norm"][place] == pytest.approx(float(branch.square().mean().sqrt()), rel=1e-4)
        near = [abs(a - b) for rows in zip(values["sum"][place], hundredths(total), strict=True) for a, b in zip(*rows)]
        assert max(near) <= 1
    best = int(probabilities.argmax())
    assert values["predicted"] == lane.classes[best]
    assert values["probability"] == pytest.approx(float(probabilities[best]), abs=1e-3)
    assert values["label"] == lane.classes[int(lane.labels[3])]
    assert len(values["probabilities"]) == 3


def test_a_channel_is_the_one_with_most_energy_at_the_end_of_its_stage() -> None:
    lane = subject("cifar-basic-14:full-preactivation", 6)
    values = last(lane, replace(SETTINGS, channel=1)).values
    with torch.no_grad():
        stage = lane.net.stages[0](lane.net.stem(lane.x[3:4]))
    channel = int(stage[0].square().sum((1, 2)).argmax())
    assert values["channel"][:2] == [channel, channel]
    assert values["sum"][1] == size_map(stage[0], channel, 32)
    with pytest.raises(AnalysisError, match=r"stage 1 of A has 4 channels; there is no channel 9"):
        list(measure([lane], replace(SETTINGS, channel=9)))


def test_a_held_out_image_sent_as_ones_own_is_the_same() -> None:
    lane = subject("cifar-basic-14:original", 6)
    pixels = torch.randint(0, 256, (32, 32, 3), generator=torch.Generator().manual_seed(2), dtype=torch.uint8)
    text = b64encode(bytes(pixels.flatten().tolist())).decode()
    settings = read_settings(FeaturesSettings, {"picture": text})
    assert settings.picture == text
    x, label = choose_image(lane, settings)
    side = lane.x.shape[-1]
    smaller = nn.functional.adaptive_avg_pool2d(pixels.permute(2, 0, 1).float(), side)
    assert label is None
    assert (pixels_of(lane, x).float() - smaller).abs().max() <= 1
    values = last(lane, settings).values
    assert values["label"] is None
    sentences = texts(findings([LaneResult(0, "A", "a net", "", values)], settings))
    assert sentences[0].startswith("A: the network takes the image for ")


@pytest.mark.parametrize("text", ["x", "AAAA", "ä" * 4096, "A" * 4097, 7])
def test_what_is_no_picture_is_refused(text: object) -> None:
    with pytest.raises(AnalysisError, match=r"^picture is the RGB bytes of 32 by 32 pixels in base64, 4,096 letters"):
        read_settings(FeaturesSettings, {"picture": text})


def test_an_image_that_there_is_not_is_refused() -> None:
    with pytest.raises(AnalysisError, match="A has 6 held-out images, 0 to 5; not 6"):
        list(measure([subject("cifar-basic-8", 6)], replace(SETTINGS, image=6)))


def test_maps_are_small_however_deep_a_network_is() -> None:
    assert map_side([(32, 32)] * 9 + [(16, 16)] * 9 + [(8, 8)] * 9) == 32
    assert map_side([(32, 32)] * 18 + [(16, 16)] * 18 + [(8, 8)] * 18) == 16
    assert map_side([(56, 56)] * 3 + [(28, 28)] * 4 + [(14, 14)] * 6 + [(7, 7)] * 3) == 32
    assert 3 * 600 * map_side([(32, 32)] * 600) ** 2 <= 40_000
    x = torch.rand(4, 9, 6, generator=torch.Generator().manual_seed(1))
    assert len(size_map(x, None, 3)) == len(size_map(x, None, 3)[0]) == 3
    assert size_map(torch.zeros(1, 1, 1), None, 3) == [[-600]]


def test_each_part_draws_stage_by_stage_and_says_what_is_known() -> None:
    lanes = [subject(line, 6) for line in LINES]
    parts = list(measure(lanes, SETTINGS))
    assert [part.done for part in parts] == list(range(1, parts[-1].of + 1))
    assert [part.lane for part in parts[:5]] == [0, 1, 2, 3, 0]
    assert [len(part.values["sum"]) for part in parts if part.lane == 0] == [2, 4, 6, 6]
    final = {part.lane: json.loads(json.dumps(part.values)) for part in parts}
    for known in ({0: dict(parts[0].values)}, final):
        figure = draw([(lane, LINES[lane], values) for lane, values in known.items()], {"stage": 0, "channel": 0})
        to_plotly(json.loads(to_json(figure)))
    # three maps a unit, of a plain one two
    assert len(figure["data"]) == 6 * 3 + 6 * 3 + 3 * 3 + 6 * 2
    assert len(draw([(0, "a net", final[0])], {"stage": 2})["data"]) == 2 * 3
    assert len(figure["layout"]["images"]) == 4
    sentences = texts(findings([LaneResult(n, "ABCD"[n], "", "", final[n]) for n in range(4)], SETTINGS))
    assert sentences[0].startswith("A: image 3 is of class ")
    assert "as large as the trunk that they write onto" in sentences[1]
    assert "D: its units are plain" in sentences[-1]


def test_of_many_units_some_are_drawn_from_first_to_last() -> None:
    stages = [1] * 9 + [2] * 9 + [3] * 9
    chosen = choose_units(stages, 0)
    assert len(chosen) == MOST_UNITS
    assert (chosen[0], chosen[-1]) == (0, 26)
    assert choose_units(stages, 2) == list(range(9, 18))
    assert choose_units(stages, 4) == []
