"""The tensors that autograd really holds are those that the plan counts."""

import os
import subprocess
import sys

import pytest
import torch
from hypothesis import given, settings
from torch import Tensor

from resnet_explorer.describe.table import layer_rows, unit_rows
from resnet_explorer.errors import ExplorerError, NetworkError
from resnet_explorer.models.build import build
from resnet_explorer.networks.memory import memory, saved_elements
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import parse_request
from tests.fixtures.networks import CATALOGUE, networks

BATCH = 3


def held(network_plan: Plan) -> int:
    """Activation elements a training step really holds: every storage once; 8-byte indices count as two."""
    net = build(network_plan)
    weights = {tensor.untyped_storage().data_ptr() for tensor in net.state_dict().values()}
    storages: dict[int, int] = {}

    def pack(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        # statistics of a batch normalisation are kept by channel, not by image, and are not counted
        if tensor.dim() > 1 and storage.data_ptr() not in weights:
            storages[storage.data_ptr()] = storage.nbytes() // 4
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        loss = net.train()(torch.randn(BATCH, *network_plan.image.dims)).sum()
    del loss
    return sum(storages.values())


@pytest.mark.parametrize("name", CATALOGUE)
def test_autograd_holds_what_the_plan_counts(name: str) -> None:
    network_plan = plan(parse_request(name).network)
    assert held(network_plan) == BATCH * saved_elements(network_plan)


@settings(max_examples=150, deadline=None)
@given(networks())
def test_random_networks_hold_what_the_plan_counts(network: Network) -> None:
    try:
        network_plan = plan(network)
    except ExplorerError:
        return
    assert held(network_plan) == BATCH * saved_elements(network_plan)


def test_a_padded_shortcut_is_a_tensor_of_its_own_where_nothing_is_left_to_pad() -> None:
    # 5 pixels a side become 3, then 1, and a stride of 2 leaves 1
    network = Network(block="conv blend", stem_width=8, widths=(8, 8, 8), depths=(1, 1, 1), strides=(2, 3, 2), image=5)
    network_plan = plan(network)
    assert held(network_plan) == BATCH * saved_elements(network_plan)


@pytest.mark.parametrize("name", CATALOGUE)
def test_rows_of_layers_and_of_units_add_up_to_what_is_kept(name: str) -> None:
    network_plan = plan(parse_request(name).network)
    table = layer_rows(network_plan, BATCH)
    ends = sum(row.memory for row in table if not row.stage)
    assert sum(row.memory for row in table) == 4 * BATCH * saved_elements(network_plan)
    assert sum(row.memory for row in unit_rows(network_plan, BATCH)) + ends == 4 * BATCH * saved_elements(network_plan)


def test_half_precision_halves_activations_and_adds_a_copy_of_the_weights() -> None:
    network_plan = plan(parse_request("cifar-basic-56").network)
    full, half = memory(network_plan, 64, "fp32"), memory(network_plan, 64, "bf16")
    assert 2 * half.activations == full.activations
    assert half.weights - full.weights == 2 * network_plan.params


@pytest.mark.parametrize("batch", [0, -1, 10**7, True])
def test_a_batch_that_is_no_batch_is_refused(batch: int) -> None:
    with pytest.raises(NetworkError, match="batch must be"):
        memory(plan(Network()), batch)


def test_a_precision_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NetworkError, match="precision is one of"):
        memory(plan(Network()), 1, "fp7")


@pytest.mark.parametrize(
    ("name", "batch"),
    [("cifar-basic-56", 128), ("cifar-bottleneck-164", 32), ("horesnet-rk4-26", 256), ("imagenet-18;image=128", 16)],
)
def test_the_estimate_is_what_training_takes(name: str, batch: int) -> None:
    # large blocks go back to the system at once, so that gaps in the heap are not taken for the network's needs
    environment = {**os.environ, "MALLOC_MMAP_THRESHOLD_": "65536"}
    run = subprocess.run(
        [sys.executable, "-m", "tests.fixtures.peak_memory", name, str(batch)],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    estimate = memory(plan(parse_request(name).network), batch).training
    assert 0.95 <= estimate / int(run.stdout) <= 1.5
