"""The layer table from the plan against the ways to get it from a built module."""

from collections.abc import Callable
from functools import partial

import torch
import torchinfo
from fvcore.nn import FlopCountAnalysis
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.measure import interleaved, ratios, report
from resnet_explorer.describe.table import layer_rows
from resnet_explorer.models.build import build
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

GOALS = {"cifar-basic-110": "at most 1/200", "cifar-basic-1202": "at most 1/600"}


def main() -> None:
    """Measure both depths; the others get a module that is already built."""
    rows = []
    for name, goal in GOALS.items():
        network = parse_request(name).network
        times = interleaved(candidates(network), runs=9 if name.endswith("110") else 3)
        rows += ratios(f"table of {name} from the plan", times, {"torchinfo.summary": goal})
    report("table", rows)


def candidates(network: Network) -> dict[str, Callable[[], object]]:
    """Ours first; nothing of ours comes from a cache."""
    net = build(plan(network)).eval()
    x = torch.zeros(1, 3, network.image, network.image)
    return {
        "plan": partial(_table, network),
        "torchinfo.summary": partial(torchinfo.summary, net, input_data=x, verbose=0, depth=6),
        "torch's FlopCounterMode": partial(_flop_counter, net, x),
        "fvcore's FlopCountAnalysis": partial(_fvcore, net, x),
    }


def _table(network: Network) -> object:
    plan.cache_clear()
    network_plan = plan(network)
    return layer_rows(network_plan), network_plan.params, network_plan.macs


def _flop_counter(net: nn.Module, x: torch.Tensor) -> object:
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        net(x)
    return counter.get_total_flops()


def _fvcore(net: nn.Module, x: torch.Tensor) -> object:
    analysis = FlopCountAnalysis(net, x).unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    return analysis.total()


if __name__ == "__main__":
    main()
