"""The verb that looks whether this machine has what the program needs."""

import argparse
import json

from resnet_explorer.api.doctor import doctor
from resnet_explorer.cli.arguments import Verb, add_json
from resnet_explorer.describe.text_tables import aligned
from resnet_explorer.errors import ExplorerError
from resnet_explorer.runs.run_folder import resolve_home

MARKS = {"ok": "ok", "warning": "!", "failed": "x"}


def add(verb: Verb) -> None:
    """Add the verb to a parser."""
    parser = verb("doctor", "look whether this machine has what is needed, and say what to do", _doctor)
    parser.add_argument("--port", type=int, default=0, help="the page's port (7860)")
    add_json(parser)


def _doctor(options: argparse.Namespace) -> str:
    """The checks as a table, or as JSON; if one failed they are printed, and a refusal gives another exit code."""
    checks = doctor(resolve_home(options.home), options.port)
    text = (
        json.dumps(checks, indent=1)
        if options.json
        else aligned(
            ["", "looked at", "seen", "what to do"],
            [[MARKS[check["state"]], check["name"], check["seen"], check["advice"]] for check in checks],
        )
    )
    failed = [check["name"] for check in checks if check["state"] == "failed"]
    if failed:
        print(text)
        raise ExplorerError(f"not as it should be: {', '.join(failed)}")
    return text
