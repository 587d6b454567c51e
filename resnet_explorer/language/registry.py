"""The registry of ops, and the decorator that adds a function to it: its signature is the op's arguments."""

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
    """One argument of an op: the editor makes a control of it."""

    name: str
    value_type: type
    default: Value
    choices: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class OpSpec:
    """An op: its name, arguments and tooltip, the function that builds its layer, and what it can change."""

    name: str
    parameters: tuple[Parameter, ...]
    meaning: str
    build_layer: BuildLayer
    merges: bool = False
    changes_width: bool = False
    strides: bool = False
    kernel: int | None = None

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of a name, or None."""
        return next((p for p in self.parameters if p.name == name), None)

    def looks_around(self, args: Arguments) -> bool:
        """Whether the op sees more than one pixel, so that by default it takes a unit's stride."""
        k = args.get("k", self.parameters[0].default) if self.kernel is None else self.kernel
        return self.strides and k != 1


OPS: dict[str, OpSpec] = {}


def register_op(
    name: str = "", merges: bool = False, changes_width: bool = False, strides: bool = False, kernel: int | None = None
) -> Callable[[BuildLayer], BuildLayer]:
    """Add the decorated function to the registry.

    An op that `changes_width` can change the number of channels, one that `strides` can shrink the image;
    `kernel` is its kernel size where no argument `k` says so (0: whatever the stride is).
    """

    def add(build_layer: BuildLayer) -> BuildLayer:
        op_name = name or build_layer.__name__
        meaning = (build_layer.__doc__ or "").strip()
        OPS[op_name] = OpSpec(
            op_name, _parameters(build_layer), meaning, build_layer, merges, changes_width, strides, kernel
        )
        return build_layer

    return add


def _parameters(build_layer: BuildLayer) -> tuple[Parameter, ...]:
    hints = get_type_hints(build_layer)
    parameters = []
    for parameter in signature(build_layer).parameters.values():
        if parameter.default is parameter.empty:
            continue
        hint = hints[parameter.name]
        choices: tuple[Value, ...] = ()
        if get_origin(hint) is Literal:
            choices = get_args(hint)
            hint = type(choices[0])
        parameters.append(Parameter(parameter.name, get_origin(hint) or hint, parameter.default, choices))
    return tuple(parameters)
