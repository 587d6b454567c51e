"""An experiment: a network, a recipe, data and a seed, as one frozen value with an id, to and from JSON.

`prepare` makes it from texts: a line for the network, names of data and recipe, and fields to set.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any, TypeVar

from resnet_explorer.errors import NetworkError, RunError
from resnet_explorer.language.parser import parse_block, parse_chain
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request
from resnet_explorer.networks.width import fit_width
from resnet_explorer.runs.datasets import DATA_SETS, POINTS, Data, read_data, require_known
from resnet_explorer.runs.recipes import RECIPES, Recipe

MOST_SEED = 2**31 - 1
T = TypeVar("T", Recipe, Data)


@dataclass(frozen=True)
class Experiment:
    """Everything that decides a curve, except for the machine that computes it."""

    network: Network = field(default_factory=Network)
    recipe: Recipe = field(default_factory=Recipe)
    data: Data = field(default_factory=Data)
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be trained."""
        if type(self.seed) is not int or not 0 <= self.seed <= MOST_SEED:
            raise RunError(f"a seed is a whole number from 0 to {MOST_SEED:,}, not {str(self.seed)[:20]}")
        _check_output(self.network, self.data)

    @property
    def id(self) -> str:
        """A hash of canonical text; fields at their defaults do not enter, so a later field leaves old ids valid."""
        text = json.dumps(self.changes(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def changes(self) -> dict[str, Any]:
        """The fields that differ from their defaults, as JSON values."""
        network = json.loads(self.network.to_json())
        parts = {"network": network, "recipe": _changes(self.recipe), "data": _changes(self.data)}
        return {name: part for name, part in parts.items() if part} | ({"seed": self.seed} if self.seed else {})

    def to_json(self) -> str:
        return json.dumps(self.changes(), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Experiment":
        """The experiment that `to_json` wrote; raises RunError for unknown fields and values of a wrong type."""
        try:
            parts = json.loads(text)
        except (ValueError, RecursionError):
            parts = None
        if not isinstance(parts, dict) or not parts.keys() <= {"network", "recipe", "data", "seed"}:
            raise RunError("an experiment is a JSON object with network, recipe, data and seed")
        seed = parts.get("seed", 0)
        if type(seed) is not int:
            raise RunError(f"a seed is a whole number, not {str(seed)[:20]!r}")
        network = Network.from_json(json.dumps(parts.get("network", {})))
        recipe, data = _with_json(Recipe(), parts.get("recipe", {})), _with_json(Data(), parts.get("data", {}))
        return cls(network, recipe, data, seed)


def _check_output(network: Network, data: Data) -> None:
    """Refuse a network that gives something else than the data has: maps for classes, or classes for points."""
    output, count = plan(network).output, network.classes
    if data.task != POINTS and not output.flat:
        raise RunError(
            f"{data.name} has one class an image, and this network gives maps, which cannot be trained on it; "
            "train it on points, or end its head with 'gap flatten fc'"
        )
    if data.task == POINTS and output.flat:
        raise RunError(
            f"{data.name} has points to be found, and this network gives classes; train it on shapes, or give it a "
            "head that ends with maps, such as head=wasp(3/2/1, width=32) conv1(bias=true)"
        )
    if data.task == POINTS and output.c not in (count, count + 1):
        raise RunError(
            f"{data.name} has {count} kinds of points, so a head gives {count} maps, or {count + 1} with one for the "
            f"background, not {int(output.c)}"
        )


def prepare(
    line: str, data: str, recipe: str, seed: int, settings: Mapping[str, str] | None = None, classes: int = 0
) -> Experiment:
    """The experiment that these texts describe; the network takes size, channels and classes from the data.

    `classes` counts those in a folder of images; settings are fields of Recipe and Data, and `width`.
    """
    return prepare_with_note(line, data, recipe, seed, settings, classes)[0]


def prepare_with_note(
    line: str, data: str, recipe: str, seed: int, settings: Mapping[str, str] | None = None, classes: int = 0
) -> tuple[Experiment, str]:
    """The same, and a sentence where the network cannot take the recipe's width exactly; empty where it can."""
    require_known("recipe", recipe, RECIPES)
    preset = RECIPES[recipe]
    texts = preset.values | dict(settings or {})
    width = _parse_width(texts.pop("width", preset.width))
    images = _with_settings(read_data(data), texts)
    data_set = DATA_SETS[images.name]
    network = replace(
        parse_request(line).network,
        image=images.size or data_set.size,
        channels=data_set.channels,
        classes=classes or data_set.classes or 10,
    )
    if width != Fraction(preset.width):
        # channels that are asked for and are no whole number are a mistake; a recipe's are taken as near as can be
        network.scaled(width)
    fitted = fit_width(network, width)
    training = _with_settings(Recipe(), texts)
    return Experiment(_with_skipinit(fitted.network, training.init), training, images, seed), fitted.note


def settings_of(recipe: str) -> dict[str, str]:
    """The text of every field that can be set, as a recipe has it: what a form shows."""
    require_known("recipe", recipe, RECIPES)
    preset = RECIPES[recipe]
    values = {field.name: format_setting(field.default) for field in (*fields(Recipe), *fields(Data))}
    del values["name"], values["path"], values["level"]
    return {**values, "width": preset.width} | preset.values


def format_setting(value: object) -> str:
    """The text of a field's value, as `prepare` reads it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return "/".join(map(str, value))
    if isinstance(value, float) and float(f"{value:g}") == value:
        return f"{value:g}"
    return str(value)


def _with_skipinit(network: Network, init: str) -> Network:
    """With init=skipinit, the network with a learned scale, 0 at first, at the end of each branch (De 2020)."""
    block = parse_block(network.block)
    if init != "skipinit" or (block.branch and block.branch[-1].name == "scale"):
        return network
    if block.merge is None:
        raise RunError("init=skipinit needs a shortcut, and a plain unit has none")
    scale = parse_chain("scale(0, learned=true)")
    return replace(network, block=str(replace(block, branch=(*block.branch, *scale))))


def _with_settings(value: T, texts: Mapping[str, str]) -> T:
    """A copy with those of the settings that are its fields; one that is a field of neither class is refused."""
    names: set[str] = {field.name for field in (*fields(Recipe), *fields(Data))} - {"name", "path"}
    for name in texts:
        require_known("field", name, sorted({*names, "width"}))
    defaults = {field.name: field.default for field in fields(value)}
    changes: dict[str, Any] = {
        name: _parse_setting(name, text, defaults[name]) for name, text in texts.items() if name in defaults
    }
    return replace(value, **changes)


def _parse_setting(name: str, text: str, default: object) -> object:
    """A field's value from text, of the type its default has."""
    text = str(text).strip()
    try:
        if isinstance(default, bool):
            return {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}[text.lower()]
        if isinstance(default, tuple):
            return tuple(int(part) for part in text.replace(",", "/").split("/") if part)
        if isinstance(default, int | float):
            return type(default)(text[:24])
    except (ValueError, KeyError):
        forms = {bool: "on or off", tuple: "whole numbers like 150/225", int: "a whole number", float: "a number"}
        raise RunError(f"{name} is {forms[type(default)]}, not {text[:40]!r}") from None
    return text


def _parse_width(text: str) -> Fraction:
    try:
        if len(text) > 24 or "e" in text.lower():
            raise ValueError
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise NetworkError(f"width is a number like 2, 1/2 or 1.5, not {text[:40]!r}") from None


def _changes(value: Recipe | Data) -> dict[str, Any]:
    """The fields that differ from their defaults, as JSON values."""
    pairs = {field.name: (getattr(value, field.name), field.default) for field in fields(value)}
    return {
        name: list(now) if isinstance(now, tuple) else now for name, (now, default) in pairs.items() if now != default
    }


def _with_json(value: T, values: object) -> T:
    """A copy with the fields of a JSON object; raises RunError for an unknown field or a value of a wrong type."""
    owner = type(value).__name__.lower()
    if not isinstance(values, dict):
        raise RunError(f"{owner} is a JSON object of fields")
    defaults = {field.name: field.default for field in fields(value)}
    for name, item in values.items():
        require_known(f"field of {owner}", name, defaults)
        if not _fits(item, type(defaults[name])):
            raise RunError(f"{name} of {owner} has the wrong kind: {str(item)[:40]!r}")
    changes: dict[str, Any] = {name: tuple(item) if isinstance(item, list) else item for name, item in values.items()}
    return replace(value, **changes)


def _fits(item: object, field_type: type) -> bool:
    """Whether a JSON value may stand for a field of this type; for a tuple, a list of whole numbers."""
    if field_type is tuple:
        return isinstance(item, list) and all(type(number) is int for number in item)
    return type(item) in ({float, int} if field_type is float else {field_type})
