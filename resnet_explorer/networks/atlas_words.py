"""All sentences that a few words can form as a unit, and which of them are the same function.

A network of such units is equal to one of shorter sentences where a word does nothing: a `relu` of what is never
negative, or a `bn` whose scale and shift the next one takes away. Those are left out one by one until none is left;
sentences that end as the same one are one entry of the atlas. Tests hold this to built networks, number by number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from resnet_explorer.language.parser import parse_block
from resnet_explorer.language.syntax import Block, Op, Ops
from resnet_explorer.networks.lowering import leading_activations

CONVS, MOST = (2, 3), 2
# why a word does nothing
NEVER_NEGATIVE = "a relu changes nothing where nothing is negative"
NORMALISED_AGAIN = "the bn that follows takes away what this one scales and shifts"


class Redundant(NamedTuple):
    """A sentence that computes what another one does, and the reasons."""

    sentence: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A sentence of which no word does nothing, and those that compute the same."""

    sentence: str
    same: tuple[Redundant, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """All its sentences, its own first."""
        return (self.sentence, *(one.sentence for one in self.same))


@cache
def entries(convs: int = 2, bns: int = 2, relus: int = 2) -> tuple[Entry, ...]:
    """The entries that sentences of so many convolutions, bn, relu and one addition fall into, by their text."""
    same: dict[str, list[Redundant]] = {}
    for sentence in sentences(convs, bns, relus):
        least, reasons = simplify(parse_block(sentence))
        others = same.setdefault(str(least), [])
        if reasons:
            others.append(Redundant(sentence, reasons))
    return tuple(Entry(sentence, tuple(others)) for sentence, others in sorted(same.items()))


def sentences(convs: int = 2, bns: int = 2, relus: int = 2) -> Iterator[str]:
    """Every order of the words in which a convolution stands before the addition: else no stage could grow wider."""
    for words in _orders({"conv": convs, "bn": bns, "relu": relus, "+": 1}):
        if "conv" in words[: words.index("+")]:
            yield " ".join(words)


def simplify(block: Block) -> tuple[Block, tuple[str, ...]]:
    """The shortest unit with the same function in a network whose stem ends with relu, and why words were left out."""
    reasons: list[str] = []
    while shorter := _without_one(block):
        block, reason = shorter
        reasons.append(reason)
    return block, tuple(dict.fromkeys(reasons))


def never_negative(block: Block) -> bool:
    """Whether the trunk between units is never negative, given that the stem ends with relu."""
    lead = leading_activations(block)
    # where the shape changes, the shortcut passes what the branch begins with, too
    shortcuts = _stays_positive((), True), _stays_positive(lead, True)
    branch = _stays_positive(block.branch, True)
    return all(_stays_positive(block.post, branch and shortcut) for shortcut in shortcuts)


def _without_one(block: Block) -> tuple[Block, str] | None:
    """The unit without its first word that does nothing, with the reason."""
    trunk = never_negative(block)
    lead = _stays_positive(leading_activations(block), trunk)
    added = _stays_positive(block.branch, trunk) and trunk and lead
    if shorter := _idle_word(block.branch, trunk):
        return Block(block.pre, shorter[0], block.merge, block.post), shorter[1]
    if shorter := _idle_word(block.post, added):
        return Block(block.pre, block.branch, block.merge, shorter[0]), shorter[1]
    return None


def _idle_word(ops: Ops, positive: bool) -> tuple[Ops, str] | None:
    """A chain without its first word that does nothing, with the reason."""
    for place, op in enumerate(ops):
        rest = ops[:place] + ops[place + 1 :]
        if op.name == "relu" and positive:
            return rest, NEVER_NEGATIVE
        if op.name == "bn" and ops[place + 1 : place + 2] and ops[place + 1].name == "bn":
            return rest, NORMALISED_AGAIN
        positive = _is_positive(op, positive)
    return None


def _stays_positive(ops: Ops, positive: bool) -> bool:
    """Whether what a chain gives is never negative, if what enters it is not, or is."""
    for op in ops:
        positive = _is_positive(op, positive)
    return positive


def _is_positive(op: Op, before: bool) -> bool:
    return op.name == "relu" or (before and op.name not in ("conv", "bn"))


def _orders(left: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """Every different order of words of which there are so many each."""
    if not any(left.values()):
        yield ()
    for word, count in left.items():
        if count:
            for rest in _orders({**left, word: count - 1}):
                yield (word, *rest)
