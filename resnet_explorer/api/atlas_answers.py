"""What the verbs about the atlas answer, as JSON: an entry in a row, what explains the accuracies, and who leads."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from statistics import mean
from typing import Any, NamedTuple, TypedDict

from resnet_explorer.api.planning import build_plan, summarise
from resnet_explorer.networks.atlas_grammar import PROPERTIES, known_name, properties_of
from resnet_explorer.runs.atlas import Atlas
from resnet_explorer.runs.datasets import DATA_SETS, read_data
from resnet_explorer.studies.linear_model import linear_model
from resnet_explorer.studies.statistics import Interval, paired_interval, rank_interval
from resnet_explorer.studies.tournament import FINAL, LONG, SHORT, sample


class Measure(NamedTuple):
    """A number of an entry: how an axis names it, and what it counts."""

    label: str
    meaning: str


PROBED: Mapping[str, Measure] = {
    "spread": Measure("gradient spread, decades", "largest over smallest norm of dL/dx between units, at the start"),
    "growth": Measure("growth forward, decades", "mean square after the last unit over that before the first"),
    "correlation": Measure("correlation of gradients", "mean cosine of two images' gradients before the first unit"),
    "first_gradient": Measure("first gradient, decades", "norm of dL/dx before the first unit, at the start"),
}
TRAINED: Mapping[str, Measure] = {
    SHORT: Measure("accuracy, first round", "share right on held-out images after the short training"),
    LONG: Measure("accuracy, second round", "share right on held-out images after the long training"),
    FINAL: Measure("accuracy, last round", "share right on held-out images after the long training, mean over seeds"),
}
PLANNED: Mapping[str, Measure] = {
    "params": Measure("parameters", "with batch normalisation"),
    "macs": Measure("MACs", "multiply-adds of one image of 16 pixels"),
    "words": Measure("words", "words of the unit, the addition among them"),
}
MEASURES: Mapping[str, Measure] = {**PROBED, **TRAINED, **PLANNED}


class SameAnswer(TypedDict):
    """A sentence that computes what the entry does, and why."""

    sentence: str
    reasons: list[str]


class IntervalAnswer(TypedDict):
    """A mean and the ends of its 95 % interval, over `count` numbers."""

    low: float
    mean: float
    high: float
    count: int


class AtlasRow(TypedDict):
    """An entry: its sentence and network, what is the same, its properties, and a number for each measure known."""

    number: int
    sentence: str
    line: str
    name: str
    same: list[SameAnswer]
    properties: list[str]
    trunk: str
    clean: bool
    numbers: dict[str, float | None]
    runs: dict[str, list[str]]
    interval: IntervalAnswer | None


class EffectAnswer(TypedDict):
    """What a property does to the accuracy of the first round, beside the others; null where it follows from them."""

    property: str
    label: str
    entries: int
    effect: IntervalAnswer | None


class RankAnswer(TypedDict):
    """How the ranks of a number at the start and of the accuracy go together, over the sample that nothing chose."""

    measure: str
    label: str
    correlation: IntervalAnswer | None


class AtlasAnswer(TypedDict):
    """An atlas: what it asks, where its runs stand, its rows, and what follows from them.

    `rounds` are the steps and seeds of its tournament; `recorded` says when and where it was made, if it comes with the
    program. `leaders` are entries by accuracy in the latest round, the best first.
    """

    convs: int
    bns: int
    relus: int
    depth: int
    data: str
    rounds: dict[str, int]
    probe: str
    tournament: str
    state: str
    reason: str
    done: int
    of: int
    mine: bool
    recorded: dict[str, str]
    rows: list[AtlasRow]
    leaders: list[int]
    ranks: list[RankAnswer]
    effects: list[EffectAnswer]
    explained: float | None
    sentences: list[str]


class Trained(NamedTuple):
    """A training of an entry that has ended; `accuracy` is None where it came to nothing."""

    round: str
    entry: int
    seed: int
    run: str
    accuracy: float | None


@lru_cache(16)
def plain_rows(atlas: Atlas) -> tuple[AtlasRow, ...]:
    """The rows as they are before anything is measured: what the grammar and the plan say."""
    return tuple(_plain_row(atlas, number) for number in range(len(atlas.entries)))


def atlas_rows(
    atlas: Atlas, probed: Mapping[int, Mapping[str, float | None]], trained: Sequence[Trained]
) -> list[AtlasRow]:
    """The rows with what is known of each."""
    of: dict[int, list[Trained]] = {}
    for one in trained:
        of.setdefault(one.entry, []).append(one)
    return [_filled(row, probed.get(row["number"], {}), of.get(row["number"], [])) for row in plain_rows(atlas)]


def leaders(rows: Sequence[AtlasRow]) -> list[int]:
    """The entries of the latest round that anybody reached, the best first."""
    for name in (FINAL, LONG, SHORT):
        known = [(-value, row["number"]) for row in rows if (value := row["numbers"].get(name)) is not None]
        if known:
            return [number for _, number in sorted(known)]
    return []


def rank_answers(atlas: Atlas, rows: Sequence[AtlasRow]) -> list[RankAnswer]:
    """For each number of the probe, how well it foretold the accuracy of the first round."""
    chosen = sampled(atlas, rows)
    return [_rank_answer(name, measure, chosen, _guessing(atlas)) for name, measure in PROBED.items()]


def effect_answers(atlas: Atlas, rows: Sequence[AtlasRow]) -> tuple[list[EffectAnswer], float | None]:
    """What the properties explain of the accuracy of the first round, and which share of its variance."""
    chosen = sampled(atlas, rows)
    columns = [[float(name in row["properties"]) for name in PROPERTIES] for row in chosen]
    model = linear_model(columns, [_outcome(row, _guessing(atlas)) for row in chosen])
    effects = model.effects if model else (None,) * len(PROPERTIES)
    answers = [
        EffectAnswer(
            property=name,
            label=one.label,
            entries=sum(name in row["properties"] for row in chosen),
            effect=interval_answer(effect),
        )
        for (name, one), effect in zip(PROPERTIES.items(), effects, strict=True)
    ]
    return answers, model.explained if model else None


def interval_answer(interval: Interval | None) -> IntervalAnswer | None:
    """An interval as JSON."""
    if interval is None:
        return None
    return IntervalAnswer(low=interval.low, mean=interval.mean, high=interval.high, count=interval.count)


def sampled(atlas: Atlas, rows: Sequence[AtlasRow]) -> list[AtlasRow]:
    """The rows of the sample that were trained in the first round."""
    drawn = set(sample(atlas))
    return [row for row in rows if row["number"] in drawn and SHORT in row["numbers"]]


def _guessing(atlas: Atlas) -> float:
    """The accuracy of guessing, which is what a training that came to nothing counts as."""
    return 1 / DATA_SETS[read_data(atlas.data).name].classes


def _outcome(row: AtlasRow, guessing: float) -> float:
    accuracy = row["numbers"][SHORT]
    return guessing if accuracy is None else accuracy


def _rank_answer(name: str, measure: Measure, rows: Sequence[AtlasRow], guessing: float) -> RankAnswer:
    known = [(value, _outcome(row, guessing)) for row in rows if (value := row["numbers"].get(name)) is not None]
    interval = rank_interval([one for one, _ in known], [other for _, other in known])
    return RankAnswer(measure=name, label=measure.label, correlation=interval_answer(interval))


def _plain_row(atlas: Atlas, number: int) -> AtlasRow:
    entry = atlas.entries[number]
    line = atlas.line(number)
    totals = summarise(*build_plan(f"{line};width=1/2;image=16"), 1, "fp32")
    trunk = totals["trunk"]
    return AtlasRow(
        number=number,
        sentence=entry.sentence,
        line=line,
        name=next(filter(None, (known_name(one, atlas.convs) for one in entry.sentences)), ""),
        same=[SameAnswer(sentence=one.sentence, reasons=list(one.reasons)) for one in entry.same],
        properties=list(properties_of(entry.sentence)),
        trunk=trunk["verdict"],
        clean=trunk["exact"],
        numbers={"params": totals["params"], "macs": totals["macs"], "words": len(entry.sentence.split())},
        runs={},
        interval=None,
    )


def _filled(row: AtlasRow, probed: Mapping[str, float | None], trained: Sequence[Trained]) -> AtlasRow:
    """A row with the numbers of its probe and its trainings; an accuracy that is none is left out."""
    by_round = {name: [one for one in trained if one.round == name] for name in TRAINED}
    means = {name: _mean_accuracy(of) for name, of in by_round.items() if of}
    final = [one.accuracy for one in by_round[FINAL] if one.accuracy is not None]
    return AtlasRow(
        **{
            **row,
            "numbers": {**row["numbers"], **probed, **means},
            "runs": {name: [one.run for one in of] for name, of in by_round.items() if of},
            "interval": interval_answer(paired_interval(final)) if len(final) > 1 else None,
        }
    )


def _mean_accuracy(trained: Sequence[Trained]) -> float | None:
    known = [one.accuracy for one in trained if one.accuracy is not None]
    return mean(known) if len(known) == len(trained) else None


def trained_from(values: Mapping[str, Any]) -> Trained:
    """A training from what the tournament's run says of it."""
    accuracy = values["test_accuracy"]
    fine = values["state"] == "finished" and isinstance(accuracy, int | float)
    return Trained(values["round"], values["entry"], values["seed"], values["run"], float(accuracy) if fine else None)
