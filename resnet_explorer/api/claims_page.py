"""A report on claims as one HTML file with its pictures, that fetches nothing: to hand in or to publish."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from html import escape

from resnet_explorer.api.claims_report import measured, origin, shown_verdict
from resnet_explorer.api.study_answers import ClaimAnswer, FormAnswer, PartAnswer, PartVerdict, VerdictAnswer
from resnet_explorer.figures.theme import DARK, LIGHT, Palette
from resnet_explorer.figures.verdict import verdict_svg, verdict_words

TITLE = "Claims of the papers on residual networks, judged"
# marks that need no colour
MARKS = {"supported": "✓", "contradicted": "✗", "inconclusive": "?", "not measured here": "–"}
STYLE = """
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif;
  background: var(--paper); color: var(--ink); }
h2 { margin: 2.5rem 0 0; font-size: 1.15rem; } p { margin: .3rem 0; } small, .faint { color: var(--faint); }
section { border-top: 1px solid var(--hair); } .part { margin: 1rem 0 0 1rem; } .part svg { vertical-align: middle; }
table { border-collapse: collapse; font-size: .85rem; } td, th { padding: 0 .8rem 0 0; text-align: left; }
.scroll { overflow-x: auto; } code { overflow-wrap: anywhere; }
"""


def html_report(answers: Sequence[ClaimAnswer]) -> str:
    """All claims that were judged: what each says, the rule, the picture and the numbers of every seed."""
    judged = [(answer, verdict) for answer in answers if (verdict := shown_verdict(answer))]
    sections = "\n".join(_section(answer, verdict) for answer, verdict in judged)
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {_properties(DARK)} }} }}"
    style = f":root {{ {_properties(LIGHT)} }} {dark} {STYLE}"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{TITLE}</title>'
    body = f"<h1>{TITLE}</h1>\n<p>{len(judged)} of {len(answers)} claims were judged.</p>\n{sections}"
    return f'<!doctype html>\n<html lang="en"><head>{head}<style>{style}</style></head>\n<body>{body}</body></html>'


def _properties(palette: Palette) -> str:
    """The palette's colours as the properties that pictures name."""
    names = [field.name for field in fields(palette) if isinstance(getattr(palette, field.name), str)]
    return " ".join(f"--{name}: {getattr(palette, name)};" for name in names if name != "font")


def _section(answer: ClaimAnswer, verdict: VerdictAnswer) -> str:
    forms = {part["name"]: part for part in answer["parts"]}
    older = ", under an older rule" if verdict["older_rule"] else ""
    when = datetime.fromtimestamp(verdict["date"] / 1000, UTC).date().isoformat()
    lines = [
        f"<h2>{escape(answer['claim'])}</h2>",
        f'<p class="faint">{escape(answer["paper"])}, {escape(answer["place"])}, '
        f'<a href="https://arxiv.org/abs/{answer["arxiv"]}">arXiv {answer["arxiv"]}</a></p>',
        f"<p><strong>{MARKS[verdict['verdict']]} {verdict['verdict'].capitalize()}{older}</strong> "
        f"<small>{when}, {escape(origin(verdict))}</small></p>",
    ]
    lines += [f"<p>Published: {escape(answer['published'])}.</p>"] if answer["published"] else []
    lines += [f"<p>Mind: {escape(answer['pitfalls'])}.</p>"] if answer["pitfalls"] else []
    lines += [_part(forms[part["name"]], part, verdict["form"]) for part in verdict["parts"] if part["name"] in forms]
    return f"<section>{''.join(lines)}</section>"


def _part(part: PartAnswer, known: PartVerdict, form_name: str) -> str:
    form = part["short"] if form_name == "short" else part["full"]
    words = f"{MARKS[known['verdict']]} {known['verdict']}"
    lines = [f"<p>{escape(part['statement'])} <strong>{words}</strong>: {escape(known['reason'])}.</p>"]
    if form and known["hash"] == part["hash"]:
        lines.append(_picture(known, form))
        lines.append(f'<p class="faint">{escape(form["rule"][0].upper() + form["rule"][1:])} ')
        lines.append(f"(rule {form['rule_hash']}). {escape(form['statistic'])} of: {escape(form['number'])}.</p>")
        lines += [f'<p class="faint">Cannot show: {escape(form["cannot"])}.</p>'] if form["cannot"] else []
        lines.append(_table(known, form))
    return f'<div class="part">{"".join(lines)}</div>'


def _picture(known: PartVerdict, form: FormAnswer) -> str:
    label = escape(str(verdict_words(known, form)), quote=True)
    return f'<p><span role="img" aria-label="{label}">{verdict_svg(known, form)}</span> {escape(measured(known))}</p>'


def _table(known: PartVerdict, form: FormAnswer) -> str:
    """Every seed's number of every lane, and the statistic."""
    names = [_lane(lane) for lane in form["lanes"]]
    head = "".join(f"<th>{escape(text)}</th>" for text in ("seed", *names, form["statistic"]))
    rows = ""
    for seed, numbers, statistic in zip(known["seeds"], known["numbers"], known["statistics"], strict=True):
        cells = [str(seed), *map(_number, numbers), _number(statistic)]
        rows += f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
    return f'<div class="scroll"><table><tr>{head}</tr>{rows}</table></div>'


def _lane(lane: dict[str, object]) -> str:
    settings = lane["settings"]
    assert isinstance(settings, dict)
    return " ".join([f"{lane['letter']}: {lane['network']}", *(f"{name}={text}" for name, text in settings.items())])


def _number(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, int | float) else str(value)
