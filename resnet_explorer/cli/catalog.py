"""The verb about what there is: catalog."""

import argparse
import json
from collections.abc import Mapping

from resnet_explorer.api import networks as api
from resnet_explorer.cli.arguments import Verb, add_json
from resnet_explorer.describe.text_tables import aligned


def add(verb: Verb) -> None:
    """Add the verb to a parser."""
    add_json(verb("catalog", "the families, orderings, words and papers there are", _catalog))


def _catalog(options: argparse.Namespace) -> str:
    answer = api.catalog()
    if options.json:
        return json.dumps(answer, indent=1)
    families = [[f["example"], f["sizes"], f"{f['paper']} {f['year']}"] for f in answer["families"]]
    orderings = [[o["name"], o["block"], _errors(o["errors"])] for o in answer["orderings"]]
    words = [[word["name"], word["arguments"], word["meaning"].splitlines()[0]] for word in answer["words"]]
    return "\n\n".join(
        [
            aligned(["network", "sizes", "paper"], families),
            aligned(["ordering", "basic unit", "CIFAR-10 error, % (published)"], orderings),
            aligned(["word", "arguments", "meaning"], words),
            f"fields for --set: {', '.join(answer['settings'])}",
        ]
    )


def _errors(errors: Mapping[str, float]) -> str:
    return ", ".join(f"{error} at depth {depth}" for depth, error in errors.items())
