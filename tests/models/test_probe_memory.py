"""What a probe leaves in the memory of a process that goes on."""

import gc
import weakref

from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import ProbeConfig
from resnet_explorer.models.probe import Lane
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

EVERYTHING = ProbeConfig(metrics=tuple(METRICS), seeds=1, batch=2)


def test_a_network_that_is_dropped_is_freed_without_looking_for_garbage() -> None:
    lane = Lane(plan(parse_request("cifar-basic-8").network), EVERYTHING)
    lane.measure(0)
    net = weakref.ref(lane.net)
    gc.disable()
    try:
        del lane
        assert net() is None
    finally:
        gc.enable()
