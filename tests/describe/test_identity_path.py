"""What stands on the trunk, and the verdict held against the numbers of a built network."""

import pytest
import torch
from torch import Tensor, nn

from resnet_explorer.describe.identity_path import identity_path, verdict
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.models import units as modules
from resnet_explorer.models.build import build
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import parse_request

DEEP = "cifar-basic-20"
# sentences and settings, and what stands on the trunk
WORLD: dict[str, tuple[str, ...]] = {
    "original": ("relu",),
    "bn-after-addition": ("bn", "relu"),
    "relu-before-addition": (),
    "relu-only-preactivation": (),
    "full-preactivation": (),
    "full-preactivation;share=off;bare=off": (),
    "full-preactivation;shortcut=B": (),
    "full-preactivation;shortcut=C": ("conv1",),
    "conv bn relu conv bn + identity": (),
    "conv bn relu conv bn + scale(1)": (),
    "conv bn relu conv bn + dropout(0)": (),
    "conv bn relu conv bn + dropout(0.1)": ("dropout(0.1)",),
    "conv bn relu conv bn + droppath(0.4)": ("droppath(0.4)",),
    "conv bn + silu bn": ("silu", "bn"),
    "bn relu | conv bn relu conv +": ("bn", "relu"),
    "identity | conv bn relu conv bn +": (),
    "bn relu conv bn relu conv +;skip=scale(0.5)": ("scale(0.5)",),
    "bn relu conv bn relu conv +;skip=scale": (),
    "bn relu conv bn relu conv +;skip=gate": ("gate",),
    "bn relu conv bn relu conv +;skip=dropout(0.5)": ("dropout",),
    "bn relu conv bn relu conv blend": ("blend",),
    "bn relu conv bn relu conv rk4": (),
    "bn relu conv bn relu conv rk4 relu": ("relu",),
    "bn relu conv bn relu conv rk3(heun)": (),
    "conv bn relu conv bn rk2(shared=true)": (),
}


def planned(unit: str) -> Plan:
    return plan(parse_request(f"{DEEP}:{unit}").network)


def contribution(unit: modules.Residual, x: Tensor) -> Tensor:
    """What the branch of a unit adds, from its own modules: F(x), or the weighted stages of a Runge-Kutta step."""
    if not isinstance(unit.merge, modules.RungeKutta):
        added: Tensor = unit.branch(x)
        return added
    assert isinstance(unit.branch, nn.ModuleList)
    branches = [unit.branch[min(i, len(unit.branch) - 1)] for i in range(len(unit.merge.b))]
    slopes = [branches[0](x)]
    for branch, row in zip(branches[1:], unit.merge.a, strict=True):
        slopes.append(branch(x + sum(weight * slope for weight, slope in zip(row, slopes, strict=True))))
    return torch.stack([weight * slope for weight, slope in zip(unit.merge.b, slopes, strict=True)]).sum(0)


@torch.no_grad()
def drift(network_plan: Plan) -> float:
    """How far, at most, the trunk at the end of a stage is from its start plus all contributions since."""
    torch.manual_seed(0)
    network = build(network_plan).train()
    x = network.stem(torch.randn(4, *network_plan.image.dims))
    worst = 0.0
    for stage in network.stages.children():
        first, *units = stage.children()
        x = start = first(x)
        added = torch.zeros_like(x)
        for unit in units:
            assert isinstance(unit, modules.Residual)
            added = added + contribution(unit, x)
            x = unit(x)
        worst = max(worst, float((x - start - added).abs().max()))
    return worst


@pytest.mark.parametrize(("unit", "ops"), WORLD.items())
def test_what_stands_on_the_trunk_is_named(unit: str, ops: tuple[str, ...]) -> None:
    path = identity_path(planned(unit))
    assert (path.ops, path.exact) == (ops, not ops)


@pytest.mark.parametrize("unit", WORLD)
def test_the_trunk_is_the_sum_of_all_branches_exactly_where_it_is_said_to_be(unit: str) -> None:
    network_plan = planned(unit)
    assert (drift(network_plan) < 1e-5) == identity_path(network_plan).exact


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_every_ordering_is_exact_unless_something_follows_the_sum(ordering: str) -> None:
    path, block = identity_path(planned(ordering)), planned(ordering).network.unit
    assert path.exact == (block.merge is not None and not block.post)


def test_a_plain_unit_has_no_trunk() -> None:
    path = identity_path(planned("plain"))
    assert (path.plain, path.exact) == (True, False)
    assert verdict(path).startswith("There is no shortcut: the signal passes through conv, bn, relu, conv, bn, relu")


@pytest.mark.parametrize(
    ("unit", "transition"),
    [
        ("original", ("pad",)),
        ("original;shortcut=B", ("conv1", "bn")),
        ("full-preactivation", ("bn", "relu", "pad")),
        ("full-preactivation;share=off", ("pad",)),
    ],
)
def test_the_shortcut_where_the_shape_changes_is_read_apart(unit: str, transition: tuple[str, ...]) -> None:
    path = identity_path(planned(unit))
    assert (path.transition, path.transitions) == (transition, 2)


@pytest.mark.parametrize(
    ("unit", "sentence"),
    [
        ("original", "relu stands on the trunk between two additions, so x_L = x_l + sum F does not hold."),
        ("bn-after-addition", "bn, relu stand on the trunk between two additions, so x_L = x_l + sum F does not hold."),
        (
            "full-preactivation",
            "Nothing stands on the trunk between two additions, so within a stage x_L = x_l + sum F holds exactly; "
            "at the 2 places where the shape changes the shortcut carries bn, relu, pad.",
        ),
        (
            "relu-before-addition;widths=16,16,16;strides=1,1,1",
            "Nothing stands on the trunk between two additions, so within a stage x_L = x_l + sum F holds exactly.",
        ),
        (
            "relu-before-addition;widths=16,16,16;strides=1,1,2",
            "Nothing stands on the trunk between two additions, so within a stage x_L = x_l + sum F holds exactly; "
            "at the 1 place where the shape changes the shortcut carries pad.",
        ),
    ],
)
def test_the_verdict_is_a_sentence(unit: str, sentence: str) -> None:
    assert verdict(identity_path(planned(unit))) == sentence
