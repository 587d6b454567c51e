"""What the editor of a lane offers: its controls with their labels, choices and bounds, as the browser draws them."""

import json
import re
from dataclasses import asdict, dataclass, field
from functools import cache

from resnet_explorer.api.examples import examples
from resnet_explorer.api.network_answers import FamilyAnswer, KnobAnswer, OrderingAnswer, ParameterAnswer, WordAnswer
from resnet_explorer.api.networks import catalog
from resnet_explorer.networks.catalog import preset_network

# more depths than these stand on a slider
MOST_BUTTONS = 6
PUBLISHED_DEPTHS = ("110", "164")
FAMILY_LABELS = {
    "cifar-basic": "CIFAR, basic",
    "cifar-bottleneck": "CIFAR, bottleneck",
    "imagenet": "ImageNet",
    "wrn": "Wide ResNet",
    "resnext": "ResNeXt",
    "res2net": "Res2Net",
    "res2next": "Res2NeXt",
    "horesnet": "HO-ResNet",
    "unipose": "UniPose",
    "vgg": "VGG",
}
KNOB_LABELS = {
    "depth": "Depth",
    "k": "Width k",
    "groups": "Groups",
    "width": "Width",
    "scale": "Splits",
    "scheme": "Scheme",
}
PALETTE_LABELS = {
    "weights": "Weights",
    "normalisation": "Normalisation",
    "activation": "Activation",
    "merge": "Merge",
    "other": "Other",
}
SWITCH = ("true", "false")
FORK = "The fork: what stands before it belongs to branch and shortcut both."


@dataclass(frozen=True)
class Control:
    """One control: buttons, select, switch, slider, number, decimal, text or sentence; its label or else its name.

    `choices` are offered, or only proposed where a number is free: from `smallest` to `most`, by `step`. Where they
    depend on another control, they stand in `stops` under its value. `titles` name or explain single choices.
    """

    name: str
    kind: str
    label: str = ""
    about: str = ""
    choices: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    default: str = ""
    smallest: int = 0
    most: int = 0
    step: int = 1
    other: str = ""
    stops: dict[str, list[str]] = field(default_factory=dict)


SHORTCUTS = {
    "A": "zeros for new channels",
    "B": "a 1×1 convolution where the shape changes",
    "C": "a 1×1 convolution on every shortcut",
}
STRIDES = {
    "spatial": "the first convolution larger than 1×1 takes the stride",
    "first": "the first convolution takes the stride",
}
FIELDS = (
    Control("shortcut", "buttons", "Shortcut", choices=list(SHORTCUTS), titles=SHORTCUTS),
    Control("width", "text", "Width, times", "every width times this, such as 2 or 1/2"),
    Control("stem", "sentence", "Stem", "what stands before the first unit"),
    Control("skip", "sentence", "Skip", "what stands on every shortcut"),
    Control("down", "sentence", "Down", "what stands on a shortcut where the shape changes"),
    Control("head", "sentence", "Head", "what stands after the last unit"),
    Control("classes", "text", "Classes"),
    Control("image", "text", "Image side"),
    Control("stride_at", "buttons", "Stride at", choices=list(STRIDES), titles=STRIDES),
)
RULES = {
    "share": "where the shape changes, branch and shortcut share the leading activation",
    "bare": "the first unit drops its leading activation if the stem ends with the same",
    "close": "the head starts with the unit's leading activation",
}


@cache
def controls_text() -> str:
    """Families, fields, orderings, words and starting points, in JSON."""
    known = catalog()
    fork = WordAnswer(name="|", arguments="", meaning=FORK, merges=False, parameters=[])
    return json.dumps(
        {
            "family": _shown(Control("family", "select", "Family", choices=list(FAMILY_LABELS), titles=FAMILY_LABELS)),
            "families": [_family(family) for family in known["families"]],
            "fields": [_shown(control) for control in FIELDS],
            "rules": [_shown(Control(name, "switch", name, about, ["on", "off"])) for name, about in RULES.items()],
            "orderings": [_ordering(ordering) for ordering in known["orderings"]],
            "words": [_word(word) for word in (*known["words"], fork)],
            "palette": {PALETTE_LABELS[group]: words for group, words in known["palette"].items()},
            "examples": examples(),
        }
    )


def _shown(control: Control) -> dict[str, object]:
    """A control without what is empty in it; a default may be empty."""
    return {name: value for name, value in asdict(control).items() if value or name == "default"}


def _family(family: FamilyAnswer) -> dict[str, object]:
    """A family: `pattern` reads a name, `template` writes one; `free` says whether it takes every ordering."""
    preset = preset_network(family["example"])
    return {
        "name": family["name"],
        "template": family["template"],
        "pattern": _pattern(family),
        "knobs": [_shown(_knob(knob)) for knob in family["knobs"]],
        "example": family["example"],
        "free": bool(preset.convs) and preset.merge == "+",
        "author": _first_author(family["paper"]),
        "year": family["year"],
    }


def _pattern(family: FamilyAnswer) -> str:
    """A regular expression of JavaScript for the names that have the form of a family's, with a group for each knob."""
    words = {knob["name"]: "|".join(knob["values"]) for knob in family["knobs"] if knob["name"] == "scheme"}
    return re.sub(r"\{(\w+)\}", lambda knob: f"(?<{knob[1]}>{words.get(knob[1], '[0-9]+')})", family["template"])


def _knob(knob: KnobAnswer) -> Control:
    stops = knob["by"] or {"": knob["values"]}
    fewest = min(map(len, stops.values()))
    listed = "slider" if knob["name"] == "depth" and fewest > MOST_BUTTONS else "buttons"
    smallest, most, step = knob["smallest"], knob["most"], knob["step"]
    return Control(
        name=knob["name"],
        label=KNOB_LABELS[knob["name"]],
        kind="number" if most and listed == "buttons" else listed,
        about=knob["meaning"],
        smallest=smallest,
        # the last that a step from the smallest meets
        most=most - (most - smallest) % step,
        step=step,
        other=knob["other"],
        stops=stops,
    )


def _ordering(ordering: OrderingAnswer) -> dict[str, object]:
    errors = [ordering["errors"].get(depth) for depth in PUBLISHED_DEPTHS]
    return {
        "name": ordering["name"],
        "author": _first_author(ordering["paper"]),
        "year": ordering["year"],
        "errors": ["–" if error is None else f"{error:.2f}" for error in errors],
    }


def _word(word: WordAnswer) -> dict[str, object]:
    parameters = [_shown(_argument(parameter)) for parameter in word["parameters"]]
    return {"name": word["name"], "meaning": word["meaning"], "parameters": parameters}


def _argument(parameter: ParameterAnswer) -> Control:
    kinds = {"choice": "select", "switch": "switch", "whole": "number"}
    return Control(
        name=parameter["name"],
        kind=kinds.get(parameter["kind"], "decimal"),
        choices=parameter["choices"] or list(SWITCH if parameter["kind"] == "switch" else ()),
        default=parameter["default"],
    )


def _first_author(authors: str) -> str:
    return authors.partition(",")[0]
