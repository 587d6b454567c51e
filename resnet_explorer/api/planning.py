"""From what is asked to a plan within the limits, and to its totals: what most verbs begin with."""

from dataclasses import asdict
from typing import cast

from resnet_explorer.api import network_answers as answers
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
    """The plan that is asked for, if it is within the limits."""
    if ordering or block:
        asked = make_request(network, ordering or None, block or None, settings)
    else:
        asked = parse_request(";".join([network, *(f"{field}={text}" for field, text in (settings or {}).items())]))
    spelled = plan(asked.network)
    limits = budget.Limits(memory=budget.parse_bytes(limit)) if limit else budget.DESCRIBE_LIMITS
    budget.check(asked.name, spelled, batch, precision, limits)
    return asked, spelled


def summarise(asked: NetworkRequest, spelled: Plan, batch: int, precision: str) -> answers.Totals:
    """A network in one line."""
    estimate = memory(spelled, batch, precision)
    found = identity_path(spelled)
    return answers.Totals(
        id=asked.network.id,
        name=asked.name,
        ordering=asked.ordering,
        block=asked.network.block,
        depth=spelled.depth,
        params=spelled.params,
        params_without_bn=spelled.params_without_bn,
        macs=spelled.macs,
        memory=cast(answers.MemoryAnswer, {**asdict(estimate), "training": estimate.training}),
        receptive_field=spelled.receptive_field,
        trunk=answers.TrunkAnswer(
            exact=found.exact,
            ops=list(found.ops),
            transition=list(found.transition),
            transitions=found.transitions,
            verdict=verdict(found),
        ),
    )


def row_to_json(row: LayerRow | UnitRow | DiffRow) -> dict[str, object]:
    """A row as JSON."""
    return {**row._asdict(), "shape": list(row.shape)}
