"""A plan to a torch module: every layer is called as the plan says."""

from itertools import chain as flat

from torch import nn

from resnet_explorer.language.layer import Chain, Layer
from resnet_explorer.models import blocks, units
from resnet_explorer.models.units import Network, Residual, Through
from resnet_explorer.networks.lowering import LoweredUnit
from resnet_explorer.networks.plan import Plan


def build(plan: Plan) -> Network:
    """Build the network of a plan, with torch's own initial weights."""
    stages = [flat.from_iterable([run.unit] * run.count for run in stage) for stage in plan.stages]
    built = (nn.Sequential(*map(unit, stage)) for stage in stages)
    return Network(chain(plan.stem), nn.Sequential(*built), chain(plan.head))


def unit(unit: LoweredUnit) -> Residual:
    """Build one unit."""
    merge = Through() if unit.merge is None else layer(unit.merge)
    # a stage that repeats the weights of the one before it is not built again
    built = [chain(branch) for branch in unit.branches if not any(part.shares_weights for part in branch)]
    stepped = unit.merge is not None and unit.merge.call == "RungeKutta"
    branch = nn.ModuleList(built) if stepped else built[0]
    return Residual(chain((*unit.between, *unit.pre)), branch, chain(unit.skip), merge, chain(unit.post))


def chain(layers: Chain) -> nn.Sequential:
    """Build layers in a row."""
    return nn.Sequential(*map(layer, layers))


def layer(layer: Layer) -> nn.Module:
    """Build one layer: ours where we have one of that name, else torch's."""
    ours = getattr(units, layer.call, None) or getattr(blocks, layer.call, None)
    module: nn.Module = (ours or getattr(nn, layer.call))(*layer.args, **dict(layer.options))
    return module
