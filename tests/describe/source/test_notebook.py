import ast
import json
from typing import Any

import pytest
import torch

from resnet_explorer.describe.source.notebook import notebook
from resnet_explorer.networks.families import FAMILIES
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

SMALL = [
    "cifar-basic-8;image=16",
    "cifar-basic-8:full-preactivation;image=16;channels=1;classes=3",
    "cifar-basic-8;image=16;head=conv1",
]


def document(name: str, kind: str) -> list[str]:
    request = parse_request(name)
    document = json.loads(notebook(plan(request.network), request.name))
    return ["".join(cell["source"]) for cell in document["cells"] if cell["cell_type"] == kind]


def run(name: str) -> dict[str, Any]:
    """What the code cells leave behind when they are run in order."""
    world: dict[str, Any] = {"__name__": "notebook"}
    before = torch.get_rng_state()
    for cell in document(name, "code"):
        exec(cell, world)
    torch.set_rng_state(before)
    return world


@pytest.mark.parametrize("name", SMALL)
def test_the_cells_run_in_order_and_the_loss_falls(name: str) -> None:
    losses = run(name)["losses"]
    assert sum(losses[-10:]) < 0.9 * sum(losses[:10])


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_the_notebook_of_every_family_is_python_without_this_package(family: Any) -> None:
    text = "\n".join(document(family.example, "code"))
    ast.parse(text)
    assert "resnet_explorer" not in text
    assert "assert count ==" in text
    assert "assert y.shape ==" in text


def test_a_network_for_cifar_says_how_to_take_cifar() -> None:
    (line,) = [line for cell in document("cifar-basic-20", "code") for line in cell.splitlines() if "CIFAR10" in line]
    ast.parse(line.partition(": ")[2])


def test_cells_have_different_names() -> None:
    document = json.loads(notebook(plan(parse_request("cifar-basic-20").network)))
    ids = [cell["id"] for cell in document["cells"]]
    assert len(set(ids)) == len(ids)
    assert document["nbformat"] == 4
