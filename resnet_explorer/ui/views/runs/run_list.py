"""The table of all runs of the home: searched, in an order, a part at a time; it follows what runs report."""

from typing import Any

import gradio as gr

from resnet_explorer.api.run_reader import MAX_LISTED
from resnet_explorer.api.runs import Runs
from resnet_explorer.runs.events import LIVE, RESUMABLE
from resnet_explorer.ui.components.refresh import Refresh
from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
from resnet_explorer.ui.i18n import IN_LANGUAGE, i18n
from resnet_explorer.ui.page import Page, as_handler
from resnet_explorer.ui.views.runs import listed
from resnet_explorer.ui.views.runs.files import keep_file, list_text

STATES = ("", "live", "finished", "stopped", "interrupted", "failed", "recorded")
ORDERS = {
    "newest": "newest first",
    "oldest": "oldest first",
    "network": "by network",
    "accuracy": "best test result first",
    "seconds": "shortest training first",
}
SILENT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# seconds between two looks for news, while the view is in sight
LOOK = 1.5
# how many runs are passed over, and the search that this is meant for: another search begins at the first run
TURN = """(place, ...search) => {
  const [offset, ...meant] = place.split("|");
  const now = meant.join("|") === search.join("|") ? Number(offset) : 0;
  return [Math.max(0, now + STEP), ...search].join("|");
}"""
# Gradio's button downloads the file that it has when it is pressed, so a hidden one is pressed when the file is there
PRESS = "() => {{ document.querySelector('#{0} button, button#{0}, a#{0}')?.click(); }}"


class RunList:
    """The parts of the list; `table` is the table, `news` what `RunReader.news` said when it was filled."""

    def __init__(self, page: Page, owner: gr.HTML) -> None:
        self.runs: Runs = page.services.runs
        self.page, self.owner = page, owner

    def build(self) -> None:
        """Place the parts."""
        keep = self.page.keep
        gr.Markdown(i18n("## All runs"))
        with gr.Row(elem_classes=["run-tools", "controls"]):
            search: dict[str, Any] = {"label": i18n("Search runs"), "placeholder": i18n("network, data, recipe or id")}
            self.text = keep("run_text", gr.Textbox("", max_lines=1, min_width=208, scale=2, **search))
            states = [(i18n(name or "any state"), name) for name in STATES]
            self.state = keep("run_state", gr.Dropdown(states, value="", label=i18n("State"), min_width=120))
            orders = [(i18n(label), name) for name, label in ORDERS.items()]
            self.order = keep("run_order", gr.Dropdown(orders, value="newest", label=i18n("Order"), min_width=160))
        self.table = gr.Dataframe(
            headers=list(listed.COLUMNS),
            datatype=[kind for kind, _ in listed.COLUMNS.values()],  # type: ignore[misc]
            column_widths=[width for _, width in listed.COLUMNS.values()],
            label=i18n("Runs"),
            show_label=False,
            type="array",
            interactive=False,
            max_height=440,
            buttons=[],
            elem_classes=["run-table"],
        )
        self._build_below()
        self.place, self.news = gr.Textbox("", visible="hidden"), gr.Textbox("", visible="hidden")
        self.language = gr.Textbox("", visible="hidden")
        self.clock = Refresh(seconds=LOOK, elem_classes=["refresh"])

    def _build_below(self) -> None:
        """Which part is shown, the others, and what can be done with all."""
        with gr.Row(elem_classes=["run-pager", "controls"]):
            self.about = Sentences([Sentence("The list is coming.")], role="status", min_height=24)
            self.before = gr.Button(i18n("Previous"), interactive=False, size="sm", scale=0, min_width=120)
            self.after = gr.Button(i18n("Next"), interactive=False, size="sm", scale=0, min_width=120)
        with gr.Row(elem_classes=["run-acts", "controls"]):
            self.stop = gr.Button(i18n("Stop all"), interactive=False, size="sm", scale=0, min_width=96)
            self.resume = gr.Button(i18n("Resume all"), interactive=False, size="sm", scale=0, min_width=96)
            self.csv = gr.Button(i18n("This list as CSV"), size="sm", scale=0, min_width=120)
            self.json = gr.Button(i18n("This list as JSON"), size="sm", scale=0, min_width=120)
            self.file = gr.DownloadButton("File", visible="hidden", elem_id="run-file")

    def wire(self) -> None:
        """Say what the parts depend on."""
        searched = [self.text, self.state, self.order]
        part_of = [self.place, *searched, self.owner, self.language]
        outputs = [self.table, self.about, self.before, self.after, self.stop, self.resume, self.news]
        self.page.update(self.show, part_of, outputs, js=IN_LANGUAGE)
        looked = [self.news, self.page.lanes, *part_of]
        self.clock.refresh(as_handler(self.look), looked, outputs, trigger_mode="once", js=IN_LANGUAGE, **SILENT)
        for button, step in ((self.before, -listed.PART), (self.after, listed.PART)):
            js = TURN.replace("STEP", str(step))
            button.click(None, [self.place, *searched], self.place, js=js, api_visibility="private")
        self.stop.click(as_handler(self.runs.stop_all), self.owner, None, **SILENT)
        self.resume.click(as_handler(self.runs.resume_all), self.owner, None, **self.page.launching)
        for button, form in ((self.csv, "csv"), (self.json, "json")):
            self.take(button, self._list_file(form), searched)

    def take(self, button: gr.Button, write: Any, inputs: Any) -> None:
        """Let a button write a file, and the browser save it then."""
        written = button.click(as_handler(write), inputs, self.file, **SILENT)
        written.success(None, js=PRESS.format("run-file"), api_visibility="private")

    def look(self, news: str, *part: Any) -> Any:
        """The list as `show` has it, if anything has happened since."""
        if news == self.runs.reader.news():
            return [gr.skip()] * 7
        return self.show(*part)

    def show(
        self, lanes: object, place: str, text: str, state: str, order: str, owner: str, language: str
    ) -> tuple[Any, ...]:
        """The rows of a part, what it is, and which buttons have something to do."""
        news, offset = self.runs.reader.news(), _offset(place, text, state, order)
        answer = self.runs.reader.find_runs(text, state, order, offset, listed.PART, owner=owner)
        states = answer["states"]
        return (
            listed.table(answer["runs"], language),
            [listed.sentence(answer, offset)],
            gr.update(interactive=offset > 0),
            gr.update(interactive=offset + listed.PART < answer["total"]),
            gr.update(interactive=any(states.get(name) for name in LIVE)),
            gr.update(interactive=any(states.get(name) for name in RESUMABLE)),
            news,
        )

    def _list_file(self, form: str) -> Any:
        def write(text: str, state: str, order: str) -> str:
            runs = self.runs.reader.find_runs(text, state, order, limit=MAX_LISTED)["runs"]
            return keep_file(self.file, f"runs.{form}", list_text(runs, form))

        return write


def _offset(place: str, *search: str) -> int:
    """How many runs are passed over in this search."""
    offset, _, meant = place.partition("|")
    return int(offset) if meant == "|".join(search) and offset.isdecimal() else 0
