"""Settings of an analysis as fields of a frozen dataclass: each with its bounds or choices and a line of help."""

from base64 import b64decode
from binascii import Error
from collections.abc import Mapping, Sequence
from dataclasses import Field, field, fields
from typing import Any

from resnet_explorer.errors import AnalysisError

# what a text that is a picture holds, and how many letters it has
PICTURE = "the RGB bytes of 32 by 32 pixels in base64"
LETTERS = 4 * 32 * 32


def whole(default: int, least: int, most: int, help: str) -> Any:
    """A whole number within bounds."""
    return field(default=default, metadata={"bounds": (least, most), "help": help})


def number(default: float, least: float, most: float, help: str) -> Any:
    """A number within bounds."""
    return field(default=default, metadata={"bounds": (least, most), "help": help})


def choice(default: str, choices: Sequence[str], help: str) -> Any:
    """One of a few names."""
    return field(default=default, metadata={"choices": tuple(choices), "help": help})


def switch(default: bool, help: str) -> Any:
    """On or off."""
    return field(default=default, metadata={"help": help})


def picture(help: str) -> Any:
    """An image of the visitor's own as a text, empty where there is none: see PICTURE."""
    return field(default="", metadata={"picture": True, "help": help})


def read_settings(settings: type, values: Mapping[str, Any]) -> Any:
    """The settings with these values, given as texts or JSON values; what does not fit is refused in one sentence."""
    known = {each.name: each for each in fields(settings)}
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise AnalysisError(f"unknown setting {unknown[0][:40]!r}; there are {', '.join(known) or 'none'}")
    return settings(**{name: _read(known[name], value) for name, value in values.items()})


def _read(setting: Field[Any], value: Any) -> Any:
    if setting.metadata.get("picture"):
        return _read_picture(setting.name, value)
    kind = type(setting.default)
    parsed = _parse(setting.name, kind, value)
    choices, bounds = setting.metadata.get("choices"), setting.metadata.get("bounds")
    if choices and parsed not in choices:
        raise AnalysisError(f"{setting.name} is {' or '.join(choices)}, not {str(value)[:40]!r}")
    if bounds and not bounds[0] <= parsed <= bounds[1]:
        raise AnalysisError(f"{setting.name} is {bounds[0]:,} to {bounds[1]:,}, not {str(value)[:40]}")
    return parsed


def _parse(name: str, kind: type, value: Any) -> Any:
    text = str(value).strip().lower()
    try:
        if kind is bool:
            return {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}[text]
        if kind is int and text.endswith(".0"):
            text = text[:-2]
        return kind(text[:40])
    except (ValueError, KeyError):
        forms = {bool: "on or off", int: "a whole number", float: "a number", str: "a text"}
        raise AnalysisError(f"{name} is {forms[kind]}, not {str(value)[:40]!r}") from None


def _read_picture(name: str, value: Any) -> str:
    text = str(value).strip()
    try:
        if not text or (len(text) == LETTERS and len(b64decode(text, validate=True)) * 4 == LETTERS * 3):
            return text
    except (Error, ValueError):
        pass
    raise AnalysisError(f"{name} is {PICTURE}, {LETTERS:,} letters, or empty; not {text[:40]!r}")
