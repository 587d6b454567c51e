"""Sentences to layers: chains, and whole units by the three pre-activation rules."""

from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from resnet_explorer.errors import PlanError
from resnet_explorer.language.layer import Chain, Layer, LayerContext, Shape
from resnet_explorer.language.parser import parse_chain
from resnet_explorer.language.registry import Arguments, BuildLayer
from resnet_explorer.language.syntax import Block, Op, Ops
from resnet_explorer.networks.network import Network

ACTIVATIONS = ("bn", "gn", "ln2d", "relu", "gelu", "silu")
POOLS = ("maxpool", "avgpool")
STAGES = {"rk2": 2, "rk3": 3, "rk4": 4}


class LoweredUnit(NamedTuple):
    """One unit in layers; a Runge-Kutta step has a branch for each of its stages."""

    between: Chain
    pre: Chain
    branches: tuple[Chain, ...]
    skip: Chain
    merge: Layer | None
    post: Chain
    x: Shape
    y: Shape
    changes: bool

    def parts(self) -> list[tuple[str, Chain]]:
        """Its chains by name, in the order that data takes."""
        several = len(self.branches) > 1
        branches = [(f"branch {i}" if several else "branch", b) for i, b in enumerate(self.branches, start=1)]
        merge = () if self.merge is None else (self.merge,)
        return [
            ("between", self.between),
            ("pre", self.pre),
            *branches,
            ("skip", self.skip),
            ("merge", merge),
            ("post", self.post),
        ]

    def layers(self) -> list[Layer]:
        """Its layers in the order of `parts`."""
        merge = () if self.merge is None else (self.merge,)
        return [*self.between, *self.pre, *chain.from_iterable(self.branches), *self.skip, *merge, *self.post]


class UnitSpec(NamedTuple):
    """What a unit has to reach, and its role in the network."""

    context: LayerContext
    # the shape that enters
    x: Shape
    # the width inside
    mid: int
    # whether it drops its leading activations
    bare: bool = False
    # whether the network's `between` stands before it, if it strides
    between: bool = False


def leading_activations(block: Block) -> Ops:
    """The activations that a unit begins with."""
    ops = block.pre or block.branch
    count = 0
    while count < len(ops) and ops[count].name in ACTIVATIONS:
        count += 1
    return ops[:count]


def drops_leading_ops(network: Network) -> bool:
    """Whether the first unit drops its leading activations: the stem ends with the same, pooling aside."""
    leading = leading_activations(network.unit)
    stem = tuple(op for op in parse_chain(network.stem) if op.name not in POOLS)
    return network.bare and bool(leading) and stem[-len(leading) :] == leading


def lower_unit(network: Network, spec: UnitSpec) -> LoweredUnit:
    """One unit in layers, by the pre-activation rules; a PlanError where its parts do not fit together."""
    block, context, x = network.unit, spec.context, spec.x
    between: Chain = ()
    if spec.between and network.between and context.stride > 1:
        between = lower_chain(parse_chain(network.between), x, context._replace(c=x.c), x.c)
        x, context = _end_shape(between, x), context._replace(stride=1)
    changes = context.stride != 1 or x.c != context.c
    pre, branch = _split_activations(network, changes, spec.bare)
    pre_layers = _lower_same_width(pre, x, context)
    entry = _end_shape(pre_layers, x)
    first = lower_chain(branch, entry, context, spec.mid, network.stride_at)
    y = _end_shape(first, entry)
    _check_width(context, entry, y, branch)
    later_branch = _lower_later_stage(network, y, spec) if _stage_count(block) > 1 else ()
    skip: Chain = ()
    merge = None
    if block.merge:
        skip = _lower_skip(network, entry, context, changes)
        _check_merge(context, _end_shape(skip, entry), y, block.merge, changes)
        merge = block.merge.spec.build_layer(entry, y, context, **block.merge.arguments)
    branches = (first, *(later_branch,) * (_stage_count(block) - 1))
    if merge and block.merge and block.merge.arguments.get("shared"):
        branches = _share_weights(branches)
    _check_same_shape(context, y)
    post = _lower_same_width(block.post, y, context)
    _check_same_shape(context, _end_shape(post, y))
    return LoweredUnit(between, pre_layers, branches, skip, merge, post, spec.x, _end_shape(post, y), changes)


