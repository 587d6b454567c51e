"""What stands under the curves: the data, the recipe, the steps, the seeds and the machine."""

from collections.abc import Iterable, Sequence

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.runs.datasets import CLASSES, DATA_SETS
from resnet_explorer.runs.experiment import settings_of
from resnet_explorer.runs.measures import MEASURES, measure_name, measure_of
from resnet_explorer.runs.recipes import RECIPES
from resnet_explorer.ui.components.sentences.sentences import Sentence
from resnet_explorer.ui.views.train.seen import early_sentence, is_early


def caption(runs: Sequence[RunAnswer]) -> list[Sentence]:
    """What was counted, on what, with what."""
    if not runs:
        return []
    seeds = sorted({run["seed"] for run in runs})
    own = _join(f"{name}={value}" for run in runs for name, value in run["settings"].items())
    recipe = _join(run["recipe"] for run in runs) + (f" ({own})" if own else "")
    widths, batches, sizes = (_join(_field(run, name) for run in runs) for name in ("width", "batch", "size"))
    early = early_sentence(measure_name(run["data"] for run in runs))
    sentences = [early] if is_early(runs) else []
    sentences.append(Sentence("Data: {data}, {size} px.", {"data": _join(run["data"] for run in runs), "size": sizes}))
    text = "Recipe: {recipe}; widths × {width}, batch {batch}."
    sentences.append(Sentence(text, {"recipe": recipe, "width": widths, "batch": batches}))
    steps = _join(f"{run['steps']:,}" for run in runs if run["steps"])
    images = _join(f"{run['test_images']:,}" for run in runs if run["test_images"])
    if steps:
        sentences.append(Sentence("{n} steps.", {"n": steps}))
    if images:
        sentences += _measured(runs, images)
    text = "Seeds {seeds}: mean of those that have come so far, and lowest to highest as a band."
    sentences.append(Sentence(text if len(seeds) > 1 else "Seed {seeds}.", {"seeds": ", ".join(map(str, seeds))}))
    recorded = _join(run["recorded"] for run in runs)
    machine = ", ".join(
        filter(None, (_join(run[name] for run in runs) for name in ("device", "hardware", "precision")))
    )
    return sentences + [Sentence("{text}.", {"text": text}) for text in (recorded, machine) if text]


def _measured(runs: Sequence[RunAnswer], images: str) -> list[Sentence]:
    """What share is right on the held-out images; that of points says how near is found."""
    measures = dict.fromkeys(measure_of(run["data"]) for run in runs)
    accuracy = "Test accuracy on {n} held-out images, in evaluation mode."
    text = "{measure} is {meaning}; on {n} held-out images, in evaluation mode. The loss is the {loss}."
    return [
        Sentence(accuracy, {"n": images})
        if measure == MEASURES[CLASSES]
        else Sentence(text, {"n": images, "measure": measure.name, "meaning": measure.meaning, "loss": measure.loss})
        for measure in measures
    ]


def _join(texts: Iterable[object]) -> str:
    return ", ".join(dict.fromkeys(str(text) for text in texts if text))


def _field(run: RunAnswer, name: str) -> str:
    """What a field of a run's recipe was; a size of 0 is the data set's own."""
    usual = settings_of(run["recipe"]) if run["recipe"] in RECIPES else {}
    value = run["settings"].get(name, usual.get(name, ""))
    data = DATA_SETS.get(run["data"].partition(":")[0])
    return str(data.size) if name == "size" and value == "0" and data else value
