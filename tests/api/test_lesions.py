"""The verb that cuts units: it agrees with the schedule that it stands for, and refuses in one sentence."""

from pathlib import Path

import pytest

from resnet_explorer.analyses.schedules import cut
from resnet_explorer.analyses.subject import load_subject
from resnet_explorer.api.analyses import Analyses
from resnet_explorer.api.lesions import Lesions
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import ExplorerError
from resnet_explorer.training.predictions import CPU

LINE = "cifar-basic-8:original"


@pytest.fixture
def lesions(tmp_path: Path) -> Lesions:
    return Lesions(Analyses(Runs(tmp_path)))


def test_a_cut_is_that_of_the_schedule(lesions: Lesions) -> None:
    answer = lesions.cut(LINE, [3, 2, 2])
    request = lesions.analyses.question("lesion", [LINE]).lanes[0]
    left = cut(load_subject(request, lesions.analyses.runs.home, CPU), [1, 2])
    assert (answer["accuracy"], answer["whole"], answer["images"]) == (left.accuracy, left.whole, left.images)
    assert answer["loss"] == pytest.approx(left.loss)
    assert answer["units"] == [2, 3]
    assert answer["images"] <= answer["of"]
    assert answer["subject"] == "initial weights of seed 0, shapes"
    whole = lesions.cut(LINE)
    assert whole["accuracy"] == whole["whole"] == answer["whole"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({}, "units are cut of one network or one run"),
        ({"network": LINE, "run": "k3w7ab"}, "units are cut of one network or one run"),
        ({"network": LINE, "units": [4]}, "there is no unit 4; the network has 3"),
        ({"network": LINE, "units": [0]}, "there is no unit 0; the network has 3"),
        ({"network": "cifar-basic-8:plain", "units": [2]}, "unit 2 changes the shape and has no shortcut"),
    ],
)
def test_what_cannot_be_cut_is_refused(lesions: Lesions, arguments: dict[str, object], sentence: str) -> None:
    with pytest.raises(ExplorerError, match=sentence):
        lesions.cut(**arguments)  # type: ignore[arg-type]
