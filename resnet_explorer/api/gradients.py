"""The verbs about gradient flow at initialisation, for the page, the command line, HTTP and MCP: JSON out.

`runner` is no argument of a visitor: it says where passes run, in workers for the page, otherwise in this process.
"""

from collections.abc import Generator

from resnet_explorer.api.gradient_answers import (
    CliffAnswer,
    FlowAnswer,
    ProbeAnswer,
    cliff_answer,
    flow_answer,
    probe_answer,
)
from resnet_explorer.api.probe_runner import DEPTHS, ProbeRunner, parse_lanes, probe_lanes
from resnet_explorer.gradients.profile import ProbeConfig


def probe(
    networks: list[str],
    metric: str = "gradient",
    seeds: int = 3,
    batch: int = 8,
    init: str = "he-fan-out",
    batch_norm: bool = True,
    loss: str = "cross-entropy",
    source: str = "noise",
    limit: str = "16GB",
    paths: bool = False,
    *,
    runner: ProbeRunner | None = None,
) -> ProbeAnswer:
    """Send a batch forward and backward through networks at initialisation, and read a metric at every unit.

    Args:
        networks: NETWORK[:ORDERING] each, such as cifar-basic-56:original
        metric: gradient, weight-gradient, second-moment, channel-variance or branch-response
        seeds: how often, each time with other weights and another batch: 1 to 10
        batch: images in the batch
        init: he-fan-out, he-fan-in, zero-gamma, fixup, orthogonal or torch
        batch_norm: whether batch normalisation is there, or left out
        loss: cross-entropy (on random labels), sum or mean-square
        source: noise, or shapes: the drawn data set
        limit: refuse a network that needs more memory than this
        paths: measure too how much of the gradient reaches each unit's input through the shortcut, and the branch
    """
    config = ProbeConfig((metric,), seeds, batch, init, batch_norm, loss, source, paths)
    last = {step.lane.letter: step for step in probe_lanes(parse_lanes(networks), config, limit, runner)}
    return probe_answer([last[letter] for letter in sorted(last)], config)


def probing(
    networks: list[str],
    metric: str = "gradient",
    seeds: int = 3,
    batch: int = 8,
    init: str = "he-fan-out",
    batch_norm: bool = True,
    loss: str = "cross-entropy",
    source: str = "noise",
    limit: str = "16GB",
    paths: bool = False,
    *,
    runner: ProbeRunner | None = None,
) -> Generator[FlowAnswer, None, None]:
    """Like `probe`, but gives a lane's answer again after each of its seeds; close it to stop."""
    config = ProbeConfig((metric,), seeds, batch, init, batch_norm, loss, source, paths)
    return (flow_answer(step) for step in probe_lanes(parse_lanes(networks), config, limit, runner))


def cliff(
    networks: list[str],
    depths: list[int] | None = None,
    metric: str = "gradient",
    seeds: int = 1,
    batch: int = 8,
    init: str = "he-fan-out",
    batch_norm: bool = True,
    loss: str = "cross-entropy",
    source: str = "noise",
    limit: str = "16GB",
    *,
    runner: ProbeRunner | None = None,
) -> Generator[CliffAnswer, None, None]:
    """The first value over the last against depth, for all lanes, the shallow networks first.

    Args:
        networks: NETWORK[:ORDERING] each; depth is taken from depths, proportions stay
        depths: weighted layers, 20 to 1202; each network comes as near as it can
        metric: as for probe
        seeds: as for probe
        batch: as for probe
        init: as for probe
        batch_norm: as for probe
        loss: as for probe
        source: as for probe
        limit: as for probe
    """
    config = ProbeConfig((metric,), seeds, batch, init, batch_norm, loss, source)
    results = (runner or ProbeRunner()).depths(parse_lanes(networks), config, depths or DEPTHS, limit)
    return (cliff_answer(result) for result in results)
