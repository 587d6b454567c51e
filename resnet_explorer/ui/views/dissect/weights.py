"""Whose weights are looked at: initial or recorded ones of the page's lanes, or those of runs; as widgets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any

import gradio as gr

from resnet_explorer.analyses.request import INITIAL, RECORDED
from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import AnalysisError, ExplorerError
from resnet_explorer.runs.recorded_networks import find_recorded
from resnet_explorer.ui.components.curves.lines import is_same
from resnet_explorer.ui.components.lanes.lanes import MAX_LANES, Lane
from resnet_explorer.ui.components.owner import Owner
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.page import Page

KINDS = {INITIAL: "initial", "runs": "of runs", RECORDED: "recorded"}
LISTED = 100
WITH_WEIGHTS = ("finished", "stopped", "interrupted")
SILENT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True)
class Chosen:
    """The lanes of a question: networks with initial weights or runs, each with the slot of its lane."""

    networks: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    slots: tuple[int, ...] = ()
    seed: int = 0
    data: str = "shapes"
    weights: str = INITIAL


class Weights:
    """The widgets; `controls` are what the choice depends on, in the order that `chosen` takes them."""

    def __init__(self, page: Page, owner: Owner) -> None:
        self.page, self.owner, self.runs = page, owner, page.services.runs
        keep = page.keep
        kinds = [(i18n(label), name) for name, label in KINDS.items()]
        look: dict[str, Any] = {"elem_classes": ["controls", "plain", "weights-kind"], "render": False}
        self.kind = keep("weights", gr.Radio(kinds, value=INITIAL, label=i18n("Weights"), **look))
        self.names = keep("dissect_runs", gr.Textbox("", visible="hidden", render=False))
        choices = self.runs.choices()
        sets = [each["name"] for each in choices["data"]]
        self.data = keep(
            "dissect_data",
            gr.Dropdown(
                sets,
                value="shapes",
                label=i18n("Data"),
                allow_custom_value=choices["folders"],
                min_width=96,
                render=False,
            ),
        )
        self.seed = keep("dissect_seed", gr.Textbox("0", label=i18n("Seed"), max_lines=1, min_width=72, render=False))
        self.controls = [self.kind, self.names, self.seed, self.data]

    def build(self) -> None:
        """Place the widgets: those of the other kind of weights are out of sight."""
        for control in (self.kind, self.names):
            control.render()
        with gr.Row(elem_classes=["weights-initial"]):
            self.seed.render()
            self.data.render()
        self.picked = gr.Dropdown(
            [],
            multiselect=True,
            max_choices=MAX_LANES,
            label=i18n("Runs"),
            info=i18n("RUN or RUN@STEP; without a choice the newest of each lane"),
            allow_custom_value=True,
            elem_classes=["weights-runs"],
        )
        self.picked.input(lambda names: ",".join(names or ()), self.picked, self.names, **SILENT)
        self.page.update(self.offer, [self.owner, self.kind, self.names], [self.picked], trigger_mode="multiple")

    def offer(self, lanes: list[Lane], owner: str, kind: str, names: str) -> Any:
        """The runs that can be picked, the newest first, and those that are."""
        if kind != "runs":
            return gr.skip()
        choices = [(_label(run), run["short"]) for run in trained_runs(self.runs, owner)]
        known, picked = {value for _, value in choices}, read_names(names)
        return gr.update(choices=[*choices, *((name, name) for name in picked if name not in known)], value=picked)

    def chosen(self, lanes: Sequence[Lane], owner: str, kind: str, names: str, seed: str, data: str) -> Chosen:
        """What the widgets say; raises AnalysisError where they say nothing."""
        if kind in (INITIAL, RECORDED):
            read = [lane for lane in lanes if lane.spec]
            if not read:
                raise AnalysisError("no lane can be read yet")
            if not seed.strip().isdecimal() or len(seed.strip()) > 10:
                raise AnalysisError(f"the seed is a whole number, not {seed[:40]!r}")
            networks, slots = tuple(lane.spec for lane in read), tuple(lane.slot for lane in read)
            return Chosen(networks, (), slots, int(seed), data, kind)
        runs = trained_runs(self.runs, owner)
        picked = read_names(names) or newest_of_lanes(lanes, runs)
        if not picked:
            raise AnalysisError("there is no finished run of these lanes; train some, or pick runs")
        return Chosen((), tuple(picked), tuple(slots_of(picked, lanes, runs)))


def split_recorded(chosen: Chosen) -> tuple[Chosen, list[int]]:
    """The networks whose recorded weights there are, and the slots of the others; all networks where there are none."""
    if chosen.weights != RECORDED:
        return chosen, []
    known = [has_recorded(line, chosen.data) for line in chosen.networks]
    if not any(known):
        return chosen, []
    networks, slots = tuple(compress(chosen.networks, known)), tuple(compress(chosen.slots, known))
    return replace(chosen, networks=networks, slots=slots), sorted({*chosen.slots} - {*slots})


def has_recorded(line: str, data: str) -> bool:
    """Whether weights of a network that were trained on this data come with the program."""
    try:
        return bool(find_recorded(line, data))
    except ExplorerError:
        return False


def read_names(text: str) -> list[str]:
    """The runs that a text names, each once."""
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def trained_runs(runs: Runs, owner: str) -> list[RunAnswer]:
    """The runs of the home that ended with weights, the newest first; where strangers come, the owner's."""
    rows = [run for run in runs.reader.runs(owner=owner, limit=LISTED)["runs"] if run["mine"] or not runs.shared]
    return [run for run in rows if run["state"] in WITH_WEIGHTS and run["step"] and not run["recorded"]]


def newest_of_lanes(lanes: Sequence[Lane], runs: Sequence[RunAnswer]) -> list[str]:
    """The newest finished run of each lane that has one."""
    finished = [run for run in runs if run["state"] == "finished"]
    newest = (next((run["short"] for run in finished if is_same(lane, run)), "") for lane in lanes)
    return list(dict.fromkeys(filter(None, newest)))


def slots_of(names: Sequence[str], lanes: Sequence[Lane], runs: Sequence[RunAnswer]) -> list[int]:
    """The slot of each run: that of its lane on the page where there is one and it is free, otherwise a free one."""
    slots: list[int] = []
    for name in names[:MAX_LANES]:
        run = next((run for run in runs if run["run"].startswith(name.partition("@")[0])), None)
        own = [lane.slot for lane in lanes if run and is_same(lane, run)]
        slots.append(next(slot for slot in (*own, *range(MAX_LANES)) if slot not in slots))
    return [*slots, *range(len(slots), len(names))]


def _label(run: RunAnswer) -> str:
    measure = "" if run["measure"] == "accuracy" else f"{run['measure']} "
    accuracy = "" if run["test_accuracy"] is None else f" · {measure}{100 * float(str(run['test_accuracy'])):.0f} %"
    return f"{run['short']} · {run['line']} · {run['recipe']}, {run['step']:,} steps{accuracy}"
