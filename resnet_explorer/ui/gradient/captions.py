"""What stands under the figures of the gradient view: what is counted, how, through which shortcuts, after whom."""

from collections.abc import Sequence

from resnet_explorer.api import gradient_answers
from resnet_explorer.api.probe_runner import ProbeLane
from resnet_explorer.gradients.metrics import SOURCES
from resnet_explorer.language.orderings import ORDERINGS, PAPERS
from resnet_explorer.ui.gradient.request import GradientRequest

OWN_IMAGES = "images of the reader's own, 32×32, each channel normalised"


def caption(request: GradientRequest, lanes: Sequence[ProbeLane]) -> str:
    """The caption of a figure of these lanes."""
    text = gradient_answers.caption(request.config)
    if request.images:
        text = text.replace(SOURCES["noise"].meaning, OWN_IMAGES)
    return " ".join(filter(None, (text, _shortcuts(lanes), _papers(lanes))))


def _shortcuts(lanes: Sequence[ProbeLane]) -> str:
    """Each rule once, with the lanes that follow it."""
    letters: dict[str, list[str]] = {}
    for lane in lanes:
        letters.setdefault(gradient_answers.shortcut(lane.plan), []).append(lane.letter)
    rules = [f"{rule} ({', '.join(followers)})" for rule, followers in letters.items()]
    return f"Shortcuts: {'; '.join(rules)}." if rules else ""


def _papers(lanes: Sequence[ProbeLane]) -> str:
    names = {ORDERINGS[lane.request.ordering].paper for lane in lanes if lane.request.ordering}
    papers = sorted((PAPERS[name].year, PAPERS[name].authors, PAPERS[name].arxiv) for name in names)
    citations = [f"{authors} {year} (arXiv {arxiv})" for year, authors, arxiv in papers]
    return f"Orderings: {', '.join(citations)}." if citations else ""
