"""A network as a frozen value: a few sentences and a table of stages, to and from JSON."""

import hashlib
import json
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

from resnet_explorer.errors import LanguageError, NetworkError
from resnet_explorer.language.parser import parse_block, parse_chain
from resnet_explorer.language.syntax import Block, Ops, format_chain

MAX_STAGES = 16
MAX_SIZE = 10**12


@dataclass(frozen=True)
class Network:
    """Sentences for stem, unit, shortcuts and head, and what each stage is given.

    `skip` stands on every shortcut, `down` on those where the shape changes, `between` before the
    first unit of a stage that strides (and takes its stride: VGG's pooling). `grid` holds the
    dilations of the last stage's units. `stride_at` says which word of a branch takes the stride:
    the first that is spatial (its kernel is larger than 1), or the first of all.

    `share`, `bare` and `close` are He's three rules for units that begin with an activation:
    where the shape changes, branch and shortcut share it; the first unit drops it if the stem ends
    with the same; the head starts with it.
    """

    block: str = "conv bn relu conv bn + relu"
    stem: str = "conv bn relu"
    skip: str = ""
    down: str = "pad"
    head: str = "gap flatten fc"
    between: str = ""
    stem_width: int = 16
    widths: tuple[int, ...] = (16, 32, 64)
    depths: tuple[int, ...] = (3, 3, 3)
    strides: tuple[int, ...] = (1, 2, 2)
    ratio: Fraction = Fraction(1)
    grid: tuple[int, ...] = ()
    stride_at: str = "spatial"
    channels: int = 3
    image: int = 32
    classes: int = 10
    share: bool = True
    bare: bool = True
    close: bool = True

    def __post_init__(self) -> None:
        """Store every sentence as its canonical text, and refuse what cannot be meant."""
        object.__setattr__(self, "block", str(parse_block(self.block)))
        for name in ("stem", "skip", "down", "head", "between"):
            object.__setattr__(self, name, format_chain(self._parse_field(name)))
        object.__setattr__(self, "ratio", _read_fraction(self.ratio))
        _check_fields(self)

    @property
    def unit(self) -> Block:
        return parse_block(self.block)

    def _parse_field(self, name: str) -> Ops:
        """The ops of a sentence; an error says which field it is in."""
        try:
            return parse_chain(getattr(self, name))
        except LanguageError as error:
            raise LanguageError(f"{name}: {error}", error.column, error.suggestion, error.suggestions) from None

    def changes(self) -> dict[str, object]:
        """The fields that differ from their defaults, as JSON values."""
        return {
            f.name: _to_json_value(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) != f.default
        }

    @property
    def id(self) -> str:
        """A hash of canonical text; fields at their defaults do not enter, so a later field leaves old ids valid."""
        text = json.dumps(self.changes(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def to_json(self) -> str:
        return json.dumps(self.changes(), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Network":
        """The network that `to_json` wrote; raises a NetworkError."""
        try:
            fields_by_name = json.loads(text)
        except json.JSONDecodeError as error:
            raise NetworkError(f"a network is a JSON object, and this is not JSON: {error}") from None
        if not isinstance(fields_by_name, dict):
            raise NetworkError("a network is a JSON object of fields")
        defaults = {f.name: f.default for f in fields(cls)}
        for name, value in fields_by_name.items():
            if name not in defaults:
                raise NetworkError(f"a network has no field {name!r}; its fields are {', '.join(sorted(defaults))}")
            _check_type(name, value, defaults[name])
        values: dict[str, Any] = {
            n: tuple(value) if isinstance(value, list) else value for n, value in fields_by_name.items()
        }
        return replace(cls(), **values)

    def scaled(self, factor: Fraction) -> "Network":
        """The same network with every width, the stem's too, times a factor."""
        widths = tuple(_scale_width(width, factor) for width in self.widths)
        return replace(self, widths=widths, stem_width=_scale_width(self.stem_width, factor))


def _scale_width(width: int, factor: Fraction) -> int:
    scaled = width * factor
    if scaled.denominator != 1 or scaled < 1:
        raise NetworkError(f"width {float(factor):g} times {width} channels is not a whole number")
    return scaled.numerator


def _read_fraction(ratio: Fraction | str | int) -> Fraction:
    try:
        return Fraction(ratio)
    except (ValueError, ZeroDivisionError):
        raise NetworkError(f"ratio is a number like 4 or 32/13, not {str(ratio)[:40]!r}") from None


def _check_type(name: str, value: object, default: object) -> None:
    """Refuse a JSON value of another type than the field's default."""
    field_type = type(default).__name__
    expected = {"tuple": "list", "Fraction": "str"}.get(field_type, field_type)
    if type(value).__name__ != expected:
        descriptions = {
            "list": "a list of whole numbers",
            "str": "text",
            "int": "a whole number",
            "bool": "true or false",
        }
        raise NetworkError(f"{name} is {descriptions[expected]}, not {str(value)[:40]!r}")


def _to_json_value(value: object) -> object:
    return str(value) if isinstance(value, Fraction) else value


def _check_fields(network: Network) -> None:
    stages = len(network.widths)
    if not 1 <= stages <= MAX_STAGES or not stages == len(network.depths) == len(network.strides):
        raise NetworkError(
            f"widths, depths and strides must name the same stages, 1 to {MAX_STAGES}, "
            f"not {stages}, {len(network.depths)} and {len(network.strides)}"
        )
    for name in ("stem_width", "channels", "image", "classes"):
        _check_size(name, getattr(network, name))
    for name in ("widths", "depths", "strides", "grid"):
        for value in getattr(network, name):
            _check_size(name, value)
    if not 0 < network.ratio <= MAX_SIZE:
        raise NetworkError(f"ratio must be above 0 and at most {MAX_SIZE:.0e}, not {float(network.ratio):g}")
    if network.grid and len(network.grid) != network.depths[-1]:
        raise NetworkError(
            f"grid gives {len(network.grid)} dilations, but the last stage has {network.depths[-1]} units"
        )
    if network.stride_at not in ("spatial", "first"):
        raise NetworkError(f"stride_at is spatial or first, not {network.stride_at!r}")


def _check_size(name: str, value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_SIZE:
        raise NetworkError(f"{name} must be whole numbers from 1 to {MAX_SIZE:.0e}, not {str(value)[:20]}")
