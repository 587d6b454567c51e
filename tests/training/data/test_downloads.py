"""Data sets from the network: torchvision's own readers over small files, served here; offline, cut and corrupt."""

import gzip
import hashlib
import io
import pickle
import struct
import tarfile
import urllib.request
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from threading import Thread
from typing import Any

import numpy as np
import pytest
import torch
from torchvision import datasets

from resnet_explorer.errors import DataError
from resnet_explorer.runs.datasets import DATA_SETS, Data
from resnet_explorer.runs.events import Noted, Prepared
from resnet_explorer.training.data import downloads
from resnet_explorer.training.data.datasets import load
from resnet_explorer.training.data.downloads import SETS, Remote, fetch, fetch_and_read
from resnet_explorer.training.data.images import LoadedDataset
from tests.training.data.test_mat5 import FILE as HOUSE_NUMBERS

Files = dict[str, bytes]
LABELS = [3, 1, 0, 9]
GREY = np.arange(4 * 28 * 28, dtype=np.uint8).reshape(4, 28, 28)
COLOUR = np.arange(4 * 3 * 32 * 32, dtype=np.uint32).astype(np.uint8).reshape(4, 3, 32, 32)


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@pytest.fixture
def server() -> Iterator[tuple[str, Files]]:
    """An address, and the files it serves; of a name that ends with cut it breaks off half-way."""
    files: Files = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files.get(self.path.strip("/"))
            start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
            part = (content or b"")[start:]
            there = 416 if start and not part else 206 if start else 200
            self.send_response(404 if content is None else there)
            self.send_header("Content-Length", str(len(part)))
            self.end_headers()
            self.wfile.write(part[: len(part) // 2] if self.path.endswith("cut") else part)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}/", files
        http.shutdown()
        thread.join()


def digits(url: str, files: Files) -> Any:
    """torchvision's MNIST, of four digits."""
    images = struct.pack(">IIII", 0x803, 4, 28, 28) + GREY.tobytes()
    labels = struct.pack(">II", 0x801, 4) + bytes(LABELS)
    made = {name: gzip.compress(images if "images" in name else labels) for name, _ in datasets.MNIST.resources}
    files.update(made)
    attributes = {"mirrors": [url + "nowhere/", url], "resources": [(name, md5(made[name])) for name in made]}
    return type("MNIST", (datasets.MNIST,), attributes)


def photographs(url: str, files: Files) -> Any:
    """torchvision's CIFAR-10, of four photographs in each of its six files."""
    batch = pickle.dumps({"data": COLOUR.reshape(4, -1), "labels": LABELS})
    meta = pickle.dumps({"label_names": list("abcdefghij")})
    known = datasets.CIFAR10
    names = [name for name, _ in known.train_list + known.test_list]
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in (*((name, batch) for name in names), (known.meta["filename"], meta)):
            info = tarfile.TarInfo(f"{known.base_folder}/{name}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    files[known.filename] = packed.getvalue()
    attributes = {
        "url": url + known.filename,
        "tgz_md5": md5(packed.getvalue()),
        "train_list": [[name, md5(batch)] for name, _ in known.train_list],
        "test_list": [[name, md5(batch)] for name, _ in known.test_list],
        "meta": {**known.meta, "md5": md5(meta)},
    }
    return type("CIFAR10", (known,), attributes)


def numbers(url: str, files: Files) -> Any:
    """torchvision's SVHN, of two pictures."""
    parts = {part: [f"{url}{part}.mat", f"{part}.mat", md5(HOUSE_NUMBERS)] for part in ("train", "test")}
    files.update({f"{part}.mat": HOUSE_NUMBERS for part in parts})
    return type("SVHN", (datasets.SVHN,), {"split_list": parts})


def made(name: str, known: Any, home: Path, size: int) -> tuple[list[Prepared | Noted], LoadedDataset]:
    events: list[Prepared | Noted] = []
    loading = fetch_and_read(SETS[name], name, size, home, known)
    while True:
        try:
            events.append(next(loading))
        except StopIteration as end:
            return events, end.value


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_digits_are_fetched_checked_and_read(tmp_path: Path, server: tuple[str, Files], name: str) -> None:
    events, dataset = made(name, digits(*server), tmp_path, 28)
    assert torch.equal(dataset.train.pixels, torch.from_numpy(GREY)[:, None])
    assert dataset.test.labels.tolist() == LABELS
    assert len(dataset.classes) == 10
    length = len(server[1]["train-images-idx3-ubyte.gz"])
    assert Prepared("fetch train-images-idx3-ubyte.gz", length, length) in events


def test_photographs_are_fetched_checked_and_read(tmp_path: Path, server: tuple[str, Files]) -> None:
    _, dataset = made("cifar10", photographs(*server), tmp_path, 32)
    assert torch.equal(dataset.train.pixels, torch.from_numpy(COLOUR).repeat(5, 1, 1, 1))
    assert dataset.test.labels.tolist() == LABELS
    assert dataset.classes == tuple("abcdefghij")


def test_house_numbers_are_read_and_their_ten_is_a_nought(tmp_path: Path, server: tuple[str, Files]) -> None:
    _, dataset = made("svhn", numbers(*server), tmp_path, 2)
    assert dataset.train.labels.tolist() == [0, 3]
    # MATLAB's order: row, column, channel, image
    assert dataset.train.pixels[1, 2, 0, 1] == 0 * 12 + 1 * 6 + 2 * 2 + 1


def test_what_is_there_is_not_fetched_again_and_nothing_is_left_unpacked(
    tmp_path: Path, server: tuple[str, Files]
) -> None:
    known = digits(*server)
    made("mnist", known, tmp_path, 28)
    server[1].clear()
    events, dataset = made("mnist", known, tmp_path, 16)
    assert events == [Prepared("read mnist")]
    assert dataset.train.pixels.shape == (4, 1, 16, 16)
    assert not [path for path in (tmp_path / "downloads" / "mnist").iterdir() if path.is_dir()]


@pytest.mark.parametrize("name", SETS)
def test_offline_is_said_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for proxy in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(proxy, "http://127.0.0.1:9")
    for exception in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(exception, raising=False)
    # the opener of an earlier test has read the proxies already
    monkeypatch.setattr(urllib.request, "_opener", None)
    sentence = rf"cannot fetch {name}: \S+: .*refused.*; put the file into downloads/{name} .*, or choose shapes"
    with pytest.raises(DataError, match=sentence):
        list(load(Data(name), tmp_path, torch.device("cpu")))
    assert not list((tmp_path / "downloads" / name).glob("*.part"))


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("good", b"other", "what came is corrupt"),
        ("gone", None, "Not Found"),
    ],
)
def test_what_comes_wrong_is_not_kept(
    tmp_path: Path, server: tuple[str, Files], file: str, content: bytes | None, reason: str
) -> None:
    url, files = server
    files.update({file: content} if content is not None else {})
    with pytest.raises(DataError, match=f"cannot fetch x: {file}: .*({reason})"):
        list(fetch(Remote(file, md5(b"good!"), (url + file,)), tmp_path, "x"))
    assert list(tmp_path.iterdir()) == []


def test_what_breaks_off_goes_on_at_another_address_or_at_the_next_try(
    tmp_path: Path, server: tuple[str, Files]
) -> None:
    url, files = server
    content = bytes(range(200))
    files |= {"a.cut": content, "a.whole": content}
    remote = Remote("a", md5(content), (url + "a.cut", url + "a.cut"))
    with pytest.raises(DataError, match="broke off after 150 of 200 bytes"):
        list(fetch(remote, tmp_path, "x"))
    assert (tmp_path / "a.part").read_bytes() == content[:150]
    steps = list(fetch(remote._replace(urls=(url + "a.cut", url + "a.whole")), tmp_path, "x"))
    assert [(step.done, step.of) for step in steps] == [(150, 200), (175, 200), (175, 200), (200, 200)]
    assert (tmp_path / "a").read_bytes() == content
    assert not (tmp_path / "a.part").exists()


def test_a_server_that_falls_silent_is_given_up_and_the_next_one_goes_on(
    tmp_path: Path, server: tuple[str, Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "TIMEOUT", 0.2)
    content, (url, files) = bytes(range(200)), server
    files["a"] = content
    with socket() as silent:
        # whoever connects waits for ever: nobody accepts, nobody answers
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        slow = f"http://127.0.0.1:{silent.getsockname()[1]}/a"
        with pytest.raises(DataError, match=r"cannot fetch x: a: .*timed out"):
            list(fetch(Remote("a", md5(content), (slow,)), tmp_path, "x"))
        # long enough for the one that answers, on a busy machine too
        monkeypatch.setattr(downloads, "TIMEOUT", 2)
        list(fetch(Remote("a", md5(content), (slow, url + "a")), tmp_path, "x"))
    assert (tmp_path / "a").read_bytes() == content


@pytest.mark.parametrize("other", [b"bad", b"bad and longer"])
def test_a_part_of_another_file_is_thrown_away(tmp_path: Path, server: tuple[str, Files], other: bytes) -> None:
    url, files = server
    files["a"] = b"good!"
    (tmp_path / "a.part").write_bytes(other)
    remote = Remote("a", md5(b"good!"), (url + "a", url + "a"))
    list(fetch(remote, tmp_path, "x"))
    assert (tmp_path / "a").read_bytes() == b"good!"


def test_a_file_that_became_corrupt_is_fetched_again_or_named(tmp_path: Path, server: tuple[str, Files]) -> None:
    url, files = server
    again = partial(fetch, Remote("a.gz", md5(b"good"), (url + "a.gz",)), tmp_path, "x")
    (tmp_path / "a.gz").write_bytes(b"bad")
    with pytest.raises(DataError, match=r"cannot fetch x: the file that is there is corrupt, and a.gz: "):
        list(again())
    files["a.gz"] = b"good"
    list(again())
    assert (tmp_path / "a.gz").read_bytes() == b"good"


def test_a_file_put_there_by_hand_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(b"good")
    assert list(fetch(Remote("a.gz", md5(b"good"), ("http://127.0.0.1:9/a.gz",)), tmp_path, "x")) == []


@pytest.mark.parametrize("name", SETS)
def test_torchvision_still_tells_what_is_to_be_fetched(name: str) -> None:
    title, kind = SETS[name]
    remotes = kind.remotes(getattr(datasets, title))
    assert all(len(one.md5) == 32 and all(url.startswith("http") for url in one.urls) for one in remotes)
    assert DATA_SETS[name].download
