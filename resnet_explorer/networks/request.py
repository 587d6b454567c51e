"""One line of text, or a name with a few fields, to a `Network`.

cifar-basic-56                       a name from the catalogue
cifar-basic-56:full-preactivation    with a named ordering, or with a sentence of one's own
cifar-basic-56:original;shortcut=B   with fields set
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction

from resnet_explorer.errors import NetworkError
from resnet_explorer.language.orderings import ORDERINGS, ordering
from resnet_explorer.language.parser import is_word, parse_block, parse_chain
from resnet_explorer.language.syntax import Block, format_chain
from resnet_explorer.networks.catalog import preset_network
from resnet_explorer.networks.families import PresetNetwork
from resnet_explorer.networks.lowering import leading_activations
from resnet_explorer.networks.network import Network

MAX_CHARACTERS = 1000
# of lanes: networks that are looked at side by side, the first as A
LETTERS = "ABCDEFGHIJKL"


@dataclass(frozen=True)
class NetworkRequest:
    """A network and the line of text that asks for it."""

    name: str
    ordering: str
    network: Network


def parse_request(text: str) -> NetworkRequest:
    """The network of `NAME[:ORDERING or SENTENCE][;FIELD=VALUE ...]`; raises a NetworkError or LanguageError."""
    if len(text) > MAX_CHARACTERS:
        raise NetworkError(f"a network is written in at most {MAX_CHARACTERS} characters, not {len(text):,}")
    head, *settings = text.split(";")
    name, colon, unit = head.partition(":")
    values: dict[str, str] = {}
    for setting in settings:
        field, equals, value = setting.partition("=")
        if not equals:
            raise NetworkError(f"{setting.strip()!r} is not FIELD=VALUE")
        values[field.strip()] = value.strip()
    unit = unit.strip()
    if colon and not unit:
        raise NetworkError(f"{name!r} is followed by ':' but no ordering; write for example '{name}:original'")
    if _is_sentence(unit):
        return make_request(name.strip(), block=unit, settings=values)
    return make_request(name.strip(), ordering_name=unit or None, settings=values)


def make_request(
    name: str, ordering_name: str | None = None, block: str | None = None, settings: Mapping[str, str] | None = None
) -> NetworkRequest:
    """A catalogue network with its unit replaced and fields set."""
    if ordering_name and block:
        raise NetworkError("give an ordering or a sentence for the unit, not both")
    preset = preset_network(name)
    network = preset.network
    if ordering_name:
        network = with_block(network, _block_of_ordering(name, preset, ordering_name))
    if block:
        network = with_block(network, parse_block(block))
    network = with_settings(network, settings or {})
    return NetworkRequest(
        _format_request(name, preset, network, settings or {}), ordering_of(preset, network.block), network
    )


def with_block(network: Network, block: Block) -> Network:
    """The network with another unit; a projection is normalised as the branch is, and a bare stem
    gets bn and relu where the unit does not begin with them."""
    if str(block) == network.block:
        return network
    down = projection_for(block) if network.down.startswith("conv1") else network.down
    stem = "conv bn relu" if network.stem == "conv" and not leading_activations(block) else network.stem
    return replace(network, block=str(block), down=down, stem=stem)


def projection_for(block: Block) -> str:
    """The 1x1 shortcut that suits a unit: normalised where the branch's last convolution is."""
    names = [op.name for op in block.branch]
    convs = [i for i, op in enumerate(block.branch) if op.spec.changes_width]
    return "conv1 bn" if "bn" in names[convs[-1] if convs else 0 :] else "conv1"


def ordering_of(preset: PresetNetwork, block: str) -> str:
    """The name of the ordering that gives this network this unit, or an empty text."""
    if not preset.convs:
        return ""
    names_by_block = {
        str(parse_block(ordering.sentence(preset.convs, preset.merge))): name for name, ordering in ORDERINGS.items()
    }
    return names_by_block.get(block, "")


