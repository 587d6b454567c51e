"""What a run is told, as one frozen value: a network, a recipe, data and a seed.

`prepare` makes it from what a person asks for: a line of text for the network, names, and fields to set.
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
from resnet_explorer.runs.datasets import DATA_SETS, Data, read_data, require_known
from resnet_explorer.runs.recipes import RECIPES, Recipe

MOST_SEED = 2**31 - 1
T = TypeVar("T", Recipe, Data)


@dataclass(frozen=True)
class Experiment:
    """Everything that decides a curve, but the machine it is computed on."""

    network: Network = field(default_factory=Network)
    recipe: Recipe = field(default_factory=Recipe)
    data: Data = field(default_factory=Data)
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be trained."""
        if type(self.seed) is not int or not 0 <= self.seed <= MOST_SEED:
            raise RunError(f"a seed is a whole number from 0 to {MOST_SEED:,}, not {str(self.seed)[:20]}")
        if len(plan(self.network).output.dims) != 1:
            raise RunError("a network that gives maps cannot be trained here: the data sets have one class an image")

    @property
    def id(self) -> str:
        """A hash of canonical text; fields at their defaults do not enter, so a later field leaves old ids valid."""
        text = json.dumps(self.changes(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def changes(self) -> dict[str, Any]:
        """The fields that differ from their defaults, as JSON values."""
        network = json.loads(self.network.to_json())
        told = {"network": network, "recipe": _changes(self.recipe), "data": _changes(self.data)}
        return {name: value for name, value in told.items() if value} | ({"seed": self.seed} if self.seed else {})

    def to_json(self) -> str:
        return json.dumps(self.changes(), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Experiment":
        """Read what `to_json` wrote; refuse what is of no known field or kind."""
        try:
            given = json.loads(text)
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict) or not given.keys() <= {"network", "recipe", "data", "seed"}:
            raise RunError("an experiment is a JSON object with network, recipe, data and seed")
        seed = given.get("seed", 0)
        if type(seed) is not int:
            raise RunError(f"a seed is a whole number, not {str(seed)[:20]!r}")
        network = Network.from_json(json.dumps(given.get("network", {})))
        return cls(network, _given(Recipe(), given.get("recipe", {})), _given(Data(), given.get("data", {})), seed)


def prepare(
    line: str, data: str, recipe: str, seed: int, settings: Mapping[str, str] | None = None, classes: int = 0
) -> Experiment:
    """The experiment a person asks for; the network takes size, channels and classes from the data.

    `classes` is what a folder was found to hold; settings are fields of Recipe and Data, and `width`.
    """
    require_known("recipe", recipe, RECIPES)
    preset = RECIPES[recipe]
    given = preset.values | dict(settings or {})
    width = _fraction(given.pop("width", preset.width))
    told = _set(read_data(data), given)
    found = DATA_SETS[told.name]
    network = parse_request(line).network.scaled(width)
    network = replace(
        network, image=told.size or found.size, channels=found.channels, classes=classes or found.classes or 10
    )
    made = _set(Recipe(), given)
    return Experiment(_skipped(network, made.init), made, told, seed)


def settings_of(recipe: str) -> dict[str, str]:
    """Every field that can be set, with the text it has in a recipe: what a form shows."""
    require_known("recipe", recipe, RECIPES)
    preset = RECIPES[recipe]
    values = {one.name: format_setting(one.default) for one in (*fields(Recipe), *fields(Data))}
    del values["name"], values["path"], values["level"]
    return {**values, "width": preset.width} | preset.values


def format_setting(value: object) -> str:
    """A field's value as it is written."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return "/".join(map(str, value))
    if isinstance(value, float) and float(f"{value:g}") == value:
        return f"{value:g}"
    return str(value)


def _skipped(network: Network, init: str) -> Network:
    """SkipInit is a word, not only weights: a learned scale, 0 at first, ends each branch (De 2020)."""
    block = parse_block(network.block)
    if init != "skipinit" or (block.branch and block.branch[-1].name == "scale"):
        return network
    if block.merge is None:
        raise RunError("init=skipinit needs a shortcut, and a plain unit has none")
    scale = parse_chain("scale(0, learned=true)")
    return replace(network, block=str(replace(block, branch=(*block.branch, *scale))))


def _set(value: T, given: Mapping[str, str]) -> T:
    """A copy with the fields that are its own; a field of neither Recipe nor Data is refused."""
    every: set[str] = {one.name for one in (*fields(Recipe), *fields(Data))} - {"name", "path"}
    for name in given:
        require_known("field", name, sorted({*every, "width"}))
    own = {one.name: one.default for one in fields(value)}
    changes: dict[str, Any] = {name: _read(name, text, own[name]) for name, text in given.items() if name in own}
    return replace(value, **changes)


def _read(name: str, text: str, default: object) -> object:
    """A field's value from text, of the kind its default is."""
    text = str(text).strip()
    try:
        if isinstance(default, bool):
            return {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}[text.lower()]
        if isinstance(default, tuple):
            return tuple(int(part) for part in text.replace(",", "/").split("/") if part)
        if isinstance(default, int | float):
            return type(default)(text[:24])
    except (ValueError, KeyError):
        kinds = {bool: "on or off", tuple: "whole numbers like 150/225", int: "a whole number", float: "a number"}
        raise RunError(f"{name} is {kinds[type(default)]}, not {text[:40]!r}") from None
    return text


def _fraction(text: str) -> Fraction:
    try:
        if len(text) > 24 or "e" in text.lower():
            raise ValueError
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise NetworkError(f"width is a number like 2, 1/2 or 1.5, not {text[:40]!r}") from None


def _changes(value: Recipe | Data) -> dict[str, Any]:
    told = {one.name: (getattr(value, one.name), one.default) for one in fields(value)}
    return {name: list(now) if isinstance(now, tuple) else now for name, (now, usual) in told.items() if now != usual}


def _given(value: T, given: object) -> T:
    """The fields a JSON object gives."""
    kind = type(value).__name__.lower()
    if not isinstance(given, dict):
        raise RunError(f"{kind} is a JSON object of fields")
    own = {one.name: one.default for one in fields(value)}
    for name, found in given.items():
        require_known(f"field of {kind}", name, own)
        wanted = type(own[name])
        fits = type(found) in ({list} if wanted is tuple else {wanted, int} if wanted is float else {wanted})
        if not fits or (isinstance(found, list) and not all(type(one) is int for one in found)):
            raise RunError(f"{name} of {kind} has the wrong kind: {str(found)[:40]!r}")
    changes: dict[str, Any] = {n: tuple(one) if isinstance(one, list) else one for n, one in given.items()}
    return replace(value, **changes)
