"""The memory that training a network takes, counted from its plan before anything is allocated."""

from dataclasses import dataclass

from resnet_explorer.errors import NetworkError
from resnet_explorer.language.layer import Chain, Layer, Shape
from resnet_explorer.networks.lowering import LoweredUnit
from resnet_explorer.networks.plan import Plan

BYTES_PER_ELEMENT = {"fp32": 4, "tf32": 4, "bf16": 2, "fp16": 2}
MAX_BATCH = 10**6


@dataclass(frozen=True)
class Memory:
    """Bytes that one training step holds at its peak, by what they are for.

    Weights, gradients and the optimiser's momentum stay 4-byte floats under autocast, which adds a
    2-byte copy of the weights; `working` is the gradient of the largest activation beside its input.
    Gaps that an allocator leaves between blocks, and its caches, come on top.
    """

    batch: int
    precision: str
    weights: int
    gradients: int
    optimiser: int
    activations: int
    working: int

    @property
    def training(self) -> int:
        return self.weights + self.gradients + self.optimiser + self.activations + self.working


def memory(plan: Plan, batch: int = 128, precision: str = "fp32") -> Memory:
    """The memory of one training step with SGD and momentum, estimated."""
    size = element_size(precision)
    if isinstance(batch, bool) or not 1 <= batch <= MAX_BATCH:
        raise NetworkError(f"batch must be a whole number from 1 to {MAX_BATCH:,}, not {batch}")
    weights = 4 * plan.params
    copies = size * plan.params if size < 4 else 0
    activations = batch * size * saved_elements(plan)
    return Memory(
        batch, precision, weights + copies, weights, weights, activations, 2 * batch * size * largest_activation(plan)
    )


def element_size(precision: str) -> int:
    """The bytes of one activation."""
    if precision not in BYTES_PER_ELEMENT:
        raise NetworkError(f"precision is one of {', '.join(BYTES_PER_ELEMENT)}, not {precision!r}")
    return BYTES_PER_ELEMENT[precision]


def saved_elements(plan: Plan) -> int:
    """Activation elements kept for the backward pass of one image; every tensor is counted once."""
    stem, held = chain_saved_elements(plan.stem, plan.image, False)
    total = sum(stem)
    for run in plan.runs():
        first, after = unit_saved_elements(run.unit, held)
        total += sum(first)
        if run.count > 1:
            total += (run.count - 1) * sum(unit_saved_elements(run.unit, after)[0])
        held = after
    head, _ = chain_saved_elements(plan.head, plan.stages[-1][-1].unit.y, held)
    return total + sum(head)


def largest_activation(plan: Plan) -> int:
    """The elements of the largest activation of one image."""
    layers = [*plan.stem, *plan.head, *(layer for run in plan.runs() for layer in run.unit.layers())]
    return max(plan.image.size, *(layer.shape.size for layer in layers))


def unit_saved_elements(unit: LoweredUnit, held: bool) -> tuple[list[int], bool]:
    """Elements that each layer of a unit adds, in the order of its `layers`, and whether its output is held."""
    counter = _SavedCounter()
    x = _Tensor(unit.x, held)
    entry = counter.chain((*unit.between, *unit.pre), x)
    ends: list[_Tensor] = []
    for i, branch in enumerate(unit.branches):
        # later stages see the sum of shortcut and earlier stages: a tensor of its own
        ends.append(counter.chain(branch, entry if i == 0 else _Tensor(ends[0].shape, False)))
    end = ends[-1]
    if unit.merge is not None:
        skip = counter.chain(unit.skip, entry)
        end = counter.merge(unit.merge, entry, ends[0], skip)
    y = counter.chain(unit.post, end)
    return counter.added, y.held


def chain_saved_elements(layers: Chain, x: Shape, held: bool) -> tuple[list[int], bool]:
    """Elements that each layer of a chain adds, and whether its output is held."""
    counter = _SavedCounter()
    end = counter.chain(layers, _Tensor(x, held))
    return counter.added, end.held


class _Tensor:
    """A tensor between two layers, and whether the backward pass holds it already."""

    __slots__ = ("held", "shape")

    def __init__(self, shape: Shape, held: bool) -> None:
        self.shape = shape
        self.held = held

    def add_saved(self) -> int:
        """Hold the tensor; the elements that this adds."""
        if self.held:
            return 0
        self.held = True
        return self.shape.size


class _SavedCounter:
    """Walks layers in order, and collects in `added` the elements that each makes autograd hold."""

    def __init__(self) -> None:
        self.added: list[int] = []

    def chain(self, layers: Chain, x: _Tensor) -> _Tensor:
        for layer in layers:
            y = x if layer.is_view else _Tensor(layer.shape, False)
            added = layer.extra
            for name in layer.keeps:
                added += x.add_saved() if name == "in" else y.add_saved()
            self.added.append(added)
            x = y
        return x

    def merge(self, layer: Layer, x: _Tensor, branch: _Tensor, skip: _Tensor) -> _Tensor:
        y = _Tensor(layer.shape, False)
        tensors = {"in": x, "branch": branch, "skip": skip, "out": y}
        self.added.append(layer.extra + sum(tensors[name].add_saved() for name in layer.keeps))
        return y
