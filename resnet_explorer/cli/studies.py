"""The verbs about claims: list them, judge some and wait, show one, and write a report."""

import argparse
import json
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from resnet_explorer.api import claims_report
from resnet_explorer.cli.arguments import Verb, add_json
from resnet_explorer.cli.runs import runs_of, watch
from resnet_explorer.describe.text_tables import Cell, aligned
from resnet_explorer.errors import StudyError
from resnet_explorer.studies.request import FORMS, SHORT_FORM
from resnet_explorer.studies.study import FIRST_SEED

if TYPE_CHECKING:
    from resnet_explorer.api.studies import Studies
    from resnet_explorer.api.study_answers import ClaimAnswer, PartVerdict, VerdictAnswer

ALL = "all"
REPORTS = {
    ".md": "resnet_explorer.api.claims_report:markdown_report",
    ".tex": "resnet_explorer.api.claims_report:latex_report",
    ".html": "resnet_explorer.api.claims_page:html_report",
}
# marks that need no colour
MARKS = {"supported": "+", "contradicted": "-", "inconclusive": "?", "not measured here": "."}


def add(verb: Verb) -> None:
    """Add the verb to a parser."""
    claims = verb("claims", "the papers' claims: list, judge, show, report", _claims)
    claims.add_argument(
        "action", nargs="?", default="list", choices=tuple(ACTIONS), help="list (unless named), run, show or report"
    )
    claims.add_argument("ids", nargs="*", metavar="ID", help="claims by id; run all: those with the form, cheap first")
    claims.add_argument("--form", default=SHORT_FORM, choices=FORMS, help="short: minutes on two cores; full: a GPU")
    claims.add_argument("--seeds", type=int, default=0, metavar="N", help="the most seeds (what the form says)")
    claims.add_argument("--first-seed", type=int, default=FIRST_SEED, metavar="N", help=f"the first ({FIRST_SEED})")
    claims.add_argument("--data", default="", metavar="D", help="cifar10 where it was fetched, else shapes")
    claims.add_argument("--again", action="store_true", help="judge once more even if it is done")
    claims.add_argument("--output", type=Path, metavar="FILE", help="of a report: .md, .tex or .html")
    add_json(claims)


def _studies_of(options: argparse.Namespace) -> "Studies":
    studies: Studies = import_module("resnet_explorer.api.studies").Studies(runs_of(options))
    return studies


def _claims(options: argparse.Namespace) -> str:
    return ACTIONS[options.action](options)


def _list(options: argparse.Namespace) -> str:
    answers = _studies_of(options).claims()
    if options.json:
        return _json(answers)
    rows: list[list[Cell]] = [[answer["id"], _mark(answer), answer["claim"], answer["paper"]] for answer in answers]
    return aligned(["id", "verdict", "claim", "who says it"], rows)


def _run(options: argparse.Namespace) -> str:
    studies = _studies_of(options)
    ids = studies.cheapest_first(options.form) if options.ids == [ALL] else options.ids
    arguments = (options.form, options.seeds, options.first_seed, options.data)
    launched = studies.judge(ids, *arguments, again=options.again)
    live = [answer["run"] for answer in launched if answer["state"] != "finished"]
    if live:
        watch(studies.runs, live, anything=True)
    answers = [studies.verdict(answer["run"]) for answer in launched]
    return _json(answers) if options.json else "\n\n".join(map(_verdict_text, answers))


def _show(options: argparse.Namespace) -> str:
    if not options.ids:
        raise StudyError("claims show takes ids of claims, such as degradation")
    studies = _studies_of(options)
    answers = [studies.claim(claim) for claim in options.ids]
    return _json(answers) if options.json else "\n\n".join(map(_claim_text, answers))


