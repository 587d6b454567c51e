"""The texts in and under the boxes of a drawing, and the style of each box."""

from fractions import Fraction

from resnet_explorer.language.layer import Layer, Shape
from resnet_explorer.language.parser import parse_chain
from resnet_explorer.language.registry import Value

STYLES = {
    "Conv2d": "weight", "Linear": "weight", "Res2": "weight", "Wasp": "weight", "Aspp": "weight",
    "Decoder": "weight",
    "BatchNorm2d": "norm", "GroupNorm": "norm", "LayerNorm2d": "norm",
    "ReLU": "activation", "GELU": "activation", "SiLU": "activation",
}  # fmt: skip
VULGAR = {(1, 2): "½", (1, 3): "⅓", (2, 3): "⅔", (1, 4): "¼", (3, 4): "¾", (1, 6): "⅙", (5, 6): "⅚", (1, 8): "⅛"}
SHOWN_ELSEWHERE = ("k", "stride")


def box_style(layer: Layer) -> str:
    """The style that a layer's box is drawn in: weight, norm, activation or other."""
    return STYLES.get(layer.call, "other")


def box_text(layer: Layer) -> str:
    """The name in a box."""
    if layer.call == "Conv2d":
        return f"conv {layer.args[2]}×{layer.args[2]}"
    return layer.word.partition("(")[0]


def notes(layer: Layer, x: Shape) -> tuple[str, ...]:
    """The lines under a box: arguments that matter, and the shapes where they change."""
    shapes = (f"{x} →", str(layer.shape)) if layer.shape != x else ()
    return (*_argument_lines(layer), *shapes)


def fraction(weight: float) -> str:
    """A weight as it is written before a k: nothing for 1."""
    value = Fraction(weight).limit_denominator(100)
    if value.denominator == 1:
        return "" if value == 1 else str(value)
    return VULGAR.get((value.numerator, value.denominator), str(value))


def _argument_lines(layer: Layer) -> tuple[str, ...]:
    if layer.call == "Conv2d":
        options = dict(layer.options)
        lines = [f"{name} {options[name]}" for name in ("groups", "dilation") if name in options]
        return (*lines, *(["bias"] if "bias" not in options else []))
    if layer.parts:
        return ()
    (op,) = parse_chain(layer.word)
    return tuple(_format_argument(name, value) for name, value in op.args if name not in SHOWN_ELSEWHERE)


def _format_argument(name: str, value: Value) -> str:
    """One argument as it is read: a switch by its name alone."""
    return name if value is True else f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"
