"""What stands under the figures of the gradient view: what is counted, how, through which shortcuts, after whom."""

from collections.abc import Iterator, Sequence

from resnet_explorer.api.probe_runner import ProbeLane
from resnet_explorer.describe.sentence import Sentence, chained
from resnet_explorer.gradients import conditions
from resnet_explorer.language.orderings import ORDERINGS, PAPERS
from resnet_explorer.ui.gradient.request import GradientRequest
from resnet_explorer.ui.i18n import say

OWN_IMAGES = "images of the reader's own, 32×32, each channel normalised"


def caption(request: GradientRequest, lanes: Sequence[ProbeLane]) -> str:
    """The caption of a figure of these lanes, in the language of the request."""
    what = conditions.caption(request.config)
    if request.images:
        what = what._replace(values={**what.values, "source": OWN_IMAGES})
    sentences = what, *_shortcuts(lanes), *_papers(lanes)
    return " ".join(say(one, request.language) for one in sentences)


def _shortcuts(lanes: Sequence[ProbeLane]) -> Iterator[Sentence]:
    """Each rule once, with the lanes that follow it."""
    rules = {str(rule): rule for rule in (conditions.shortcut(lane.plan) for lane in lanes)}
    letters: dict[str, list[str]] = {text: [] for text in rules}
    for lane in lanes:
        letters[str(conditions.shortcut(lane.plan))].append(lane.letter)
    parts = [
        Sentence("{rule} ({lanes})", {"rule": rule, "lanes": ", ".join(letters[text])}) for text, rule in rules.items()
    ]
    if parts:
        yield Sentence("Shortcuts: {rules}.", {"rules": chained(parts)})


def _papers(lanes: Sequence[ProbeLane]) -> Iterator[Sentence]:
    names = {ORDERINGS[lane.request.ordering].paper for lane in lanes if lane.request.ordering}
    papers = sorted((PAPERS[name].year, PAPERS[name].authors, PAPERS[name].arxiv) for name in names)
    citations = [f"{authors} {year} (arXiv {arxiv})" for year, authors, arxiv in papers]
    if citations:
        yield Sentence("Orderings: {papers}.", {"papers": ", ".join(citations)})
