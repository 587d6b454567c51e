"""A sweep's table as CSV, LaTeX and Markdown, and as lines for a terminal."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from resnet_explorer.api.sweep_answers import SweepAnswer, SweepRow
from resnet_explorer.describe import spreadsheet, text_tables
from resnet_explorer.describe.text_tables import Cell, Table

MISSING = ""
DIGITS = 4


class Format(NamedTuple):
    """The ending of a file, and what writes a header and rows."""

    ending: str
    write: Callable[[Sequence[str], Table], str]


FORMATS: Mapping[str, Format] = {
    "csv": Format("csv", spreadsheet.comma_separated),
    "latex": Format("tex", text_tables.latex),
    "markdown": Format("md", text_tables.markdown),
}


def sweep_table(answer: SweepAnswer, form: str) -> str:
    """The table in one of the formats; in LaTeX and Markdown with its caption."""
    header, rows = listing(answer)
    text = FORMATS[form].write(header, rows)
    if form == "csv":
        return text
    return f"{text}\n\n{'% ' if form == 'latex' else ''}{caption(answer)}"


def listing(answer: SweepAnswer) -> tuple[list[str], list[list[Cell]]]:
    """Header and rows: what is trained, how many seeds, mean, spread and range, and the difference from the first."""
    conditions = [name for name in ("data", "recipe") if len({row[name] for row in answer["rows"]}) > 1]
    varied = list(answer["rows"][0]["varied"]) if answer["rows"] else []
    header = ["network", *conditions, *varied, "seeds", "lost", answer["measure"], "sd", "lowest", "highest"]
    header += ["difference", "95 % low", "95 % high", "p"]
    return header, [_cells(row, conditions, varied) for row in answer["rows"]]


def caption(answer: SweepAnswer) -> str:
    """What the numbers are, in one line."""
    rows = answer["rows"]
    where = {(row["data"], row["recipe"]) for row in rows}
    one = "".join(f" on {data}, recipe {recipe}" for data, recipe in where) if len(where) == 1 else ""
    against = rows[0]["network"] if rows else ""
    return (
        f"{answer['words'].capitalize()}{one}: mean, standard deviation and range over seeds; difference from "
        f"{against} on the same seeds, with the 95 % t interval and p of each alone. {answer['done']} of "
        f"{answer['of']} runs have ended."
    )


def _cells(row: SweepRow, conditions: Sequence[str], varied: Sequence[str]) -> list[Cell]:
    difference = row["difference"]
    numbers = [row["mean"], row["spread"], row["low"], row["high"]]
    numbers += [difference["mean"], difference["low"], difference["high"]] if difference else [None] * 3
    return [
        row["network"],
        *(str(row[name]) for name in conditions),  # type: ignore[literal-required]
        *(row["varied"][name] for name in varied),
        len(row["runs"]) - row["lost"],
        row["lost"],
        *map(_number, numbers),
        f"{difference['p']:.2g}" if difference and difference["seeds"] > 1 else MISSING,
    ]


def _number(value: float | None) -> Cell:
    return MISSING if value is None else f"{value:.{DIGITS}f}"
