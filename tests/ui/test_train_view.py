"""What the view Train says and finds without a browser: lines, findings, captions, the form, the runs to show."""

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import RunError
from resnet_explorer.ui.components.curves.lines import INK, group_into_lines
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.views.train.caption import caption
from resnet_explorer.ui.views.train.form import change, read_changes, read_seeds
from resnet_explorer.ui.views.train.preview import launch, preview
from resnet_explorer.ui.views.train.recorded import lanes_of, recorded_sets
from resnet_explorer.ui.views.train.seen import compared_at_the_end, findings, read_tests
from resnet_explorer.ui.views.train.shown import ShownRuns

LANES = [Lane(0, "cifar-basic-8", "original"), Lane(3, "cifar-basic-8", "plain")]
SMALL = "steps=40;size=8"


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path, bundled_dir=tmp_path / "bundled")


def launched(runs: Runs, lanes: list[Lane] = LANES, seeds: str = "2") -> list[RunAnswer]:
    return launch(runs, lanes, "me", "shapes", "short", seeds, SMALL)["runs"]


def texts(sentences: Any) -> str:
    return " ".join(map(str, sentences))


def test_runs_of_a_lane_are_one_line_in_its_colour_and_others_are_ink(runs: Runs) -> None:
    lines = group_into_lines(launched(runs), LANES[:1])
    assert (lines[0].slot, lines[0].label, len(lines[0].runs)) == (0, "A", 2)
    assert (lines[1].slot, lines[1].label) == (INK, lines[1].runs[0]["short"])


def test_findings_rank_and_tell_apart_only_what_the_seeds_tell_apart(runs: Runs) -> None:
    lines = group_into_lines(launched(runs), LANES)
    (a0, a1), (b0, b1) = ([run["run"] for run in line.runs] for line in lines)
    apart = {a0: [(40, 0.5)], a1: [(40, 0.6)], b0: [(40, 0.1)], b1: [(40, 0.11)]}
    words = texts(findings(lines, apart))
    assert "after 40 steps, highest first: A 55.0 % (50.0 % – 60.0 %), D 10.5 %" in words
    assert "Still at chance (10 %): D." in words
    assert "Told apart by these seeds: A > D." in words
    assert "Not told apart" not in words
    assert "A 6.61 %" in words
    assert "Not told apart by these seeds: A – D." in texts(findings(lines, {**apart, b1: [(40, 0.55)]}))


def test_a_caption_says_who_is_told_apart_once_all_runs_have_ended(runs: Runs) -> None:
    lines = group_into_lines(launched(runs), LANES)
    assert compared_at_the_end(lines) == []
    reached = iter((0.5, 0.6, 0.1, 0.11))
    for line in lines:
        for run in line.runs:
            run["test_accuracy"] = next(reached)
    # while they train, what was measured last is of different steps
    assert compared_at_the_end(lines) == []
    for run in (run for line in lines for run in line.runs):
        run["state"] = "finished"
    assert texts(compared_at_the_end(lines)) == "Told apart by these seeds: A > D. Still at chance (10 %): D."


def test_what_a_browser_sends_is_read_with_care() -> None:
    assert read_tests({"run": [[20, 0.5], [1], "x", [2, float("nan")]], "other": 3}) == {"run": [(20, 0.5)]}
    assert read_tests("nonsense") == {}


def test_the_newest_runs_of_the_lanes_are_shown_or_why_none(runs: Runs) -> None:
    shown = ShownRuns(runs)
    assert "Nothing is trained yet" in str(shown.empty("", "", ""))
    first, again = launched(runs, seeds="1"), launched(runs, seeds="1")
    shown.launched.extend([*first, *again])
    assert {run["run"] for run in shown.matching(LANES, "me")} == {run["run"] for run in again}
    assert shown.matching([Lane(0, "cifar-basic-20", "original")], "me") == []
    assert str(shown.empty("", "", "me")) == "4 runs in the table of runs, none of these lanes."
    assert str(shown.empty("zzz", "", "me")) == "There is no run zzz here."
    assert [run["run"] for run in shown.named("", first[0]["short"], "me")] == [first[0]["run"]]


def test_a_preview_says_what_a_press_would_train_and_why_not(runs: Runs) -> None:
    plan = preview(runs, [*LANES, Lane(4, "unipose")], "shapes", "short", "3", SMALL)
    assert plan.button() == "Train 2 lanes, 3 seeds: 6 runs"
    assert replace(plan, time="3 min").button() == "Train 2 lanes, 3 seeds: 6 runs · about 3 min"
    assert replace(plan, time="3 min").button("zh-CN") == "训练 2 条泳道,3 个种子:6 次运行 · 约 3 min"
    assert "8/16/32 channels, 8 px; 40 steps" in texts(plan.about)
    assert "E: shapes has one class an image, and this network gives maps" in texts(plan.refused)
    near = preview(runs, [*LANES, Lane(5, "res2next-29-8c-25w-4s")], "shapes", "short", "1", "steps=1;batch=1")
    assert "F: width 1/2 was taken to the nearest step, 384/768/1536 channels inside the units" in texts(near.about)
    assert len(near.lanes) == 3
    assert not near.refused
    refused = preview(runs, LANES, "shapes", "short", "1", "lr=fast")
    assert (texts(refused.refused), refused.lanes) == ("lr is a number, not 'fast'", ())


def test_the_form_keeps_as_text_only_what_differs_from_the_recipe() -> None:
    text = change("lr", "steps=40", "short", 0.05)
    assert read_changes(text) == {"steps": "40", "lr": "0.05"}
    assert change("lr", text, "short", 0.1) == "steps=40"


def test_seeds_are_a_number_or_a_list() -> None:
    assert (read_seeds("3"), read_seeds("4,9"), read_seeds("7,")) == ([0, 1, 2], [4, 9], [7])
    for text in ("", "many", "0", "13"):
        with pytest.raises(RunError):
            read_seeds(text)


def test_a_caption_says_what_was_trained_with_what(runs: Runs) -> None:
    words = texts(caption(launched(runs)))
    assert "Data: shapes, 8 px." in words
    assert "Seeds 0, 1" in words
    assert caption([]) == []


def test_lanes_and_sets_of_runs_keep_letters_and_titles(runs: Runs) -> None:
    trained = launched(runs)
    assert [(lane.slot, lane.name, lane.unit) for lane in lanes_of(trained)] == [
        (0, "cifar-basic-8", "original"),
        (3, "cifar-basic-8", "plain"),
    ]
    assert recorded_sets(trained) == []
    kept = [cast(RunAnswer, {**run, "recorded": "recorded 2026", "steps": 4000}) for run in trained]
    ((title, group),) = recorded_sets(kept)
    assert (str(title), group) == ("8 layers · 2 lanes, 2 seeds, 4,000 steps", trained[0]["group"][:10])
