"""What can be said of a sentence without building it: the properties that an atlas is filtered and explained by."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.language.parser import parse_block
from resnet_explorer.language.syntax import Block, Ops


class Property(NamedTuple):
    """A property of a unit: how a filter names it, how a sentence tells of it, and whether a unit has it."""

    label: str
    clause: str
    holds: Callable[[Block], bool]


def properties_of(sentence: str) -> tuple[str, ...]:
    """The names of the properties that the unit of a sentence has."""
    block = parse_block(sentence)
    return tuple(name for name, one in PROPERTIES.items() if one.holds(block))


def known_name(sentence: str, convs: int) -> str:
    """The name of the ordering that has this sentence, or an empty text."""
    return {one.sentence(("conv",) * convs): name for name, one in ORDERINGS.items()}.get(sentence, "")


def _names(ops: Ops) -> list[str]:
    return [op.name for op in ops]


def _before_first_conv(block: Block, name: str) -> bool:
    names = _names(block.branch)
    return name in names[: names.index("conv")]


def _after_last_conv(block: Block, name: str) -> bool:
    names = _names(block.branch)
    return name in names[::-1][: names[::-1].index("conv")]


def _between_convs(block: Block, name: str) -> bool:
    """Whether a word stands between two convolutions, in the branch or around the addition."""
    names = [*_names(block.branch), *_names(block.post)]
    first, last = names.index("conv"), len(names) - 1 - names[::-1].index("conv")
    return name in names[first:last]


PROPERTIES: Mapping[str, Property] = {
    "plus-last": Property(
        "+ last: nothing on the trunk", "nothing stands after the addition", lambda block: not block.post
    ),
    "relu-on-trunk": Property(
        "relu on the trunk", "a relu stands after the addition", lambda block: "relu" in _names(block.post)
    ),
    "bn-on-trunk": Property(
        "bn on the trunk", "a bn stands after the addition", lambda block: "bn" in _names(block.post)
    ),
    "conv-on-trunk": Property(
        "conv on the trunk", "a convolution stands after the addition", lambda block: "conv" in _names(block.post)
    ),
    "bn-before-conv": Property(
        "bn before the first conv", "the branch has a bn before its convolution", lambda b: _before_first_conv(b, "bn")
    ),
    "relu-before-conv": Property(
        "relu before the first conv",
        "the branch has a relu before its convolution",
        lambda block: _before_first_conv(block, "relu"),
    ),
    "bn-between": Property(
        "bn between the convs", "a bn stands between the convolutions", lambda block: _between_convs(block, "bn")
    ),
    "relu-between": Property(
        "relu between the convs",
        "a relu stands between the convolutions",
        lambda block: _between_convs(block, "relu"),
    ),
    "bn-after-conv": Property(
        "bn after the branch's last conv",
        "the branch has a bn after its last convolution",
        lambda block: _after_last_conv(block, "bn"),
    ),
    "relu-ends-branch": Property(
        "relu at the branch's end", "the branch ends with relu", lambda block: _names(block.branch)[-1] == "relu"
    ),
}
