"""A plan to a torch module: every layer is called as the plan says; and weights from elsewhere for it."""

from collections.abc import Mapping
from itertools import chain as flat

from torch import Tensor, nn

from resnet_explorer.errors import PlanError
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


def from_torchvision(net: nn.Module, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename a state of torchvision's resnet, resnext, wide_resnet or vgg to the names of the same network here.

    Both list their tensors in the order that data takes, the branch before the shortcut, so the
    n-th tensor of one is the n-th of the other; a network that is not the same is refused.
    """
    own = net.state_dict()
    if len(own) != len(state):
        raise PlanError(f"the state has {len(state)} tensors, the network {len(own)}; they are not the same network")
    renamed = {}
    for (name, mine), (theirs, tensor) in zip(own.items(), state.items(), strict=True):
        if mine.shape != tensor.shape:
            raise PlanError(f"{theirs} is {list(tensor.shape)}, but {name} is {list(mine.shape)}")
        renamed[name] = tensor
    return renamed
