"""CSV read back: what was text is text and no formula, and what was a number is that number."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_explorer.describe.spreadsheet import FORMULA_STARTS, comma_separated

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "-", "＝1", '=cmd|"/c calc"!A1', "-Infinity+1")
TEXTS = st.one_of(st.sampled_from(FORMULAS), st.text(max_size=8))
TABLES = st.lists(st.tuples(TEXTS, TEXTS, st.one_of(st.integers(), st.floats(allow_nan=False))), max_size=4)


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would compute a cell."""
    try:
        float(cell)
    except ValueError:
        return len(cell) > 1 and cell.startswith(FORMULA_STARTS)
    return cell != cell.strip()


@given(TABLES)
def test_no_cell_is_a_formula_and_every_cell_is_what_it_was(table: list[tuple[str, str, float]]) -> None:
    header, *rows = rows_of(comma_separated(["=HYPERLINK(1)", "b", "c"], table) + "\n")
    assert header == ["'=HYPERLINK(1)", "b", "c"]
    for row, (first, second, number) in zip(rows, table, strict=True):
        assert [row[0].removeprefix("'"), row[1].removeprefix("'")] == [
            first.removeprefix("'"),
            second.removeprefix("'"),
        ]
        assert float(row[2]) == number
        assert not any(map(is_formula, row))


@pytest.mark.parametrize("cell", [-1, -0.5, float("-inf"), "-1", "-1e-05", "-Infinity", "+", "-"])
def test_a_number_or_a_sign_alone_stays_as_it_is(cell: str | float) -> None:
    assert comma_separated(["x"], [[cell]]) == f"x\n{cell}"


@pytest.mark.parametrize("cell", [text for text in FORMULAS if text != "-"])
def test_a_formula_becomes_a_text(cell: str) -> None:
    assert rows_of(comma_separated(["x"], [[cell]]))[1] == [f"'{cell}"]
