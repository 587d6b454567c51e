"""Which images belong to which class, by their names; when a folder counts as changed."""

import os
from pathlib import Path

import pytest

from resnet_explorer.errors import DataError
from resnet_explorer.runs import image_folder
from resnet_explorer.runs.image_folder import count_classes, fingerprint, group_by_class, scan
from tests.fixtures.image_files import archive, folder, two_classes

ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")
PLAIN = [f"{name}/{n}.jpg" for name in ("cat", "dog") for n in range(60)]


@pytest.mark.parametrize("held", ["test", "val", "valid", "Test"])
@pytest.mark.parametrize("top", ["", "photos/", "a/b/"])
def test_train_and_what_stands_beside_it_are_the_split(held: str, top: str) -> None:
    layout = group_by_class([f"{top}train/cat/1.jpg", f"{top}train/dog/2.png", f"{top}{held}/dog/1.jpg"], "photos")
    assert layout.classes == ("cat", "dog")
    assert layout.train == {f"{top}train/cat/1.jpg": 0, f"{top}train/dog/2.png": 1}
    assert layout.test == {f"{top}{held}/dog/1.jpg": 1}


@pytest.mark.parametrize("top", ["", "photos/", "train/"])
def test_of_classes_alone_every_sixth_image_is_held_out(top: str) -> None:
    layout = group_by_class([top + name for name in PLAIN], "photos")
    assert (len(layout.train), len(layout.test)) == (100, 20)
    assert [list(layout.test.values()).count(label) for label in (0, 1)] == [10, 10]
    assert layout.train.keys().isdisjoint(layout.test)


def test_the_folder_around_it_does_not_change_what_is_held_out() -> None:
    bare, wrapped = group_by_class(PLAIN, ""), group_by_class([f"photos/{name}" for name in PLAIN], "")
    assert [f"photos/{name}" for name in bare.test] == list(wrapped.test)


def test_another_image_moves_few_others() -> None:
    before, after = group_by_class(PLAIN, ""), group_by_class([*PLAIN, "cat/new.jpg"], "")
    assert len(before.test.keys() ^ after.test.keys()) <= 2


def test_a_class_of_one_image_keeps_it_and_of_two_holds_one_out() -> None:
    layout = group_by_class(["cat/1.jpg", "dog/1.jpg", "dog/2.jpg"], "")
    assert list(layout.train.values()) == [0, 1]
    assert list(layout.test.values()) == [1]


def test_what_is_no_image_is_no_class() -> None:
    assert group_by_class([*PLAIN, "notes/readme.txt", "cover.jpg"], "").classes == ("cat", "dog")


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], "photos holds no class with an image; two or more are needed"),
        (["cat/1.jpg", "cat/2.jpg"], "photos holds one class, 'cat'; two or more"),
        (["train/a/1.jpg", "train/b/1.jpg", "test/c/1.jpg"], "photos holds out images of 'c', a class without"),
        (["a/1.jpg", "b/1.jpg"], "photos holds out no image"),
        ([f"{n}/1.jpg" for n in range(1001)], "photos holds 1,001 classes; the most is 1,000"),
    ],
)
def test_a_layout_that_cannot_be_trained_on_is_refused(names: list[str], sentence: str) -> None:
    with pytest.raises(DataError) as caught:
        group_by_class(names, "photos")
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_archive_is_arranged_as_the_folder_it_was_made_of(tmp_path: Path, ending: str) -> None:
    unpacked, packed = folder(tmp_path / "pets", two_classes()), archive(tmp_path / f"pets{ending}", two_classes())
    assert scan(packed) == scan(unpacked)
    assert count_classes(packed) == 2


def test_an_archive_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pets.rar").write_bytes(b"Rar!")
    with pytest.raises(DataError, match=r"'pets.rar' is no folder and no archive; archives end in .zip, .tar"):
        count_classes(tmp_path / "pets.rar")


def test_a_path_to_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no folder or archive 'pets'"):
        count_classes(tmp_path / "pets")


def test_a_folder_is_another_when_a_file_is_added_changed_or_renamed(tmp_path: Path) -> None:
    place = folder(tmp_path / "pets", two_classes(2))
    seen = [fingerprint(place)]
    (place / "cat" / "new.jpg").write_bytes(b"x")
    seen.append(fingerprint(place))
    (place / "cat" / "new.jpg").write_bytes(b"xy")
    seen.append(fingerprint(place))
    (place / "cat" / "new.jpg").rename(place / "cat" / "newer.jpg")
    seen.append(fingerprint(place))
    os.utime(place / "cat" / "newer.jpg", ns=(0, 0))
    seen.append(fingerprint(place))
    assert len(set(seen)) == 5
    assert fingerprint(place) == seen[-1]


def test_of_a_large_folder_every_name_counts_and_the_times_of_some_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_folder, "SAMPLED", 3)
    place = folder(tmp_path / "pets", two_classes(10))
    seen = {fingerprint(place)}
    for file in sorted(place.rglob("*.jpg")):
        file.rename(file.with_suffix(".jpeg"))
        seen.add(fingerprint(place))
    for file in place.rglob("*.jpeg"):
        os.utime(file, ns=(0, 0))
    assert len(seen | {fingerprint(place)}) == 22


def test_a_link_to_an_archive_changes_with_the_archive(tmp_path: Path) -> None:
    place = archive(tmp_path / "pets.zip", two_classes(2))
    (tmp_path / "link.zip").symlink_to(place)
    before = fingerprint(tmp_path / "link.zip")
    archive(place, two_classes(3))
    assert fingerprint(tmp_path / "link.zip") != before
