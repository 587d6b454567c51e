"""What cuts and other orders cost, in sentences."""

from collections.abc import Iterator, Sequence
from statistics import mean

from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.settings import LesionSettings
from resnet_explorer.describe.sentence import Sentence, joined

# of what the net is above chance, below which a cut is not noticed
UNNOTICED = 0.05


def findings(lanes: Sequence[LaneResult], settings: LesionSettings) -> list[Sentence]:
    """What one cut, several, and another order cost each lane; which lanes say nothing; which suffers least."""
    sentences: list[Sentence] = []
    costs: dict[str, float] = {}
    for lane in lanes:
        if lane.values.get("baseline") is None:
            continue
        above = lane.values["baseline"] - lane.values["chance"]
        if above < (1 - lane.values["chance"]) / 4:
            sentences.append(_at_chance(lane))
        else:
            sentences += _describe(lane, above)
            costs[lane.letter] = _mean_drop(lane) / above
        sentences += _uncut(lane)
    if len(costs) > 1:
        least, most = min(costs, key=lambda letter: costs[letter]), max(costs, key=lambda letter: costs[letter])
        words = {"least": least, "most": most, "low": f"{costs[least]:.1%}", "high": f"{costs[most]:.1%}"}
        text = (
            "Of what it is above chance, the mean cut of a unit that keeps the shape takes {low} from {least} and "
            "{high} from {most}."
        )
        sentences.append(Sentence(text, words))
    return sentences


def _at_chance(lane: LaneResult) -> Sentence:
    values = lane.values
    return Sentence(
        "{lane} is {state} ({right} right, chance is {chance}), so a cut has little to take from it.",
        {
            "lane": lane.letter,
            "state": "hardly above chance" if values["trained"] else "not trained",
            "right": f"{values['baseline']:.1%}",
            "chance": f"{values['chance']:.0%}",
        },
    )


def _mean_drop(lane: LaneResult) -> float:
    values = lane.values
    left = [one for unit, one in enumerate(values["deleted"]) if unit not in values["changes_shape"]]
    return values["baseline"] - mean(left) if left else 0.0


def _describe(lane: LaneResult, above: float) -> Iterator[Sentence]:
    values = lane.values
    left = {unit: one for unit, one in enumerate(values["deleted"]) if one is not None}
    if not left:
        return
    worst = min(left, key=lambda unit: left[unit])
    yield Sentence(
        "{lane}: {right} of {images} images are right; to cut one unit that keeps the shape costs {points} points on "
        "average; the worst cut, of unit {worst}, leaves {rest}; {unnoticed} of {count} cuts cost less than a "
        "twentieth of what is above chance.",
        {
            "lane": lane.letter,
            "right": f"{values['baseline']:.1%}",
            "images": f"{values['images']:,}",
            "points": f"{100 * _mean_drop(lane):.1f}",
            "worst": worst + 1,
            "rest": f"{left[worst]:.1%}",
            "unnoticed": sum(values["baseline"] - one < UNNOTICED * above for one in left.values()),
            "count": len(left),
        },
    )
    yield from _several(lane)
    if values["orders"]:
        lowest = min(values["orders"], key=lambda order: order["tau"])
        text = "{lane}: in the most disordered order tried, Kendall's tau {tau}, {right} are right."
        words = {"tau": f"{lowest['tau']:.2f}", "right": f"{lowest['accuracy']:.1%}"}
        yield Sentence(text, {"lane": lane.letter, **words})


def _several(lane: LaneResult) -> Iterator[Sentence]:
    several = [row for row in lane.values["several"] if row]
    if not several:
        return
    parts = [
        Sentence("{right} with {n} cut", {"right": f"{mean(several[place]):.1%}", "n": lane.values["counts"][place]})
        for place in sorted({0, len(several) // 2, len(several) - 1})
    ]
    trials = len(several[0])
    words = {"lane": lane.letter, "parts": joined(parts, ", ")}
    words["trials"] = Sentence("one trial" if trials == 1 else "mean of {n} trials", {"n": trials})
    yield Sentence("{lane}: several units cut at random leave {parts} ({trials}).", words)


def _uncut(lane: LaneResult) -> Iterator[Sentence]:
    values = lane.values
    fixed = [unit + 1 for unit, one in enumerate(values["deleted"]) if one is None]
    kept = [unit + 1 for unit in values["changes_shape"] if values["deleted"][unit] is not None]
    if fixed:
        text = "{lane}: {units} changes the shape and has no shortcut, so it cannot be cut."
        yield Sentence(text, {"lane": lane.letter, "units": _name(fixed)})
    if kept:
        text = "{lane}: {units} changes the shape, so a cut leaves the shortcut in its place."
        yield Sentence(text, {"lane": lane.letter, "units": _name(kept)})


def _name(units: Sequence[int]) -> Sentence:
    text = "unit {units}" if len(units) == 1 else "each of units {units}"
    return Sentence(text, {"units": ", ".join(map(str, units))})
