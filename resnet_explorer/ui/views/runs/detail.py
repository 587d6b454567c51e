"""One run in detail: its numbers, what can be done with it, what its network makes of test images, and its files."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from resnet_explorer.api.run_compare import compare_runs
from resnet_explorer.api.run_images import RunImages
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import ExplorerError, RunError
from resnet_explorer.runs.datasets import CLASSES
from resnet_explorer.runs.events import LIVE
from resnet_explorer.runs.measures import MEASURES
from resnet_explorer.ui.components.facts.facts import Fact, Facts, FactTable
from resnet_explorer.ui.components.lanes.lanes import MAX_LANES, Lane, lane_of
from resnet_explorer.ui.components.pictures.pictures import Picture, PictureRow, Pictures
from resnet_explorer.ui.components.refresh import Refresh
from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.page import Page, as_handler
from resnet_explorer.ui.views.runs.files import keep_file
from resnet_explorer.ui.views.runs.run_list import SILENT, RunList

FORMS = {"csv": "CSV", "jsonl": "JSON Lines", "card": "Run card"}
SHOWN = 15
INSIDE = (
    "Image {image}, {label}: the mean of all channels, then the channels with the largest mean square; "
    "each map goes from its least value, black, to its largest, white."
)
MARKS = "A ring is where a point is, a cross where the network finds it."
STREAMED = {**SILENT, "queue": True, "concurrency_limit": None, "trigger_mode": "always_last"}
ASK = """(run, owner) => [window.confirm({0}.replace("{{run}}", run)) ? run : "", owner]"""


class RunDetail:
    """The parts about the selected run, whose id `selected` holds."""

    def __init__(self, page: Page, runs_list: RunList, selected: gr.Textbox, compare: gr.Button) -> None:
        self.page, self.list, self.selected, self.compare = page, runs_list, selected, compare
        self.runs: Runs = page.services.runs
        self.images = RunImages(self.runs, page.services.runner.computer)

    def build(self) -> None:
        """Place the parts."""
        gr.Markdown(i18n("## One run"))
        self.refused = Sentences([Sentence("Select a row to see a run in detail.")], role="status")
        self.facts = Facts(elem_classes=["run-facts"])
        with gr.Row(elem_classes=["run-acts", "controls"]):
            labels = ("Stop", "Resume", "Remove", "Put this lane on the page")
            buttons = [gr.Button(i18n(label), size="sm", scale=0, min_width=72, interactive=False) for label in labels]
            self.stop, self.resume, self.remove, self.put = buttons
            self.compare.render()  # type: ignore[no-untyped-call]
        with gr.Row(elem_classes=["run-acts", "controls"]):
            self.files = {
                form: gr.Button(title, size="sm", scale=0, min_width=72, interactive=False)
                for form, title in FORMS.items()
            }
        with gr.Accordion(i18n("Predictions on test images"), open=False):
            self.in_sight = Refresh(elem_classes=["refresh"])
            self.seen = Sentences(role="status", min_height=24)
            self.predicted = Pictures(size=80)
            self.looked = Sentences(role="status")
            self.maps = Pictures(size=44)
        with gr.Accordion(i18n("History and command"), open=False):
            self.command = gr.Code(
                label=i18n("Repeats this run"),
                language="shell",
                interactive=False,
                lines=1,
                max_lines=6,
                wrap_lines=True,
            )
            self.history = Sentences()

    def wire(self) -> None:
        """Say what the parts depend on."""
        owner, selected = self.list.owner, self.selected
        acts = [self.stop, self.resume, self.remove, self.put, self.compare, *self.files.values()]
        outputs = [self.refused, self.facts, self.command, self.history, *acts]
        gr.on(
            [selected.change, self.list.news.change],
            as_handler(self.show),
            [selected, owner],
            outputs,
            trigger_mode="always_last",
            **SILENT,
        )
        selected.change(None, selected, self.in_sight, js="(run) => run", api_visibility="private")
        self.in_sight.refresh(self.predict, selected, [self.seen, self.predicted, self.looked, self.maps], **STREAMED)
        self.predicted.select(self.look_inside, selected, [self.looked, self.maps], **SILENT)
        self.stop.click(as_handler(self.runs.stop), [selected, owner], None, **SILENT)
        self.resume.click(as_handler(self.runs.resume), [selected, owner], None, **self.page.launching)
        self.remove.click(as_handler(self.remove_run), [selected, owner], selected, js=_question(), **SILENT)
        self.put.click(as_handler(self.put_lane), [selected, self.page.lanes], self.page.lanes, **SILENT)
        for form, button in self.files.items():
            self.list.take(button, self._run_file(form), selected)

    def show(self, selected: str, owner: str) -> list[Any]:
        """Everything about the run but its pictures; without one, what to do."""
        if not selected:
            return [
                [Sentence("Select a row to see a run in detail.")],
                None,
                "",
                [],
                *[gr.update(interactive=False)] * 8,
            ]
        try:
            detail = self.runs.reader.show(selected, owner)
        except ExplorerError as error:
            return [[Sentence(str(error))], None, "", [], *[gr.update(interactive=False)] * 8]
        run = detail["run"]
        facts = compare_runs([selected], reader=self.runs.reader)["facts"]
        table = FactTable(
            "One run", [Fact("Run", [run["short"]]), *(Fact(fact["name"], fact["values"]) for fact in facts)]
        )
        mine = not run["recorded"] and (run["mine"] or not self.runs.shared)
        can = (
            mine and run["state"] in LIVE,
            mine and run["resumable"],
            mine and run["state"] not in LIVE,
            *(True,) * 5,
        )
        history = [Sentence(sentence) for sentence in detail["history"][-20:]]
        return [[], table, detail["command"], history, *(gr.update(interactive=able) for able in can)]

    def predict(self, selected: str) -> Iterator[tuple[Any, ...]]:
        """Test images with what the run's network takes them for; first that they are coming."""
        if not selected:
            return
        yield [Sentence("The network is looking at test images.")], gr.skip(), [], []
        try:
            answer = self.images.predictions(selected, count=SHOWN)
        except ExplorerError as error:
            yield [Sentence(str(error))], [], [], []
            return
        words = {"right": f"{answer['right']:,}", "of": f"{answer['of']:,}", "step": f"{answer['step']:,}"}
        points = answer["measure"] != MEASURES[CLASSES].name
        about = [Sentence("{right} of {of} test images are right after step {step}.", words)]
        titles = ("Taken for another class", "Right")
        if points:
            words["measure"] = answer["measure"]
            about = [
                Sentence("{right} of {of} points are found after step {step} ({measure}).", words),
                Sentence(MARKS),
            ]
            titles = ("Not all points are found", "All points are found")
        draw = _with_marks if points else _predicted
        rows = [
            PictureRow(title, [draw(image) for image in answer["images"] if image["right"] == right])
            for title, right in zip(titles, (False, True), strict=True)
        ]
        hint = [Sentence("Press an image to see what each stage makes of it.")]
        yield about, [row for row in rows if row.pictures], hint, []

    def look_inside(self, event: gr.EventData, selected: str) -> tuple[Any, ...]:
        """What the stem and each stage make of the image that was pressed."""
        try:
            answer = self.images.feature_maps(selected, int(event.key))
        except (ExplorerError, ValueError) as error:
            return [Sentence(str(error))], []
        rows = []
        for stage in answer["stages"]:
            channels, height, width = stage["shape"]
            maps = [Picture(stage["mean"], "mean", f"mean of {stage['name']}")]
            maps += [
                Picture(each["png"], str(each["channel"]), f"channel {each['channel']}") for each in stage["channels"]
            ]
            rows.append(PictureRow(f"{stage['name']}, {channels} × {height} × {width}", maps))
        words: dict[str, str | int] = {"image": answer["image"], "label": answer["label"]}
        return [Sentence(INSIDE, words)], rows

    def remove_run(self, selected: str, owner: str) -> Any:
        """Remove the run, if the question was answered with yes."""
        if not selected:
            return gr.skip()
        self.runs.remove(selected, owner)
        return ""

    def put_lane(self, selected: str, lanes: list[Lane]) -> list[Lane]:
        """The lanes and that of the run, under the run's letter where that is free."""
        run = self.runs.reader.show(selected)["run"]
        taken = {lane.slot for lane in lanes}
        free = [slot for slot in (run["slot"], *range(MAX_LANES)) if slot in range(MAX_LANES) and slot not in taken]
        if not free:
            raise RunError(f"the page has {MAX_LANES} lanes; remove one first")
        return [*lanes, lane_of(free[0], run["line"])]

    def _run_file(self, form: str) -> Any:
        def write(selected: str) -> str:
            answer = self.runs.reader.export_run(selected, form)
            return keep_file(self.list.file, answer["name"], answer["text"])

        return write


def _predicted(image: Any) -> Picture:
    """An image under what it was taken for, and how surely; a wrong one also names its class."""
    sure = f"{image['predicted']} {100 * image['probability']:.0f} %"
    if image["right"]:
        return Picture(image["png"], sure, f"{image['label']}, taken for {sure}", str(image["image"]))
    words = f"{image['label']} → {sure}"
    return Picture(image["png"], words, f"{image['label']}, taken for {sure}", str(image["image"]), wrong=True)


def _with_marks(image: Any) -> Picture:
    """An image with its points, under how many of them are found."""
    there = [point for point in image["points"] if point["x"] is not None]
    missed = ", ".join(point["name"] for point in there if not point["right"])
    words = f"{sum(point['right'] for point in there)} / {len(there)}" + (f", {missed} ✗" if missed else "")
    alt = f"{image['label']}; found: {image['predicted'] or 'none'}"
    return Picture(image["png"], words, alt, str(image["image"]), wrong=bool(missed))


def _question() -> str:
    """Ask before a run is removed; without a yes no run is named."""
    return ASK.format('"Remove run {run} with its curves and checkpoints?"')
