"""The verbs about what there is: catalog and examples."""

import argparse
import json
import shlex
from collections.abc import Mapping

from resnet_explorer.api import examples
from resnet_explorer.api import networks as api
from resnet_explorer.cli.arguments import Verb, add_json
from resnet_explorer.describe.text_tables import aligned


def add(verb: Verb) -> None:
    """Add the verbs to a parser."""
    add_json(verb("catalog", "the families, orderings, words and papers there are", _catalog))
    add_json(verb("examples", "named starting points, each one comparison of a paper", _examples))


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


def _examples(options: argparse.Namespace) -> str:
    answer = examples.examples()
    return json.dumps(answer, indent=1) if options.json else "\n\n".join(map(_format_example, answer))


def _format_example(example: examples.ExampleAnswer) -> str:
    """Its name and what it shows, the link for the page, and the command that compares its lanes."""
    lanes = " ".join(shlex.quote(lane["line"]) for lane in example["lanes"])
    return "\n".join(
        [
            f"{example['name']}: {example['about']} ({example['citation']})",
            f"  {example['link']}",
            f"  python -m resnet_explorer compare {lanes}",
        ]
    )


def _errors(errors: Mapping[str, float]) -> str:
    return ", ".join(f"{error} at depth {depth}" for depth, error in errors.items())
