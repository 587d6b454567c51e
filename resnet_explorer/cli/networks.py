"""The verbs about one network or several: describe, compare, export, equation."""

import argparse
import json

from resnet_explorer.api import networks as api
from resnet_explorer.api.answer_tables import FORMATS, difference, layers, totals
from resnet_explorer.api.network_answers import ChangeAnswer, Totals
from resnet_explorer.cli.arguments import Verb, add_json, settings
from resnet_explorer.describe.text_tables import Table, aligned
from resnet_explorer.networks.budget import format_bytes


def add(verb: Verb) -> None:
    """Add the verbs to a parser."""
    describe = verb("describe", "the layer table and the totals of a network", _describe)
    _add_network(describe)
    _add_batch(describe)
    describe.add_argument("--limit", default="", metavar="SIZE", help="refuse what needs more memory, such as 16GB")
    _add_formats(describe)
    compare = verb("compare", "networks side by side; of two, the difference layer by layer", _compare)
    compare.add_argument("networks", nargs="+", metavar="NETWORK[:ORDERING]")
    _add_batch(compare)
    _add_formats(compare)
    export = verb("export", "a network as PyTorch source that needs nothing but torch", _export)
    _add_network(export)
    export.add_argument("--notebook", action="store_true", help="as a notebook that builds, checks and trains it")
    equation = verb("equation", "a unit's forward and backward rule, and what stands on its trunk", _equation)
    _add_network(equation)
    add_json(equation)


def _add_network(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("network", metavar="NETWORK", help="such as cifar-basic-56; see the verb catalog")
    unit = parser.add_mutually_exclusive_group()
    unit.add_argument("--ordering", default="", metavar="NAME", help="such as full-preactivation")
    unit.add_argument("--block", default="", metavar="SENTENCE", help="such as 'bn relu conv bn relu conv +'")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="such as shortcut=B")


def _add_batch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--batch", type=int, default=128, metavar="B", help="images a step, for the memory (128)")
    parser.add_argument(
        "--precision", default="fp32", metavar="P", help="fp32, tf32, bf16, fp16, for the memory (fp32)"
    )


def _add_formats(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group()
    for name in ("json", *FORMATS):
        group.add_argument(f"--{name}", dest="format", action="store_const", const=name, help=f"as {name}")


def _describe(options: argparse.Namespace) -> str:
    answer = api.describe(
        options.network,
        options.ordering,
        options.block,
        settings(options.set),
        options.batch,
        options.precision,
        options.limit,
    )
    if options.format == "json":
        return json.dumps(answer, indent=1)
    table = _format_table(options.format, *layers(answer, plain=options.format == "csv"))
    return table if options.format else "\n".join([*_heading(answer), "", table, "", *_footing(answer)])


def _format_table(name: str | None, header: list[str], table: Table) -> str:
    return FORMATS.get(name or "", aligned)(header, table)


def _heading(answer: Totals) -> list[str]:
    ordering = f"  ({answer['ordering']})" if answer["ordering"] else ""
    return [f"{answer['name']}{ordering}  id {answer['id']}", f"unit: {answer['block']}"]


def _footing(answer: Totals) -> list[str]:
    memory = answer["memory"]
    return [
        f"{answer['params']:,} parameters, {answer['params_without_bn']:,} without those of batch normalisation",
        f"{answer['macs']:,} MACs of convolutions and fully connected layers, for one image",
        f"{answer['depth']} weighted layers in sequence; the last unit sees {answer['receptive_field']} pixels a side",
        f"training takes {format_bytes(memory['training'])} "
        f"at batch {memory['batch']} in {memory['precision']} (estimate): "
        f"weights {format_bytes(memory['weights'])}, gradients {format_bytes(memory['gradients'])}, "
        f"momentum {format_bytes(memory['optimiser'])}, "
        f"activations {format_bytes(memory['activations'])}, working {format_bytes(memory['working'])}",
        answer["trunk"]["verdict"],
    ]


def _compare(options: argparse.Namespace) -> str:
    answer = api.compare(options.networks, options.batch, options.precision)
    if options.format == "json":
        return json.dumps(answer, indent=1)
    plain = options.format == "csv"
    parts = [_format_table(options.format, *totals(answer["networks"], plain))]
    if len(answer["networks"]) == 2:
        header, changed = difference(answer["difference"], plain)
        if answer["summary"] and not options.format:
            parts.append("\n".join(map(_change_text, answer["summary"])))
        parts.append(_format_table(options.format, header, changed) if changed else "no layer differs")
    return "\n\n".join(parts)


def _change_text(change: ChangeAnswer) -> str:
    """A change and where it holds, unless its sentence names the unit already."""
    return f"{change['sentence']} ({change['where']})" if len(change["units"]) > 1 else change["sentence"]


def _export(options: argparse.Namespace) -> str:
    write = api.notebook if options.notebook else api.export
    return write(options.network, options.ordering, options.block, settings(options.set))["code"].rstrip("\n")


def _equation(options: argparse.Namespace) -> str:
    answer = api.equation(options.network, options.ordering, options.block, settings(options.set))
    if options.json:
        return json.dumps(answer, indent=1)
    lines = [("unit", answer["block"]), ("forward", answer["forward"]), ("branch", answer["branch"])]
    lines += [("backward", answer["backward"]), ("unrolled", answer["unrolled"]), ("verdict", answer["verdict"])]
    return "\n".join(f"{name:9} {text}" for name, text in lines if text)
