"""torchvision's own networks compute the same in ours."""

import pytest
import torch
import torchvision.models as theirs
from torch import nn

from resnet_explorer.errors import PlanError
from resnet_explorer.models.build import build
from resnet_explorer.models.weights import from_torchvision
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

SAME = {
    "resnet18": "imagenet-18",
    "resnet34": "imagenet-34",
    "resnet50": "imagenet-50;stride_at=spatial",
    "resnet101": "imagenet-101;stride_at=spatial",
    "resnet152": "imagenet-152;stride_at=spatial",
    "resnext50_32x4d": "resnext-50-32x4d",
    "wide_resnet50_2": "imagenet-50;stride_at=spatial;ratio=2",
    "vgg16": "vgg-16",
    "vgg19": "vgg-19",
}


def ours(name: str) -> nn.Module:
    return build(plan(parse_request(name).network))


@pytest.mark.parametrize("name", SAME)
def test_a_state_of_torchvision_gives_equal_outputs(name: str) -> None:
    torch.manual_seed(0)
    reference = getattr(theirs, name)().eval()
    net = ours(SAME[name]).eval()
    net.load_state_dict(from_torchvision(net, reference.state_dict()))
    x = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        torch.testing.assert_close(net(x), reference(x), rtol=1e-5, atol=1e-5)


def test_a_state_of_another_network_is_refused() -> None:
    with pytest.raises(PlanError, match="not the same network"):
        from_torchvision(ours("imagenet-34"), theirs.resnet18().state_dict())


def test_a_state_of_another_width_is_refused() -> None:
    with pytest.raises(PlanError, match="is \\["):
        from_torchvision(ours("imagenet-18;widths=64,128,256,500"), theirs.resnet18().state_dict())
