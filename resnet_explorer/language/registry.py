"""How a function becomes a word of the language: its signature is the word's arguments."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Literal, get_args, get_origin, get_type_hints

from resnet_explorer.language.layer import Layer

Value = bool | int | float | str | tuple[int, ...]
Arguments = dict[str, Value]
BuildLayer = Callable[..., Layer]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a word: the editor makes a control of it."""

    name: str
    kind: type
    default: Value
    choices: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class OpSpec:
    """A word of the language: what it is called, takes, means and lowers to."""

    name: str
    parameters: tuple[Parameter, ...]
    meaning: str
    build_layer: BuildLayer
    merges: bool = False
    changes_width: bool = False
    strides: bool = False
    kernel: int | None = None

    def parameter(self, name: str) -> Parameter | None:
        return next((p for p in self.parameters if p.name == name), None)

    def looks_around(self, args: Arguments) -> bool:
        """Whether the word looks at more than one pixel, so that by default it takes a unit's stride."""
        k = args.get("k", self.parameters[0].default) if self.kernel is None else self.kernel
        return self.strides and k != 1


OPS: dict[str, OpSpec] = {}


def register_op(
    name: str = "", merges: bool = False, changes_width: bool = False, strides: bool = False, kernel: int | None = None
) -> Callable[[BuildLayer], BuildLayer]:
    """Add the decorated function to the vocabulary.

    A word that `widens` can change the number of channels, one that `strides` can shrink the image;
    `kernel` is its kernel size where no argument `k` says so (0: whatever the stride is).
    """

    def add(lower: BuildLayer) -> BuildLayer:
        spelled = name or lower.__name__
        meaning = (lower.__doc__ or "").strip()
        OPS[spelled] = OpSpec(spelled, _parameters(lower), meaning, lower, merges, changes_width, strides, kernel)
        return lower

    return add


def _parameters(lower: BuildLayer) -> tuple[Parameter, ...]:
    hints = get_type_hints(lower)
    found = []
    for parameter in signature(lower).parameters.values():
        if parameter.default is parameter.empty:
            continue
        hint = hints[parameter.name]
        choices: tuple[Value, ...] = ()
        if get_origin(hint) is Literal:
            choices = get_args(hint)
            hint = type(choices[0])
        found.append(Parameter(parameter.name, get_origin(hint) or hint, parameter.default, choices))
    return tuple(found)
