"""What a shortcut does for the identity, what depth does, and what a ReLU makes impossible, in sentences."""

from collections.abc import Iterator, Sequence

from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.settings import IdentitySettings
from resnet_explorer.describe.sentence import Sentence, joined

KINDS = ("plain", "residual")
# errors within this ratio are not told apart: one seed says no more
ALIKE = 1.25


def findings(lanes: Sequence[LaneResult], settings: IdentitySettings) -> list[Sentence]:
    """What each lane's shortcut does for the identity, what depth does, and what a ReLU makes impossible."""
    return [sentence for lane in lanes if lane.values.get("steps") for sentence in _describe(lane)]


def _describe(lane: LaneResult) -> Iterator[Sentence]:
    values = lane.values
    plain, residual = (values["final_error"][kind] for kind in KINDS)
    errors = [
        Sentence("{plain} plain, {residual} residual with {units}", {"plain": _say(p), "residual": _say(r), "units": n})
        for n, p, r in zip(map(_units, values["units"]), plain, residual)
    ]
    yield Sentence(
        "{lane}: after {steps} steps the error is {errors}: {verdict}.",
        {
            "lane": lane.letter,
            "steps": f"{values['steps'][-1]:,}",
            "errors": joined(errors, "; "),
            "verdict": _verdict(plain[-1], residual[-1], values["units"][-1]),
        },
    )
    if values["floor"] > 0:
        yield Sentence(
            "{lane}: the unit ends with a ReLU, so neither stack can give a negative number; {floor} of the signal's "
            "energy is out of reach for any weights.",
            {"lane": lane.letter, "floor": f"{values['floor']:.2f}"},
        )


def _verdict(plain: float | None, residual: float | None, units: int) -> Sentence:
    if plain is None or residual is None:
        text = "with {units} both have diverged" if plain == residual else "with {units} one has diverged"
        return Sentence(text, {"units": _units(units)})
    ratio = plain / max(residual, 1e-12)
    if 1 / ALIKE < ratio < ALIKE:
        return Sentence("with {units} the two are not told apart", {"units": _units(units)})
    text = "with {units} the plain stack errs {times} times less"
    if ratio > 1:
        text = "with {units} the residual stack errs {times} times less"
    return Sentence(text, {"units": _units(units), "times": f"{max(ratio, 1 / ratio):,.1f}"})


def _say(error: float | None) -> str:
    return "diverged" if error is None else f"{error:.3g}"


def _units(count: int) -> Sentence:
    return Sentence("{n} unit" if count == 1 else "{n} units", {"n": count})
