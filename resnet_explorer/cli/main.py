"""The verbs on the command line: arguments in, text out; exit code 2 and one sentence on bad input."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import NoReturn

from resnet_explorer.api import answer_tables as listing
from resnet_explorer.api import gradients
from resnet_explorer.api import network_answers as answers
from resnet_explorer.api import networks as api
from resnet_explorer.cli import probe_text
from resnet_explorer.cli import runs as cli_runs
from resnet_explorer.cli.runs import settings
from resnet_explorer.describe import text_tables as formats
from resnet_explorer.errors import ExplorerError, NetworkError
from resnet_explorer.gradients.metrics import INITS, LOSSES, METRICS, SOURCES
from resnet_explorer.networks.budget import format_bytes
from resnet_explorer.runs.run_folder import resolve_home

# opens the page at a port, and to MCP clients too, until somebody ends it
Serve = Callable[[int | None, bool], None]


def main(arguments: list[str], serve: Serve | None = None) -> int:
    """Run one verb; `serve` opens the page, which the command line does not know by itself."""
    # before torch is loaded: threads that wait without burning a core, but bridge the gap between two layers
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    try:
        given = _parser(serve).parse_args(arguments)
        given.home = resolve_home(os.environ.get("RESNET_EXPLORER_HOME", ""))
        print(given.say(given))
        return 0
    except ExplorerError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # the reader of a pipe, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise NetworkError(f"{message}; see '{self.prog} --help'")


def _parser(serve: Serve | None) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m resnet_explorer", description="Residual networks: describe, compare, export, train."
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=_Parser)
    if serve:
        _serve_options(_verb(verbs, "serve", "open the page in the browser, until it is interrupted", _page(serve)))
    describe = _verb(verbs, "describe", "the layer table and the totals of a network", _describe)
    _network(describe)
    _batch(describe)
    describe.add_argument("--limit", default="", metavar="SIZE", help="refuse what needs more memory, such as 16GB")
    _formats(describe)
    compare = _verb(verbs, "compare", "networks side by side; of two, the difference layer by layer", _compare)
    compare.add_argument("networks", nargs="+", metavar="NETWORK[:ORDERING]")
    _batch(compare)
    _formats(compare)
    export = _verb(verbs, "export", "a network as PyTorch source that needs nothing but torch", _export)
    _network(export)
    export.add_argument("--notebook", action="store_true", help="as a notebook that builds, checks and trains it")
    equation = _verb(verbs, "equation", "a unit's forward and backward rule, and what stands on its trunk", _equation)
    _network(equation)
    equation.add_argument("--json", action="store_true", help="as JSON")
    _probe_options(_verb(verbs, "probe", "gradients and activations at initialisation, unit by unit", _probe))
    cli_runs.add(partial(_verb, verbs))
    catalog = _verb(verbs, "catalog", "the families, orderings, words and papers there are", _catalog)
    catalog.add_argument("--json", action="store_true", help="as JSON")
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[_Parser]",
    name: str,
    meaning: str,
    run: Callable[[argparse.Namespace], str],
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=meaning, description=meaning[0].upper() + meaning[1:] + ".")
    parser.set_defaults(say=run)
    return parser


def _serve_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="the port to serve on; otherwise GRADIO_SERVER_PORT, or 7860 and up")
    parser.add_argument("--mcp", action="store_true", help="serve the verbs to MCP clients too (requirements-mcp.txt)")


def _page(serve: Serve) -> Callable[[argparse.Namespace], str]:
    def run(given: argparse.Namespace) -> str:
        serve(given.port, given.mcp)
        return ""

    return run


def _network(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("network", metavar="NETWORK", help="such as cifar-basic-56; see the verb catalog")
    unit = parser.add_mutually_exclusive_group()
    unit.add_argument("--ordering", default="", metavar="NAME", help="such as full-preactivation")
    unit.add_argument("--block", default="", metavar="SENTENCE", help="such as 'bn relu conv bn relu conv +'")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="such as shortcut=B")


def _batch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--batch", type=int, default=128, metavar="B", help="images a step, for the memory (128)")
    parser.add_argument(
        "--precision", default="fp32", metavar="P", help="fp32, tf32, bf16, fp16, for the memory (fp32)"
    )


def _formats(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group()
    for name in ("json", *listing.FORMATS):
        group.add_argument(f"--{name}", dest="format", action="store_const", const=name, help=f"as {name}")


def _probe_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("networks", nargs="+", metavar="NETWORK[:ORDERING]")
    for field, names in (("metric", METRICS), ("init", INITS), ("loss", LOSSES), ("source", SOURCES)):
        known = list(names)
        parser.add_argument(f"--{field}", default=known[0], metavar="NAME", help=f"{', '.join(known)} ({known[0]})")
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="how many, 1 to 10 (3)")
    parser.add_argument("--batch", type=int, default=8, metavar="B", help="images in the batch (8)")
    parser.add_argument("--no-batch-norm", action="store_true", help="leave out batch normalisation")
    parser.add_argument("--limit", default="16GB", metavar="SIZE", help="refuse what needs more memory (16GB)")
    parser.add_argument("--json", action="store_true", help="as JSON")


def _describe(given: argparse.Namespace) -> str:
    found = api.describe(
        given.network, given.ordering, given.block, settings(given.set), given.batch, given.precision, given.limit
    )
    if given.format == "json":
        return json.dumps(found, indent=1)
    table = _written(given.format, *listing.layers(found, plain=given.format == "csv"))
    return table if given.format else "\n".join([*_heading(found), "", table, "", *_footing(found)])


def _written(name: str | None, header: list[str], table: formats.Table) -> str:
    return listing.FORMATS.get(name or "", formats.aligned)(header, table)


def _heading(found: answers.Totals) -> list[str]:
    ordering = f"  ({found['ordering']})" if found["ordering"] else ""
    return [f"{found['name']}{ordering}  id {found['id']}", f"unit: {found['block']}"]


def _footing(found: answers.Totals) -> list[str]:
    need = found["memory"]
    return [
        f"{found['params']:,} parameters, {found['params_without_bn']:,} without those of batch normalisation",
        f"{found['macs']:,} MACs of convolutions and fully connected layers, for one image",
        f"{found['depth']} weighted layers in sequence; the last unit sees {found['receptive_field']} pixels a side",
        f"training takes {format_bytes(need['training'])} at batch {need['batch']} in {need['precision']} (estimate): "
        f"weights {format_bytes(need['weights'])}, gradients {format_bytes(need['gradients'])}, "
        f"momentum {format_bytes(need['optimiser'])}, "
        f"activations {format_bytes(need['activations'])}, working {format_bytes(need['working'])}",
        found["trunk"]["verdict"],
    ]


def _compare(given: argparse.Namespace) -> str:
    found = api.compare(given.networks, given.batch, given.precision)
    if given.format == "json":
        return json.dumps(found, indent=1)
    plain = given.format == "csv"
    parts = [_written(given.format, *listing.totals(found["networks"], plain))]
    if len(found["networks"]) == 2:
        header, changed = listing.difference(found["difference"], plain)
        parts.append(_written(given.format, header, changed) if changed else "no layer differs")
    return "\n\n".join(parts)


def _export(given: argparse.Namespace) -> str:
    write = api.notebook if given.notebook else api.export
    return write(given.network, given.ordering, given.block, settings(given.set))["code"].rstrip("\n")


def _equation(given: argparse.Namespace) -> str:
    found = api.equation(given.network, given.ordering, given.block, settings(given.set))
    if given.json:
        return json.dumps(found, indent=1)
    lines = [("unit", found["block"]), ("forward", found["forward"]), ("branch", found["branch"])]
    lines += [("backward", found["backward"]), ("unrolled", found["unrolled"]), ("verdict", found["verdict"])]
    return "\n".join(f"{name:9} {text}" for name, text in lines if text)


def _probe(given: argparse.Namespace) -> str:
    found = gradients.probe(
        given.networks,
        given.metric,
        given.seeds,
        given.batch,
        given.init,
        not given.no_batch_norm,
        given.loss,
        given.source,
        given.limit,
    )
    return json.dumps(found, indent=1) if given.json else probe_text.text(found)


def _catalog(given: argparse.Namespace) -> str:
    found = api.catalog()
    if given.json:
        return json.dumps(found, indent=1)
    families = [[f["example"], f["sizes"], f"{f['paper']} {f['year']}"] for f in found["families"]]
    orderings = [[o["name"], o["block"], _errors(o["errors"])] for o in found["orderings"]]
    known = [[word["name"], word["arguments"], word["meaning"].splitlines()[0]] for word in found["words"]]
    return "\n\n".join(
        [
            formats.aligned(["network", "sizes", "paper"], families),
            formats.aligned(["ordering", "basic unit", "CIFAR-10 error, % (published)"], orderings),
            formats.aligned(["word", "arguments", "meaning"], known),
            f"fields for --set: {', '.join(found['settings'])}",
        ]
    )


def _errors(errors: Mapping[str, float]) -> str:
    return ", ".join(f"{error} at depth {depth}" for depth, error in errors.items())
