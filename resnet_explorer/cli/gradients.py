"""The verbs about gradients at initialisation: probe, recorded-cliff."""

import argparse
import json

from resnet_explorer.api.gradients import probe
from resnet_explorer.api.recorded_depths import recorded_cliff
from resnet_explorer.cli import probe_text
from resnet_explorer.cli.arguments import Verb, add_json
from resnet_explorer.gradients.metrics import INITS, LOSSES, METRICS, SOURCES


def add(verb: Verb) -> None:
    """Add the verb to a parser."""
    parser = verb("probe", "gradients and activations at initialisation, unit by unit", _probe)
    parser.add_argument("networks", nargs="+", metavar="NETWORK[:ORDERING]")
    for field, names in (("metric", METRICS), ("init", INITS), ("loss", LOSSES), ("source", SOURCES)):
        choices = list(names)
        parser.add_argument(
            f"--{field}", default=choices[0], metavar="NAME", help=f"{', '.join(choices)} ({choices[0]})"
        )
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="how many, 1 to 10 (3)")
    parser.add_argument("--batch", type=int, default=8, metavar="B", help="images in the batch (8)")
    parser.add_argument("--no-batch-norm", action="store_true", help="leave out batch normalisation")
    parser.add_argument("--limit", default="16GB", metavar="SIZE", help="refuse what needs more memory (16GB)")
    parser.add_argument(
        "--paths", action="store_true", help="how much of the gradient takes the shortcut, how much the branch"
    )
    add_json(parser)
    cliff = verb("recorded-cliff", "the ratio of first to last gradient against depth, as it was recorded", _cliff)
    cliff.add_argument("networks", nargs="+", metavar="NETWORK[:ORDERING]")
    add_json(cliff)


def _probe(options: argparse.Namespace) -> str:
    answer = probe(
        options.networks,
        options.metric,
        options.seeds,
        options.batch,
        options.init,
        not options.no_batch_norm,
        options.loss,
        options.source,
        options.limit,
        options.paths,
    )
    return json.dumps(answer, indent=1) if options.json else probe_text.text(answer)


def _cliff(options: argparse.Namespace) -> str:
    answer = recorded_cliff(options.networks)
    return json.dumps(answer, indent=1) if options.json else probe_text.cliff_text(answer)
