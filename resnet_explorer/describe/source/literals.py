"""Layers as source text."""

from fractions import Fraction
from textwrap import indent, wrap

from resnet_explorer.language.layer import Chain, Layer, NamedInt

WIDTH = 110
OWN_CLASSES = (
    "Add", "Blend", "RungeKutta", "PadChannels", "Scale", "DropPath", "LayerNorm2d", "SqueezeExcite", "Gate", "Res2",
    "Wasp", "Aspp", "Decoder",
)  # fmt: skip


def format_call(layer: Layer) -> str:
    """The call that makes a layer: `nn.Conv2d(c_in, c_out, 3, padding=1, bias=False)`."""
    options = (f"{name}={format_value(option)}" for name, option in layer.options)
    prefix = "" if layer.call in OWN_CLASSES else "nn."
    return f"{prefix}{layer.call}({', '.join((*map(format_value, layer.args), *options))})"


def format_value(value: object) -> str:
    """A value as source; the weights of a scheme as the fractions they are."""
    if isinstance(value, tuple):
        return f"({', '.join(map(format_value, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, float) and not isinstance(value, NamedInt):
        fraction = Fraction(value).limit_denominator(12)
        if float(fraction) == value and fraction.denominator in (3, 6):
            return f"{fraction.numerator} / {fraction.denominator}"
    return repr(value)


def sequential(layers: Chain, margin: int = 8) -> str:
    """Layers in a row, on one line where it fits."""
    return listed("nn.Sequential(", [format_call(layer) for layer in layers], ")", first=margin + 14)


def docstring(text: str) -> str:
    """Text between triple quotes, broken where a line gets long."""
    escaped = text.replace("\\", "").replace('"', "'")
    return '"""' + "\n".join(wrap(escaped, WIDTH - 6, break_long_words=False, break_on_hyphens=False)) + '"""'


def listed(opening: str, items: list[str], closing: str, first: int = 8) -> str:
    """Items between brackets, on one line where it fits, else one a line."""
    line = f"{opening}{', '.join(items)}{closing}"
    if first + len(line) <= WIDTH or not items:
        return line
    body = indent(",\n".join(items) + ",", "    ")
    return f"{opening}\n{body}\n{closing}"