def lower_chain(ops: Ops, x: Shape, context: LayerContext, mid: int, stride_at: str = "spatial") -> Chain:
    """A chain in layers: the last op that chooses a width gets the context's, earlier ones `mid`."""
    layers: list[Layer] = []
    inner = LayerContext(context.where, mid, 1, context.dilation, context.first, context.taps)
    for step in _chain_steps(ops, stride_at):
        here = inner
        if step.widest or step.strides:
            width, stride = context.c if step.widest else mid, context.stride if step.strides else 1
            here = LayerContext(context.where, width, stride, context.dilation, context.first, context.taps)
        layer = step.build_layer(x, here, **step.arguments)
        layers.append(layer if layer.word == step.text else layer._replace(word=step.text))
        x = layer.shape
    return tuple(layers)


class _ChainStep(NamedTuple):
    """An op as it is lowered: looked up once a sentence, for all units."""

    text: str
    build_layer: BuildLayer
    arguments: Arguments
    widest: bool
    strides: bool


@lru_cache(maxsize=4096)
def _chain_steps(ops: Ops, stride_at: str) -> tuple[_ChainStep, ...]:
    widest = max((i for i, op in enumerate(ops) if op.spec.changes_width), default=-1)
    strided = op_taking_stride(ops, stride_at)
    return tuple(
        _ChainStep(str(op), op.spec.build_layer, op.arguments, i == widest, i == strided) for i, op in enumerate(ops)
    )


def op_taking_stride(ops: Ops, stride_at: str) -> int | None:
    """The index of the op that takes the stride: the first spatial one, else the first that can, or None."""
    candidates = [i for i, op in enumerate(ops) if op.spec.strides]
    spatial = [i for i in candidates if ops[i].spec.looks_around(ops[i].arguments)]
    return next(iter(spatial if spatial and stride_at == "spatial" else candidates), None)


def _lower_same_width(ops: Ops, x: Shape, context: LayerContext) -> Chain:
    """Ops that keep the width and take no stride: those before the fork and after the merge."""
    return lower_chain(ops, x, context._replace(c=x.c, stride=1), x.c) if ops else ()


def _lower_later_stage(network: Network, y: Shape, spec: UnitSpec) -> Chain:
    """The branch of a later Runge-Kutta stage: it sees and gives the shape of the unit's result."""
    context = spec.context._replace(stride=1, first=0)
    return lower_chain(network.unit.branch, y, context, spec.mid, network.stride_at)


def _split_activations(network: Network, changes: bool, bare: bool) -> tuple[Ops, Ops]:
    """The ops before the fork and those of the first branch, by the rules share and bare."""
    block = network.unit
    shares = changes and network.share and block.merge and not block.pre
    if not (bare or shares):
        return block.pre, block.branch
    leading = leading_activations(block)
    if bare and block.pre:
        return block.pre[len(leading) :], block.branch
    return () if bare else leading, block.branch[len(leading) :]


def _lower_skip(network: Network, x: Shape, context: LayerContext, changes: bool) -> Chain:
    ops = parse_chain(network.down if changes else network.skip)
    return lower_chain(ops, x, context, int(context.c))


def _stage_count(block: Block) -> int:
    return STAGES.get(block.merge.name, 1) if block.merge else 1


def _share_weights(branches: tuple[Chain, ...]) -> tuple[Chain, ...]:
    """The branches with shared weights; the first keeps weights of its own where its layers differ from the later."""
    first, later = branches[0], branches[1]
    repeated = tuple(layer.with_shared_weights() for layer in later)
    second = repeated if first == later else later
    return (first, second, *(repeated,) * (len(branches) - 2))


def _end_shape(layers: Chain, x: Shape) -> Shape:
    return layers[-1].shape if layers else x


def _check_width(context: LayerContext, x: Shape, y: Shape, branch: Ops) -> None:
    if y.c != context.c and not any(op.spec.changes_width for op in branch):
        raise PlanError(
            f"{context.where} must go from {int(x.c)} to {int(context.c)} channels, but its branch has no conv to do so"
        )
    if context.stride > 1 and op_taking_stride(branch, "spatial") is None:
        raise PlanError(
            f"{context.where} must shrink {x} by {int(context.stride)}, but its branch has no conv or pool to do so"
        )


def _check_same_shape(context: LayerContext, y: Shape) -> None:
    if y.flat:
        raise PlanError(f"{context.where} must give an image, not {y} numbers in a row; flatten belongs into the head")
    if y.c != context.c:
        raise PlanError(f"{context.where} must give the {int(context.c)} channels of its stage, not {int(y.c)}")


def _check_merge(context: LayerContext, skip: Shape, y: Shape, merge: Op, changes: bool) -> None:
    if skip == y:
        return
    remedy = "set down to 'pad' or 'conv1 bn'" if changes else "a unit that keeps its shape needs both to keep it"
    raise context.error(
        f"the branch gives {y} and the shortcut {skip}, but {str(merge)!r} needs equal shapes; {remedy}"
    )
