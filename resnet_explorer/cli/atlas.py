"""The verb about the atlas: list all orderings of a few words, probe them at their start, hold their tournament."""

import argparse
import json
from importlib import import_module
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from resnet_explorer.cli.arguments import Verb, add_json
from resnet_explorer.cli.runs import runs_of, watch
from resnet_explorer.describe.text_tables import Cell, aligned
from resnet_explorer.errors import RunError

if TYPE_CHECKING:
    from resnet_explorer.api.atlas_answers import AtlasAnswer, AtlasRow
    from resnet_explorer.api.atlases import Atlases

ACTIONS = ("list", "probe", "tournament")
ENDINGS = (".csv", ".json")
# columns of the table, and rows of it where only the best are shown
COLUMNS = {"spread": "spread", "growth": "growth", "short": "first", "long": "second", "final": "last"}
SHOWN = 20


def add(verb: Verb) -> None:
    """Add the verb to a parser."""
    atlas = verb("atlas", "all orderings of a few words: list, probe at the start, train in rounds", _atlas)
    atlas.add_argument("action", nargs="?", default="list", choices=ACTIONS, help="list (unless named)")
    atlas.add_argument("--depth", type=int, default=20, metavar="N", help="layers, 6n+2 (20)")
    atlas.add_argument("--data", default="shapes", metavar="D", help="a data set (shapes)")
    atlas.add_argument("--convs", type=int, default=2, metavar="N", help="convolutions in a unit, 2 or 3 (2)")
    atlas.add_argument("--bns", type=int, default=2, metavar="N", help="batch normalisations, 0 to 2 (2)")
    atlas.add_argument("--relus", type=int, default=2, metavar="N", help="relu, 0 to 2 (2)")
    atlas.add_argument("--seed", type=int, default=0, metavar="N", help="of weights and of the sample (0)")
    atlas.add_argument("--short", type=int, default=0, metavar="N", help="steps of the first round (150)")
    atlas.add_argument("--long", type=int, default=0, metavar="N", help="steps of the later rounds (600)")
    atlas.add_argument("--seeds", type=int, default=0, metavar="N", help="of the last round (3)")
    atlas.add_argument("--all", action="store_true", help=f"every row, not only {SHOWN}")
    atlas.add_argument("--output", type=Path, metavar="FILE", help="the whole table: .csv or .json")
    add_json(atlas)


def _atlas(options: argparse.Namespace) -> str:
    output = options.output
    if output and output.suffix not in ENDINGS:
        raise RunError(f"an atlas is a file that ends in {' or '.join(ENDINGS)}, not {output.name[:40]!r}")
    if output and not output.absolute().parent.is_dir():
        raise RunError(f"there is no folder {output.absolute().parent} to write {output.name} to")
    module = import_module("resnet_explorer.api.atlases")
    answer = _done(module.Atlases(runs_of(options)), options)
    if output:
        output.write_text((module.atlas_table(answer) if output.suffix == ".csv" else json.dumps(answer)) + "\n")
    if options.json:
        return json.dumps(answer, indent=1)
    written = [f"written to {output}"] if output else []
    return "\n".join([atlas_text(answer, len(answer["rows"]) if options.all else SHOWN), *written])


def _done(atlases: "Atlases", options: argparse.Namespace) -> "AtlasAnswer":
    """The answer, after what is to be done was done."""
    question = (options.depth, options.data, options.convs, options.bns, options.relus, options.seed)
    rounds = (options.short, options.long, options.seeds)
    if options.action == "probe":
        watch(atlases.runs, [atlases.probe_atlas(*question)["probe"]])
    if options.action == "tournament":
        watch(atlases.runs, [atlases.hold_tournament(*question, *rounds)["tournament"]], anything=True)
    return atlases.atlas(*question, *rounds)


def atlas_text(answer: "AtlasAnswer", count: int) -> str:
    """The best rows for a terminal, or the first where nothing is trained yet, and what follows from all."""
    rows = answer["rows"]
    order = [rows[number] for number in answer["leaders"]] + sorted(rows, key=_unmeasured)
    shown = list({row["number"]: row for row in order}.values())[:count]
    header = ["ordering", "name", "parameters", *COLUMNS.values()]
    lines = [aligned(header, [_cells(row) for row in shown]), *_sentences(answer, count)]
    return "\n".join(lines)


def _unmeasured(row: "AtlasRow") -> tuple[bool, float, int]:
    """The named ones first, then by the evenness of their gradients."""
    spread = row["numbers"].get("spread")
    return not row["name"], inf if spread is None else spread, row["number"]


def _sentences(answer: "AtlasAnswer", count: int) -> list[str]:
    more = len(answer["rows"]) - count
    lines = [f"... and {more:,} more: --all shows them, --output FILE.csv writes them"] * (more > 0)
    if answer["recorded"]:
        lines.append(f"recorded {answer['recorded']['date']} on {answer['recorded']['hardware']}")
    elif answer["state"]:
        lines.append(f"{answer['state']}: {answer['done']:,} of {answer['of']:,}. {answer['reason']}".rstrip())
    return [*lines, *answer["sentences"]]


def _cells(row: "AtlasRow") -> list[Cell]:
    numbers = [row["numbers"].get(name) for name in COLUMNS]
    known = ["" if value is None else f"{value:.3f}" for value in numbers]
    return [row["sentence"], row["name"], row["numbers"]["params"] or 0, *known]
