"""What is seen in the curves, in sentences: who is ahead on held-out images, what is not told apart, what is chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, sqrt
from statistics import fmean

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.runs.datasets import CLASSES, DATA_SETS
from resnet_explorer.runs.measures import MEASURES, chance_of, measure_name
from resnet_explorer.ui.components.curves.lines import Line
from resnet_explorer.ui.components.sentences.sentences import Sentence

# for each run pairs of a step and a share right, as the browser has them
Tests = Mapping[str, Sequence[tuple[int, float]]]
# fewer steps than this show how fast a network begins to learn, not what it reaches
EARLY = 5000
# the depth for which He 2016 publishes errors of all orderings
DEPTH = 110
ACCURACY = MEASURES[CLASSES].name
EARLY_SENTENCE = Sentence("These are differences in early optimisation speed, not in final accuracy.")


@dataclass(frozen=True)
class Score:
    """A line's shares right, one a seed, at the newest step that all its seeds measured."""

    line: Line
    step: int
    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        return fmean(self.values)


def findings(lines: Sequence[Line], tests: Tests) -> list[Sentence]:
    """What can be said of these lines; nothing where there are none."""
    runs = [run for line in lines for run in line.runs]
    if not runs:
        return []
    ranked = sorted(filter(None, (_score(line, tests) for line in lines)), key=lambda score: -score.mean)
    sentences = (
        [_rank(ranked)]
        if ranked
        else [Sentence("Held-out images are measured every so many steps; nothing is known yet.")]
    )
    sentences += [*_compare(ranked), *_chance(ranked)]
    measure = measure_name(run["data"] for run in runs)
    if is_early(runs):
        sentences.append(early_sentence(measure))
    # what papers have for the orderings is an error of classes
    return [*sentences, *(_published(lines) if measure == ACCURACY else [])]


def compared_at_the_end(lines: Sequence[Line]) -> list[Sentence]:
    """What stands in the caption once all runs of some lines have ended: who is told apart, and who is at chance."""
    runs = [run for line in lines for run in line.runs]
    reached = {run["run"]: value for run in runs if isinstance(value := run["test_accuracy"], float)}
    if len(lines) < 2 or len(reached) < len(runs) or any(run["state"] != "finished" for run in runs):
        return []
    tests = {run["run"]: [(run["steps"], reached[run["run"]])] for run in runs}
    ranked = sorted(filter(None, (_score(line, tests) for line in lines)), key=lambda score: -score.mean)
    return [*_compare(ranked), *_chance(ranked)]


def early_sentence(measure: str) -> Sentence:
    """What short runs cannot say."""
    if measure == ACCURACY:
        return EARLY_SENTENCE
    return Sentence("These are differences in early optimisation speed, not in final {measure}.", {"measure": measure})


def read_tests(payload: object) -> dict[str, list[tuple[int, float]]]:
    """The pairs that a browser sends; whatever is no pair of numbers is left out."""
    if not isinstance(payload, dict):
        return {}
    return {
        str(run): [(int(pair[0]), float(pair[1])) for pair in pairs if _is_pair(pair)]
        for run, pairs in payload.items()
        if isinstance(pairs, list)
    }


def is_early(runs: Sequence[RunAnswer]) -> bool:
    """Whether some of the runs are too short to say anything on final accuracy."""
    return any(run["recipe"] == "short" or 0 < run["steps"] < EARLY for run in runs)


def percent(share: float) -> str:
    """0.5 as 50.0 %."""
    return f"{100 * share:.1f} %"


def _is_pair(pair: object) -> bool:
    return (
        isinstance(pair, list)
        and len(pair) == 2
        and all(isinstance(part, int | float) and isfinite(part) for part in pair)
    )


def _score(line: Line, tests: Tests) -> Score | None:
    accuracies = [dict(tests[run["run"]]) for run in line.runs if tests.get(run["run"])]
    steps = set.intersection(*(set(each) for each in accuracies)) if accuracies else set()
    return Score(line, max(steps), tuple(each[max(steps)] for each in accuracies)) if steps else None


def _rank(ranked: Sequence[Score]) -> Sentence:
    steps = {score.step for score in ranked}
    parts = [f"{_short(score)}{f' (step {score.step:,})' if len(steps) > 1 else ''}" for score in ranked]
    measure = measure_name(score.line.runs[0]["data"] for score in ranked)
    plain = measure == ACCURACY
    words = {"ranking": ", ".join(parts)} | ({} if plain else {"measure": measure})
    text = "Accuracy on held-out images" if plain else "{measure} on held-out images"
    if len(steps) > 1:
        return Sentence(f"{text}, highest first: {{ranking}}.", words)
    return Sentence(f"{text} after {{n}} steps, highest first: {{ranking}}.", words | {"n": f"{steps.pop():,}"})


def _short(score: Score) -> str:
    low, high = min(score.values), max(score.values)
    spread = f" ({percent(low)} – {percent(high)})" if len(score.values) > 1 else ""
    return f"{score.line.label} {percent(score.mean)}{spread}"


def _compare(ranked: Sequence[Score]) -> list[Sentence]:
    """Which neighbours in the ranking overlap, or that one seed tells no two lanes apart."""
    if len(ranked) < 2:
        return []
    if any(len(score.values) < 2 for score in ranked):
        return [Sentence("One seed a lane: another seed may turn the order.")]
    apart: dict[bool, list[str]] = {True: [], False: []}
    for one, two in pairwise(ranked):
        clear = min(one.values) > max(two.values)
        apart[clear].append(f"{one.line.label} {'>' if clear else '–'} {two.line.label}")
    texts = {True: "Told apart by these seeds: {pairs}.", False: "Not told apart by these seeds: {pairs}."}
    return [Sentence(texts[clear], {"pairs": ", ".join(pairs)}) for clear, pairs in apart.items() if pairs]


def _chance(ranked: Sequence[Score]) -> list[Sentence]:
    """Lines whose accuracy is within three standard errors of guessing."""
    labels: list[str] = []
    share = 0.0
    for score in ranked:
        run = score.line.runs[0]
        known = chance_of(run["data"])
        if known is None:
            continue
        chance, answers = known
        images = run["test_images"] or DATA_SETS[run["data"].partition(":")[0]].test
        error = sqrt(chance * (1 - chance) / max(1, answers * images))
        if score.mean <= chance + 3 * error:
            labels, share = [*labels, score.line.label], chance
    values = {"share": f"{100 * share:g} %", "labels": ", ".join(labels)}
    return [Sentence("Still at chance ({share}): {labels}.", values)] if labels else []


def _published(lines: Sequence[Line]) -> list[Sentence]:
    """The errors that He 2016 publishes for the orderings that are shown."""
    parts = []
    for line in lines:
        errors = dict(ORDERINGS[line.runs[0]["ordering"]].errors) if line.runs[0]["ordering"] in ORDERINGS else {}
        if DEPTH in errors and line.slot >= 0:
            parts.append(f"{line.label} {errors[DEPTH]:.2f} %")
    text = "Published test errors at full length (He 2016, CIFAR-10, {depth} layers): {errors}."
    return [Sentence(text, {"depth": DEPTH, "errors": ", ".join(parts)})] if parts else []
