"""The question that the widgets put, the run that answers it, and what that run knows by now."""

from typing import Any, NamedTuple

from resnet_explorer.analyses.catalog import ANALYSES, WITHOUT_WEIGHTS, find_analysis
from resnet_explorer.analyses.request import AnalysisRequest
from resnet_explorer.api.analyses import Analyses
from resnet_explorer.api.analysis_answers import AnalysisAnswer
from resnet_explorer.errors import ExplorerError, RunError
from resnet_explorer.networks.request import LETTERS
from resnet_explorer.runs.run_folder import find_run
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.views.dissect.own_picture import with_picture
from resnet_explorer.ui.views.dissect.settings_form import read_changes
from resnet_explorer.ui.views.dissect.weights import Chosen, Weights, split_recorded

# what a first look measures unasked, with its usual settings and initial weights
FIRST = ANALYSES[0].name


class Question(NamedTuple):
    """What the widgets say; `settings` is the text of the chosen analysis, `measured` the run in the picture."""

    lanes: list[Lane]
    owner: str
    analysis: str
    settings: str
    kind: str
    names: str
    seed: str
    data: str
    measured: str
    picture: str


def read_widgets(*values: Any) -> Question:
    """The values of the widgets as Gradio gives them: the texts of all settings stand last, before a picture."""
    lanes, owner, analysis, kind, names, seed, data, measured = values[:8]
    settings = dict(zip((row.name for row in ANALYSES), values[8:-1], strict=True))
    return Question(lanes, owner, analysis, settings[analysis], kind, names, seed, data, measured, values[-1])


class Questions:
    """Reads the widgets, and asks the analyses of the home."""

    def __init__(self, analyses: Analyses, weights: Weights) -> None:
        self.analyses, self.weights = analyses, weights

    def request(self, question: Question) -> AnalysisRequest:
        """The question, whose id is that of the run that answers it; raises ExplorerError where it cannot be put."""
        return self.analyses.question(**self._arguments(question))

    def ask(self, question: Question, again: bool) -> AnalysisAnswer:
        """Launch the run, or find it; a finished one is measured anew if `again` is set."""
        return self.analyses.analyse(**self._arguments(question), owner=question.owner, again=again)

    def known(self, run: str) -> AnalysisAnswer | None:
        """What a run knows, if there is such a run here and it is an analysis."""
        try:
            return self.analyses.analysis(run) if run else None
        except ExplorerError:
            return None

    def news(self, run: str) -> str:
        """A text that is another one as soon as the run has reported something."""
        try:
            events = find_run(self.analyses.runs.home, run).events.stat() if run else None
        except (RunError, OSError):
            events = None
        return f"{events.st_ino}-{events.st_size}" if events else ""

    def is_first_look(self, question: Question) -> bool:
        """Whether nothing was looked at yet and the question is a light one."""
        plain = question.analysis == FIRST and question.kind == "initial" and not question.settings
        return plain and not question.measured

    def unrecorded(self, question: Question) -> str:
        """The letters of the lanes that are left out, as no recorded weights of theirs come with the program."""
        try:
            return ", ".join(LETTERS[slot] for slot in self._chosen(question)[1])
        except ExplorerError:
            return ""

    def _chosen(self, question: Question) -> tuple[Chosen, list[int]]:
        """The lanes of the question, and the slots of those that have no recorded weights where some have."""
        chosen = self.weights.chosen(
            question.lanes, question.owner, question.kind, question.names, question.seed, question.data
        )
        weightless = find_analysis(question.analysis).needs in WITHOUT_WEIGHTS
        return (chosen, []) if weightless else split_recorded(chosen)

    def _arguments(self, question: Question) -> dict[str, Any]:
        chosen, _ = self._chosen(question)
        return {
            "analysis": question.analysis,
            "networks": list(chosen.networks),
            "settings": {**read_changes(question.settings), **with_picture(question.analysis, question.picture)},
            "runs": list(chosen.runs),
            "seed": chosen.seed,
            "data": chosen.data,
            "slots": list(chosen.slots),
            "weights": chosen.weights,
        }
