"""Weights from elsewhere into a network of ours."""

from collections.abc import Mapping

from torch import Tensor, nn

from resnet_explorer.errors import PlanError


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
