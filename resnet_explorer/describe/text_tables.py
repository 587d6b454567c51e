"""Tables as text: aligned, Markdown, LaTeX."""

from collections.abc import Sequence

Cell = str | int | float
Table = Sequence[Sequence[Cell]]


def aligned(header: Sequence[str], table: Table) -> str:
    """Aligned columns; those of numbers to the right."""
    rows = [list(header), *([_format_cell(cell) for cell in row] for row in table)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    numeric = [all(isinstance(row[i], int | float) for row in table) for i in range(len(header))]
    lines = [
        "  ".join(
            cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * w for w in widths), *lines[1:]])


def markdown(header: Sequence[str], table: Table) -> str:
    """A Markdown table."""
    numeric = [all(isinstance(row[i], int | float) for row in table) for i in range(len(header))]
    rule = ["---:" if r else "---" for r in numeric]
    body = [[_format_cell(cell).replace("|", "\\|") for cell in row] for row in table]
    return "\n".join("| " + " | ".join(row) + " |" for row in [list(header), rule, *body])


def latex(header: Sequence[str], table: Table) -> str:
    """A LaTeX tabular with booktabs rules."""
    numeric = [all(isinstance(row[i], int | float) for row in table) for i in range(len(header))]
    body = [" & ".join(_format_latex_cell(cell) for cell in row) + r" \\" for row in table]
    return "\n".join(
        [
            rf"\begin{{tabular}}{{{''.join('r' if r else 'l' for r in numeric)}}}",
            r"\toprule",
            " & ".join(map(_format_latex_cell, header)) + r" \\",
            r"\midrule",
            *body,
            r"\bottomrule",
            r"\end{tabular}",
        ]
    )


def _format_cell(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _format_latex_cell(cell: Cell) -> str:
    text = _format_cell(cell)
    for plain, escaped in (("\\", r"\textbackslash{}"), ("_", r"\_"), ("%", r"\%"), ("&", r"\&"), ("#", r"\#")):
        text = text.replace(plain, escaped)
    return text.replace("×", r"$\times$").replace("²", r"$^2$")
