"""A sweep: networks, data, recipes, settings and seeds, of which every combination is trained; read from a file.

    title = "Orderings at two depths"
    networks = ["cifar-basic-20:original", "cifar-basic-20:full-preactivation"]
    data = ["shapes"]
    recipes = ["short"]
    seeds = [0, 1, 2]                 # or how many: seeds = 3

    [settings]                        # of every run
    size = 16

    [vary]                            # every combination of these
    lr = [0.05, 0.1]

The first network is the one that others are compared with.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from resnet_explorer.errors import RunError
from resnet_explorer.runs.experiment import MOST_SEED, Experiment, prepare
from resnet_explorer.runs.run_folder import hashed_id

MOST_RUNS = 2000
LONGEST_TITLE = 80
# the lists of a file, and what they hold if they are left out
LISTS: Mapping[str, tuple[str, ...]] = {"networks": (), "data": ("shapes",), "recipes": ("short",)}
Texts = tuple[tuple[str, str], ...]


class Cell(NamedTuple):
    """What one row of a sweep's table trains with each seed; `varied` are those of its settings that differ."""

    network: str
    data: str
    recipe: str
    varied: Texts


@dataclass(frozen=True)
class Sweep:
    """Everything that a sweep trains; `vary` has a name and its values each."""

    networks: tuple[str, ...]
    data: tuple[str, ...] = LISTS["data"]
    recipes: tuple[str, ...] = LISTS["recipes"]
    seeds: tuple[int, ...] = (0, 1, 2)
    settings: Texts = ()
    vary: tuple[tuple[str, tuple[str, ...]], ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        """Refuse what is empty, or too much."""
        count = len(self.cells) * len(self.seeds)
        if not 1 <= count <= MOST_RUNS:
            raise RunError(f"a sweep has 1 to {MOST_RUNS:,} runs, not {count:,}")

    @property
    def id(self) -> str:
        """The id of the run that does it: the same sweep has the same, whatever its title."""
        return hashed_id("sweep " + json.dumps({**self.to_json(), "title": ""}, sort_keys=True))

    @property
    def cells(self) -> list[Cell]:
        """The rows of its table: networks change first, so that those to be compared stand together."""
        names = [name for name, _ in self.vary]
        values = product(*(texts for _, texts in self.vary))
        varied = [tuple(zip(names, texts, strict=True)) for texts in values]
        conditions = product(self.data, self.recipes, varied)
        return [Cell(network, *condition) for condition in conditions for network in self.networks]

    def settings_of(self, cell: Cell) -> dict[str, str]:
        """All settings of a cell."""
        return dict(self.settings) | dict(cell.varied)

    def experiment(self, cell: Cell, seed: int, classes: int = 0) -> Experiment:
        """What a cell trains with a seed; raises a refusal where that cannot be."""
        return prepare(cell.network, cell.data, cell.recipe, seed, self.settings_of(cell), classes)

    def runs(self) -> Iterator[tuple[int, Cell, int]]:
        """Number, cell and seed of each run, in the order they start: all cells with the first seed come first."""
        cells = self.cells
        for place, seed in enumerate(self.seeds):
            for number, cell in enumerate(cells):
                yield place * len(cells) + number, cell, seed

    def to_json(self) -> dict[str, Any]:
        """The sweep as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Sweep":
        """What `to_json` gave, also after it went through a file."""
        known = {field.name: values[field.name] for field in fields(cls) if field.name in values}
        return cls(**{name: _frozen(value) for name, value in known.items()})


def read_sweep(path: Path) -> Sweep:
    """The sweep that a TOML or JSON file describes; raises RunError with what is wrong and where."""
    try:
        text = path.read_text("utf-8")
        values = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise RunError(f"the sweep {path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise RunError(f"the sweep {path} is no {'JSON' if path.suffix == '.json' else 'TOML'}: {error}") from None
    if not isinstance(values, dict):
        raise RunError(f"the sweep {path} is a table of networks, data, recipes, seeds, settings and vary")
    return parse_sweep(values)


def read_sweep_text(text: str) -> Sweep:
    """The sweep that a text in TOML describes, such as a page has it."""
    try:
        return parse_sweep(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RunError(f"the sweep is no TOML: {error}") from None


def sweep_text(networks: Sequence[str]) -> str:
    """A text in TOML that trains these networks, to be changed and read again."""
    listed = "".join(f"  {json.dumps(network, ensure_ascii=False)},\n" for network in networks)
    rest = 'data = ["shapes"]\nrecipes = ["short"]\nseeds = 3\n\n[vary]\nlr = [0.05, 0.1]\n'
    return f'title = ""\nnetworks = [\n{listed}]\n{rest}'


def parse_sweep(values: Mapping[str, Any]) -> Sweep:
    """The sweep of a file's values, each run of which can be trained."""
    known = [field.name for field in fields(Sweep)]
    if unknown := [name for name in values if name not in known]:
        raise RunError(f"a sweep has no {str(unknown[0])[:40]!r}; it has {', '.join(known)}")
    lists = {name: _texts(name, values.get(name, list(usual))) for name, usual in LISTS.items()}
    title = values.get("title", "")
    if not isinstance(title, str) or len(title) > LONGEST_TITLE:
        raise RunError(f"title of a sweep is a text of at most {LONGEST_TITLE} letters")
    vary = {name: _texts(name, each) for name, each in _table("vary", values).items()}
    sweep = Sweep(
        **lists,
        seeds=_seeds(values.get("seeds", 3)),
        settings=tuple((name, _text(name, value)) for name, value in _table("settings", values).items()),
        vary=tuple(vary.items()),
        title=title,
    )
    if both := [name for name, _ in sweep.settings if name in vary]:
        raise RunError(f"{both[0]} stands in both settings and vary")
    return sweep


def _table(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    table = values.get(name, {})
    if not isinstance(table, dict):
        raise RunError(f"{name} of a sweep is a table of fields, begun by [{name}]")
    return table


def _texts(name: str, values: object) -> tuple[str, ...]:
    """A list of different texts; a single one stands for itself."""
    listed = values if isinstance(values, list) else [values]
    texts = tuple(dict.fromkeys(_text(name, value) for value in listed))
    if not texts or len(texts) < len(listed):
        raise RunError(f"{name} of a sweep is a list of one or more, each once")
    return texts


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if not isinstance(value, str | int | float):
        raise RunError(f"{name} of a sweep holds texts and numbers, not {str(value)[:40]!r}")
    return str(value)


def _seeds(value: object) -> tuple[int, ...]:
    """The seeds, or so many from 0."""
    seeds: Sequence[Any] = range(value) if type(value) is int and 0 <= value <= MOST_RUNS else value  # type: ignore[assignment]
    if not isinstance(seeds, list | range) or not seeds or len(set(seeds)) < len(seeds):
        raise RunError(f"seeds of a sweep is how many, or a list of different ones, not {str(value)[:40]!r}")
    if not all(type(seed) is int and 0 <= seed <= MOST_SEED for seed in seeds):
        raise RunError(f"a seed is a whole number from 0 to {MOST_SEED:,}")
    return tuple(seeds)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value
