"""A report on claims as Markdown or LaTeX: a table to hand in or to publish, each row a part with its verdict."""

from collections.abc import Sequence

from resnet_explorer.api.study_answers import ClaimAnswer, PartVerdict, VerdictAnswer
from resnet_explorer.describe.text_tables import Cell, markdown

HEADER = ("claim", "who says it", "part", "verdict", "measured", "seeds")
LATEX = {"\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
         "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "²": "$^2$"}  # fmt: skip


def markdown_report(answers: Sequence[ClaimAnswer]) -> str:
    """The claims that were judged as a Markdown table, and where and when."""
    rows: list[list[Cell]] = [[*row] for row in _rows(answers)]
    return "\n\n".join([markdown(list(HEADER), rows), *_origins(answers)])


def latex_report(answers: Sequence[ClaimAnswer]) -> str:
    """The same as a LaTeX table of the package booktabs; the origins follow as comments."""
    lines = [r"\begin{tabular}{p{5cm}lp{4cm}lll}", r"\toprule", rf"{' & '.join(HEADER)} \\", r"\midrule"]
    lines += [rf"{' & '.join(map(_latex, row))} \\" for row in _rows(answers)]
    lines += [r"\bottomrule", r"\end{tabular}"]
    return "\n".join([*lines, *(f"% {origin}" for origin in _origins(answers))])


def shown_verdict(answer: ClaimAnswer) -> VerdictAnswer | None:
    """The verdict of this home where it has come to one, else the recorded one."""
    own = answer["verdict"]
    return own if own and own["verdict"] else answer["recorded"]


def origin(verdict: VerdictAnswer) -> str:
    """In what form, on what and with what a verdict was made."""
    hardware = sorted({name for part in verdict["parts"] for name in part["hardware"]})
    parts = [f"{verdict['form']} form{' on ' if verdict['data'] else ''}{verdict['data']}", *hardware]
    parts += [f"torch {verdict['torch']}"] if verdict["torch"] else []
    parts += [f"commit {verdict['commit'][:10]}"] if verdict["commit"] else []
    return ", ".join(parts)


def measured(part: PartVerdict) -> str:
    """The mean of a part's statistic with its interval, or the largest value where there is none."""
    interval = part["interval"]
    if interval:
        mean, low, high = (float(interval[end] or 0) for end in ("mean", "low", "high"))
        return f"{mean:.3g} [{low:.3g}, {high:.3g}]"
    values = [float(value) for value in part["statistics"] if value is not None]
    if part["p"] is not None:
        return part["reason"]
    return f"{max(values):.3g}" if values else ""


def _rows(answers: Sequence[ClaimAnswer]) -> list[list[str]]:
    rows = []
    for answer in answers:
        verdict = shown_verdict(answer)
        statements = {part["name"]: part["statement"] for part in answer["parts"]}
        for place, part in enumerate(verdict["parts"] if verdict else []):
            assert verdict
            claim = [answer["claim"], f"{answer['paper']}, {answer['place']}"] if place == 0 else ["", ""]
            words = f"{part['verdict']}, under an older rule" if verdict["older_rule"] else part["verdict"]
            seeds = str(len(part["seeds"])) if part["seeds"] else ""
            rows.append([*claim, statements.get(part["name"], part["name"]), words, measured(part), seeds])
    return rows


def _origins(answers: Sequence[ClaimAnswer]) -> list[str]:
    verdicts = [verdict for answer in answers if (verdict := shown_verdict(answer))]
    return sorted({f"Judged in the {origin(verdict)}." for verdict in verdicts})


def _latex(text: str) -> str:
    return "".join(LATEX.get(letter, letter) for letter in text)
