"""What the groups of commands share: how a verb is added, and the arguments that several verbs take."""

import argparse
from collections.abc import Callable, Sequence

from resnet_explorer.errors import RunError

# adds a verb by its name, its meaning in a line, and the function that runs it and gives the text to print
Verb = Callable[[str, str, Callable[[argparse.Namespace], str]], argparse.ArgumentParser]


def add_json(parser: argparse.ArgumentParser) -> None:
    """The switch for the answer as it is."""
    parser.add_argument("--json", action="store_true", help="as JSON")


def settings(texts: Sequence[str]) -> dict[str, str]:
    """FIELD=VALUE texts by field."""
    values = {}
    for setting in texts:
        field, equals, value = setting.partition("=")
        if not equals:
            raise RunError(f"--set takes FIELD=VALUE, not {setting[:40]!r}")
        values[field.strip()] = value.strip()
    return values
