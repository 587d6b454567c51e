"""The verbs that show images, on a small run that was really trained."""

import io
from base64 import b64decode
from pathlib import Path

import pytest
import torch
from PIL import Image

from resnet_explorer.api.run_images import RunImages
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import RunError
from resnet_explorer.executors.inline import Inline
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.runs.events import Evaluated
from resnet_explorer.runs.run_folder import RunFolder
from resnet_explorer.training.predictions import _choose
from tests.fixtures.runs import kinds, queued_training, until

SIZE = 8


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A finished run on 64 small shapes."""
    home = tmp_path_factory.mktemp("home")
    folder = queued_training(home, steps=20, save=10, subset=256, test=64, precision="fp32", width="1/4")
    with Supervisor(home, Inline()):
        until(lambda: "finished" in kinds(folder))
    return folder


def images_of(folder: RunFolder) -> RunImages:
    return RunImages(Runs(folder.path.parent.parent))


def decoded(uri: str) -> Image.Image:
    head, _, content = uri.partition(",")
    assert head == "data:image/png;base64"
    return Image.open(io.BytesIO(b64decode(content)))


def test_as_many_are_right_as_the_run_itself_counted(run: RunFolder) -> None:
    evaluated = [record.event for record in run.records()[0] if isinstance(record.event, Evaluated)][-1]
    answer = images_of(run).predictions(run.run[:8])
    assert (answer["step"], answer["of"], answer["test"]) == (20, 64, 64)
    assert answer["right"] == round(evaluated.accuracy * 64)


def test_half_of_the_images_are_right_and_each_is_what_it_says(run: RunFolder) -> None:
    answer = images_of(run).predictions(run.run, count=6)
    assert len(answer["images"]) == 6
    assert sum(image["right"] for image in answer["images"]) == min(3, answer["right"])
    for image in answer["images"]:
        assert image["right"] == (image["label"] == image["predicted"])
        assert 0 <= image["of_label"] <= image["probability"] <= 1
        assert {image["label"], image["predicted"]} <= set(answer["classes"])
        assert decoded(image["png"]).size == (SIZE, SIZE)
    assert images_of(run).predictions(run.run, count=6) == answer


def test_an_earlier_step_that_is_kept_can_be_looked_at(run: RunFolder) -> None:
    early = images_of(run).predictions(run.run, step=10)
    assert early["step"] == 10
    assert early["images"] != images_of(run).predictions(run.run)["images"]
    with pytest.raises(RunError, match="keeps its weights of step 20 and 10, not of 15"):
        images_of(run).predictions(run.run, step=15)


def test_every_stage_has_its_maps(run: RunFolder) -> None:
    answer = images_of(run).feature_maps(run.run, image=3)
    assert [stage["name"] for stage in answer["stages"]] == ["stem", "stage 1", "stage 2", "stage 3"]
    for stage in answer["stages"]:
        channels, height, width = stage["shape"]
        assert decoded(stage["mean"]).size == (width, height)
        assert len(stage["channels"]) == min(6, channels)
        assert all(decoded(channel["png"]).mode == "L" for channel in stage["channels"])
    with pytest.raises(RunError, match="image is a number from 0 to 63, not 64"):
        images_of(run).feature_maps(run.run, image=64)


def test_what_has_no_weights_is_refused(run: RunFolder, tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    waiting = queued_training(tmp_path)
    with pytest.raises(RunError, match=r"has no checkpoint yet"):
        RunImages(runs).predictions(waiting.run)
    recorded = next(row for row in runs.reader.runs()["runs"] if row["recorded"])
    with pytest.raises(RunError, match="came with its curves but without its weights"):
        RunImages(runs).feature_maps(recorded["run"])
    with pytest.raises(RunError, match="count is 1 to 100 images, not 101"):
        RunImages(runs).predictions(waiting.run, count=101)


def test_training_images_are_shown_before_a_run(tmp_path: Path) -> None:
    images = RunImages(Runs(tmp_path))
    answer = images.training_images(settings={"subset": "64", "augment": "crop-flip", "size": "16"}, count=5)
    assert (answer["size"], answer["augment"], answer["train"], answer["batch"]) == (16, "crop-flip", 64, 64)
    assert [decoded(image["png"]).size for image in answer["images"]] == [(16, 16)] * 5
    plain = images.training_images(settings={"subset": "64", "augment": "none", "size": "16"}, count=5)
    assert [image["label"] for image in plain["images"]] == [image["label"] for image in answer["images"]]
    assert plain["images"] != answer["images"]


def test_a_data_set_that_is_not_here_is_not_fetched_to_be_looked_at(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="cifar10 is not here yet; the first run that trains on it fetches it"):
        RunImages(Runs(tmp_path)).training_images("cifar10")


@pytest.mark.parametrize(("right", "count", "wrong"), [(10, 4, 2), (0, 4, 4), (19, 4, 1), (20, 4, 0), (10, 30, 10)])
def test_half_are_wrong_where_there_are_so_many(right: int, count: int, wrong: int) -> None:
    marks = torch.arange(20) < right
    chosen = _choose(marks, count)
    assert len(set(chosen)) == len(chosen) == min(count, 20)
    assert sum(not marks[place] for place in chosen) == wrong
