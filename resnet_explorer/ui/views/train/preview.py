"""What a press would train, said while the form is filled: sizes, steps, or why a lane cannot be trained."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from resnet_explorer.api.run_answers import LaunchedRuns
from resnet_explorer.api.run_estimate import LaunchEstimate
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import ExplorerError
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.runs.recipes import RECIPES
from resnet_explorer.ui.components.curves.lines import lane_text
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.components.sentences.sentences import Sentence
from resnet_explorer.ui.i18n import translate
from resnet_explorer.ui.views.train.form import read_changes, read_seeds


@dataclass(frozen=True)
class Preview:
    """The lanes that can be trained, with how many seeds; what would be trained; and what is refused, and why.

    `time` is how long it takes on this machine, empty where no earlier run says so.
    """

    lanes: tuple[Lane, ...]
    seeds: int
    about: tuple[Sentence, ...]
    refused: tuple[Sentence, ...]
    time: str = ""

    def button(self, language: str = "en") -> str:
        """What the button says that would train them."""
        texts = ["Train 1 lane" if len(self.lanes) == 1 else "Train {n} lanes"]
        texts += [", {seeds} seeds: {runs} runs"] if self.seeds > 1 else []
        texts += [" · about {time}"] if self.time and self.lanes else []
        counts = {"n": len(self.lanes), "seeds": self.seeds, "runs": len(self.lanes) * self.seeds}
        return "".join(translate(text, language).format(**counts, time=self.time) for text in texts)


def preview(runs: Runs, lanes: Sequence[Lane], data: str, recipe: str, seeds: str, changes: str) -> Preview:
    """What a press would train."""
    about = [Sentence(RECIPES[recipe].meaning)] if recipe in RECIPES else []
    try:
        data, classes = runs.jobs.resolve_data(data)
        count = len(read_seeds(seeds))
    except ExplorerError as error:
        return Preview((), 0, tuple(about), (Sentence("{error}", {"error": str(error)}),))
    fine: dict[int, Experiment] = {}
    errors: dict[int, str] = {}
    notes: dict[int, str] = {}
    for lane in lanes:
        try:
            args = runs.jobs.job_args(lane_text(lane), data, recipe, 0, read_changes(changes), classes)
            fine[lane.slot] = Experiment.from_json(json.dumps(args["experiment"]))
            notes[lane.slot] = str(args.get("note", ""))
        except ExplorerError as error:
            errors[lane.slot] = str(error)
    experiments = list(fine.values())
    estimate = runs.reader.estimate(experiments, count)
    about += [*_describe(experiments), *_by_lane(lanes, notes), *_explain(estimate)]
    trained = tuple(lane for lane in lanes if lane.slot in fine)
    time = _span(estimate.seconds) if estimate else ""
    return Preview(trained, count, tuple(about), tuple(_refuse(lanes, errors)), time)


def launch(
    runs: Runs, lanes: Sequence[Lane], owner: str, data: str, recipe: str, seeds: str, changes: str
) -> LaunchedRuns:
    """Launch every lane that can be trained, with every seed."""
    fine = preview(runs, lanes, data, recipe, seeds, changes).lanes
    return runs.train(
        [lane_text(lane) for lane in fine],
        data=data,
        recipe=recipe,
        seeds=read_seeds(seeds),
        settings=read_changes(changes),
        owner=owner,
        slots=[lane.slot for lane in fine],
    )


def _describe(experiments: Sequence[Experiment]) -> list[Sentence]:
    """Sizes and steps, in one sentence."""
    if not experiments:
        return []
    first = experiments[0]
    widths = {"/".join(map(str, each.network.widths)) for each in experiments}
    values: dict[str, str | int] = {
        "widths": widths.pop() if len(widths) == 1 else "…",
        "size": first.network.image,
        "batch": first.recipe.batch,
        "optimiser": first.recipe.optimiser,
        "lr": f"{first.recipe.lr:g}",
    }
    if first.recipe.epochs:
        text = (
            "Trained at {widths} channels, {size} px; {epochs} epochs of batches of {batch}, {optimiser}, "
            "learning rate {lr}."
        )
        return [Sentence(text, {**values, "epochs": f"{first.recipe.epochs:g}"})]
    text = "Trained at {widths} channels, {size} px; {steps} steps of {batch} images, {optimiser}, learning rate {lr}."
    return [Sentence(text, {**values, "steps": f"{first.recipe.steps:,}"})]


def _explain(estimate: LaunchEstimate | None) -> list[Sentence]:
    """How long it takes on this machine, and what says so."""
    if not estimate:
        return [Sentence("How long it takes on this machine is known after the first run.")]
    earlier = "an earlier run" if estimate.runs == 1 else "{n} earlier runs"
    text = f"About {{time}} on this machine, going by {earlier}."
    return [Sentence(text, {"time": _span(estimate.seconds), "n": estimate.runs})]


def _span(seconds: float) -> str:
    """Seconds in the unit that a person would choose."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(1.0, seconds):.0f} s"


def _refuse(lanes: Sequence[Lane], errors: dict[int, str]) -> list[Sentence]:
    """One sentence a refused lane; a single one where all are refused for the same reason."""
    if len(errors) == len(lanes) and len(set(errors.values())) == 1:
        return [Sentence("{error}", {"error": next(iter(errors.values()))})]
    return _by_lane(lanes, errors)


def _by_lane(lanes: Sequence[Lane], texts: dict[int, str]) -> list[Sentence]:
    """A sentence for each lane that there is a text on."""
    return [
        Sentence("{lane}: {error}", {"lane": lane.letter, "error": texts[lane.slot]})
        for lane in lanes
        if texts.get(lane.slot)
    ]
