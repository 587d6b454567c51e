"""What a GPU can do at best, and so how long 50,000 images must take: a floor of bytes and one of arithmetic.

The floor of bytes counts every whole tensor that a step must move if each normalisation, activation and sum is fused
with its neighbours, in 2 bytes a number, and nothing stays in a cache between two kernels: a convolution reads its
input and writes its output, and so do both of its backward passes, the one for the input and the one for the weights
(the sums that a normalisation needs come with the convolution's own output); a normalisation with its activation
reads and writes once forward, and backward reads twice for its sums and reads twice and writes once for the gradient;
a sum with the shortcut reads once more forward and once more backward. Weights are read in both passes, and the
optimiser reads weight, gradient and momentum and writes two of them. Pooling, loss and the batch's own making are left
out. The floor of arithmetic is three times the forward pass's multiply-adds at the pace of one large product.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from statistics import median

import torch

from benchmarks.gpu_turns import EPOCH, Clock, Figure, Rows, Size, experiment, timed
from resnet_explorer.language.layer import Chain, Shape
from resnet_explorer.networks.plan import Plan, plan

BYTES = 2
# a weight: cast (4 + 2), read forward and backward (2 + 2), gradient written and cast (2 + 2 + 4), SGD (12 + 8)
WEIGHT = 38
CONV, NORM, SUM = 3, 7, 2


@dataclass(frozen=True)
class Ceilings:
    """Bytes and operations a second."""

    bytes: float
    operations: float


def part(size: Size, clock: Clock) -> Rows:
    """The two ceilings, and the floors that follow from them."""
    measured = ceilings(size)
    yield Figure(f"copying {size.copied / 1e9:.3g} GB, read and written", measured.bytes / 1e9, "GB/s")
    yield Figure(f"a product of {size.matrix}² matrices in bf16", measured.operations / 1e12, "TFLOP/s")
    for depth in size.depths:
        network = plan(experiment(str(depth), size).network)
        for batch in (size.batch, size.large):
            what = f"floor of ResNet-{depth} at batch {batch}, {EPOCH:,} images"
            yield Figure(f"byte {what}", byte_floor(network, batch, measured), "s")
            yield Figure(f"arithmetic {what}", 6 * network.macs * EPOCH / measured.operations, "s")


@lru_cache(maxsize=1)
def ceilings(size: Size) -> Ceilings:
    """What a large copy and a large product reach here, medians."""
    device = size.place.device
    source = torch.empty(size.copied, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    a, b = (torch.randn(size.matrix, size.matrix, device=device).bfloat16() for _ in range(2))
    product = torch.empty_like(a)
    copies = _seconds(partial(_repeated, partial(target.copy_, source)), size)
    products = _seconds(partial(_repeated, partial(torch.mm, a, b, out=product)), size)
    return Ceilings(2 * size.copied / copies, 2 * size.matrix**3 / products)


def byte_floor(network: Plan, batch: int, ceilings: Ceilings) -> float:
    """Seconds for 50,000 images, as told above."""
    return EPOCH * (BYTES * moved(network) + WEIGHT * network.params / batch) / ceilings.bytes


def moved(network: Plan) -> int:
    """Numbers that a training step moves for one image."""
    total = _chain(network.stem, network.image)
    for run in network.runs():
        unit = run.unit
        once = _chain((*unit.between, *unit.pre), unit.x)
        entry = [*unit.between, *unit.pre]
        x = entry[-1].shape if entry else unit.x
        once += sum(_chain(branch, x) for branch in unit.branches) + _chain(unit.skip, x) + _chain(unit.post, unit.y)
        if unit.merge is not None:
            once += SUM * unit.merge.shape.size
        total += once * run.count
    return total + _chain(network.head, network.stages[-1][-1].unit.y)


def _chain(layers: Chain, x: Shape) -> int:
    total = 0
    for layer in layers:
        if layer.call in ("Conv2d", "Linear"):
            total += CONV * (x.size + layer.shape.size)
        elif layer.call == "BatchNorm2d":
            total += NORM * layer.shape.size
        x = layer.shape
    return total


TIMES = 10


def _repeated(run: Callable[[], object]) -> None:
    for _ in range(TIMES):
        run()


def _seconds(run: Callable[[], object], size: Size) -> float:
    times = [timed(run, size) / TIMES for _ in range(7)]
    # the first ones wait for libraries and clocks
    return median(times[2:])
