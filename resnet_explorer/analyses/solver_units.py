"""Four Euler units and one RK4 unit of the same four branches: what they cost, and how far apart their outputs are."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

from torch import Tensor, nn

from resnet_explorer.analyses.integration import branches_of, build_merge, relative_error
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.errors import PlanError
from resnet_explorer.language.layer import LayerContext, Shape
from resnet_explorer.language.syntax import Block, Op
from resnet_explorer.models.units import Residual
from resnet_explorer.networks.lowering import UnitSpec, lower_unit
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import inner_width

STAGES = 4


def compare(subject: Subject, place: int, enter: Callable[[int], Tensor]) -> dict[str, Any]:
    """Both, with four branches in a row from a unit of this place on; `enter` gives what enters the unit of a place.

    Where a stage has fewer branches they are taken in turn again.
    """
    pool = branches_from(subject, place)
    four = [pool[number % len(pool)] for number in range(STAGES)]
    x = enter(min(unit for unit, _ in pool)).double()
    # a branch that stands twice is copied once
    units = {number: deepcopy(subject.units[number]).double() for number, _ in four}
    chain = [
        Residual(u.pre, branches_of(u)[index], u.skip, build_merge("euler"), u.post)
        for u, index in ((units[number], index) for number, index in four)
    ]
    rk4 = Residual(
        chain[0].pre, nn.ModuleList(u.branch for u in chain), chain[0].skip, build_merge("rk4"), chain[-1].post
    )
    y, energies = x, 0.0
    for unit in chain:
        fork = unit.pre(y)
        energies += _energy(unit.branch(fork))
        y = unit(y)
    fork = rk4.pre(x)
    step = rk4.merge(rk4.branch, rk4.skip, fork) - rk4.skip(fork)
    scale = max(_energy(x), 1e-300)
    shape = list(subject.plan.units())[place].unit.x
    return {
        "units": [number + 1 for number, _ in four],
        "difference": relative_error(y, rk4(x)),
        "added": {"euler": energies / scale, "rk4": _energy(step) / scale},
        **costs(subject.experiment.network, shape),
    }


def branches_from(subject: Subject, place: int) -> list[tuple[int, int]]:
    """Four branches in a row of the unit's stage, from this unit on if they reach so far: each its unit and number.

    Of units that keep the shape; fewer where there are fewer.
    """
    positions = list(subject.plan.units())
    pool = [
        (number, index)
        for number, at in enumerate(positions)
        if at.stage == positions[place].stage and at.unit.x.dims == at.unit.y.dims
        for index in range(len(branches_of(subject.units[number])))
    ]
    first = max(0, min(pool.index((place, 0)), len(pool) - STAGES))
    return pool[first : first + STAGES]


def costs(network: Network, shape: Shape) -> dict[str, Any]:
    """Parameters and multiply-adds of four Euler units and of one RK4 unit at a shape, as the plan counts them."""
    counted = {}
    for scheme, merge, count in (("euler", "+", STAGES), ("rk4", "rk4", 1)):
        unit = network.unit
        twin = replace(network, block=str(Block(unit.pre, unit.branch, Op(merge), unit.post)))
        try:
            spec = UnitSpec(LayerContext("the unit", shape.c), shape, inner_width(twin, shape.c, ""))
            layers = lower_unit(twin, spec).layers()
        except PlanError:
            return {"parameters": None, "macs": None}
        counted[scheme] = count * sum(layer.params for layer in layers), count * sum(layer.macs for layer in layers)
    return {
        "parameters": {scheme: params for scheme, (params, _) in counted.items()},
        "macs": {scheme: macs for scheme, (_, macs) in counted.items()},
    }


def _energy(x: Tensor) -> float:
    return float(x.square().mean())
