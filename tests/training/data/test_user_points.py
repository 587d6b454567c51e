"""A user's images with key points: what is read, where points come to lie, and what is refused in one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from resnet_explorer.errors import DataError, ExplorerError
from resnet_explorer.runs.datasets import Data, read_data
from resnet_explorer.runs.events import Finished, Noted
from resnet_explorer.runs.experiment import prepare
from resnet_explorer.runs.point_folder import count_points, scan_points
from resnet_explorer.training.data.datasets import load
from resnet_explorer.training.data.images import LoadedDataset
from tests.fixtures.image_files import Files, archive, folder, picture
from tests.fixtures.tiny_run import only, ran

NAMES = ["nose", "left eye"]


def described(count: int = 12, **changes: Any) -> Files:
    """Wide images of 20 × 10 pixels, each with two points, and the JSON beside them."""
    images = {f"{number:02}.png": [[10, 2.5], [14, 9]] for number in range(count)}
    values = {"points": NAMES, "images": images, **changes}
    files = {name: picture(int(name[:2]) * 9, (20, 10), "PNG") for name in images}
    return files | {"points.json": json.dumps(values).encode()}


def loaded(path: Path, home: Path) -> tuple[LoadedDataset, list[str]]:
    loading = load(Data("pointfolder", path=str(path), size=8), home, torch.device("cpu"))
    notes: list[str] = []
    while True:
        try:
            event = next(loading)
        except StopIteration as end:
            return end.value, notes
        notes += [event.text] if isinstance(event, Noted) else []


@pytest.mark.parametrize("ending", ["", ".zip", ".tar.gz"])
def test_points_are_shares_of_the_middle_square_in_folders_and_archives(ending: str, tmp_path: Path) -> None:
    files = {f"set/{name}": content for name, content in described().items()}
    path = folder(tmp_path / "own", files) if not ending else archive(tmp_path / f"own{ending}", files)
    data, notes = loaded(path, tmp_path)
    assert (len(data.train.labels), len(data.test.labels), data.classes, notes) == (10, 2, tuple(NAMES), [])
    assert torch.allclose(data.train.labels, torch.tensor([[0.5, 0.25], [0.9, 0.9]]).expand(10, 2, 2))
    again, _ = loaded(path, tmp_path)
    assert torch.equal(again.train.labels, data.train.labels)
    assert count_points(path) == 2


def test_a_point_that_is_null_or_cut_off_is_not_seen_and_a_test_set_can_be_named(tmp_path: Path) -> None:
    images = {"00.png": [None, [1, 5]], "01.png": [[10, 5], None], "02.png": [[10, 5], [10, 5]]}
    path = folder(tmp_path / "own", described(images=images, test=["01.png"]))
    data, notes = loaded(path, tmp_path)
    assert data.train.labels.isnan().all(2).tolist() == [[True, True], [False, False]]
    assert data.test.labels.isnan().all(2).tolist() == [[False, True]]
    assert notes == ["1 points lie outside the middle square that images are cut to, and count as not seen"]


def test_a_changed_json_is_read_again(tmp_path: Path) -> None:
    path = folder(tmp_path / "own", described())
    first, _ = loaded(path, tmp_path)
    folder(path, {"points.json": described(images={f"{n:02}.png": [[5, 0], None] for n in range(12)})["points.json"]})
    second, _ = loaded(path, tmp_path)
    assert not torch.equal(first.train.labels, second.train.labels)


ONE = {"00.png": [[1, 1], [2, 2]]}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"points": []}, "names 0 points; there can be 1 to 64"),
        ({"points": ["a", "a"]}, 'needs "points", a list of their names, each another text'),
        ({"images": []}, "points.json has no images; it is written"),
        ({"images": ONE | {"99.png": [[1, 1], [2, 2]]}}, "names '99.png', and there is no such image beside it"),
        ({"images": ONE | {"01.png": [[1, 1]]}}, "has 1 points for '01.png', and names 2; null is one not seen"),
        ({"images": ONE | {"01.png": [[1, 1], [2]]}}, r"point 'left eye' of '01.png' is \[x, y\] or null, not \[2\]"),
        ({"images": ONE | {"01.png": [[1, 1], [2, "3"]]}}, r"is \[x, y\] or null"),
        ({"images": ONE | {"01.png": [[21, 1], [2, 2]]}}, "'nose' of '01.png' is at 21, 1, outside its 20 × 10 pixels"),
        ({"images": ONE}, "has 1 images to train on and 0 held out; at least one of each"),
        ({"test": ["77.png"]}, "holds out '77.png', and has no points for it"),
        ({"test": "00.png"}, '"test" is a list of names of images'),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(changes: dict[str, Any], says: str, tmp_path: Path) -> None:
    path = folder(tmp_path / "own", described(**changes))
    with pytest.raises(DataError, match=says) as refusal:
        loaded(path, tmp_path)
    assert "\n" not in str(refusal.value)


def test_a_folder_without_a_json_or_with_two_is_refused(tmp_path: Path) -> None:
    files = described()
    several = folder(tmp_path / "two", files | {"more.json": b"{}"})
    none = folder(tmp_path / "none", {name: content for name, content in files.items() if name.endswith("png")})
    broken = folder(tmp_path / "broken", files | {"points.json": b"{"})
    for path, says in (
        (several, "holds 2 of them, 'more.json' first"),
        (none, "one .json file that says where the points are, and holds none"),
        (broken, "points.json is not JSON; it is written"),
        (tmp_path / "away", "no folder or archive 'away'"),
    ):
        with pytest.raises(DataError, match=says):
            scan_points(path)
    with pytest.raises(ExplorerError, match="pointfolder needs a folder or archive: pointfolder:PATH"):
        read_data("pointfolder:")


def test_own_points_are_trained_on(tmp_path: Path) -> None:
    path = folder(tmp_path / "own", described(24))
    settings = {"size": "8", "steps": "2", "batch": "8", "width": "1/4", "augment": "crop-flip", "measure": "0"}
    wanted = prepare("cifar-basic-8;head=conv1(bias=true)", f"pointfolder:{path}", "short", 0, settings, classes=2)
    assert only(Finished, ran(wanted, tmp_path / "run"))
