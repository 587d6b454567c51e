"""The command line: arguments in, text out; exit code 2 and one sentence on bad input."""

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import NoReturn

from resnet_explorer.api.lessons import EXAMPLES_WORD
from resnet_explorer.errors import ExplorerError, NetworkError

# the verbs by the module that adds them; it is loaded when one of them is called, or to list them all
GROUPS = {
    "resnet_explorer.cli.networks": ("describe", "compare", "export", "equation"),
    "resnet_explorer.cli.drawings": ("draw",),
    "resnet_explorer.cli.gradients": ("probe", "recorded-cliff"),
    "resnet_explorer.cli.runs": (
        "train", "runs", "show", "stop", "resume", "remove", "curves", "export-run", "import-run",
    ),
    "resnet_explorer.cli.comparison": ("find-runs", "compare-runs", "cost-error"),
    "resnet_explorer.cli.analyses": ("analyse", "analyses"),
    "resnet_explorer.cli.studies": ("claims",),
    "resnet_explorer.cli.sweeps": ("sweep", "paper-table", "sweeps"),
    "resnet_explorer.cli.atlas": ("atlas",),
    "resnet_explorer.cli.images": ("predictions", "feature-maps", "training-images"),
    "resnet_explorer.cli.catalog": ("catalog", "examples"),
    "resnet_explorer.cli.doctor": ("doctor",),
    "resnet_explorer.cli.passwords": ("hash-password",),
}  # fmt: skip
# opens the page at a port, to MCP clients too, and with the file of a lesson, until somebody ends it
Serve = Callable[[int | None, bool, str], None]


def main(arguments: list[str], serve: Serve | None = None) -> int:
    """Run one verb; `serve` opens the page, which the command line does not know by itself."""
    # before torch is loaded: threads that wait without burning a core, but bridge the gap between two layers
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    try:
        options = _parser(serve, arguments[0] if arguments else "").parse_args(arguments)
        options.home = os.environ.get("RESNET_EXPLORER_HOME", "")
        print(options.handler(options))
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


def _parser(serve: Serve | None, called: str) -> argparse.ArgumentParser:
    """A parser of the verbs in the group of the called one, or of all verbs if there is no such verb."""
    parser = _Parser(
        prog="python -m resnet_explorer", description="Residual networks: describe, compare, export, train."
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=_Parser)
    if serve:
        _serve_options(_verb(verbs, "serve", "open the page in the browser, until it is interrupted", _page(serve)))
    is_verb = (serve and called == "serve") or any(called in names for names in GROUPS.values())
    for module, names in GROUPS.items():
        if called in names or not is_verb:
            import_module(module).add(partial(_verb, verbs))
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[_Parser]",
    name: str,
    meaning: str,
    run: Callable[[argparse.Namespace], str],
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=meaning, description=meaning[0].upper() + meaning[1:] + ".")
    parser.set_defaults(handler=run)
    return parser


def _serve_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="the port to serve on; otherwise GRADIO_SERVER_PORT, or 7860 and up")
    parser.add_argument("--mcp", action="store_true", help="serve the verbs to MCP clients too (requirements-mcp.txt)")
    parser.add_argument(
        "--class",
        dest="lesson",
        metavar="FILE",
        nargs="?",
        const=EXAMPLES_WORD,
        default="",
        help="for a class in this network: prepared links and a share for each, as a lesson's TOML file says",
    )


def _page(serve: Serve) -> Callable[[argparse.Namespace], str]:
    def run(options: argparse.Namespace) -> str:
        serve(options.port, options.mcp, options.lesson)
        return ""

    return run
