"""Journals cut, zeroed, garbled or flipped anywhere: what was not touched is read, and the run goes on behind it."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from resnet_explorer.errors import JournalError
from resnet_explorer.runs.event_json import parse_record
from resnet_explorer.runs.events import Finished, Started, Stepped
from resnet_explorer.runs.index.store import Store
from resnet_explorer.runs.run_folder import RunFolder
from tests.fixtures.cases import Count, many
from tests.fixtures.runs import queued_run

Damage = Callable[[bytearray, int, random.Random], bytes]
LENGTH = 64


def cut(content: bytearray, place: int, chance: random.Random) -> bytes:
    return bytes(content[:place])


def zero(content: bytearray, place: int, chance: random.Random) -> bytes:
    return bytes(content[:place]) + bytes(len(content) - place)


def garble(content: bytearray, place: int, chance: random.Random) -> bytes:
    return bytes(content[:place]) + chance.randbytes(LENGTH) + bytes(content[place + LENGTH :])


def flip(content: bytearray, place: int, chance: random.Random) -> bytes:
    content[place] ^= 1 << chance.randrange(8)
    return bytes(content)


def repeat(content: bytearray, place: int, chance: random.Random) -> bytes:
    return bytes(content[:place]) + bytes(content[max(0, place - LENGTH) :])


DAMAGES: tuple[Damage, ...] = (cut, zero, garble, flip, repeat)
HOSTILE_LINES = (
    '{"seq":1e999,"time":1,"attempt":1,"kind":"queued"}',
    '{"seq":NaN,"time":1,"attempt":1,"kind":"queued"}',
    '{"seq":2,"time":1,"attempt":1,"kind":["queued"]}',
    '{"seq":2,"time":1,"attempt":1,"kind":"started","step":1e999,"steps":1}',
    "[" * 100_000,
    "null", "7", '"text"', "", "\0",
)  # fmt: skip


def written(home: Path) -> RunFolder:
    folder = queued_run(home)
    with folder.writer() as writer:
        writer.append(Started(0, 30))
        for step in range(1, 31):
            writer.append(Stepped(step, step * 0.1, 1.0, 0.5, 0.1, 10.0, 1.0, (1.0, float("nan"))))
    return folder


def test_what_was_not_touched_is_read_and_the_run_goes_on(tmp_path: Path, count: Count) -> None:
    folder, chance = written(tmp_path), random.Random(3)
    sound = folder.events.read_bytes()
    with Store(tmp_path / "index.sqlite3", writing=True) as index:
        for number in range(many(50)):
            with count():
                place = chance.randrange(len(sound))
                damaged = DAMAGES[number % len(DAMAGES)](bytearray(sound), place, chance)
                folder.events.write_bytes(damaged)
                assert_goes_on(folder, index, sound[: sound.rfind(b"\n", 0, place) + 1].decode().split("\n")[:-1])


def assert_goes_on(folder: RunFolder, index: Store, whole: list[str]) -> None:
    """The lines before the damage are there, a new event comes after all others, and the index agrees."""
    lines = [line for _, line in folder.lines()[0]]
    assert lines[: len(whole)] == whole
    with folder.writer() as writer:
        newest = writer.seq
        last = writer.append(Finished(30, 3.0))
    assert last.seq == newest + 1
    assert folder.records()[0][-1] == last
    index.ingest(folder)
    assert [one.line for one in index.events(0, [folder.run])] == [line for _, line in folder.lines()[0]]


@pytest.mark.parametrize("line", HOSTILE_LINES, ids=range(len(HOSTILE_LINES)))
def test_a_line_that_no_program_wrote_is_left_out(tmp_path: Path, line: str) -> None:
    with pytest.raises(JournalError):
        parse_record(line)
    folder = written(tmp_path)
    before = [line for _, line in folder.lines()[0]]
    with folder.events.open("ab") as events:
        events.write(line.encode() + b"\n")
    assert [line for _, line in folder.lines()[0]] == before
    with Store(tmp_path / "index.sqlite3", writing=True) as index:
        index.ingest(folder)
        assert len(index.events(0, [folder.run])) == len(before)


@pytest.mark.parametrize("number", [2**63, -(2**80), 10**400])
def test_a_number_beyond_what_the_index_can_hold_harms_no_other_run(tmp_path: Path, number: int) -> None:
    damaged, other = written(tmp_path), written(tmp_path)
    with damaged.events.open("a") as events:
        events.write(f'{{"seq":{number},"time":{number},"attempt":{number},"kind":"queued"}}\n')
    with Store(tmp_path / "index.sqlite3", writing=True) as index:
        index.ingest(damaged, other)
        assert len(index.events(0, [other.run])) == len(other.records()[0])
