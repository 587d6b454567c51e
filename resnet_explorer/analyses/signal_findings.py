"""The sentences about signal and gradient, where numbers end, and what each remedy against explosion changes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.settings import SignalSettings
from resnet_explorer.describe.sentence import Sentence, joined

# the largest number of half precision
HALF = 65504.0
WORDS = {
    "nothing": "nothing",
    "BN": "batch normalisation",
    "torch": "torch's smaller initial weights",
    "fixup": "Fixup's initial weights",
    "clipping": "gradients clipped to length 1",
}


def findings(lanes: Sequence[LaneResult], settings: SignalSettings) -> list[Sentence]:
    """Lane by lane; at last which lanes kept their weights though others were asked for."""
    lines = []
    for lane in lanes:
        if lane.values.get("moment"):
            lines += [_describe(lane), *_describe_overflow(lane), *_describe_theory(lane), *_describe_remedies(lane)]
    kept = [lane.letter for lane in lanes if lane.values.get("trained")]
    if settings.init != "own" and kept:
        text = "{lanes}: trained weights, which no other initial weights take the place of."
        lines.append(Sentence(text, {"lanes": ", ".join(kept)}))
    return lines


def _describe(lane: LaneResult) -> Sentence:
    values = lane.values
    return Sentence(
        "{lane}, {state}, {norm}: {said}.",
        {
            "lane": lane.letter,
            "state": "trained" if values["trained"] else "at initialisation",
            "norm": "with BN" if values["has_norm"] else "without BN",
            "said": joined(list(_changes(values)), "; "),
        },
    )


def _changes(values: Mapping[str, Any]) -> Iterator[Sentence]:
    first, last = values["moment"][0], values["moment"][-1]
    if first and last is not None:
        text = "E x², the mean square of the signal, goes from {first} to {last} over {n} units"
        yield Sentence(text, {"first": f"{first:.3g}", "last": f"{last:.3g}", "n": values["units"]})
    else:
        yield Sentence("E x² is no finite number at the end")
    shares = sorted(one for one in values["share"] if one is not None)
    if shares:
        text = "a branch has {share} times the deviation of its unit's output (median)"
        yield Sentence(text, {"share": f"{shares[len(shares) // 2]:.2f}"})
    before, after = values["gradient"][0], values["gradient"][-1]
    if before is not None and after:
        text = "the gradient is {ratio} times as long at the first unit as at the last"
        yield Sentence(text, {"ratio": f"{before / after:.3g}"})
    if values["correlation"][0] is not None:
        text = "gradients of two inputs have cosine {cosine} at the first unit"
        yield Sentence(text, {"cosine": f"{values['correlation'][0]:.2f}"})


def _describe_overflow(lane: LaneResult) -> Iterator[Sentence]:
    """From which unit on numbers overflow here, or would in half precision."""
    values = lane.values
    broken = [unit for unit, share in enumerate(values["not_finite"]) if share != 0]
    large = [unit for unit, one in enumerate(values["largest"]) if one is None or one > HALF]
    if broken:
        text = "{lane}: from unit {unit} on there are numbers that are infinite or none (NaN)."
        yield Sentence(text, {"lane": lane.letter, "unit": broken[0]})
    elif large:
        text = "{lane}: from unit {unit} on numbers are beyond half precision's {half}."
        yield Sentence(text, {"lane": lane.letter, "unit": large[0], "half": f"{HALF:,.0f}"})


def _describe_theory(lane: LaneResult) -> Iterator[Sentence]:
    values = lane.values
    predicted, last = values["theory"]["moment"], values["moment"][-1]
    if not predicted or last is None:
        return
    agreement = values["theory"]["correlation"]
    cosine = ", and a cosine of {cosine} at the first unit if two inputs opened each ReLU independently"
    yield Sentence(
        "{lane}: theory, for wide networks and noise, has E x² {moment} at the end{cosine}.",
        {
            "lane": lane.letter,
            "moment": f"{predicted[-1]:.3g}",
            "cosine": Sentence(cosine, {"cosine": f"{agreement[0]:.2g}"}) if agreement else "",
        },
    )


def _describe_remedies(lane: LaneResult) -> Iterator[Sentence]:
    """Two sentences of a lane: what happens without remedy, and what each changes; none before they are measured."""
    ways: Mapping[str, Any] = lane.values.get("remedies") or {}
    if "nothing" not in ways:
        return
    bare = ways["nothing"]
    yield Sentence(
        "{lane} without normalisation, He's initial weights: {signal}, {overflow}{loss}.",
        {"lane": lane.letter, "signal": _signal(bare), "overflow": _overflow(bare), "loss": _loss(bare)},
    )
    others = [
        Sentence(
            "with {remedy}: {signal}{same}{loss}",
            {"remedy": WORDS[name], "signal": _signal(way), "same": _same(way, bare), "loss": _loss(way)},
        )
        for name, way in ways.items()
        if name != "nothing"
    ]
    if others:
        yield Sentence("{lane}, {others}.", {"lane": lane.letter, "others": joined(others, "; ")})


def _signal(way: Mapping[str, Any]) -> Sentence:
    if way["moment"] is None:
        return Sentence("E x² is no finite number at the end")
    return Sentence("E x² {moment} at the end", {"moment": f"{way['moment']:.3g}"})


def _overflow(way: Mapping[str, Any]) -> Sentence:
    if way["not_finite"] is not None:
        return Sentence("numbers that are none from unit {unit} on", {"unit": way["not_finite"]})
    if way["beyond_half"] is not None:
        words = {"half": f"{HALF:,.0f}", "unit": way["beyond_half"]}
        return Sentence("beyond half precision's {half} from unit {unit} on", words)
    return Sentence("all within half precision")


def _same(way: Mapping[str, Any], bare: Mapping[str, Any]) -> str:
    return " as before" if way["moment"] == bare["moment"] and way["moment"] is not None else ""


def _loss(way: Mapping[str, Any]) -> Sentence | str:
    losses = way["loss"]
    if len(losses) < 2:
        return "" if losses[0] is not None else ", no loss"
    text = ", and the loss, {before} at first, is {after} after {steps}"
    if losses[-1] is None:
        text = ", and the loss, {before} at first, is lost (NaN) after {steps}"
    count = len(losses) - 1
    return Sentence(
        text,
        {
            "before": "none" if losses[0] is None else f"{losses[0]:.3g}",
            "after": "" if losses[-1] is None else f"{losses[-1]:.3g}",
            "steps": Sentence("{n} step" if count == 1 else "{n} steps", {"n": count}),
        },
    )
