"""What was recorded against depth is what is measured, and is shown only where it belongs."""

from dataclasses import replace
from pathlib import Path

import pytest

from resnet_explorer.api.probe_runner import DEPTHS, ProbeRunner, parse_lanes
from resnet_explorer.api.recorded_depths import recorded_depths, recorded_figure
from resnet_explorer.errors import JournalError
from resnet_explorer.language.orderings import ORDERINGS

LANES = parse_lanes([f"cifar-basic-110:{ordering}" for ordering in ORDERINGS])


def test_a_fresh_measurement_finds_what_was_recorded() -> None:
    recorded = recorded_depths()
    fresh = list(ProbeRunner().depths(LANES, recorded.config, DEPTHS[:2]))
    kept = {(one.lane.letter, one.depth): one for one in recorded.results(LANES, recorded.config)}
    assert len(fresh) == 12
    for one in fresh:
        assert kept[one.lane.letter, one.depth].mean == pytest.approx(one.mean, rel=0.01)


def test_every_ordering_was_recorded_from_the_shallowest_depth_on() -> None:
    results = recorded_depths().results(LANES, recorded_depths().config)
    for lane in LANES:
        depths = [one.depth for one in results if one.lane.letter == lane.letter]
        assert tuple(depths) == DEPTHS[: len(depths)]
        assert len(depths) > 5


def test_what_was_not_recorded_is_not_shown() -> None:
    config = recorded_depths().config
    assert recorded_depths().results(LANES, replace(config, batch=9)) == []
    others = parse_lanes(["cifar-basic-56;shortcut=B", "cifar-bottleneck-29"])
    assert recorded_depths().results(others, config) == []
    assert recorded_figure(dict(enumerate(others)), config) is None


def test_the_figure_says_that_it_was_recorded() -> None:
    figure = recorded_figure({0: LANES[0], 5: LANES[5]}, recorded_depths().config)
    assert figure is not None
    assert {trace["meta"] for trace in figure["data"]} == {0, 5}
    assert any(note["text"].startswith("recorded 20") for note in figure["layout"]["annotations"])


def test_a_spoilt_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "depths.json").write_text('{"points": 7}')
    with pytest.raises(JournalError, match="the recorded depths cannot be read"):
        recorded_depths(tmp_path / "depths.json")
