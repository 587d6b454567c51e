"""The answers that controls are made of: families with their knobs, words with their arguments, fields as text."""

from dataclasses import fields

from resnet_explorer.api.network_answers import (
    FamilyAnswer,
    KnobAnswer,
    Outline,
    ParameterAnswer,
    StageAnswer,
    Totals,
    WordAnswer,
)
from resnet_explorer.language.orderings import PAPERS
from resnet_explorer.language.registry import OpSpec
from resnet_explorer.networks.catalog import family_of, preset_network
from resnet_explorer.networks.families import Family
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.options import NAME_OPTIONS, NameOption
from resnet_explorer.networks.plan import Plan
from resnet_explorer.networks.request import FIELDS, NetworkRequest

KINDS = {bool: "switch", int: "whole", float: "number", tuple: "wholes", str: "choice"}


def family_answer(family: Family) -> FamilyAnswer:
    """A family with the template of its names, and the knobs that fill it."""
    template, knobs = NAME_OPTIONS[family.name]
    paper = PAPERS[family.paper]
    return FamilyAnswer(
        name=family.name,
        template=template,
        knobs=[_knob_answer(knob) for knob in knobs],
        sizes=family.sizes,
        example=family.example,
        paper=paper.authors,
        year=paper.year,
    )


def word_answer(op: OpSpec) -> WordAnswer:
    """An op with its arguments, and the kind of control for each."""
    return WordAnswer(
        name=op.name,
        arguments=", ".join(f"{parameter.name}={parameter.default}" for parameter in op.parameters),
        meaning=op.meaning,
        merges=op.merges,
        parameters=[
            ParameterAnswer(
                name=parameter.name,
                kind="choice" if parameter.choices else KINDS[parameter.value_type],
                default=_format_value(parameter.default),
                choices=[_format_value(choice) for choice in parameter.choices],
            )
            for parameter in op.parameters
        ],
    )


def outline_answer(totals: Totals, request: NetworkRequest, plan: Plan) -> Outline:
    """The totals of a network, and the values that its controls show."""
    network, image, output = request.network, plan.image, plan.output
    name = request.name.partition(";")[0].partition(":")[0]
    preset = preset_network(name)
    stages = zip(network.widths, network.depths, network.strides)
    return Outline(
        **totals,
        family=family_of(name).name,
        input=[int(size) for size in (image.c, image.h, image.w)],
        output=[int(size) for size in (output.c, output.h, output.w)],
        image=network.image,
        stages=[StageAnswer(width=width, depth=depth, stride=stride) for width, depth, stride in stages],
        fields={"shortcut": _shortcut_option(network), **_field_texts(network)},
        own=preset.ordering,
        orderings=bool(preset.convs),
        plain=bool(preset.convs) and preset.merge == "+",
    )


def _knob_answer(knob: NameOption) -> KnobAnswer:
    return KnobAnswer(
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
    return {
        field.name: _format_value(getattr(network, field.name)) for field in fields(network) if field.name in FIELDS
    }


def _shortcut_option(network: Network) -> str:
    """The option A, B or C of He et al. that the shortcuts follow, or nothing."""
    if network.down == "pad":
        return "" if network.skip else "A"
    if network.down not in ("conv1", "conv1 bn"):
        return ""
    return {"": "B", network.down: "C"}.get(network.skip, "")


def _format_value(value: object) -> str:
    """A value as a sentence of the language or a field's text spells it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "/".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
