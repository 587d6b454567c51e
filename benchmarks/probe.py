"""The probe of gradient flow against a plain forward and backward pass of the same network, batch 8.

The probe's time includes its fresh weights and its fresh batch; the plain pass keeps both.
"""

import os
from collections.abc import Callable
from functools import partial

# as the entry points do, before torch is loaded
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "10000")

import torch
import torch.nn.functional as F

from benchmarks.measure import Ratio, interleaved, ratios, report
from resnet_explorer.gradients.profile import ProbeConfig
from resnet_explorer.models.build import build
from resnet_explorer.models.probe import Lane
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import parse_request

BATCH = 8
AGAINST, GOAL = "forward + backward", "at most 0.80"
CONFIGS = {
    "gradient": ProbeConfig(("gradient",), batch=BATCH),
    "what each pass records": ProbeConfig(batch=BATCH).recorded,
    "all, weight gradients and both ways to each unit too": ProbeConfig(batch=BATCH).whole,
}


def main() -> None:
    """Measure depth 56 and 110: the gradient alone, and what else one pass can tell."""
    measured: list[Ratio] = []
    for depth in (56, 110):
        network = plan(parse_request(f"cifar-basic-{depth}").network)
        plain = training_pass(network)
        for what, config in CONFIGS.items():
            lane = Lane(network, config)
            times = interleaved({what: partial(lane.measure, 0), AGAINST: plain}, runs=15, warm=2)
            measured += ratios(f"probe at depth {depth}, {what}", times, {AGAINST: GOAL})
    report("probe", measured)


def training_pass(network: Plan) -> Callable[[], None]:
    """What a training step does, without the optimiser."""
    net = build(network).train()
    x, labels = torch.randn(BATCH, *network.image.dims), torch.randint(network.output.c, (BATCH,))

    def run() -> None:
        net.zero_grad()
        F.cross_entropy(net(x), labels).backward()  # type: ignore[no-untyped-call]

    return run


if __name__ == "__main__":
    main()