def _report(options: argparse.Namespace) -> str:
    """The claims that were judged, here or as recorded, as a file or on the screen."""
    studies = _studies_of(options)
    answers = [studies.claim(claim) for claim in options.ids] if options.ids else studies.claims()
    if options.json:
        return _json(answers)
    output = options.output
    if output is None:
        return claims_report.markdown_report(answers)
    if output.suffix not in REPORTS:
        raise StudyError(f"a report is a file that ends in {', '.join(REPORTS)}, not {output.name[:40]!r}")
    if not output.absolute().parent.is_dir():
        raise StudyError(f"there is no folder {output.absolute().parent} to write {output.name} to")
    output.write_text(resolve_report(output.suffix)(answers) + "\n")
    return f"written to {output}"


def resolve_report(ending: str) -> "Callable[[Sequence[ClaimAnswer]], str]":
    """What makes the text of a report with this ending; the one with figures loads Plotly."""
    module, name = REPORTS[ending].split(":")
    report: Callable[[Sequence[ClaimAnswer]], str] = getattr(import_module(module), name)
    return report


ACTIONS = {"list": _list, "run": _run, "show": _show, "report": _report}


def _mark(answer: "ClaimAnswer") -> str:
    shown = answer["verdict"] or answer["recorded"]
    if not shown:
        return "not judged yet"
    words = shown["verdict"] or shown["state"]
    where = "" if answer["verdict"] else ", recorded"
    return f"{MARKS.get(words, ' ')} {words}{where}"


def _claim_text(answer: "ClaimAnswer") -> str:
    """What is claimed, what is measured, by which rule, and the verdict."""
    lines = [answer["claim"], f"{answer['paper']}, {answer['place']}, arXiv {answer['arxiv']}"]
    lines += [f"Published: {answer['published']}"] if answer["published"] else []
    lines += [f"Mind: {answer['pitfalls']}"] if answer["pitfalls"] else []
    for part in answer["parts"]:
        lines += ["", f"{part['name']}: {part['statement']}"]
        short = part["short"]
        if short is None:
            lines.append(f"  {part['reasons'].get('short', '')}")
            continue
        lines += [f"  {lane['letter']}  {_lane(lane)}" for lane in short["lanes"]]
        lines += [f"  {short['statistic']} of: {short['number']}", f"  {short['rule']} ({short['rule_hash']})"]
        lines += [f"  cannot show: {short['cannot']}"] if short["cannot"] else []
    shown = answer["verdict"] or answer["recorded"]
    return "\n".join([*lines, "", _verdict_text(shown) if shown else "not judged yet"])


def _lane(lane: dict[str, object]) -> str:
    settings = lane["settings"]
    assert isinstance(settings, dict)
    return " ".join([str(lane["network"]), *(f"{name}={value}" for name, value in settings.items())])


def _verdict_text(answer: "VerdictAnswer") -> str:
    words = answer["verdict"] or f"{answer['state']}, {answer['done']} of {answer['of']} seeds measured"
    lines = [f"{answer['study']}: {words}{', under an older rule' if answer['older_rule'] else ''}"]
    lines += [f"  {_part_text(part)}" for part in answer["parts"]]
    origin = [
        answer["form"],
        *([answer["data"]] if answer["data"] else []),
        *sorted({each for part in answer["parts"] for each in part["hardware"]}),
    ]
    origin += [f"torch {answer['torch']}"] if answer["torch"] else []
    origin += [f"commit {answer['commit'][:10]}"] if answer["commit"] else []
    lines.append(f"  {', '.join(origin)}")
    if answer["state"] not in ("finished", "failed"):
        lines.append(f"  run {answer['short']} is {answer['state']}; the same command goes on with it")
    return "\n".join([*lines, *([f"  {answer['reason']}"] if answer["reason"] else [])])


def _part_text(part: "PartVerdict") -> str:
    text = f"{part['name']}: {part['verdict']}, {part['reason']}"
    interval = part["interval"]
    if interval:
        mean, low, high = (float(interval[end] or 0) for end in ("mean", "low", "high"))
        text += f"; {mean:.3g} [{low:.3g}, {high:.3g}], {len(part['seeds'])} seeds"
    return text


def _json(answer: object) -> str:
    return json.dumps(answer, indent=1, allow_nan=False)
