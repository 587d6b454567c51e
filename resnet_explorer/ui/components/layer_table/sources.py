"""What a table can show: layers of a network, a difference, totals; as rows for the browser and as text to keep."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from resnet_explorer.api.answer_tables import FORMATS, Listing, difference, layers, totals
from resnet_explorer.api.network_answers import Totals as TotalsAnswer
from resnet_explorer.api.networks import MAX_COMPARED, compare, describe
from resnet_explorer.api.planning import build_plan, summarise
from resnet_explorer.describe.compare import DiffRow, diff
from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.describe.table import LayerRow, layer_rows
from resnet_explorer.errors import NetworkError
from resnet_explorer.networks.request import LETTERS
from resnet_explorer.ui.endpoints import call_verb

LAYER_COLUMNS = [
    ("stage", "place"),
    ("unit", "place"),
    ("part", "part"),
    ("op", "op"),
    ("output shape", "shape"),
    ("parameters", "count"),
    ("MACs", "count"),
]
TOTALS_COLUMNS = [
    [
        ("lane", "letter"),
        ("parameters with BN", "count"),
        ("without BN", "count"),
        ("MACs", "amount"),
        ("depth", "count"),
    ],
    [
        ("lane", "letter"),
        ("activations kept", "bytes"),
        ("training memory", "bytes"),
        ("receptive field", "pixels"),
        ("identity path", "verdict"),
    ],
]
Columns = Sequence[tuple[str, str]]
# kinds of columns that are added up
COSTS = ("count", "bytes")
WIDTHS = "72px 56px minmax(72px, 0.7fr) minmax(144px, 2fr) minmax(104px, 1fr) repeat({}, minmax(112px, 1fr))"


@dataclass(frozen=True)
class Layers:
    """Every layer of a network; memory is what it keeps for the backward pass of a batch."""

    network: str
    batch: int = 128
    precision: str = "fp32"

    def table(self) -> dict[str, Any]:
        """The rows; every unit refers to one of the lists of layers that differ."""
        request, plan = build_plan(self.network, batch=self.batch, precision=self.precision)
        rows = layer_rows(plan, self.batch, self.precision)
        columns = [*LAYER_COLUMNS, ("activation memory", "bytes")]
        return {
            "label": f"Layers of {request.name}",
            "columns": columns,
            "widths": WIDTHS.format(3),
            "grouped": True,
            **_by_unit(rows, columns),
        }

    def text(self, form: str) -> str:
        """The table as the command line writes it."""
        answer = describe(self.network, batch=self.batch, precision=self.precision)
        return _write(form, answer, layers(answer, form == "csv"))

    def as_json(self) -> dict[str, Any]:
        """What a browser gives back to have the text."""
        return {"kind": "layers", **asdict(self)}


@dataclass(frozen=True)
class Difference:
    """What goes from one network and what comes, to get another; with `equal`, what stays too."""

    one: str
    two: str
    equal: bool = False
    label: str = "Difference"

    def table(self) -> dict[str, Any]:
        """The lines."""
        rows = diff(build_plan(self.one)[1], build_plan(self.two)[1])
        shown = [row for row in rows if self.equal or row.sign != " "]
        columns = [*LAYER_COLUMNS[:2], ("sign", "sign"), *LAYER_COLUMNS[2:]]
        return {
            "label": self.label,
            "columns": columns,
            "widths": WIDTHS.format(2).replace("56px ", "56px 56px "),
            "grouped": False,
            **_by_unit(shown, columns),
        }

    def text(self, form: str) -> str:
        """The table as the command line writes it."""
        answer = compare([self.one, self.two])["difference"]
        return _write(form, answer, difference(answer, form == "csv"))

    def as_json(self) -> dict[str, Any]:
        """What a browser gives back to have the text."""
        return {"kind": "difference", **asdict(self)}


@dataclass(frozen=True)
class Totals:
    """Networks in one line each, of the lanes `slots`; `part` 0 is size and work, 1 memory and identity path."""

    networks: list[str]
    slots: list[int]
    batch: int = 128
    precision: str = "fp32"
    part: int = 0

    def table(self) -> dict[str, Any]:
        """A row a network."""
        values = [_total_cells(one)[self.part] for one in self._answers()]
        rows = [[slot, *row] for slot, row in zip(self.slots, values, strict=True)]
        columns = TOTALS_COLUMNS[self.part]
        return {"label": "Totals", "columns": columns, "widths": "64px repeat(4, minmax(0, 1fr))", "rows": rows}

    def text(self, form: str) -> str:
        """The table as the command line writes it."""
        answer = self._answers()
        return _write(form, answer, totals(answer, form == "csv"))

    def as_json(self) -> dict[str, Any]:
        """What a browser gives back to have the text."""
        return {"kind": "totals", **asdict(self)}

    def _answers(self) -> list[TotalsAnswer]:
        if len(self.networks) > MAX_COMPARED:
            raise NetworkError(f"totals are of at most {MAX_COMPARED} networks, not {len(self.networks)}")
        plans = [build_plan(network, batch=self.batch, precision=self.precision) for network in self.networks]
        return [summarise(request, plan, self.batch, self.precision) for request, plan in plans]


Source = Layers | Difference | Totals
SOURCES: dict[str, Any] = {"layers": Layers, "difference": Difference, "totals": Totals}


def source_text(arguments: object) -> str:
    """The text of a source that a browser names by kind, fields and format; a wrong one is refused."""
    if not isinstance(arguments, dict) or arguments.get("kind") not in SOURCES:
        raise NetworkError(f"a table is one of {', '.join(SOURCES)}")
    fields = {name: value for name, value in arguments.items() if name not in ("kind", "format")}
    source: Any = call_verb(SOURCES[arguments["kind"]], fields)
    return str(source.text(str(arguments.get("format", "csv"))))


def difference_sentence(one: str, two: str, slots: tuple[int, int]) -> Sentence:
    """How many layers go and come between two lanes, and what that does to the parameters."""
    letters = dict(zip(("one", "two"), (LETTERS[slot] for slot in slots), strict=True))
    rows = diff(build_plan(one)[1], build_plan(two)[1])
    less, more = ([row.params for row in rows if row.sign == sign] for sign in "-+")
    if not less and not more:
        return Sentence("No layer differs between {one} and {two}.", letters)
    change = sum(more) - sum(less)
    params = Sentence("{n} parameters more" if change > 0 else "{n} parameters less", {"n": f"{abs(change):,}"})
    return Sentence(
        "From {one} to {two}: {less} layers go, {more} come; {params}.",
        {
            **letters,
            "less": f"{len(less):,}",
            "more": f"{len(more):,}",
            "params": params if change else "the same number of parameters",
        },
    )


def _by_unit(rows: Sequence[LayerRow] | Sequence[DiffRow], columns: Columns) -> dict[str, Any]:
    """Sections of units, each with its sums; units refer to a list of those that differ: a deep network has few."""
    places: dict[tuple[str, int], dict[int, list[list[Any]]]] = {}
    for row in rows:
        cells = [list(cell) if isinstance(cell, tuple) else cell for cell in row]
        if isinstance(row, DiffRow):
            cells = [*cells[1:3], cells[0], *cells[3:]]
        section = (f"stage {row.stage}" if row.stage else row.part, row.stage)
        places.setdefault(section, {}).setdefault(row.unit, []).append(cells[2:])
    kinds: dict[str, int] = {}
    sections = []
    for (key, stage), units in places.items():
        references = [[unit, kinds.setdefault(json.dumps(listed), len(kinds))] for unit, listed in units.items()]
        sums = _sums([cells for listed in units.values() for cells in listed], columns)
        sections.append({"key": key, "stage": stage, "units": references, "cells": sums})
    listed_kinds = [json.loads(text) for text in kinds]
    return {"sections": sections, "kinds": [{"rows": rows, "cells": _sums(rows, columns)} for rows in listed_kinds]}


def _sums(rows: list[list[Any]], columns: Columns) -> list[Any]:
    """One row for several: the sum of what is counted, otherwise what the last one has; without stage and unit."""
    values = [sum(column) if kind in COSTS else column[-1] for column, (_, kind) in zip(zip(*rows), columns[2:])]
    return [0, 0, *values]


def _total_cells(answer: TotalsAnswer) -> tuple[list[object], list[object]]:
    memory = answer["memory"]
    return (
        [answer["params"], answer["params_without_bn"], answer["macs"], answer["depth"]],
        [memory["activations"], memory["training"], answer["receptive_field"], answer["trunk"]["exact"]],
    )


def _write(form: str, answer: object, listing: Listing) -> str:
    if form == "json":
        return json.dumps(answer, indent=1)
    if form not in FORMATS:
        raise NetworkError(f"a table is written as json, {', '.join(FORMATS)}, not {form[:20]}")
    return FORMATS[form](*listing) + "\n"
