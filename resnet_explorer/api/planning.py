"""From what is asked to a plan within the limits, and to its totals: what most verbs begin with."""

from dataclasses import asdict
from typing import cast

from resnet_explorer.api import network_answers as answers
from resnet_explorer.describe.compare import Difference
from resnet_explorer.describe.identity_path import trunk, verdict
from resnet_explorer.describe.table import Row, UnitRow
from resnet_explorer.networks import budget
from resnet_explorer.networks.memory import memory
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import Request, read, request


def planned(
    network: str,
    ordering: str = "",
    block: str = "",
    settings: dict[str, str] | None = None,
    batch: int = 1,
    precision: str = "fp32",
    limit: str = "",
) -> tuple[Request, Plan]:
    """The plan that is asked for, if it is within the limits."""
    if ordering or block:
        asked = request(network, ordering or None, block or None, settings)
    else:
        asked = read(";".join([network, *(f"{field}={text}" for field, text in (settings or {}).items())]))
    spelled = plan(asked.network)
    limits = budget.Limits(memory=budget.read_amount(limit)) if limit else budget.DESCRIBING
    budget.check(asked.name, spelled, batch, precision, limits)
    return asked, spelled


def totals(asked: Request, spelled: Plan, batch: int, precision: str) -> answers.Totals:
    """A network in one line."""
    estimate = memory(spelled, batch, precision)
    found = trunk(spelled)
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


def listed(row: Row | UnitRow | Difference) -> dict[str, object]:
    """A row as JSON."""
    return {**row._asdict(), "shape": list(row.shape)}
