"""The answers that controls are made of: families with their knobs, words with their arguments, fields as text."""

from dataclasses import fields

from resnet_explorer.api import network_answers as answers
from resnet_explorer.language.orderings import PAPERS
from resnet_explorer.language.registry import OpSpec
from resnet_explorer.networks.catalog import family_of, preset_network
from resnet_explorer.networks.families import Family
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.options import NAME_OPTIONS, NameOption
from resnet_explorer.networks.plan import Plan
from resnet_explorer.networks.request import FIELDS, NetworkRequest

KINDS = {bool: "switch", int: "whole", float: "number", tuple: "wholes", str: "choice"}


def family_answer(known: Family) -> answers.FamilyAnswer:
    """A family with the template of its names and its knobs."""
    template, knobs = NAME_OPTIONS[known.name]
    paper = PAPERS[known.paper]
    return answers.FamilyAnswer(
        name=known.name,
        template=template,
        knobs=[_knob(knob) for knob in knobs],
        sizes=known.sizes,
        example=known.example,
        paper=paper.authors,
        year=paper.year,
    )


def word_answer(known: OpSpec) -> answers.WordAnswer:
    """A word with what it takes."""
    return answers.WordAnswer(
        name=known.name,
        arguments=", ".join(f"{p.name}={p.default}" for p in known.parameters),
        meaning=known.meaning,
        merges=known.merges,
        parameters=[
            answers.ParameterAnswer(
                name=p.name,
                kind="choice" if p.choices else KINDS[p.value_type],
                default=_spelled(p.default),
                choices=[_spelled(choice) for choice in p.choices],
            )
            for p in known.parameters
        ],
    )


def outline_answer(totals: answers.Totals, asked: NetworkRequest, spelled: Plan) -> answers.Outline:
    """The totals, and what the controls of a network show."""
    network, x, y = asked.network, spelled.image, spelled.output
    name = asked.name.partition(";")[0].partition(":")[0]
    found = preset_network(name)
    stages = zip(network.widths, network.depths, network.strides)
    return answers.Outline(
        **totals,
        family=family_of(name).name,
        input=[int(size) for size in (x.c, x.h, x.w)],
        output=[int(size) for size in (y.c, y.h, y.w)],
        image=network.image,
        stages=[answers.StageAnswer(width=width, depth=depth, stride=stride) for width, depth, stride in stages],
        fields={"shortcut": _shortcut(network), **_field_texts(network)},
        own=found.ordering,
        orderings=bool(found.convs),
        plain=bool(found.convs) and found.merge == "+",
    )


def _knob(knob: NameOption) -> answers.KnobAnswer:
    return answers.KnobAnswer(
        name=knob.name,
        meaning=knob.meaning,
        values=list(knob.values),
        smallest=knob.smallest,
        step=knob.step,
        most=knob.most,
        other=knob.other,
        by={value: list(stops) for value, stops in knob.by},
    )


def _field_texts(network: Network) -> dict[str, str]:
    return {f.name: _spelled(getattr(network, f.name)) for f in fields(network) if f.name in FIELDS}


def _shortcut(network: Network) -> str:
    """He's option that the shortcuts follow, or nothing."""
    if network.down == "pad":
        return "" if network.skip else "A"
    if network.down not in ("conv1", "conv1 bn"):
        return ""
    return {"": "B", network.down: "C"}.get(network.skip, "")


def _spelled(value: object) -> str:
    """A value as a sentence or a field writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "/".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
