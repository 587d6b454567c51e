"""Tables as text, read back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_explorer.describe.text_tables import Cell, aligned, latex, markdown

HEADER = ["stage", "op", "parameters"]
TABLE: list[list[Cell]] = [
    ["1", "bn relu | conv", 9216],
    ["", "conv(width=8, bias=true)", 0],
    ["2", "a_b & 50% #1", 10],
]
NAMES = st.text("abc|,&%_#\"'()=+\\ 0", max_size=8).map(str.strip)
TABLES = st.lists(st.tuples(NAMES, NAMES, st.integers(0, 10**9)), max_size=4)


def cells(line: str) -> list[str]:
    """The cells of a line of Markdown: a bar behind a backslash is text."""
    return [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def unescaped(cell: str) -> str:
    for escaped, text in ((r"\_", "_"), (r"\%", "%"), (r"\&", "&"), (r"\#", "#"), (r"\textbackslash{}", "\\")):
        cell = cell.replace(escaped, text)
    return cell


def plain(table: list[tuple[str, str, int]]) -> list[list[str]]:
    return [[first, second, f"{number:,}"] for first, second, number in table]


@given(TABLES)
def test_a_markdown_table_reads_back(table: list[tuple[str, str, int]]) -> None:
    header, rule, *body = [cells(line) for line in markdown(HEADER, table).splitlines()]
    assert (header, body) == (HEADER, plain(table))
    assert len(rule) == len(HEADER)


@given(TABLES)
def test_a_latex_table_reads_back(table: list[tuple[str, str, int]]) -> None:
    lines = latex(HEADER, table).splitlines()
    body = [[unescaped(cell.strip()) for cell in re.split(r"(?<!\\)&", line[:-3])] for line in lines[4:-2]]
    assert body == plain(table)
    assert (lines[2], lines[-1]) == (r"stage & op & parameters \\", r"\end{tabular}")


def test_numbers_are_aligned_to_the_right_and_words_to_the_left() -> None:
    lines = aligned(["op", "parameters"], [["conv", 9216], ["bn", 32]]).splitlines()
    assert lines == ["op    parameters", "----  ----------", "conv       9,216", "bn            32"]


def test_markdown_and_latex_tell_columns_of_numbers() -> None:
    assert markdown(HEADER, TABLE).splitlines()[1] == "| --- | --- | ---: |"
    assert latex(HEADER, TABLE).startswith(r"\begin{tabular}{llr}")


def test_latex_spells_shapes_in_mathematics() -> None:
    assert r"16$\times$32$^2$ & 9,216 \\" in latex(["shape", "n"], [["16×32²", 9216]])


@pytest.mark.parametrize("write", [aligned, markdown, latex])
def test_a_table_without_rows_is_its_header(write: object) -> None:
    assert "parameters" in write(HEADER, [])  # type: ignore[operator]
