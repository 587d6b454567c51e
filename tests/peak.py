"""Run as a program: the most memory that training steps of a network take beyond torch itself, in bytes."""

import sys
from pathlib import Path

import torch
from torch import nn

from resnet_explorer.nets.build import build
from resnet_explorer.network import Network
from resnet_explorer.plan import plan
from resnet_explorer.request import read

STATUS = Path("/proc/self/status")


def step(network: Network, batch: int, times: int) -> None:
    """Train a network for a few steps."""
    net = build(plan(network))
    optimiser = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    for _ in range(times):
        x = torch.randn(batch, network.channels, network.image, network.image)
        loss = nn.functional.cross_entropy(net(x), torch.zeros(batch, dtype=torch.long))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()


def resident(name: str) -> int:
    """A line of the process's status, in bytes."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    torch.set_num_threads(1)
    step(Network(depths=(1, 1, 1)), batch=4, times=1)  # what torch loads on first use is not the network's
    Path("/proc/self/clear_refs").write_text("5")
    before = resident("VmRSS")
    step(read(sys.argv[1]).network, int(sys.argv[2]), times=2)
    print(resident("VmHWM") - before)
