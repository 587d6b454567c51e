"""Two plans line by line."""

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


def diff(one: Plan, two: Plan) -> list[DiffRow]:
    """What has to be taken away from one plan, and what added, to get the other; unit by unit."""
    found: list[DiffRow] = []
    left, right = _groups(one), _groups(two)
    for place in sorted(left.keys() | right.keys(), key=_order):
        found += _aligned(left.get(place, []), right.get(place, []))
    return found


Place = tuple[int, int, str]


def _groups(plan: Plan) -> dict[Place, list[LayerRow]]:
    """The rows of stem, of each unit and of the head."""
    groups: dict[Place, list[LayerRow]] = {}
    for row in layer_rows(plan):
        part = row.part if not row.stage else ""
        groups.setdefault((row.stage, row.unit, part), []).append(row)
    return groups


def _order(place: Place) -> tuple[int, int, int]:
    stage, unit, part = place
    return (1 if stage else 2 if part == "head" else 0, stage, unit)


def _aligned(left: list[LayerRow], right: list[LayerRow]) -> Iterator[DiffRow]:
    matcher = SequenceMatcher(None, [_line(row) for row in left], [_line(row) for row in right], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield from (_marked(" ", row) for row in right[c:d])
        else:
            yield from (_marked("-", row) for row in left[a:b])
            yield from (_marked("+", row) for row in right[c:d])


def _line(row: LayerRow) -> tuple[str, str, tuple[int, ...], int]:
    return row.part, row.op, row.shape, row.params


def _marked(sign: str, row: LayerRow) -> DiffRow:
    return DiffRow(sign, row.stage, row.unit, row.part, row.op, row.shape, row.params, row.macs)
