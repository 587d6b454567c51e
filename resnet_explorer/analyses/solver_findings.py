"""What follows from errors and slopes of solvers, in sentences."""

from collections.abc import Iterator, Mapping, Sequence
from math import e
from typing import Any

from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.settings import SolverSettings
from resnet_explorer.describe.sentence import Sentence, joined

NAMES = {"euler": "Euler", "midpoint": "midpoint", "rk3": "RK3", "rk4": "RK4"}
# how often a scheme asks for F in one step, which is its order too
EVALUATIONS = {"euler": 1, "midpoint": 2, "rk3": 3, "rk4": 4}
# of independent branches of one size: four squares of 1 against those of RK4's weights, 1/6, 1/3, 1/3 and 1/6
INDEPENDENT = 4 / (10 / 36)
# a slope below its order by more than this is told apart from it
SHORT = 0.3


def findings(lanes: Sequence[LaneResult], settings: SolverSettings) -> list[Sentence]:
    """First what holds for every network, then lane by lane: slopes, what kinks do to them, Euler against RK4."""
    if not lanes:
        return []
    return [*_linear(lanes[0].values), *(sentence for lane in lanes for sentence in _own(lane))]


def _linear(values: Mapping[str, Any]) -> Iterator[Sentence]:
    slopes = values["slopes"]
    if all(slopes.values()):
        yield Sentence(
            "On a linear field the error falls with the step to the power of {slopes}: the order of each scheme, "
            "measured against the matrix exponential.",
            {"slopes": _list(slopes)},
        )
    steps = {1: "by one {scheme} step to {value}", 2: "by two {scheme} steps to {value}"}
    steps[4] = "by four {scheme} steps to {value}"
    parts = [
        Sentence(steps[4 // EVALUATIONS[scheme]], {"scheme": NAMES[scheme], "value": f"{value:.4f}"})
        for scheme, value in values["growth"].items()
    ]
    text = "With four evaluations x' = x grows from 1 in time 1 {parts}; exact is {e}."
    yield Sentence(text, {"parts": joined(parts, ", "), "e": f"{e:.4f}"})


def _own(lane: LaneResult) -> Iterator[Sentence]:
    values = lane.values
    if values["unit"] is None:
        yield Sentence("{lane}: no unit keeps the shape, so there is no branch to follow.", {"lane": lane.letter})
        return
    errors = values["branch_error"]
    if not values["merge"]:
        text = "{lane}: its units are plain; a branch is taken for a field here although no step adds it."
        yield Sentence(text, {"lane": lane.letter})
    if values["floor"] is not None and errors["euler"]:
        yield from _along_branch(lane.letter, values)
    if values["four"]:
        yield _compare(lane.letter, values["four"])


def _along_branch(letter: str, values: Mapping[str, Any]) -> Iterator[Sentence]:
    first, slopes = values["branch_error"]["euler"][0], values["branch_slopes"]
    words = {"lane": letter, "unit": values["unit"]}
    if first is None:
        yield Sentence("{lane}: along the branch of unit {unit} one Euler step leaves the range of numbers.", words)
    elif first == 0:
        text = (
            "{lane}: along the branch of unit {unit} every scheme is exact: the branch gives nothing, or the same "
            "everywhere."
        )
        yield Sentence(text, words)
    else:
        taken = values["time"] == 1 and values["merge"] in ("+", "blend")
        step = "one Euler step, which is what the unit takes," if taken else "one Euler step"
        text = "{lane}: along the branch of unit {unit} {step} ends {share} of the norm away from the exact end."
        yield Sentence(text, {**words, "step": step, "share": f"{first:.0%}"})
    if all(slopes.values()):
        text = "{lane}: along the branch of unit {unit} the slopes are {slopes}{reason}."
        yield Sentence(text, {**words, "slopes": _list(slopes), "reason": _reason(slopes, values["kinks"])})


def _reason(slopes: Mapping[str, float], kinks: float | None) -> Sentence:
    short = [NAMES[scheme] for scheme, slope in slopes.items() if slope < EVALUATIONS[scheme] - SHORT]
    if not short:
        return Sentence(", the orders of the schemes")
    names = joined([Sentence(" and {name}" if place else "{name}", {"name": one}) for place, one in enumerate(short)])
    if not kinks:
        need = "need" if len(short) > 1 else "needs"
        return Sentence("; {names} {need} smaller steps than the smallest here", {"names": names, "need": need})
    return Sentence(
        "; {names} {fall} short because F is not smooth: {kinks} of what enters its ReLUs changes sign on the way, and "
        "a step across such a kink is of second order at best",
        {"names": names, "fall": "fall" if len(short) > 1 else "falls", "kinks": f"{kinks:.1%}"},
    )


def _compare(letter: str, four: Mapping[str, Any]) -> Sentence:
    added, words = four["added"], {"lane": letter, "whose": _whose(four["units"])}
    if not added["rk4"]:
        text = "{lane}: four Euler units and one RK4 unit of the branches of {whose} both add nothing."
        return Sentence(text, words)
    share = four["difference"]
    difference: Sentence | str = "not measurable"
    if share is not None:
        difference = Sentence("{share} of the norm of RK4's", {"share": f"{share:.0%}"})
    return Sentence(
        "{lane}: four Euler units with the branches of {whose} {cost}; the difference of the outputs is {difference}. "
        "The Euler units add {ratio} times the energy ({independent} if branches were independent and of one size), so "
        "such networks differ in more than the order.",
        {
            **words,
            "cost": _cost(four),
            "difference": difference,
            "ratio": f"{added['euler'] / added['rk4']:.1f}",
            "independent": f"{INDEPENDENT:.1f}",
        },
    )


def _whose(units: Sequence[int]) -> Sentence:
    if len(set(units)) == 1:
        return Sentence("unit {unit}", {"unit": units[0]})
    return Sentence("units {first} to {last}", {"first": min(units), "last": max(units)})


def _cost(four: Mapping[str, Any]) -> Sentence:
    parameters, macs = four["parameters"], four["macs"]
    if parameters is None:
        return Sentence("stand against one RK4 unit with the same")
    text = (
        "have {parameters} parameters and {macs} MACs, one RK4 unit with the same {their_parameters} and {their_macs}"
    )
    if parameters["euler"] == parameters["rk4"] and macs["euler"] == macs["rk4"]:
        text = "have {parameters} parameters and {macs} MACs, as one RK4 unit with the same has"
    return Sentence(
        text,
        {
            "parameters": f"{parameters['euler']:,}",
            "macs": f"{macs['euler']:,}",
            "their_parameters": f"{parameters['rk4']:,}",
            "their_macs": f"{macs['rk4']:,}",
        },
    )


def _list(slopes: Mapping[str, float]) -> Sentence:
    parts = [
        Sentence("{slope} ({scheme})", {"slope": f"{slope:.2f}", "scheme": NAMES[scheme]})
        for scheme, slope in slopes.items()
    ]
    return Sentence("{many} and {last}", {"many": joined(parts[:-1], ", "), "last": parts[-1]})
