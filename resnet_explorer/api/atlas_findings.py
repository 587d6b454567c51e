"""What an atlas says, in sentences: how many there are, who leads, what the start foretold, what grammar explains."""

from collections.abc import Sequence

from resnet_explorer.api.atlas_answers import AtlasRow, EffectAnswer, IntervalAnswer, RankAnswer, sampled
from resnet_explorer.networks.atlas_grammar import PROPERTIES
from resnet_explorer.networks.atlas_words import sentences
from resnet_explorer.runs.atlas import Atlas
from resnet_explorer.studies.tournament import FINAL, SHORT

ROUND_WORDS = {SHORT: "the first round", "long": "the second round", FINAL: "the last round"}


def findings(
    atlas: Atlas,
    rows: Sequence[AtlasRow],
    leaders: Sequence[int],
    ranks: Sequence[RankAnswer],
    effects: Sequence[EffectAnswer],
    explained: float | None,
) -> list[str]:
    """All that can be said of what is known by now."""
    count = sum(1 for _ in sentences(atlas.convs, atlas.bns, atlas.relus))
    known = [
        f"{count:,} sentences of these words compute {len(rows):,} different functions; each is here once.",
        *_lead(rows, leaders),
    ]
    chosen = sampled(atlas, rows)
    if chosen:
        lost = sum(row["numbers"][SHORT] is None for row in chosen)
        known += [_rank_sentence(rank) for rank in ranks if rank["correlation"]]
        known += _effect_sentences(effects, explained, len(chosen))
        known += [f"{lost} of these {len(chosen)} trainings came to nothing; they count as guessing."] * bool(lost)
    return known


def _lead(rows: Sequence[AtlasRow], leaders: Sequence[int]) -> list[str]:
    if not leaders:
        return []
    name = next(name for name in (FINAL, "long", SHORT) if rows[leaders[0]]["numbers"].get(name) is not None)
    best = rows[leaders[0]]
    known = [
        f"{rows[number]['name']} {_accuracy(rows[number], name)} (place {place})"
        for place, number in enumerate(leaders, 1)
        if rows[number]["name"]
    ]
    sentence = f"Of {len(leaders)} in {ROUND_WORDS[name]} the best is {best['sentence']!r} with {_accuracy(best, name)}"
    return [f"{sentence}; of the named ones {', '.join(known)}." if known else f"{sentence}."]


def _accuracy(row: AtlasRow, name: str) -> str:
    value, interval = row["numbers"][name], row["interval"]
    if name == FINAL and interval:
        return f"{interval['mean']:.3f} [{interval['low']:.3f}, {interval['high']:.3f}]"
    return f"{value:.3f}"


def _rank_sentence(rank: RankAnswer) -> str:
    interval = rank["correlation"]
    assert interval
    known = f"rank correlation {_signed(interval, 2)} over {interval['count']} that were drawn, not chosen"
    label = rank["label"].split(",")[0]
    if interval["low"] <= 0 <= interval["high"]:
        return f"The {label} at the start does not foretell the accuracy of the first round: {known}."
    direction = "lower" if interval["mean"] < 0 else "higher"
    return f"The {direction} the {label} at the start, the higher the accuracy of the first round: {known}."


def _effect_sentences(effects: Sequence[EffectAnswer], explained: float | None, count: int) -> list[str]:
    if explained is None:
        return []
    begin = f"Grammar alone explains {explained:.0%} of what the accuracies of these {count} differ by."
    clear = [each for each in effects if each["effect"] and not each["effect"]["low"] <= 0 <= each["effect"]["high"]]
    if not clear:
        return [begin, "No property by itself can be distinguished from one that does nothing."]
    clear.sort(key=lambda each: -abs(each["effect"]["mean"] if each["effect"] else 0))
    return [begin, *map(_effect_sentence, clear)]


def _effect_sentence(each: EffectAnswer) -> str:
    assert each["effect"]
    more = "gains" if each["effect"]["mean"] > 0 else "loses"
    size = abs(each["effect"]["mean"])
    return f"Where {PROPERTIES[each['property']].clause}, it {more} {size:.3f} of accuracy, all else equal: " + (
        f"{_signed(each['effect'], 3)}."
    )


def _signed(interval: IntervalAnswer, digits: int) -> str:
    low, middle, high = (f"{interval[name]:+.{digits}f}" for name in ("low", "mean", "high"))
    return f"{middle} [{low}, {high}]"
