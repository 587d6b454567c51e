"""Archives that mean no good, or are broken, are refused in a sentence; no file is ever written."""

import io
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from resnet_explorer.errors import DataError
from resnet_explorer.runs.archives import ArchiveLimits, contents, members
from tests.fixtures.image_files import Files, archive, folder, two_classes

ENDINGS = (".zip", ".tar", ".tar.gz", ".tar.xz", ".tar.bz2")
PETS = two_classes(4)
TIGHT = ArchiveLimits(files=50, one=100_000, total=1_000_000, ratio=10, free=100_000)


def tar_of(path: Path, *infos: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w") as tar:
        for info in infos:
            tar.addfile(info, io.BytesIO(bytes(info.size)))
    return path


def entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def zip_with(path: Path, name: str, mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        packed.writestr(info, b"/etc/passwd")
    return path


@pytest.mark.parametrize("ending", ["", *ENDINGS])
def test_what_was_packed_is_read(tmp_path: Path, ending: str) -> None:
    place = (archive if ending else folder)(tmp_path / f"pets{ending}", PETS)
    assert {member.name: member.size for member in members(place)} == {n: len(c) for n, c in PETS.items()}
    assert dict(contents(place, PETS)) == PETS
    assert dict(contents(place, ["cat/001.jpg"])) == {"cat/001.jpg": PETS["cat/001.jpg"]}


@pytest.mark.parametrize("ending", ["", *ENDINGS])
def test_hidden_files_are_passed_over(tmp_path: Path, ending: str) -> None:
    hidden = {"__MACOSX/cat/._1.jpg": b"x", "cat/.DS_Store": b"x", ".git/a": b"x"}
    place = (archive if ending else folder)(tmp_path / f"pets{ending}", PETS | hidden)
    assert {member.name for member in members(place)} == PETS.keys()


@pytest.mark.parametrize("name", ["../out.jpg", "a/../../out.jpg", "/etc/out.jpg", "..\\out.jpg", "C:/out.jpg"])
@pytest.mark.parametrize("ending", [".zip", ".tar"])
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, ending: str, name: str) -> None:
    place = archive(tmp_path / f"evil{ending}", {name: b"x"})
    with pytest.raises(DataError, match="which leads outside"):
        members(place)
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_a_link_or_device_in_a_tar_is_refused(tmp_path: Path, kind: bytes) -> None:
    place = tar_of(tmp_path / "evil.tar", entry("cat/1.jpg", kind, "/etc/passwd"))
    with pytest.raises(DataError, match=r"cat/1.jpg in evil.tar is a link or a device"):
        members(place)


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cat/1.jpg in evil.zip is a link"):
        members(zip_with(tmp_path / "evil.zip", "cat/1.jpg", 0o120777))


@pytest.mark.parametrize("target", ["/etc/passwd", "/etc"])
def test_a_link_in_a_folder_is_refused(tmp_path: Path, target: str) -> None:
    os.symlink(target, folder(tmp_path / "pets", PETS) / "cat" / "x.jpg")
    with pytest.raises(DataError, match=r"x.jpg in pets is a link"):
        members(tmp_path / "pets")


@pytest.mark.parametrize("ending", ["", *ENDINGS])
@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({f"{n}.jpg": b"x" for n in range(51)}, "holds more than 50 files"),
        ({"1.jpg": os.urandom(100_001)}, "is larger than|a part larger than"),
        ({f"{n}.jpg": os.urandom(99_000) for n in range(11)}, "unpacks to more than"),
    ],
)
def test_too_much_of_anything_is_refused(tmp_path: Path, ending: str, files: Files, sentence: str) -> None:
    place = (archive if ending else folder)(tmp_path / f"big{ending}", files)
    with pytest.raises(DataError, match=sentence):
        members(place, TIGHT)


@pytest.mark.parametrize("ending", [".zip", ".tar.gz", ".tar.xz", ".tar.bz2"])
def test_a_bomb_is_refused_by_what_it_unpacks_to(tmp_path: Path, ending: str) -> None:
    place = archive(tmp_path / f"bomb{ending}", {f"{n}.jpg": bytes(90_000) for n in range(10)})
    with pytest.raises(DataError, match="the most for an archive of its size"):
        members(place, TIGHT)


def test_a_name_as_long_as_a_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    place = archive(tmp_path / "bomb.tar.gz", {"x" * 300_000: b""})
    with pytest.raises(DataError, match="holds a part larger than"):
        members(place, TIGHT)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("spoil", [lambda raw: raw[: len(raw) // 2], lambda raw: raw[:600] + b"?" * (len(raw) - 600)])
def test_a_broken_archive_is_one_sentence(tmp_path: Path, ending: str, spoil: Callable[[bytes], bytes]) -> None:
    place = archive(tmp_path / f"pets{ending}", {f"{n}.jpg": os.urandom(2000) for n in range(9)})
    place.write_bytes(spoil(place.read_bytes()))
    with pytest.raises(DataError, match=f"pets{ending} "):
        list(contents(place, {f"{n}.jpg" for n in range(9)}))


def test_a_locked_zip_is_refused(tmp_path: Path) -> None:
    place = archive(tmp_path / "pets.zip", {"cat/1.jpg": b"x"})
    raw = bytearray(place.read_bytes())
    at = raw.index(b"PK\x01\x02") + 8
    raw[at : at + 2] = struct.pack("<H", 1)
    place.write_bytes(raw)
    with pytest.raises(DataError, match=r"pets.zip is locked with a password"):
        members(place)


def without_names(raw: bytes) -> bytes:
    """A zip of one file with a name of one letter, which its directory takes away."""
    directory, end = raw.index(b"PK\x01\x02"), raw.index(b"PK\x05\x06")
    entry = bytearray(raw[directory:end])
    entry[28:30] = b"\0\0"
    del entry[46]
    tail = bytearray(raw[end:])
    tail[12:16] = struct.pack("<I", len(entry))
    return raw[:directory] + bytes(entry) + bytes(tail)


def test_a_file_without_a_name_is_refused(tmp_path: Path) -> None:
    nameless = archive(tmp_path / "nameless.zip", {"x": b"x"})
    nameless.write_bytes(without_names(nameless.read_bytes()))
    for place in (nameless, zip_with(tmp_path / "dot.zip", "."), tar_of(tmp_path / "dot.tar", entry("."))):
        with pytest.raises(DataError, match=f"{place.name} holds a file without a name"):
            members(place)


def test_a_zip_whose_names_are_no_text_is_one_sentence(tmp_path: Path) -> None:
    place = archive(tmp_path / "pets.zip", {"cat/é.jpg": b"x"})
    place.write_bytes(place.read_bytes().replace("é".encode(), b"\xff\xfe"))
    with pytest.raises(DataError, match=r"pets.zip cannot be read: 'utf-8' codec"):
        members(place)
