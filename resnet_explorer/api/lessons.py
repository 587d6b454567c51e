"""A lesson: what a teacher prepares for a class, read from a TOML file.

    title = "Why depth hurts"
    pupils = 30                     # from one network address they have so many times as much as one
    runs = 3                        # of each: runs, analyses and studies that wait or are at work
    measurements = 60               # of each in a minute: probes, lesions, feature maps

    [[steps]]
    title = "Plain at 56 layers"
    task = "Which layer has the smallest gradient?"
    link = "?lanes=cifar-basic-56:plain,cifar-basic-56:original&view=gradient"

    [[steps]]
    example = "Five orderings"      # or the name of an example

Without a file the steps are the examples.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from resnet_explorer.errors import ExplorerError, RunError
from resnet_explorer.networks.examples import EXAMPLES, lines_of, link
from resnet_explorer.networks.request import parse_request

VARIABLE = "RESNET_EXPLORER_CLASS"
# in place of a file
EXAMPLES_WORD = "examples"
MOST_STEPS = 40
LONGEST_TITLE, LONGEST_TASK, LONGEST_LINK = 80, 400, 4000
# the bounds of what a pupil may have
BOUNDS = {"pupils": (1, 1000), "runs": (1, 72), "measurements": (1, 1000)}
# the number of the step in a link; the page keeps it while a pupil changes everything else
STEP = "step"


@dataclass(frozen=True)
class Step:
    """A prepared link: its title, what is to be done there, and the query that opens it on the page."""

    title: str
    task: str
    link: str


@dataclass(frozen=True)
class Lesson:
    """A lesson, and what each pupil may have: runs at once, and measurements in a minute."""

    title: str
    steps: tuple[Step, ...]
    pupils: int = 40
    runs: int = 4
    measurements: int = 60


def read_lesson(named: str) -> Lesson:
    """The lesson in a file, or the examples; raises RunError with what is wrong and where."""
    if named == EXAMPLES_WORD:
        steps = [Step(example.name, example.about, link(example)) for example in EXAMPLES]
        return Lesson("Residual networks", _numbered(steps))
    try:
        values = tomllib.loads(Path(named).read_text("utf-8"))
    except OSError as error:
        raise RunError(f"the lesson {named} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise RunError(f"the lesson {named} is no TOML: {error}") from None
    return parse_lesson(values)


def parse_lesson(values: Mapping[str, Any]) -> Lesson:
    """The lesson that a file's values describe; raises RunError where there is none."""
    known = {"title", "steps", *BOUNDS}
    if unknown := sorted(values.keys() - known):
        raise RunError(f"a lesson has no {unknown[0]!r}; it has {', '.join(sorted(known))}")
    steps = values.get("steps", [])
    if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
        raise RunError(f"a lesson has 1 to {MOST_STEPS} steps, each begun by [[steps]]")
    limits = {name: _count(name, values[name]) for name in BOUNDS if name in values}
    title = _text(values, "title", "a lesson", LONGEST_TITLE)
    return Lesson(title, _numbered([_step(number, step) for number, step in enumerate(steps, 1)]), **limits)


def _step(number: int, values: object) -> Step:
    where = f"step {number}"
    if not isinstance(values, dict):
        raise RunError(f"{where} of the lesson is no table; begin it with [[steps]]")
    if unknown := sorted(values.keys() - {"title", "task", "link", "example"}):
        raise RunError(f"{where} has no {unknown[0]!r}; it has title, task, and link or example")
    if "example" in values:
        values = _of_example(where, values)
    query = _query(where, _text(values, "link", where, LONGEST_LINK))
    task = _text(values, "task", where, LONGEST_TASK) if "task" in values else ""
    return Step(_text(values, "title", where, LONGEST_TITLE), task, query)


def _of_example(where: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values of a step with what its example gives."""
    by_name = {example.name: example for example in EXAMPLES}
    example = by_name.get(str(values["example"]))
    if example is None:
        raise RunError(f"{where} names no example; there are {', '.join(by_name)}")
    return {"title": example.name, "task": example.about, "link": link(example), **values}


def _query(where: str, text: str) -> str:
    """The query of a link or of a whole address, whose lanes can be read."""
    query = urlsplit(text).query
    pairs = dict(parse_qsl(query))
    if "lanes" not in pairs:
        raise RunError(f"the link of {where} names no lanes; take it from the page by Copy link: ?lanes=...")
    for line in lines_of(pairs["lanes"]):
        try:
            parse_request(line)
        except ExplorerError as error:
            raise RunError(f"in the link of {where}: {error}") from None
    return f"?{query}"


def _numbered(steps: list[Step]) -> tuple[Step, ...]:
    """The steps, each with its number in its link."""
    return tuple(
        Step(step.title, step.task, f"{step.link}&{urlencode({STEP: number})}") for number, step in enumerate(steps, 1)
    )


def _text(values: Mapping[str, Any], name: str, where: str, longest: int) -> str:
    text = values.get(name)
    if not isinstance(text, str) or not 0 < len(text.strip()) <= longest:
        raise RunError(f"{where} needs a {name} of 1 to {longest} letters")
    return text.strip()


def _count(name: str, value: object) -> int:
    low, high = BOUNDS[name]
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise RunError(f"{name} of a lesson is a whole number from {low} to {high}, not {value!r}")
    return value
