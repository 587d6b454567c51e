"""What stands under the figures of the gradient view: what is counted, how, through which shortcuts, after whom."""

from collections.abc import Iterable

from resnet_explorer.api.gradient_answers import caption, shortcut
from resnet_explorer.api.probe_runner import ProbeLane
from resnet_explorer.gradients.metrics import SOURCES
from resnet_explorer.language.orderings import ORDERINGS, PAPERS
from resnet_explorer.ui.gradient.request import GradientRequest

OWN_IMAGES = "images of the reader's own, 32×32, each channel normalised"


def captioned(wish: GradientRequest, lanes: Iterable[ProbeLane]) -> str:
    """The caption of a figure of these lanes."""
    text = caption(wish.config)
    if wish.images:
        text = text.replace(SOURCES["noise"].meaning, OWN_IMAGES)
    lanes = list(lanes)
    return " ".join(filter(None, (text, _shortcuts(lanes), _papers(lanes))))


def _shortcuts(lanes: list[ProbeLane]) -> str:
    """Each rule once, with the lanes that follow it."""
    found: dict[str, list[str]] = {}
    for lane in lanes:
        found.setdefault(shortcut(lane.plan), []).append(lane.letter)
    told = [f"{rule} ({', '.join(letters)})" for rule, letters in found.items()]
    return f"Shortcuts: {'; '.join(told)}." if told else ""


def _papers(lanes: list[ProbeLane]) -> str:
    names = {ORDERINGS[lane.request.ordering].paper for lane in lanes if lane.request.ordering}
    papers = sorted((PAPERS[name].year, PAPERS[name].authors, PAPERS[name].arxiv) for name in names)
    told = [f"{authors} {year} (arXiv {arxiv})" for year, authors, arxiv in papers]
    return f"Orderings: {', '.join(told)}." if told else ""
