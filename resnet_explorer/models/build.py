"""Builds the torch module of a plan, layer by layer, and renames weights of torchvision for it."""

from collections.abc import Mapping
from itertools import chain

from torch import Tensor, nn

from resnet_explorer.errors import PlanError
from resnet_explorer.language.layer import Chain, Layer
from resnet_explorer.models import blocks, units
from resnet_explorer.models.units import Network, Residual, Through
from resnet_explorer.networks.lowering import LoweredUnit
from resnet_explorer.networks.plan import Plan


def build(plan: Plan) -> Network:
    """Build the network of a plan, with torch's own initial weights."""
    stages = [chain.from_iterable([run.unit] * run.count for run in stage) for stage in plan.stages]
    modules = (nn.Sequential(*map(build_unit, stage)) for stage in stages)
    return Network(build_chain(plan.stem), nn.Sequential(*modules), build_chain(plan.head))


def build_unit(unit: LoweredUnit) -> Residual:
    """Build one unit."""
    merge = Through() if unit.merge is None else build_layer(unit.merge)
    # a stage that shares the weights of the one before it has no modules of its own
    branches = [build_chain(branch) for branch in unit.branches if not any(layer.shares_weights for layer in branch)]
    several = unit.merge is not None and unit.merge.call == "RungeKutta"
    return Residual(
        build_chain((*unit.between, *unit.pre)),
        nn.ModuleList(branches) if several else branches[0],
        build_chain(unit.skip),
        merge,
        build_chain(unit.post),
    )


def build_chain(layers: Chain) -> nn.Sequential:
    """Build layers in sequence."""
    return nn.Sequential(*map(build_layer, layers))


def build_layer(layer: Layer) -> nn.Module:
    """Build one layer: ours where we have one of that name, else torch's."""
    ours = getattr(units, layer.call, None) or getattr(blocks, layer.call, None)
    module: nn.Module = (ours or getattr(nn, layer.call))(*layer.args, **dict(layer.options))
    return module


def from_torchvision(net: nn.Module, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename a state of torchvision's resnet, resnext, wide_resnet or vgg to the names of the same network here.

    Both list their tensors in the order that data takes, the branch before the shortcut, so the
    n-th tensor of one is the n-th of the other. Raises PlanError for a network that is not the same.
    """
    expected = net.state_dict()
    if len(expected) != len(state):
        raise PlanError(
            f"the state has {len(state)} tensors, the network {len(expected)}; they are not the same network"
        )
    renamed = {}
    for (name, ours), (their_name, tensor) in zip(expected.items(), state.items(), strict=True):
        if ours.shape != tensor.shape:
            raise PlanError(f"{their_name} is {list(tensor.shape)}, but {name} is {list(ours.shape)}")
        renamed[name] = tensor
    return renamed
