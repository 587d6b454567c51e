"""The sentences about signal and gradient, where numbers end, and what each remedy against explosion changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from resnet_explorer.analyses.remedies import HALF
from resnet_explorer.analyses.request import LaneResult

WORDS = {
    "nothing": "nothing",
    "BN": "batch normalisation",
    "torch": "torch's smaller initial weights",
    "fixup": "Fixup's initial weights",
    "clipping": "gradients clipped to length 1",
}


def sentences(lanes: Sequence[LaneResult], redrawn: bool) -> list[str]:
    """Lane by lane; at last which lanes kept their weights though others were asked for."""
    lines = []
    for lane in lanes:
        if lane.values.get("moment"):
            lines += [_describe(lane), *_describe_overflow(lane), *_describe_theory(lane), *_describe_remedies(lane)]
    kept = [lane.letter for lane in lanes if lane.values.get("trained")]
    if redrawn and kept:
        lines.append(f"{', '.join(kept)}: trained weights, which no other initial weights take the place of.")
    return lines


def _describe(lane: LaneResult) -> str:
    values = lane.values
    norm = "with BN" if values["has_norm"] else "without BN"
    first, last = values["moment"][0], values["moment"][-1]
    text = f"{lane.letter}, {'trained' if values['trained'] else 'at initialisation'}, {norm}: "
    if first and last is not None:
        text += f"E x², the mean square of the signal, goes from {first:.3g} to {last:.3g} over {values['units']} units"
    else:
        text += "E x² is no finite number at the end"
    shares = sorted(one for one in values["share"] if one is not None)
    if shares:
        text += f"; a branch has {shares[len(shares) // 2]:.2f} times the deviation of its unit's output (median)"
    before, after = values["gradient"][0], values["gradient"][-1]
    if before is not None and after:
        text += f"; the gradient is {before / after:.3g} times as long at the first unit as at the last"
    if values["correlation"][0] is not None:
        text += f"; gradients of two inputs have cosine {values['correlation'][0]:.2f} at the first unit"
    return f"{text}."


def _describe_overflow(lane: LaneResult) -> list[str]:
    """From which unit on numbers overflow here, or would in half precision."""
    values = lane.values
    broken = [unit for unit, share in enumerate(values["not_finite"]) if share != 0]
    if broken:
        return [f"{lane.letter}: from unit {broken[0]} on there are numbers that are infinite or none (NaN)."]
    large = [unit for unit, one in enumerate(values["largest"]) if one is None or one > HALF]
    if large:
        return [f"{lane.letter}: from unit {large[0]} on numbers are beyond half precision's {HALF:,.0f}."]
    return []


def _describe_theory(lane: LaneResult) -> list[str]:
    values = lane.values
    predicted, last = values["theory"]["moment"], values["moment"][-1]
    if not predicted or last is None:
        return []
    text = f"{lane.letter}: theory, for wide networks and noise, has E x² {predicted[-1]:.3g} at the end"
    agreement = values["theory"]["correlation"]
    if agreement:
        text += f", and a cosine of {agreement[0]:.2g} at the first unit if two inputs opened each ReLU independently"
    return [f"{text}."]


def _describe_remedies(lane: LaneResult) -> list[str]:
    """Two sentences of a lane: what happens without remedy, and what each changes; none before they are measured."""
    ways: Mapping[str, Any] = lane.values.get("remedies") or {}
    if "nothing" not in ways:
        return []
    bare = ways["nothing"]
    text = f"{lane.letter} without normalisation, He's initial weights: {_signal(bare)}, {_overflow(bare)}{_loss(bare)}"
    others = [
        f"{WORDS[name]}: {_signal(way)}{_same(way, bare)}{_loss(way)}"
        for name, way in ways.items()
        if name != "nothing"
    ]
    return [f"{text}.", f"{lane.letter}, with {'; with '.join(others)}."] if others else [f"{text}."]


def _signal(way: Mapping[str, Any]) -> str:
    return "E x² is no finite number at the end" if way["moment"] is None else f"E x² {way['moment']:.3g} at the end"


def _overflow(way: Mapping[str, Any]) -> str:
    if way["not_finite"] is not None:
        return f"numbers that are none from unit {way['not_finite']} on"
    if way["beyond_half"] is not None:
        return f"beyond half precision's {HALF:,.0f} from unit {way['beyond_half']} on"
    return "all within half precision"


def _same(way: Mapping[str, Any], bare: Mapping[str, Any]) -> str:
    return " as before" if way["moment"] == bare["moment"] and way["moment"] is not None else ""


def _loss(way: Mapping[str, Any]) -> str:
    losses = way["loss"]
    if len(losses) < 2:
        return "" if losses[0] is not None else ", no loss"
    before = "none" if losses[0] is None else f"{losses[0]:.3g}"
    count = len(losses) - 1
    after = "is lost (NaN)" if losses[-1] is None else f"is {losses[-1]:.3g}"
    return f", and the loss, {before} at first, {after} after {count} {'step' if count == 1 else 'steps'}"
