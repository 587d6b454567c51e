"""The difference of two plans, layer by layer."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from resnet_explorer.describe.table import LayerRow, layer_rows
from resnet_explorer.networks.plan import Plan


class DiffRow(NamedTuple):
    """Equal layers in a row, or layers that only one of the two has; `sign` is ' ', '-' or '+'."""

    sign: str
    stage: int
    unit: int
    part: str
    op: str
    shape: tuple[int, ...]
    params: int
    macs: int


def diff(left: Plan, right: Plan) -> list[DiffRow]:
    """The layers to remove from the left plan and to add to it to get the right one, unit by unit."""
    rows: list[DiffRow] = []
    before, after = _rows_by_place(left), _rows_by_place(right)
    for place in sorted(before.keys() | after.keys(), key=_sort_key):
        rows += _align(before.get(place, []), after.get(place, []))
    return rows


Place = tuple[int, int, str]


def _rows_by_place(plan: Plan) -> dict[Place, list[LayerRow]]:
    """The rows of stem, of each unit and of the head."""
    rows: dict[Place, list[LayerRow]] = {}
    for row in layer_rows(plan):
        part = row.part if not row.stage else ""
        rows.setdefault((row.stage, row.unit, part), []).append(row)
    return rows


def _sort_key(place: Place) -> tuple[int, int, int]:
    stage, unit, part = place
    return (1 if stage else 2 if part == "head" else 0, stage, unit)


def _align(left: list[LayerRow], right: list[LayerRow]) -> Iterator[DiffRow]:
    matcher = SequenceMatcher(
        None, [_comparable(row) for row in left], [_comparable(row) for row in right], autojunk=False
    )
    for operation, a, b, c, d in matcher.get_opcodes():
        if operation == "equal":
            yield from (_diff_row(" ", row) for row in right[c:d])
        else:
            yield from (_diff_row("-", row) for row in left[a:b])
            yield from (_diff_row("+", row) for row in right[c:d])


def _comparable(row: LayerRow) -> tuple[str, str, tuple[int, ...], int]:
    return row.part, row.op, row.shape, row.params


def _diff_row(sign: str, row: LayerRow) -> DiffRow:
    return DiffRow(sign, row.stage, row.unit, row.part, row.op, row.shape, row.params, row.macs)
