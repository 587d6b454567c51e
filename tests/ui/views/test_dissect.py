"""The parts of the view Dissect that need no browser: settings as a text, and the slots of runs."""

from typing import cast

from resnet_explorer.analyses.catalog import ANALYSES, find_analysis
from resnet_explorer.api.analysis_answers import AnalysedLane
from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.views.dissect.answers import meanings, subjects
from resnet_explorer.ui.views.dissect.settings_form import (
    change,
    read_changes,
    setting_controls,
    show_settings,
)
from resnet_explorer.ui.views.dissect.weights import newest_of_lanes, slots_of


def test_every_setting_of_every_analysis_has_a_widget_that_explains_it() -> None:
    for row in ANALYSES:
        controls = setting_controls(row)
        assert list(controls) == list(row.defaults())
        assert all(control.info for control in controls.values())
        assert all(f"`{name}`" in meanings(row) for name in row.values)


def test_what_differs_from_the_usual_is_a_text() -> None:
    text = change("lesion", "seed", change("lesion", "trials", "", 3), 1)
    assert text == "trials=3;seed=1"
    assert read_changes(text) == {"trials": "3", "seed": "1"}
    # the default is no change, and so is an empty field
    for value in (6, None):
        assert change("lesion", "trials", text, value) == "seed=1"
    assert change("signal", "batch_norm", "", False) == "batch_norm=off"
    assert read_changes("trials=3;;nonsense") == {"trials": "3"}


def test_a_widget_is_left_alone_where_it_says_the_same() -> None:
    row = find_analysis("gradient-paths")
    controls = setting_controls(row)
    images, longest = show_settings(row, controls, "images=3", 3, 7)
    assert "value" not in images
    assert longest["value"] == 64


def test_what_is_the_same_of_all_weights_is_said_once() -> None:
    words = "recorded, 2,000 steps on shapes, {} right, shapes"
    lanes = [{"letter": letter, "subject": words.format(right)} for letter, right in (("A", "99%"), ("B", "31%"))]
    assert (
        subjects(cast(list[AnalysedLane], lanes))
        == "Recorded, 2,000 steps on shapes, shapes; A: 99% right; B: 31% right."
    )
    assert subjects(cast(list[AnalysedLane], lanes[:1])) == "Recorded, 2,000 steps on shapes, 99% right, shapes."


def _run(short: str, line: str, state: str = "finished") -> RunAnswer:
    return cast(RunAnswer, {"run": f"{short}zz", "short": short, "line": line, "state": state})


def test_a_run_has_the_place_of_its_lane() -> None:
    lanes = [Lane(2, "cifar-basic-8", "plain", spec="cifar-basic-8:plain"), Lane(0, "cifar-basic-8", "original")]
    runs = [_run("new", "cifar-basic-8:plain"), _run("old", "cifar-basic-8:plain"), _run("other", "cifar-basic-20")]
    assert newest_of_lanes(lanes, runs) == ["new"]
    assert slots_of(["new", "other@20", "old"], lanes, runs) == [2, 0, 1]
