"""Runs side by side, those that were picked one by one, and networks' cost against their error."""

from functools import lru_cache
from typing import Any

import gradio as gr

from resnet_explorer.api.cost_error import DATA, CostPoint, cost_error
from resnet_explorer.api.run_compare import MOST_COMPARED, compare_runs
from resnet_explorer.errors import ExplorerError
from resnet_explorer.figures.cost_error import COSTS, HEIGHT, CostMark, draw
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.runs.run_folder import SHORT
from resnet_explorer.ui.components.facts.facts import Fact, Facts, FactTable
from resnet_explorer.ui.components.figure.figure import Figure, FigureValue, Table
from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.page import Page
from resnet_explorer.ui.views.runs.run_list import SILENT

ADD = f"""(run, picked) => {{
  const names = picked.split(",").filter((name) => name && name !== run);
  return [...names, run].filter(Boolean).slice(-{MOST_COMPARED}).join(",");
}}"""
# the view Train shows the runs that its link names
CURVES = """(picked) => {
  const query = new URLSearchParams(window.location.search);
  query.delete("group");
  for (const [name, value] of [["view", "train"], ["runs", picked]]) query.set(name, value);
  if (picked) window.location.search = query;
}"""
COLUMNS = ("source", "network", "paper", "recipe", "steps", "params", "macs", "error", "low", "high")


def build_comparison(page: Page, selected: gr.Textbox, compare: gr.Button) -> None:
    """The table of picked runs; the link holds which they are."""
    runs = page.services.runs
    gr.Markdown(i18n("## Runs side by side"))
    picked = page.keep("compare", gr.Textbox("", visible="hidden"))
    about = Sentences([Sentence("Select runs and press Compare.")], min_height=24)
    facts = Facts(elem_classes=["run-comparison"])
    with gr.Row(elem_classes=["run-acts", "controls"]):
        train = gr.Button(i18n("Show their curves"), size="sm", scale=0, min_width=120)
        clear = gr.Button(i18n("Clear"), size="sm", scale=0, min_width=72)
    compare.click(None, [selected, picked], picked, js=ADD, api_visibility="private")
    train.click(None, picked, None, js=CURVES, api_visibility="private")
    clear.click(None, None, picked, js="() => ''", api_visibility="private")

    def show(names: str) -> tuple[Any, ...]:
        shorts = [name for name in names.split(",") if name]
        if not shorts:
            return [Sentence("Select runs and press Compare.")], None
        try:
            answer = compare_runs(shorts[:MOST_COMPARED], reader=runs.reader)
        except ExplorerError as error:
            return [Sentence(str(error))], None
        rows = [Fact(fact["name"], fact["values"]) for fact in answer["facts"]]
        return [], FactTable("Runs side by side", rows, [run["short"] for run in answer["runs"]])

    picked.change(show, picked, [about, facts], trigger_mode="always_last", **SILENT)


def build_cost_error(page: Page, selected: gr.Textbox) -> None:
    """The figure of cost against error; a measured point that is pressed selects its first run."""
    gr.Markdown(i18n("## Cost against error"))
    with gr.Row(elem_classes=["run-tools", "controls"]):
        data = page.keep("cost_data", gr.Dropdown(list(DATA), value="cifar10", label=i18n("Data"), min_width=120))
        costs = [(i18n(label), name) for name, label in COSTS.items()]
        cost = page.keep("cost", gr.Radio(costs, value="params", label=i18n("Cost")))
    figure = Figure(height=HEIGHT)
    reader = page.services.runs.reader

    @lru_cache(len(DATA))
    def points(data: str, news: str) -> list[CostPoint]:
        return cost_error(data, reader=reader)["points"]

    def show(lanes: object, data: str, cost: str) -> FigureValue:
        return cost_figure(data, cost, points(data, reader.news()))

    def pick(event: gr.EventData, data: str) -> Any:
        return run_of_point(points(data, reader.news()), str(event.name), int(event.point)) or gr.skip()

    page.update(show, [data, cost], [figure])
    figure.click(pick, data, selected, **SILENT)


def run_of_point(points: list[CostPoint], trace: str, number: int) -> str:
    """The first letters of the first run of a point in the figure; nothing for a published one."""
    runs = [point["runs"] for point in points if point["source"] == trace]
    return runs[number][0][:SHORT] if trace == "measured" and number in range(len(runs)) else ""


def cost_figure(data: str, cost: str, points: list[CostPoint]) -> FigureValue:
    """The figure of these points, with what was counted and where each comes from."""
    if not points:
        return FigureValue(empty="No finished run and no published error on this data yet.")
    published = [point for point in points if point["source"] == "published"]
    measured = [point for point in points if point["source"] == "measured"]
    papers = sorted({point["paper"] for point in published})
    caption = [f"Test error on {data} against {COSTS[cost]}, both on log scales."]
    if published:
        caption.append(f"Open circles: published, after each paper's own full training ({'; '.join(papers)}).")
    if measured:
        steps = sorted({point["steps"] for point in measured})
        caption.append(
            f"Filled circles: measured, {sum(len(point['runs']) for point in measured):,} finished runs of "
            f"{steps[0]:,}{f' to {steps[-1]:,}' if len(steps) > 1 else ''} steps, the mean and range over seeds; "
            "a short run says how fast a network learns at first, not how good it becomes."
        )
    recorded = sorted({point["recorded"] for point in measured if point["recorded"]})
    if recorded:
        caption.append(f"Some of them came with the program: {'; '.join(recorded)}.")
    table = Table(COLUMNS, tuple(tuple(point[name] for name in COLUMNS) for point in points))  # type: ignore[literal-required]
    alt = (
        f"{len(published)} published and {len(measured)} measured points of {COSTS[cost]} against test error on {data}"
    )
    return FigureValue(
        draw([_mark(point, cost) for point in points], cost, PAGE), f"cost-error-{data}", " ".join(caption), alt, table
    )


def _mark(point: CostPoint, cost: str) -> CostMark:
    """A point with the words that stand under the mouse."""
    if point["source"] == "published":
        words = f"{point['paper']}, published" + (f", {point['note']}" if point["note"] else "")
    else:
        many = f", {len(point['runs'])} seeds" if len(point["runs"]) > 1 else ""
        words = f"measured{many}, {point['recipe']}, {point['steps']:,} steps"
    value = float(point["params"] if cost == "params" else point["macs"])
    return CostMark(
        point["network"],
        f"{point['network']}<br>{words}",
        value,
        point["error"],
        point["low"],
        point["high"],
        point["source"] == "published",
        point["series"],
    )
