"""Optimisers against a loop written by hand with torch's own, and what decays."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn
from torch.optim import SGD, AdamW, Optimizer

from resnet_explorer.errors import RunError
from resnet_explorer.models.build import build
from resnet_explorer.models.init import initialise
from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.events import Stepped
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.runs.recipes import OPTIMISERS, Recipe
from resnet_explorer.training import optimisers
from resnet_explorer.training.data.batches import Batches
from resnet_explorer.training.data.datasets import load
from resnet_explorer.training.data.images import LoadedDataset
from resnet_explorer.training.optimisers import as_matrix, make_optimiser, weights
from resnet_explorer.training.schedule import rate
from tests.fixtures.tiny_run import OPTIMISERS_HERE, experiment, only, ran

ODDMENTS = "cifar-basic-8:bn relu conv(bias=true) gn(2) relu conv1 se(2) scale(0.3, learned=true) +"
SAME = pytest.approx
BY_HAND: dict[str, Callable[[list[nn.Parameter]], Optimizer]] = {
    "sgd": lambda weights: SGD(weights, 0.1, momentum=0.9, weight_decay=1e-4),
    "nesterov": lambda weights: SGD(weights, 0.1, momentum=0.9, weight_decay=1e-4, nesterov=True),
    "adamw": lambda weights: AdamW(weights, 0.1, (0.9, 0.999), weight_decay=1e-4),
}


def network(wanted: Experiment) -> nn.Module:
    net = build(plan(wanted.network)).train()
    initialise(net, wanted.recipe.init, Generator().manual_seed(wanted.seed))
    return net


def images(wanted: Experiment, home: Path) -> LoadedDataset:
    loading = load(wanted.data, home, torch.device("cpu"))
    while True:
        try:
            next(loading)
        except StopIteration as end:
            loaded: LoadedDataset = end.value
            return loaded


def by_hand(wanted: Experiment, home: Path) -> list[tuple[float, float]]:
    """Loss and gradient norm of each step of a plain loop: contiguous, with torch's own optimiser and clipping."""
    recipe, net = wanted.recipe, network(wanted)
    batches = Batches(images(wanted, home).train, wanted.data, recipe.batch, wanted.seed)
    torchs = BY_HAND[recipe.optimiser](list(net.parameters()))
    values = []
    for step in range(recipe.steps):
        x, labels = batches.at(step)
        loss = F.cross_entropy(net(x), labels, label_smoothing=recipe.smoothing)
        torchs.zero_grad()
        torch.autograd.backward(loss)
        norm = nn.utils.clip_grad_norm_(net.parameters(), recipe.clip or 1e9)
        torchs.param_groups[0]["lr"] = rate(recipe, step + 1, recipe.steps)
        torchs.step()
        values.append((loss.item(), norm.item()))
    return values


def test_every_name_of_a_recipe_has_its_optimiser() -> None:
    assert tuple(optimisers.OPTIMISERS) == OPTIMISERS


@pytest.mark.parametrize("clip", ["0", "0.5"])
@pytest.mark.parametrize("name", BY_HAND)
def test_a_run_agrees_with_a_loop_by_hand(tmp_path: Path, name: str, clip: str) -> None:
    wanted = experiment(ODDMENTS, optimiser=name, clip=clip, smoothing="0.1", lr="0.01")
    ours = [(event.loss, event.gradient) for event in only(Stepped, ran(wanted, tmp_path))]
    assert [part for step in ours for part in step] == SAME(
        [part for step in by_hand(wanted, tmp_path) for part in step], rel=1e-3
    )


def test_all_parameters_decay_or_weights_alone() -> None:
    net = network(experiment(ODDMENTS))
    own = {id(weight) for weight in weights(net).values()}
    whole = make_optimiser(net, Recipe(), 0.1).parts[0].param_groups
    parts = make_optimiser(net, Recipe(decay="weights"), 0.1).parts[0].param_groups
    assert [(group["weight_decay"], len(group["params"])) for group in whole] == [(1e-4, len([*net.parameters()]))]
    assert [group["weight_decay"] for group in parts] == [1e-4, 0]
    assert {id(one) for one in parts[0]["params"]} == own
    assert own.isdisjoint({id(one) for one in parts[1]["params"]})


@pytest.mark.parametrize("name", OPTIMISERS_HERE)
def test_no_parameter_is_forgotten_or_taken_twice(name: str) -> None:
    net = network(experiment(ODDMENTS))
    made = make_optimiser(net, Recipe(optimiser=name, decay="weights"), 0.01)
    before = [one.detach().clone() for one in net.parameters()]
    for one in net.parameters():
        one.grad = torch.randn(one.shape, generator=Generator().manual_seed(one.numel()))
    made.step()
    assert not any(map(torch.equal, before, net.parameters()))
    assert sum(len(group["params"]) for part in made.parts for group in part.param_groups) == len(before)


@pytest.mark.skipif("muon" not in OPTIMISERS_HERE, reason="this torch has no Muon")
def test_muon_takes_a_step_of_orthogonal_directions_in_either_memory_format() -> None:
    steps = []
    for form in (torch.contiguous_format, torch.channels_last):
        net = network(experiment()).to(memory_format=form)
        weight = weights(net)["stages.1.0.branch.0"]
        before = weight.detach().clone()
        for one in net.parameters():
            one.grad = torch.randn(one.shape, generator=Generator().manual_seed(one.numel()))
        make_optimiser(net, Recipe(optimiser="muon", weight_decay=0), 0.01).step()
        steps.append((weight.detach() - before).reshape(len(weight), -1))
    values = torch.linalg.svdvals(steps[0])
    # Newton and Schulz bring all singular values near one another, not to 1 (Jordan 2024)
    assert values.max() / values.min() < 2
    assert steps[1] == SAME(steps[0], abs=2e-4)


@pytest.mark.parametrize("form", [torch.contiguous_format, torch.channels_last])
def test_a_matrix_is_a_view_of_its_weight(form: torch.memory_format) -> None:
    weight = torch.randn(6, 4, 3, 3).contiguous(memory_format=form)
    seen: Tensor = as_matrix(weight, weight)
    assert seen.shape == (6, 36)
    assert seen.data_ptr() == weight.data_ptr()


def test_a_torch_without_muon_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(torch.optim, "Muon", raising=False)
    with pytest.raises(RunError, match="needs a torch that has it"):
        make_optimiser(network(experiment()), Recipe(optimiser="muon"), 0.1)