def with_settings(network: Network, settings: Mapping[str, str]) -> Network:
    """Set fields from text, all at once; `width` multiplies last, whatever the order."""
    values: dict[str, object] = {}
    for name, text in settings.items():
        if name != "width":
            values |= _read_field(network, name, text)
    network = replace(network, **values)  # type: ignore[arg-type]
    return network.scaled(_read_fraction("width", settings["width"])) if "width" in settings else network


def _read_field(network: Network, name: str, text: str) -> dict[str, object]:
    if name == "shortcut":
        return _shortcut_fields(network, text)
    if name not in FIELDS:
        matches = get_close_matches(name, SETTINGS, n=1)
        hint = f"did you mean {matches[0]!r}?" if matches else f"the fields are {', '.join(SETTINGS)}"
        raise NetworkError(f"unknown field {name[:40]!r}; {hint}", tuple(matches), "field")
    return {name: FIELDS[name](name, text)}


def _shortcut_fields(network: Network, option: str) -> dict[str, object]:
    if option not in ("A", "B", "C"):
        raise NetworkError(f"shortcut is A, B or C, not {option[:40]!r}")
    convolved = projection_for(network.unit)
    return {"down": "pad" if option == "A" else convolved, "skip": convolved if option == "C" else ""}


def _read_chain(name: str, text: str) -> str:
    return format_chain(parse_chain(text))


def _read_choice(name: str, text: str) -> str:
    return text


def _read_whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise NetworkError(f"{name} is a whole number, not {text[:40]!r}")
    return int(text)


def _read_wholes(name: str, text: str) -> tuple[int, ...]:
    return tuple(_read_whole(name, part.strip()) for part in text.replace("/", ",").split(",") if text)


def _read_fraction(name: str, text: str) -> Fraction:
    try:
        if len(text) > 24 or "e" in text.lower():
            raise ValueError
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise NetworkError(f"{name} is a number like 2, 1.5 or 3/2, not {text[:40]!r}") from None


def _read_switch(name: str, text: str) -> bool:
    values = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}
    if text.lower() not in values:
        raise NetworkError(f"{name} is on or off, not {text[:40]!r}")
    return values[text.lower()]


FIELDS: dict[str, Callable[[str, str], object]] = {
    "stem": _read_chain,
    "skip": _read_chain,
    "down": _read_chain,
    "head": _read_chain,
    "between": _read_chain,
    "stride_at": _read_choice,
    "stem_width": _read_whole,
    "channels": _read_whole,
    "image": _read_whole,
    "classes": _read_whole,
    "widths": _read_wholes,
    "depths": _read_wholes,
    "strides": _read_wholes,
    "grid": _read_wholes,
    "ratio": _read_fraction,
    "share": _read_switch,
    "bare": _read_switch,
    "close": _read_switch,
}
SETTINGS = ("shortcut", "width", *FIELDS)


def _block_of_ordering(name: str, preset: PresetNetwork, ordering_name: str) -> Block:
    style = ordering(ordering_name)
    if not preset.convs:
        raise NetworkError(f"{name} has no orderings: it is not built of residual units")
    if preset.merge != "+" and not style.merge:
        raise NetworkError(f"{name} cannot be plain: its scheme {preset.merge} needs a shortcut")
    return parse_block(style.sentence(preset.convs, preset.merge))


def _is_sentence(unit: str) -> bool:
    """Whether a text is a sentence: several words, one with arguments, or one such as `conv1`."""
    several = re.search(r"[\s(,+|→]|->", unit)
    return unit not in ORDERINGS and (bool(several) or is_word(unit))


def _format_request(name: str, preset: PresetNetwork, network: Network, settings: Mapping[str, str]) -> str:
    """The line that asks for this network; an ordering that is the family's own is not named."""
    unit = "" if network.block == preset.network.block else ordering_of(preset, network.block) or network.block
    return ";".join((f"{name}:{unit}" if unit else name, *(f"{field}={text}" for field, text in settings.items())))
