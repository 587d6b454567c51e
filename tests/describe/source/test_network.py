"""Exported source is the network that `build` makes, and reads well."""

import ast
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from torch import nn

from resnet_explorer.describe.source.network import export
from resnet_explorer.errors import ExplorerError
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.models.build import build
from resnet_explorer.networks.catalog import preset_network
from resnet_explorer.networks.families import FAMILIES
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import parse_request
from tests.fixtures.networks import networks

SMALL = [
    "cifar-basic-14",
    "cifar-bottleneck-20",
    "imagenet-18;image=32;width=1/4;classes=10",
    "imagenet-50;image=32;depths=1,2,1,1;width=1/4;classes=10",
    "wrn-16-1",
    "resnext-50-4x16d;image=32;depths=1,2,1,1;width=1/4",
    "res2net-50-16w-4s;image=32;depths=2,1,1,1;width=1/4",
    "res2next-29-2c-8w-4s;depths=2,1,1;width=1/4",
    "horesnet-rk4-26",
    "horesnet-midpoint-14",
    "unipose;image=64;depths=1,2,1,3;width=1/4",
]
ORDERED = [
    f"{text.partition(';')[0]}:{ordering.name};{text.partition(';')[2]}".strip(";")
    for text in SMALL
    for ordering in ORDERINGS.values()
    if ordering.merge or preset_network(text.partition(";")[0]).merge == "+"
]
SENTENCES = [
    "conv + relu",
    "bn relu | conv bn relu conv +",
    "conv | relu conv + bn",
    "bn relu | conv rk4(true) relu",
    "bn relu conv bn relu conv rk3(heun)",
    "conv bn relu conv bn rk2(ralston, shared=true) relu",
    "relu rk2;widths=16,16,16;strides=1,1,1",
    "bn relu rk4;widths=16,16,16;strides=1,1,1",
    "conv bn blend relu",
    "bn relu conv bn relu conv blend(-2);shortcut=C",
    "conv se(4) + scale(0.5, learned=true)",
    "conv1 gn(4) gelu conv5(groups=4) ln2d conv1 + silu;ratio=1/2",
    "conv bn relu res2(first=conv) conv1 bn + relu",
    "bn relu conv1 res2(2, groups=2) conv1 + conv1",
    "conv avgpool conv + ;skip=scale(0.5)",
    "maxpool conv bn relu;down=conv1",
    "conv bn relu conv bn +;down=avgpool conv1 bn;skip=gate(-1)",
    "bn relu conv bn relu conv +;share=off;bare=off;close=off",
    "bn relu conv bn relu conv +;share=off",
    "bn relu conv bn relu conv rk4;bare=off",
    "conv(dilation=2) bn relu conv +;grid=1,2;stride_at=first",
    "conv bn relu conv rk2;grid=1,2",
    "wasp(2/1, width=8) conv1 +",
    "aspp(1/2, width=8) conv1 +",
    "pad(symmetric=true) conv + relu",
    "conv + ;between=maxpool2",
    "bn relu conv +;between=maxpool2",
    "bn relu conv +;stem=;stem_width=3",
    "conv +;head=conv1 gap flatten",
    "conv +;head=wasp(2/1, width=8) decoder(2, low=4, width=8)",
    "identity | dropout(0) conv + droppath(0)",
    "conv(dilation=2) bn relu conv",
    "res2 conv(dilation=2) rk2(shared=true) relu",
]
WORLD = [*SMALL, *ORDERED, *(f"cifar-basic-14:{sentence}" for sentence in SENTENCES)]
FULL = ["cifar-basic-1202", *(family.example for family in FAMILIES)]


def planned(text: str) -> Plan:
    return plan(parse_request(text).network)


def executed(source: str) -> nn.Module:
    """The network that a user gets who runs the source."""
    namespace: dict[str, Any] = {"__name__": "exported"}
    exec(compile(source, "net.py", "exec"), namespace)
    network: nn.Module = namespace["Net"]()
    return network


def pair(network_plan: Plan) -> tuple[nn.Module, nn.Module]:
    """Ours and the exported network, with the same weights."""
    torch.manual_seed(0)
    ours, theirs = build(network_plan), executed(export(network_plan))
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


def agree(network_plan: Plan) -> bool:
    """Whether both give the very same numbers, while training and after."""
    ours, theirs = pair(network_plan)
    x = torch.randn(2, *network_plan.image.dims)
    for training in (True, False):
        torch.manual_seed(1)
        y = ours.train(training)(x)
        torch.manual_seed(1)
        if not torch.equal(y, theirs.train(training)(x)):
            return False
    return list(ours.state_dict()) == list(theirs.state_dict())


@pytest.mark.parametrize("text", WORLD)
def test_the_source_is_the_network_that_build_makes(text: str) -> None:
    assert agree(planned(text))


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(networks())
def test_the_source_of_any_network_is_what_build_makes(network: Network) -> None:
    with suppress(ExplorerError):
        assert agree(plan(network))


@pytest.mark.parametrize("text", [text for text in FULL if text != "vgg-16"])
def test_the_source_at_full_size_has_the_parameters_it_says(text: str) -> None:
    source = export(planned(text), text)
    with torch.device("meta"):
        made = sum(p.numel() for p in executed(source).parameters())
    assert made == planned(text).params == int(re.findall(r"# (\d+)$", source)[0])
    assert source.startswith(f'"""{text}: {made:,} parameters, ')


@pytest.mark.parametrize("text", [*WORLD, *FULL])
def test_the_source_needs_torch_alone(text: str) -> None:
    nodes = ast.walk(ast.parse(export(planned(text), text)))
    named = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    assert named <= {"torch", "torch.nn.functional"}
    nodes = ast.walk(ast.parse(export(planned(text), text)))
    assert {node.module for node in nodes if isinstance(node, ast.ImportFrom)} <= {"torch", "collections.abc"}


def test_the_source_passes_the_linter(tmp_path: Path) -> None:
    for number, text in enumerate([*WORLD, *FULL]):
        (tmp_path / f"net_{number}.py").write_text(export(planned(text), text))
    rules = ["--isolated", "--select", "E,F", "--line-length", "120", "--no-cache"]
    checked = subprocess.run([sys.executable, "-m", "ruff", "check", *rules, tmp_path], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_a_network_of_any_depth_is_a_page_of_source() -> None:
    assert len(export(planned("cifar-basic-1202")).splitlines()) < 120


@pytest.mark.parametrize("title", ['""" + 1', "\\", 'ends with "', "\\N{DASH}", "two\nlines"])
def test_no_title_breaks_the_source(title: str) -> None:
    compile(export(planned("cifar-basic-8"), title), "net.py", "exec")


def test_the_source_runs_as_a_script_and_prints_its_parameters(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(export(planned("cifar-basic-20")))
    printed = subprocess.run([sys.executable, "net.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert printed.stdout == "269722\n"
