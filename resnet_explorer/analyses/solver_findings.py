"""What follows from errors and slopes of solvers, in sentences."""

from collections.abc import Iterator, Mapping, Sequence
from math import e
from typing import Any

from resnet_explorer.analyses.integration import EVALUATIONS
from resnet_explorer.analyses.request import LaneResult

NAMES = {"euler": "Euler", "midpoint": "midpoint", "rk3": "RK3", "rk4": "RK4"}
# of independent branches of one size: four squares of 1 against those of RK4's weights, 1/6, 1/3, 1/3 and 1/6
INDEPENDENT = 4 / (10 / 36)
# a slope below its order by more than this is told apart from it
SHORT = 0.3


def describe(lanes: Sequence[LaneResult]) -> list[str]:
    """First what holds for every network, then lane by lane."""
    if not lanes:
        return []
    return [*_linear(lanes[0].values), *(sentence for lane in lanes for sentence in _own(lane))]


def _linear(values: Mapping[str, Any]) -> Iterator[str]:
    slopes = values["slopes"]
    if all(slopes.values()):
        yield (
            f"On a linear field the error falls with the step to the power of {_list(slopes)}: the order of each "
            "scheme, measured against the matrix exponential."
        )
    steps = {1: "one", 2: "two", 4: "four"}
    parts = [
        f"{steps[4 // EVALUATIONS[scheme]]} {NAMES[scheme]} {'step' if EVALUATIONS[scheme] == 4 else 'steps'} "
        f"to {value:.4f}"
        for scheme, value in values["growth"].items()
    ]
    yield f"With four evaluations x' = x grows from 1 in time 1 by {', by '.join(parts)}; exact is {e:.4f}."


def _own(lane: LaneResult) -> Iterator[str]:
    values = lane.values
    if values["unit"] is None:
        yield f"{lane.letter}: no unit keeps the shape, so there is no branch to follow."
        return
    errors = values["branch_error"]
    if not values["merge"]:
        yield f"{lane.letter}: its units are plain; a branch is taken for a field here although no step adds it."
    if values["floor"] is not None and errors["euler"]:
        yield from _along_branch(lane.letter, values)
    if values["four"]:
        yield _compare(lane.letter, values["four"])


def _along_branch(letter: str, values: Mapping[str, Any]) -> Iterator[str]:
    first, slopes = values["branch_error"]["euler"][0], values["branch_slopes"]
    where = f"along the branch of unit {values['unit']}"
    if first is None:
        yield f"{letter}: {where} one Euler step leaves the range of numbers."
    elif first == 0:
        yield f"{letter}: {where} every scheme is exact: the branch gives nothing, or the same everywhere."
    else:
        taken = values["time"] == 1 and values["merge"] in ("+", "blend")
        step = "one Euler step, which is what the unit takes," if taken else "one Euler step"
        yield f"{letter}: {where} {step} ends {first:.0%} of the norm away from the exact end."
    if all(slopes.values()):
        yield f"{letter}: {where} the slopes are {_list(slopes)}{_reason(slopes, values['kinks'])}."


def _reason(slopes: Mapping[str, float], kinks: float | None) -> str:
    short = [scheme for scheme, slope in slopes.items() if slope < EVALUATIONS[scheme] - SHORT]
    if not short:
        return ", the orders of the schemes"
    names = " and ".join(NAMES[scheme] for scheme in short)
    if kinks:
        return (
            f"; {names} {'fall' if len(short) > 1 else 'falls'} short because F is not smooth: {kinks:.1%} of what "
            "enters its ReLUs changes sign on the way, and a step across such a kink is of second order at best"
        )
    return f"; {names} {'need' if len(short) > 1 else 'needs'} smaller steps than the smallest here"


def _compare(letter: str, four: Mapping[str, Any]) -> str:
    units = four["units"]
    whose = f"unit {units[0]}" if len(set(units)) == 1 else f"units {min(units)} to {max(units)}"
    added = four["added"]
    if not added["rk4"]:
        return f"{letter}: four Euler units and one RK4 unit of the branches of {whose} both add nothing."
    ratio = added["euler"] / added["rk4"]
    difference = "not measurable" if four["difference"] is None else f"{four['difference']:.0%} of the norm of RK4's"
    return (
        f"{letter}: four Euler units with the branches of {whose} {_cost(four)}; the difference of the outputs is "
        f"{difference}. The Euler units add {ratio:.1f} times the energy ({INDEPENDENT:.1f} if branches were "
        "independent and of one size), so such networks differ in more than the order."
    )


def _cost(four: Mapping[str, Any]) -> str:
    parameters, macs = four["parameters"], four["macs"]
    if parameters is None:
        return "stand against one RK4 unit with the same"
    if parameters["euler"] == parameters["rk4"] and macs["euler"] == macs["rk4"]:
        return f"have {parameters['rk4']:,} parameters and {macs['rk4']:,} MACs, as one RK4 unit with the same has"
    return (
        f"have {parameters['euler']:,} parameters and {macs['euler']:,} MACs, one RK4 unit with the same "
        f"{parameters['rk4']:,} and {macs['rk4']:,}"
    )


def _list(slopes: Mapping[str, float]) -> str:
    parts = [f"{slope:.2f} ({NAMES[scheme]})" for scheme, slope in slopes.items()]
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
