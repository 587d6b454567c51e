"""The verb about where to begin: named sets of lanes, each one comparison that a paper makes."""

from typing import TypedDict

from resnet_explorer.language.orderings import PAPERS
from resnet_explorer.networks.examples import EXAMPLES, Example, ExampleLane, link


class ExampleLaneAnswer(TypedDict):
    """One lane: its parts as a link has them, and the same on one line, as every verb reads it."""

    name: str
    unit: str
    fields: dict[str, str]
    title: str
    line: str


class ExampleAnswer(TypedDict):
    """A named starting point; `link` is the query that opens it on the page."""

    name: str
    about: str
    citation: str
    view: str
    link: str
    lanes: list[ExampleLaneAnswer]


def examples() -> list[ExampleAnswer]:
    """List named starting points: what each shows, its paper, its lanes, and the link that opens it."""
    return [_example_answer(example) for example in EXAMPLES]


def _example_answer(example: Example) -> ExampleAnswer:
    papers = (PAPERS[name] for name in example.papers)
    return ExampleAnswer(
        name=example.name,
        about=example.about,
        citation="; ".join(f"{paper.authors} {paper.year}" for paper in papers),
        view=example.view,
        link=link(example),
        lanes=[_lane_answer(lane) for lane in example.lanes],
    )


def _lane_answer(lane: ExampleLane) -> ExampleLaneAnswer:
    return ExampleLaneAnswer(name=lane.name, unit=lane.unit, fields=dict(lane.fields), title=lane.title, line=lane.line)
