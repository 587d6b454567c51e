"""From the arguments that name a network to its plan, if it is within the limits, and to its totals."""

from dataclasses import asdict
from functools import lru_cache
from typing import cast

from resnet_explorer.api.network_answers import MemoryAnswer, Totals, TrunkAnswer
from resnet_explorer.describe.compare import DiffRow
from resnet_explorer.describe.identity_path import identity_path, verdict
from resnet_explorer.describe.table import LayerRow, UnitRow
from resnet_explorer.networks import budget
from resnet_explorer.networks.memory import memory
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import NetworkRequest, make_request, parse_request


def build_plan(
    network: str,
    ordering: str = "",
    block: str = "",
    settings: dict[str, str] | None = None,
    batch: int = 1,
    precision: str = "fp32",
    limit: str = "",
) -> tuple[NetworkRequest, Plan]:
    """The request that the arguments spell, and its plan; a network over the limits is refused."""
    if not (ordering or block or settings or limit) and (batch, precision) == (1, "fp32"):
        return _plan_line(network)
    if ordering or block:
        request = make_request(network, ordering or None, block or None, settings)
    else:
        request = parse_request(";".join([network, *(f"{field}={text}" for field, text in (settings or {}).items())]))
    network_plan = plan(request.network)
    limits = budget.Limits(memory=budget.parse_bytes(limit)) if limit else budget.DESCRIBE_LIMITS
    budget.check(request.name, network_plan, batch, precision, limits)
    return request, network_plan


@lru_cache(maxsize=256)
def _plan_line(line: str) -> tuple[NetworkRequest, Plan]:
    """The same for a network in one text, as a page asks for it again with every key: both are frozen."""
    request = parse_request(line)
    network_plan = plan(request.network)
    budget.check(request.name, network_plan, 1)
    return request, network_plan


def summarise(request: NetworkRequest, network_plan: Plan, batch: int, precision: str) -> Totals:
    """A network in one line."""
    estimate = memory(network_plan, batch, precision)
    path = identity_path(network_plan)
    return Totals(
        id=request.network.id,
        name=request.name,
        ordering=request.ordering,
        block=request.network.block,
        depth=network_plan.depth,
        params=network_plan.params,
        params_without_bn=network_plan.params_without_bn,
        macs=network_plan.macs,
        memory=cast(MemoryAnswer, {**asdict(estimate), "training": estimate.training}),
        receptive_field=network_plan.receptive_field,
        trunk=TrunkAnswer(
            exact=path.exact,
            ops=list(path.ops),
            transition=list(path.transition),
            transitions=path.transitions,
            verdict=verdict(path),
        ),
    )


def row_to_json(row: LayerRow | UnitRow | DiffRow) -> dict[str, object]:
    """A row as JSON."""
    return {**row._asdict(), "shape": list(row.shape)}
