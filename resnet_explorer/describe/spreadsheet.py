"""CSV that a spreadsheet opens as what it is: no text of anybody becomes a formula there."""

import csv
import io
from collections.abc import Sequence

from resnet_explorer.describe.text_tables import Cell, Table

# what a spreadsheet takes for the beginning of a formula, with the wide signs of East Asian keyboards
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def comma_separated(header: Sequence[str], table: Table) -> str:
    """Lines of CSV with plain numbers, and a ' before each text that a spreadsheet would compute."""
    return "\n".join(_line([_as_text(cell) for cell in row]) for row in (header, *table))


def _line(row: Sequence[Cell]) -> str:
    out = io.StringIO()
    # a cell is quoted for the signs that end a line, and both do for whoever reads
    csv.writer(out, lineterminator="\r\n").writerow(row)
    return out.getvalue().removesuffix("\r\n")


def _as_text(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) and not _is_number(cell) and cell not in ("+", "-"):
        return f"'{cell}"
    return cell


def _is_number(text: str) -> bool:
    """Whether a text is a number in digits, or one that is not finite; a sign alone is neither number nor formula."""
    try:
        float(text)
    except ValueError:
        return False
    return text == text.strip()
