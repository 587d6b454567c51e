"""An atlas as the page shows it: the map, the table of those that lead, an entry in full, and what follows from all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resnet_explorer.api.atlas_answers import MEASURES, AtlasAnswer, AtlasRow, IntervalAnswer
from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.figures.atlas import HEIGHT, Axes, Place, draw
from resnet_explorer.figures.intervals import NamedInterval, height
from resnet_explorer.figures.intervals import draw as draw_intervals
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.runs.events import LIVE
from resnet_explorer.ui.components.facts.facts import Fact, FactTable
from resnet_explorer.ui.components.figure.figure import FigureValue, Table
from resnet_explorer.ui.components.lanes.lanes import MAX_LANES, Lane, lane_of
from resnet_explorer.ui.i18n import translate

# rows of the table of leaders
LED = 50
# of the figures of intervals, before there is anything
FIGURE_HEIGHT = 200
LEADERS = ("Place", "Ordering", "Name", "First", "Second", "Last", "95 % interval", "Spread", "Parameters")
NOTHING = "None of them has both measures yet: choose others, probe all at their start, or hold the tournament."


@dataclass(frozen=True)
class Choice:
    """What the controls ask to see: the measures of both axes and of the colour, and which properties are wanted."""

    x: str
    y: str
    colour: str
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


def wanted(answer: AtlasAnswer, choice: Choice) -> list[AtlasRow]:
    """The rows that have all the properties asked for and none of the others."""
    return [
        row
        for row in answer["rows"]
        if set(choice.has) <= set(row["properties"]) and not set(choice.lacks) & set(row["properties"])
    ]


def atlas_map(answer: AtlasAnswer, choice: Choice, chosen: int) -> FigureValue:
    """The orderings that are wanted at two measures; where nothing has them, a sentence says what to do."""
    rows = wanted(answer, choice)
    known = [row for row in rows if all(row["numbers"].get(name) is not None for name in (choice.x, choice.y))]
    live = answer["state"] in LIVE
    progress = (answer["done"], answer["of"]) if live and answer["of"] else None
    if not known:
        return FigureValue(name="atlas", empty=NOTHING, progress=progress, height=HEIGHT)
    places = [_place(row, choice) for row in known]
    axes = Axes(*(MEASURES[name].label if name else "" for name in (choice.x, choice.y, choice.colour)))
    sentences = (
        Sentence("{n} of {of} orderings, one dot each; {m} have no number here.", _counts(answer, rows, known)),
        Sentence("Across: {meaning}.", {"meaning": MEASURES[choice.x].meaning}),
        Sentence("Up: {meaning}.", {"meaning": MEASURES[choice.y].meaning}),
    )
    return FigureValue(
        draw(places, axes, chosen, PAGE),
        name="atlas",
        alt=f"{len(known)} orderings: {axes.y} against {axes.x}.",
        table=Table(("ordering", "name", axes.x, axes.y, axes.colour), tuple(_numbers(place) for place in places)),
        progress=progress,
        height=HEIGHT,
        sentences=sentences,
    )


def leader_table(answer: AtlasAnswer, choice: Choice, language: str) -> dict[str, Any]:
    """The best by the latest round that each reached, with their interval where there are seeds."""
    numbers = {row["number"] for row in wanted(answer, choice)}
    places = [(place, number) for place, number in enumerate(answer["leaders"], 1) if number in numbers]
    rows = [_leader(place, answer["rows"][number]) for place, number in places[:LED]]
    return {"headers": [translate(name, language) for name in LEADERS], "data": rows}


def entry(answer: AtlasAnswer, number: int) -> FactTable | None:
    """All that is known of one ordering."""
    if not 0 <= number < len(answer["rows"]):
        return None
    row = answer["rows"][number]
    facts = [Fact("Ordering", [row["sentence"]])]
    facts += [Fact("Name", [row["name"]])] if row["name"] else []
    facts += [
        Fact(measure.label, [_text(row["numbers"][name])])
        for name, measure in MEASURES.items()
        if name in row["numbers"]
    ]
    facts += [Fact("95 % interval", [_interval(row["interval"])])] if row["interval"] else []
    facts.append(Fact("Trunk", [row["trunk"]]))
    facts += [Fact("The same", [f"{one['sentence']}: {'; '.join(one['reasons'])}"]) for one in row["same"]]
    return FactTable(row["name"] or row["sentence"], facts)


def with_lane(lanes: Sequence[Lane], row: AtlasRow) -> tuple[list[Lane], list[Sentence]]:
    """The lanes with an ordering in a free place, or in that of the last one, and what happened in a sentence."""
    taken = {lane.slot for lane in lanes}
    slot = next((free for free in range(MAX_LANES) if free not in taken), MAX_LANES - 1)
    added = lane_of(slot, row["line"])
    words = (
        "Lane {letter} is {sentence} now; Undo brings back what was there."
        if slot in taken
        else ("Lane {letter} is {sentence} now.")
    )
    kept = [lane for lane in lanes if lane.slot != slot]
    news = Sentence(words, {"letter": added.letter, "sentence": row["sentence"]})
    return sorted([*kept, added], key=lambda lane: lane.slot), [news]


def standing(answer: AtlasAnswer) -> list[Sentence]:
    """Where the atlas stands: when it was recorded, or how far its run is."""
    if answer["recorded"]:
        made = answer["recorded"]
        words = "Recorded {date} on {hardware}, torch {torch}, commit {commit}."
        return [Sentence(words, {**made, "commit": made["commit"][:12]}), _rounds(answer)]
    if answer["state"]:
        state = Sentence(answer["state"])
        progress = Sentence("{state}: {done} of {of}.", {"state": state, "done": answer["done"], "of": answer["of"]})
        reason = [Sentence("{error}", {"error": answer["reason"]})] if answer["reason"] else []
        return [progress, *reason, _rounds(answer)]
    return [Sentence("Nothing is measured yet at this depth and on these images.")]


def effect_figure(answer: AtlasAnswer) -> FigureValue:
    """What each property does to the accuracy of the first round, beside the others."""
    rows = [_named(each["label"], each["effect"]) for each in answer["effects"] if each["effect"]]
    counts = {each["label"]: each["entries"] for each in answer["effects"]}
    words = (
        Sentence("Change of accuracy where a property is there, all others equal, with its 95 % interval."),
        Sentence("Least squares over {n} orderings that were drawn, not chosen.", {"n": _sampled(answer)}),
    )
    return _intervals("atlas-effects", rows, "accuracy, first round", counts, words)


def rank_figure(answer: AtlasAnswer) -> FigureValue:
    """The rank correlation of each number of the start with the accuracy of the first round."""
    rows = [_named(each["label"], each["correlation"]) for each in answer["ranks"] if each["correlation"]]
    counts = {each["label"]: each["correlation"]["count"] for each in answer["ranks"] if each["correlation"]}
    words = (
        Sentence("Spearman's rank correlation with the accuracy of the first round, with its 95 % interval."),
        Sentence("Over {n} orderings that were drawn, not chosen.", {"n": _sampled(answer)}),
    )
    return _intervals("atlas-ranks", rows, "rank correlation", counts, words)


def _intervals(
    name: str, rows: list[NamedInterval], axis: str, counts: dict[str, int], words: tuple[Sentence, ...]
) -> FigureValue:
    if not rows:
        return FigureValue(name=name, empty="The tournament's first round tells.", height=FIGURE_HEIGHT)
    table = Table(
        ("name", "orderings", "mean", "95 % low", "95 % high"),
        tuple((row.name, counts[row.name], row.mean, row.low, row.high) for row in rows),
    )
    alt = "; ".join(f"{row.name} {row.mean:+.3f}" for row in rows)
    return FigureValue(
        draw_intervals(rows, axis, PAGE), name, alt=alt, table=table, height=height(rows), sentences=words
    )


def _named(name: str, interval: IntervalAnswer) -> NamedInterval:
    return NamedInterval(name, interval["low"], interval["mean"], interval["high"])


def _sampled(answer: AtlasAnswer) -> int:
    """How many orderings the effects and ranks are over."""
    return next((each["effect"]["count"] for each in answer["effects"] if each["effect"]), 0)


def _rounds(answer: AtlasAnswer) -> Sentence:
    words = (
        "Rounds: {short} steps for a third by the probe and a third drawn, {long} for the best ninth, {seeds} seeds."
    )
    return Sentence(words, {name: str(value) for name, value in answer["rounds"].items()})


def _counts(answer: AtlasAnswer, rows: Sequence[AtlasRow], known: Sequence[AtlasRow]) -> dict[str, object]:
    return {"n": len(known), "of": len(answer["rows"]), "m": len(rows) - len(known)}


def _place(row: AtlasRow, choice: Choice) -> Place:
    numbers = row["numbers"]
    x, y = (numbers[name] or 0.0 for name in (choice.x, choice.y))
    return Place(row["number"], row["sentence"], row["name"], x, y, numbers.get(choice.colour))


def _numbers(place: Place) -> tuple[Any, ...]:
    return place.sentence, place.name, place.x, place.y, place.colour


def _leader(place: int, row: AtlasRow) -> list[Any]:
    numbers = row["numbers"]
    rounds = [_text(numbers.get(name)) for name in ("short", "long", "final")]
    interval = _interval(row["interval"]) if row["interval"] else ""
    return [
        place,
        row["sentence"],
        row["name"],
        *rounds,
        interval,
        _text(numbers.get("spread")),
        numbers["params"],
    ]


def _text(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}" if abs(value) >= 0.001 else f"{value:.2g}"


def _interval(interval: IntervalAnswer | None) -> str:
    if interval is None:
        return ""
    return f"{interval['mean']:.3f} [{interval['low']:.3f}, {interval['high']:.3f}]"
