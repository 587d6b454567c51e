"""The values that a sentence is made of, and their canonical text: ops with arguments, and the unit they form."""

from dataclasses import dataclass
from typing import NamedTuple

from resnet_explorer.language.registry import OPS, Arguments, OpSpec, Value

FORK_MARK = "|"


class Op(NamedTuple):
    """An op as a sentence has it: its name, and the arguments that differ from their defaults, in their order."""

    name: str
    args: tuple[tuple[str, Value], ...] = ()

    @property
    def spec(self) -> OpSpec:
        return OPS[self.name]

    @property
    def arguments(self) -> Arguments:
        return dict(self.args)

    def __str__(self) -> str:
        parameters = self.spec.parameters
        first = parameters[0].name if parameters else ""
        if self.args and self.args[0][0] == first == "k":
            return f"{self.name}{self.args[0][1]}{_format_arguments(self.args[1:], '')}"
        return self.name + _format_arguments(self.args, first)


Ops = tuple[Op, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One residual unit as a sentence; without a merge step it is a plain unit."""

    pre: Ops
    branch: Ops
    merge: Op | None
    post: Ops

    def __str__(self) -> str:
        fork = (FORK_MARK,) if self.pre else ()
        merge = () if self.merge is None else (self.merge,)
        return " ".join(map(str, (*self.pre, *fork, *self.branch, *merge, *self.post)))


def format_chain(ops: Ops) -> str:
    """The canonical text of a chain."""
    return " ".join(map(str, ops))


def _format_arguments(args: tuple[tuple[str, Value], ...], first: str) -> str:
    if not args:
        return ""
    texts = [_format_value(value) if name == first else f"{name}={_format_value(value)}" for name, value in args]
    return f"({', '.join(texts)})"


def _format_value(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.9g}"
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)
