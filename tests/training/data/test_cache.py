"""Packs: made once, opened whole or not at all, whoever is killed or comes at the same time."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest
import torch

from resnet_explorer.runs.events import Noted, Prepared
from resnet_explorer.training.data import cache
from resnet_explorer.training.data.cache import load_pack
from resnet_explorer.training.data.images import Images, LoadedDataset, Loading

PIXELS = torch.randint(256, (40, 3, 64, 64), dtype=torch.uint8)
MADE = LoadedDataset(
    Images(PIXELS[:30], torch.arange(30)), Images(PIXELS[30:], torch.arange(10)), ("a", "b"), "pets", ("one is odd",)
)
Events = list[Prepared | Noted]


def finished(loading: Loading) -> tuple[Events, LoadedDataset]:
    events: Events = []
    while True:
        try:
            events.append(next(loading))
        except StopIteration as end:
            return events, end.value


def make() -> Loading:
    yield Prepared("make")
    return MADE


def never() -> Loading:
    raise AssertionError("the pack is whole")
    yield


def pack(home: Path, loader: object = make) -> tuple[Events, LoadedDataset]:
    assert callable(loader)
    return finished(load_pack(home, "key", "pets", loader))


def folder(home: Path) -> Path:
    (pack_folder,) = (path for path in (home / "packs").iterdir() if path.is_dir())
    return pack_folder


def same(images: LoadedDataset) -> bool:
    pairs = zip((*images.train, *images.test), (*MADE.train, *MADE.test), strict=True)
    return images[2:] == MADE[2:] and all(torch.equal(a, b) for a, b in pairs)


def test_a_pack_is_made_once_and_opened_as_it_was(tmp_path: Path) -> None:
    first, again = pack(tmp_path), pack(tmp_path, never)
    assert same(first[1])
    assert same(again[1])
    assert first[0] == [Prepared("make"), Noted("one is odd")]
    assert again[0] == [Noted("one is odd")]


def test_another_key_is_another_pack(tmp_path: Path) -> None:
    pack(tmp_path)
    assert finished(load_pack(tmp_path, "other", "pets", make))[0][0] == Prepared("make")


def test_what_is_opened_can_be_changed_without_changing_the_pack(tmp_path: Path) -> None:
    pack(tmp_path)[1].train.pixels.zero_()
    assert same(pack(tmp_path, never)[1])


@pytest.mark.parametrize("name", [*(f"{name}.npy" for name in cache.ARRAYS), cache.META])
@pytest.mark.parametrize("harm", ["cut", "flipped", "gone", "empty"])
def test_a_pack_that_is_not_whole_is_made_anew(tmp_path: Path, name: str, harm: str) -> None:
    pack(tmp_path)
    file = folder(tmp_path) / name
    raw = bytearray(file.read_bytes())
    if harm == "gone":
        file.unlink()
    elif harm == "flipped":
        raw[len(raw) // 2 :] = bytes(255 - byte for byte in raw[len(raw) // 2 :])
        file.write_bytes(raw)
    else:
        file.write_bytes(raw[:-10] if harm == "cut" else b"")
    events, images = pack(tmp_path)
    assert events[0] == Prepared("make")
    assert same(images)
    assert same(pack(tmp_path, never)[1])


def test_where_nothing_can_be_written_the_images_are_there_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numpy.save", full)
    assert same(pack(tmp_path)[1])
    assert not [path for path in (tmp_path / "packs").iterdir() if path.is_dir()]


def test_closing_while_it_is_made_leaves_no_pack_and_no_lock(tmp_path: Path) -> None:
    loading = load_pack(tmp_path, "key", "pets", make)
    next(loading)
    loading.close()
    assert pack(tmp_path)[0][0] == Prepared("make")


def test_whoever_comes_second_waits_and_reads(tmp_path: Path) -> None:
    first, second = (load_pack(tmp_path, "key", "pets", loader) for loader in (make, never))
    next(first)
    assert next(second) == Prepared("wait for another run, which prepares the same images")
    finished(first)
    assert same(finished(second)[1])


CHILD = """
import sys, time
from pathlib import Path
import torch
from resnet_explorer.training.data import cache
from resnet_explorer.training.data.images import Images, LoadedDataset
home, word = Path(sys.argv[1]), sys.argv[2]
def make():
    with (home / "made").open("a") as file:
        file.write("made\\n")
    yield
    half = Images(torch.zeros(2000, 3, 32, 32, dtype=torch.uint8), torch.zeros(2000, dtype=torch.int64))
    return LoadedDataset(half, half, ("a", "b"), "x")
if word == "die":
    checksum = cache._checksum
    def dying(path):
        print("writing", flush=True)
        sys.stdin.read()
        return checksum(path)
    cache._checksum = dying
print("ready", flush=True)
if word == "race":
    sys.stdin.readline()
loading = cache.load_pack(home, "key", "x", make)
try:
    while True:
        next(loading)
except StopIteration as end:
    print(len(end.value.train.labels), flush=True)
"""


def child(home: Path, word: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, str(home), word]
    pipes = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipes, stdout=pipes, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})


def lines(process: subprocess.Popen[str]) -> Generator[str, None, None]:
    assert process.stdout
    for line in process.stdout:
        yield line.strip()


def test_of_two_processes_one_makes_the_pack_and_both_read_it(tmp_path: Path) -> None:
    with ExitStack() as stack:
        processes = [stack.enter_context(child(tmp_path, "race")) for _ in range(2)]
        outputs = [lines(process) for process in processes]
        assert [next(output) for output in outputs] == ["ready"] * 2
        for process in processes:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [next(output) for output in outputs] == ["2000"] * 2
    assert [process.returncode for process in processes] == [0] * 2
    assert (tmp_path / "made").read_text() == "made\n"


def test_a_process_killed_while_it_writes_leaves_nothing_that_is_read(tmp_path: Path) -> None:
    with child(tmp_path, "die") as process:
        output = lines(process)
        assert [next(output), next(output)] == ["ready", "writing"]
        process.send_signal(signal.SIGKILL)
    assert halves(tmp_path) == 1
    finished(load_pack(tmp_path, "key", "pets", make))
    assert halves(tmp_path) == 0
    assert same(pack(tmp_path, never)[1])


def halves(home: Path) -> int:
    return len([path for path in (home / "packs").iterdir() if ".part-" in path.name])
