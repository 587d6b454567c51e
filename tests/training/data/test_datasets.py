"""Loading by name: shapes, folders and archives of one's own, the choice of a part, and real photographs."""

import tarfile
from collections import Counter
from pathlib import Path

import pytest
import torch

from resnet_explorer.errors import DataError
from resnet_explorer.gradients.profile import MAX_BATCH
from resnet_explorer.runs.datasets import DATA_SETS, Data
from resnet_explorer.runs.events import Noted, Prepared
from resnet_explorer.training.data.datasets import SOURCES, load, probe_images
from resnet_explorer.training.data.images import Images, LoadedDataset, choose_subset
from tests.fixtures.image_files import archive, folder, picture, two_classes
from tests.fixtures.paths import ROOT

CPU = torch.device("cpu")
REAL = ROOT.parent / "shared" / "data" / "cifar10-jpeg.tar.xz"
ENDINGS = (".zip", ".tar", ".tar.gz", ".tar.xz", ".tar.bz2")


def loaded(data: Data, home: Path) -> tuple[list[Prepared | Noted], LoadedDataset]:
    events: list[Prepared | Noted] = []
    loading = load(data, home, CPU)
    while True:
        try:
            events.append(next(loading))
        except StopIteration as end:
            return events, end.value


def own(path: Path, home: Path, size: int = 8) -> tuple[list[Prepared | Noted], LoadedDataset]:
    return loaded(Data("imagefolder", path=str(path), size=size), home)


def test_every_data_set_has_a_source() -> None:
    assert SOURCES.keys() == DATA_SETS.keys()


def test_shapes_are_as_many_and_as_large_as_they_are_said_to_be(tmp_path: Path) -> None:
    events, dataset = loaded(Data(), tmp_path)
    described = DATA_SETS["shapes"]
    assert dataset.train.pixels.shape == (described.train, described.channels, described.size, described.size)
    assert (len(dataset.test.labels), len(dataset.classes), dataset.label) == (
        described.test,
        described.classes,
        "shapes",
    )
    assert events[-1] == Prepared("draw shapes", 12_000, 12_000)


def test_a_subset_of_shapes_is_the_same_every_time_and_balanced(tmp_path: Path) -> None:
    data = Data(size=8, subset=1000, test=55)
    (_, first), (_, again) = loaded(data, tmp_path), loaded(data, tmp_path)
    assert torch.equal(first.train.pixels, again.train.pixels)
    assert first.train.labels.bincount().tolist() == [100] * 10
    assert set(first.test.labels.bincount().tolist()) == {5, 6}


@pytest.mark.parametrize(("count", "counted"), [(0, [3, 50, 10]), (6, [2, 2, 2]), (20, [3, 9, 8]), (63, [3, 50, 10])])
def test_a_choice_takes_as_many_of_each_class_as_there_are(count: int, counted: list[int]) -> None:
    labels = torch.tensor([0] * 3 + [1] * 50 + [2] * 10)
    subset = choose_subset(Images(labels.to(torch.uint8).view(-1, 1, 1, 1), labels), count)
    counts = subset.labels.bincount()
    assert (counts - torch.tensor(counted)).abs().max() <= 1
    assert counts.sum() == (count or 63)
    assert torch.equal(subset.pixels.flatten().long(), subset.labels)


@pytest.mark.parametrize("ending", ["", *ENDINGS])
def test_own_images_come_from_a_folder_or_any_archive(tmp_path: Path, ending: str) -> None:
    place = (archive if ending else folder)(tmp_path / f"pets{ending}", two_classes())
    _, dataset = own(place, tmp_path)
    assert dataset.classes == ("cat", "dog")
    assert (len(dataset.train.labels), len(dataset.test.labels)) == (20, 4)
    for part in (dataset.train, dataset.test):
        assert torch.equal(part.pixels.float().mean((1, 2, 3)) > 128, part.labels == 1)


def test_a_second_look_opens_the_pack_and_a_new_image_makes_another(tmp_path: Path) -> None:
    place, home = folder(tmp_path / "pets", two_classes()), tmp_path / "home"
    first, again = own(place, home), own(place, home)
    (place / "cat" / "new.jpg").write_bytes(picture(40))
    _, more = own(place, home)
    assert any(isinstance(event, Prepared) for event in first[0])
    assert again[0] == []
    assert torch.equal(first[1].train.pixels, again[1].train.pixels)
    assert len(more.train.labels) == 21


@pytest.mark.parametrize("ending", ["", ".zip", ".tar.xz"])
def test_a_damaged_image_is_left_out_and_said_every_time(tmp_path: Path, ending: str) -> None:
    files = two_classes() | {"cat/005.jpg": b"no image"}
    place = (archive if ending else folder)(tmp_path / f"pets{ending}", files)
    for events, dataset in (own(place, tmp_path), own(place, tmp_path)):
        sentence = f"1 of 24 images in pets{ending} cannot be decoded, 'cat/005.jpg' first; left out"
        assert events[-1] == Noted(sentence)
        assert len(dataset.train.labels) + len(dataset.test.labels) == 23


def test_a_folder_of_damaged_images_is_refused(tmp_path: Path) -> None:
    files = two_classes() | {f"cat/{n:03}.jpg": b"no image" for n in range(3)}
    with pytest.raises(DataError, match=r"3 of 24 images in pets cannot be decoded, .*; 10% is the most"):
        own(folder(tmp_path / "pets", files), tmp_path)
    assert not [path for path in (tmp_path / "packs").iterdir() if path.is_dir()]


def test_images_of_many_sizes_become_squares(tmp_path: Path) -> None:
    sizes = {f"{name}/{n}.jpg": picture(99, (9 + n, 30 - n)) for name in ("a", "b") for n in range(12)}
    _, dataset = own(folder(tmp_path / "odd", sizes), tmp_path, 16)
    assert dataset.train.pixels.shape == (20, 3, 16, 16)
    assert (dataset.train.pixels.int() - 99).abs().max() <= 1


def test_the_probe_gets_normalised_shapes() -> None:
    images = probe_images()
    assert images.shape == (MAX_BATCH, 3, 32, 32)
    assert images.mean((0, 2, 3)).abs().max() < 1e-4


@pytest.mark.skipif(not REAL.exists(), reason="the CIFAR-10 images are not beside the project")
def test_real_photographs_load_with_their_classes(tmp_path: Path) -> None:
    files: dict[str, bytes] = {}
    count = Counter[str]()
    with tarfile.open(REAL) as tar:
        for info in tar:
            top = info.name.rsplit("/", 1)[0]
            count[top] += 1
            if count[top] <= 12 and (taken := tar.extractfile(info)):
                files[info.name] = taken.read()
            # they lie class by class: two classes of each half are enough
            if len(files) == 24:
                break
    _, dataset = own(archive(tmp_path / "cifar.tar.xz", files), tmp_path, 32)
    assert dataset.classes == ("airplane", "automobile")
    assert dataset.train.pixels.shape == (20, 3, 32, 32)
    assert dataset.train.pixels.float().std() > 30
