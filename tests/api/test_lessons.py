"""A teacher's file: what it may hold, and one sentence for what it may not."""

import tomllib
from pathlib import Path

import pytest

from resnet_explorer.api import lessons
from resnet_explorer.api.lessons import EXAMPLES_WORD, Lesson, parse_lesson, read_lesson
from resnet_explorer.errors import RunError
from resnet_explorer.networks.examples import EXAMPLES

FILE = """
title = "Why depth hurts"
pupils = 30
runs = 3

[[steps]]
title = "Plain at 56 layers"
task = "Which layer has the smallest gradient?"
link = "http://school.example/lab/?lanes=cifar-basic-56:plain~plain+56,wrn-16-8&view=gradient&v=1"

[[steps]]
example = "Five orderings"
task = "Which of them keep the trunk clean?"
"""
STEP = '[[steps]]\ntitle = "a"\n'


def lesson_of(text: str) -> Lesson:
    return parse_lesson(tomllib.loads(text))


def test_a_file_gives_steps_with_numbered_links_and_shares(tmp_path: Path) -> None:
    path = tmp_path / "lesson.toml"
    path.write_text(FILE)
    lesson = read_lesson(str(path))
    assert (lesson.title, lesson.pupils, lesson.runs, lesson.measurements) == ("Why depth hurts", 30, 3, 60)
    first, second = lesson.steps
    assert first.link == "?lanes=cifar-basic-56:plain~plain+56,wrn-16-8&view=gradient&v=1&step=1"
    assert (second.title, second.task) == ("Five orderings", "Which of them keep the trunk clean?")
    assert second.link.startswith("?lanes=cifar-basic-56:original")
    assert second.link.endswith("&step=2")


def test_the_program_says_in_its_own_docstring_what_a_file_holds() -> None:
    text = "\n".join(line[4:] for line in (lessons.__doc__ or "").splitlines() if line.startswith("    "))
    assert len(lesson_of(text).steps) == 2


def test_the_examples_are_a_lesson() -> None:
    lesson = read_lesson(EXAMPLES_WORD)
    assert [step.title for step in lesson.steps] == [example.name for example in EXAMPLES]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "1 to 40 steps"),
        ("steps = 3", "1 to 40 steps"),
        ("steps = [3]\ntitle = 'a'", "step 1 of the lesson is no table"),
        (STEP + 'link = "?lanes=wrn-16-8"', "a lesson needs a title"),
        ("titel = 'a'\n" + STEP, "a lesson has no 'titel'; it has measurements, pupils, runs, steps, title"),
        ("title = 'a'\nruns = 0\n" + STEP, "runs of a lesson is a whole number from 1 to 72, not 0"),
        ("title = 'a'\nruns = true\n" + STEP, "runs of a lesson is a whole number"),
        ("title = 'a'\npupils = 'many'\n" + STEP, "pupils of a lesson is a whole number"),
        ("title = 'a'\n" + STEP, "step 1 needs a link"),
        ("title = 'a'\n" + STEP + "tast = 'b'", "step 1 has no 'tast'"),
        ("title = 'a'\n" + STEP + "example = 'x'", "step 1 names no example; there are He 2016, five orderings"),
        ("title = 'a'\n" + STEP + "link = '?view=train'", "the link of step 1 names no lanes"),
        ("title = 'a'\n" + STEP + "link = 'javascript:alert(1)'", "the link of step 1 names no lanes"),
        ("title = 'a'\n" + STEP + "link = '?lanes=cifar-basic-20:konv'", "in the link of step 1: .*konv"),
        (f"title = '{'a' * 81}'\n" + STEP + "link = '?lanes=wrn-16-8'", "a title of 1 to 80 letters"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(RunError, match=sentence):
        lesson_of(text)


def test_a_file_that_is_not_there_or_no_toml_is_said(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="cannot be read: No such file"):
        read_lesson(str(tmp_path / "none.toml"))
    (tmp_path / "bad.toml").write_text("title = ")
    with pytest.raises(RunError, match="is no TOML"):
        read_lesson(str(tmp_path / "bad.toml"))
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(RunError, match="is no TOML"):
        read_lesson(str(tmp_path / "binary.toml"))
