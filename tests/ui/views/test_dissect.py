"""The parts of the view Dissect that need no browser: settings as a text, and the slots of runs."""

import json
from base64 import b64decode
from dataclasses import fields
from pathlib import Path
from typing import cast

from PIL import Image

from resnet_explorer.analyses.catalog import ANALYSES, find_analysis
from resnet_explorer.analyses.setting_fields import read_settings
from resnet_explorer.api.analysis_answers import AnalysedLane
from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.i18n import CHINESE, say, translate
from resnet_explorer.ui.views.dissect.answers import SUBJECT, meanings, subjects
from resnet_explorer.ui.views.dissect.own_picture import picture_settings, read_file, with_picture
from resnet_explorer.ui.views.dissect.settings_form import (
    change,
    read_changes,
    setting_controls,
    show_settings,
)
from resnet_explorer.ui.views.dissect.weights import Chosen, newest_of_lanes, slots_of, split_recorded


def test_every_setting_of_every_analysis_has_a_widget_that_explains_it() -> None:
    for row in ANALYSES:
        controls = setting_controls(row)
        assert {*controls, *picture_settings(row)} == {*row.defaults()}
        assert all(control.info for control in controls.values())
        assert all(f"`{name}`" in meanings(row) for name in row.values)


def test_every_word_of_every_analysis_is_said_in_chinese() -> None:
    chinese = json.loads(CHINESE.read_text())
    for row in ANALYSES:
        settings = [each for each in fields(row.settings) if each.name not in picture_settings(row)]
        words = [row.title, row.question, row.counts, *(each.metadata["help"] for each in settings)]
        words += [each.name for each in settings]
        assert [word for word in words if word not in chinese] == []
    controls = setting_controls(find_analysis("lesion"))
    assert "__i18n__" in str(controls["trials"].info)
    assert str(controls["trials"].info).endswith(" · 0 – 100")


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
    words = "weights that come with the program, 2,000 steps on shapes, {} of 1,000 held-out images right, a GPU"
    lanes = [{"letter": letter, "subject": words.format(right)} for letter, right in (("A", "99%"), ("B", "31%"))]
    (sentence,) = subjects(cast(list[AnalysedLane], lanes))
    shared = "weights that come with the program, 2,000 steps on shapes, a GPU"
    right = ["A: 99% of 1,000 held-out images right", "B: 31% of 1,000 held-out images right"]
    assert str(sentence) == f"Looked at: {'; '.join([shared, *right])}."
    chinese = say(sentence, "zh-CN")
    assert "随程序附带的权重, 在 shapes 上训练 2,000 步, a GPU; A: 1,000 幅留出图像中 99% 正确" in chinese
    assert [part for part in SUBJECT if translate(part, "zh") == part] == []


def test_an_own_picture_is_a_setting_where_one_is_taken_and_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (64, 48), "red").save(tmp_path / "red.png")
    picture, (words,) = read_file(str(tmp_path / "red.png"))
    assert words.values == {"file": "red.png", "side": 32}
    assert b64decode(picture) == bytes([255, 0, 0]) * 32 * 32
    assert with_picture("features", picture) == {"picture": picture}
    assert with_picture("features", "") == with_picture("lesion", picture) == {}
    read_settings(find_analysis("features").settings, with_picture("features", picture))
    (tmp_path / "notes.png").write_text("no image")
    _, (refusal,) = read_file(str(tmp_path / "notes.png"))
    assert refusal.values == {"error": "notes.png is not an image that can be read"}


def test_lanes_without_recorded_weights_are_left_out_where_others_have_some() -> None:
    lines = ("cifar-basic-56:plain", "cifar-basic-8:original", "cifar-basic-56:original")
    chosen, missing = split_recorded(Chosen(lines, slots=(1, 2, 4), weights="recorded"))
    assert (chosen.networks, chosen.slots, missing) == ((lines[0], lines[2]), (1, 4), [2])
    # where none has, all stay, and the verb says which there are
    none = Chosen(lines[1:2], slots=(2,), weights="recorded")
    assert split_recorded(none) == (none, [])
    initial = Chosen(lines, slots=(1, 2, 4))
    assert split_recorded(initial) == (initial, [])


def _run(short: str, line: str, state: str = "finished") -> RunAnswer:
    return cast(RunAnswer, {"run": f"{short}zz", "short": short, "line": line, "state": state})


def test_a_run_has_the_place_of_its_lane() -> None:
    lanes = [Lane(2, "cifar-basic-8", "plain", spec="cifar-basic-8:plain"), Lane(0, "cifar-basic-8", "original")]
    runs = [_run("new", "cifar-basic-8:plain"), _run("old", "cifar-basic-8:plain"), _run("other", "cifar-basic-20")]
    assert newest_of_lanes(lanes, runs) == ["new"]
    assert slots_of(["new", "other@20", "old"], lanes, runs) == [2, 0, 1]
