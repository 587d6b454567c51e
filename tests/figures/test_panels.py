"""Letters of lanes in figures of panels: none outside its axis, none on another, and a plain lane flattens no panel."""

from itertools import combinations
from math import log10
from typing import Any

import pytest

from resnet_explorer.figures import gradient_paths, paths, receptive, signal, unroll
from resnet_explorer.figures.log_axis import spread_labels
from resnet_explorer.figures.plotly_json import PlainFigure

SAME = {"terms": [0.1, 1.0, 0.1], "term_share": [0.1, 0.8, 0.1], "share": [0.1, 0.1, 0.1], "direct": [0.1, 0.4, 1.0]}
BRANCHES = {**SAME, "shortcuts": True, "branches": [1.0, 1.0]}
PLAIN = {**BRANCHES, "shortcuts": False, "term_share": [0.0, 0.0, 1.0]}
LANES = [(slot, "same", BRANCHES) for slot in range(6)]


def letters(figure: PlainFigure, panel: str) -> list[Any]:
    return [trace for trace in figure["data"] if trace["mode"] == "text" and trace["yaxis"] == f"y{panel}"]


@pytest.mark.parametrize("draw", [gradient_paths.draw, unroll.draw])
def test_six_lines_that_are_the_same_have_six_letters_that_can_be_read(draw: Any) -> None:
    figure = draw(LANES, {})
    for panel in ("", "2"):
        axis = figure["layout"][f"yaxis{panel}"]
        log, (low, high) = axis.get("type") == "log", axis["range"]
        heights = [log10(each["y"][0]) if log else each["y"][0] for each in letters(figure, panel)]
        assert len(heights) == 6
        assert all(low < height < high for height in heights)
        assert all(abs(a - b) > 0.04 * (high - low) for a, b in combinations(heights, 2))


def test_a_lane_without_a_shortcut_is_a_note_beside_others_and_a_line_alone() -> None:
    both = gradient_paths.draw([(0, "original", BRANCHES), (1, "plain", PLAIN)], {})
    assert [trace["meta"] for trace in letters(both, "")] == [0]
    assert both["layout"]["annotations"][0]["text"] == "B, no shortcut: 100 % pass all 2"
    assert both["layout"]["yaxis"]["range"][1] < 1.0
    alone = gradient_paths.draw([(1, "plain", PLAIN)], {})
    assert [trace["meta"] for trace in letters(alone, "")] == [1]


def test_a_lane_with_one_path_flattens_no_panel_beside_others() -> None:
    many = {"lengths": [0, 1, 2], "gradient": [0.1, 0.1, 0.1], "carried": [0.2, 0.3, 0.1]}
    one = {"lengths": [2], "gradient": [5.0], "carried": [1.0]}
    figure = paths.draw([(0, "original", many), (1, "plain", one)], {})
    assert [[trace["meta"] for trace in letters(figure, panel)] for panel in ("", "2")] == [[0, 1], [0]]
    assert figure["layout"]["yaxis2"]["range"][1] < 1.0
    assert [trace["meta"] for trace in letters(paths.draw([(1, "plain", one)], {}), "2")] == [1]


def test_the_letters_of_receptive_fields_are_inside_the_axis() -> None:
    values = {"effective": [3.0, 9.0], "theoretical": [7.0, 70.0], "side": 16}
    figure = receptive.draw([(slot, "same", values) for slot in range(6)], {})
    low, high = figure["layout"]["yaxis"]["range"]
    assert [low < log10(trace["y"][0]) < high for trace in figure["data"][-6:]] == [True] * 6


def test_no_label_is_above_the_end_of_its_axis() -> None:
    assert spread_labels([1.0, 1.0, 0.2], 0.1, 1.03) == pytest.approx([0.93, 1.03, 0.2])
    assert spread_labels([1.0, 1.0], 0.1) == pytest.approx([0.95, 1.05])


def test_remedies_have_no_empty_panels_where_all_lanes_are_trained() -> None:
    curves = {name: [1.0, 2.0] for name, *_ in signal.PANELS}
    values = {**curves, "theory": {}, "remedies": {}, "trained": True}
    figure = signal.draw([(0, "a", values), (1, "b", values)], {"steps": 3})
    assert "yaxis7" in figure["layout"]
    assert "yaxis8" not in figure["layout"]
    assert "yaxis9" in signal.draw([(0, "a", {**values, "trained": False})], {"steps": 3})["layout"]
    first, second = letters(figure, "")
    assert first["y"] != second["y"]
