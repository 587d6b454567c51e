"""Sentences to layers: chains, and units with the three pre-activation rules."""

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
    """What a unit must do: its input, the width of its result and inside, its role in the network."""

    site: LayerContext
    x: Shape
    mid: int
    bare: bool = False
    between: bool = False


def leading_activations(block: Block) -> Ops:
    """The activations that a unit begins with."""
    words = block.pre or block.branch
    count = 0
    while count < len(words) and words[count].name in ACTIVATIONS:
        count += 1
    return words[:count]


def drops_leading_ops(network: Network) -> bool:
    """Whether the first unit drops its leading activations: the stem ends with the same, pooling aside."""
    lead = leading_activations(network.unit)
    stem = tuple(word for word in parse_chain(network.stem) if word.name not in POOLS)
    return network.bare and bool(lead) and stem[-len(lead) :] == lead


def lower_unit(network: Network, demand: UnitSpec) -> LoweredUnit:
    """One unit in layers, with the pre-activation rules applied."""
    block, site, x = network.unit, demand.site, demand.x
    before: Chain = ()
    if demand.between and network.between and site.stride > 1:
        before = lower_chain(parse_chain(network.between), x, site._replace(c=x.c), x.c)
        x, site = _end(before, x), site._replace(stride=1)
    changes = site.stride != 1 or x.c != site.c
    pre, branch = _split(network, changes, demand.bare)
    shared = _lower_same_width(pre, x, site)
    entry = _end(shared, x)
    first = lower_chain(branch, entry, site, demand.mid, network.stride_at)
    y = _end(first, entry)
    _check_width(site, entry, y, branch)
    later = _later(network, y, demand) if _stages(block) > 1 else ()
    skip: Chain = ()
    merge = None
    if block.merge:
        skip = _skip(network, entry, site, changes)
        _check_merge(site, _end(skip, entry), y, block.merge, changes)
        merge = block.merge.spec.build_layer(entry, y, site, **block.merge.arguments)
    branches = (first, *(later,) * (_stages(block) - 1))
    if merge and block.merge and block.merge.arguments.get("shared"):
        branches = _shared(branches)
    _check_same_shape(site, y)
    post = _lower_same_width(block.post, y, site)
    _check_same_shape(site, _end(post, y))
    return LoweredUnit(before, shared, branches, skip, merge, post, demand.x, _end(post, y), changes)


def lower_chain(words: Ops, x: Shape, site: LayerContext, mid: int, stride_at: str = "spatial") -> Chain:
    """A chain in layers: the last word that widens gets the site's width, earlier ones `mid`."""
    layers: list[Layer] = []
    inner = LayerContext(site.where, mid, 1, site.dilation, site.first, site.taps)
    for step in _steps(words, stride_at):
        here = inner
        if step.widest or step.strides:
            width, stride = site.c if step.widest else mid, site.stride if step.strides else 1
            here = LayerContext(site.where, width, stride, site.dilation, site.first, site.taps)
        layer = step.build_layer(x, here, **step.arguments)
        layers.append(layer if layer.word == step.text else layer._replace(word=step.text))
        x = layer.shape
    return tuple(layers)


class _Step(NamedTuple):
    """What lowering a word of a sentence takes: looked up once a sentence, for all its units."""

    text: str
    build_layer: BuildLayer
    arguments: Arguments
    widest: bool
    strides: bool


@lru_cache(maxsize=4096)
def _steps(words: Ops, stride_at: str) -> tuple[_Step, ...]:
    widest = max((i for i, word in enumerate(words) if word.spec.changes_width), default=-1)
    taker = op_taking_stride(words, stride_at)
    return tuple(
        _Step(str(word), word.spec.build_layer, word.arguments, i == widest, i == taker) for i, word in enumerate(words)
    )


def op_taking_stride(words: Ops, stride_at: str) -> int | None:
    """Which word of a chain takes the stride: the first spatial one, else the first that can."""
    able = [i for i, word in enumerate(words) if word.spec.strides]
    spatial = [i for i in able if words[i].spec.looks_around(words[i].arguments)]
    return next(iter(spatial if spatial and stride_at == "spatial" else able), None)


def _lower_same_width(words: Ops, x: Shape, site: LayerContext) -> Chain:
    """Words that keep the width and take no stride: those before the fork and behind the merge."""
    return lower_chain(words, x, site._replace(c=x.c, stride=1), x.c) if words else ()


def _later(network: Network, y: Shape, demand: UnitSpec) -> Chain:
    """The branch of a later stage: it sees and gives the unit's result."""
    site = demand.site._replace(stride=1, first=0)
    return lower_chain(network.unit.branch, y, site, demand.mid, network.stride_at)


def _split(network: Network, changes: bool, bare: bool) -> tuple[Ops, Ops]:
    """The words before the fork and those of the (first) branch, by the rules share and bare."""
    block = network.unit
    shares = changes and network.share and block.merge and not block.pre
    if not (bare or shares):
        return block.pre, block.branch
    lead = leading_activations(block)
    if bare and block.pre:
        return block.pre[len(lead) :], block.branch
    return () if bare else lead, block.branch[len(lead) :]


def _skip(network: Network, x: Shape, site: LayerContext, changes: bool) -> Chain:
    words = parse_chain(network.down if changes else network.skip)
    return lower_chain(words, x, site, int(site.c))


def _stages(block: Block) -> int:
    return STAGES.get(block.merge.name, 1) if block.merge else 1


def _shared(branches: tuple[Chain, ...]) -> tuple[Chain, ...]:
    """Later stages reuse one branch; the first has its own where its layers differ (by shape or rule)."""
    first, later = branches[0], branches[1]
    again = tuple(layer.with_shared_weights() for layer in later)
    second = again if first == later else later
    return (first, second, *(again,) * (len(branches) - 2))


def _end(layers: Chain, x: Shape) -> Shape:
    return layers[-1].shape if layers else x


def _check_width(site: LayerContext, x: Shape, y: Shape, branch: Ops) -> None:
    if y.c != site.c and not any(word.spec.changes_width for word in branch):
        raise PlanError(
            f"{site.where} must go from {int(x.c)} to {int(site.c)} channels, but its branch has no conv to do so"
        )
    if site.stride > 1 and op_taking_stride(branch, "spatial") is None:
        raise PlanError(
            f"{site.where} must shrink {x} by {int(site.stride)}, but its branch has no conv or pool to do so"
        )


def _check_same_shape(site: LayerContext, y: Shape) -> None:
    if y.flat:
        raise PlanError(f"{site.where} must give an image, not {y} numbers in a row; flatten belongs into the head")
    if y.c != site.c:
        raise PlanError(f"{site.where} must give the {int(site.c)} channels of its stage, not {int(y.c)}")


def _check_merge(site: LayerContext, h: Shape, y: Shape, merge: Op, changes: bool) -> None:
    if h == y:
        return
    cure = "set down to 'pad' or 'conv1 bn'" if changes else "a unit that keeps its shape needs both to keep it"
    raise site.error(f"the branch gives {y} and the shortcut {h}, but {str(merge)!r} needs equal shapes; {cure}")
