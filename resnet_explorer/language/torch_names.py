"""Words under the names that PyTorch gives them: `nn.Conv2d(kernel_size=3, groups=2)` is `conv(groups=2)`.

What a sentence leaves open is as for the language's own word: a convolution has no bias, and everything is padded
to keep its size. Channels are not a word's to choose, so a name that gives them is refused, with the word to write.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from resnet_explorer.language.registry import OPS

PREFIX = re.compile(r"f\.|(torch\.)?(nn\.)?(functional\.|modules\.)?")
PADDING = "padding"


@dataclass(frozen=True, slots=True)
class TorchName:
    """A module of torch.nn: our word, its parameters in torch's order, and what each of them is here.

    `names` are those the word has under another name (or the same), `channels` those that the place of a word
    decides, `fixed` those that have one value here. With fewer arguments by place than torch needs, they are ours.
    """

    word: str
    order: tuple[str, ...] = ()
    needed: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)


EITHER = "true or false"
INPLACE = {"inplace": EITHER}
NORM = {"eps": "1e-5", "affine": "true"}
POOL = {"kernel_size": "k", "stride": "stride"}
TORCH_NAMES: dict[str, TorchName] = {
    "conv2d": TorchName(
        "conv",
        ("in_channels", "out_channels", "kernel_size", "stride", PADDING, "dilation", "groups", "bias"),
        3,
        {"kernel_size": "k"},
        ("in_channels", "out_channels"),
        {"padding_mode": "zeros"},
    ),
    "batchnorm2d": TorchName(
        "bn",
        ("num_features", "eps", "momentum", "affine"),
        1,
        {},
        ("num_features",),
        {**NORM, "momentum": "0.1", "track_running_stats": "true"},
    ),
    "groupnorm": TorchName(
        "gn", ("num_groups", "num_channels"), 2, {"num_groups": "groups"}, ("num_channels",), NORM
    ),
    "relu": TorchName("relu", ("inplace",), fixed=INPLACE),
    "silu": TorchName("silu", ("inplace",), fixed=INPLACE),
    "dropout": TorchName("dropout", ("p", "inplace"), fixed=INPLACE),
    "stochasticdepth": TorchName("droppath", ("p", "mode"), fixed={"mode": "row"}),
    "maxpool2d": TorchName(
        "maxpool",
        ("kernel_size", "stride", PADDING, "dilation", "return_indices", "ceil_mode"),
        1,
        POOL,
        fixed={"dilation": "1", "return_indices": "false", "ceil_mode": "false"},
    ),
    "avgpool2d": TorchName(
        "avgpool",
        ("kernel_size", "stride", PADDING, "ceil_mode", "count_include_pad"),
        1,
        POOL,
        fixed={"ceil_mode": "false", "count_include_pad": "false"},
    ),
    "adaptiveavgpool2d": TorchName("gap", ("output_size",), fixed={"output_size": "1"}),
    "flatten": TorchName("flatten", ("start_dim", "end_dim"), fixed={"start_dim": "1", "end_dim": "-1"}),
    "linear": TorchName(
        "fc", ("in_features", "out_features"), 2, {"out_features": "width"}, ("in_features",), {"bias": "true"}
    ),
}  # fmt: skip


def without_prefix(name: str) -> str:
    """A name without the module that it is imported from: relu for nn.relu."""
    prefix = PREFIX.match(name)
    return name[prefix.end() :] if prefix else name


def translate(name: str, items: Sequence[str]) -> tuple[str, list[str], str]:
    """Our word for a name of torch, its arguments as we spell them, and why they are not the same, if they are not."""
    torch_name = TORCH_NAMES[name]
    given = _name_arguments(torch_name, items)
    ours = []
    for parameter, value in given:
        if parameter not in (PADDING, *torch_name.channels, *torch_name.fixed):
            spelled = torch_name.names.get(parameter, parameter)
            ours.append(f"{spelled}={value}" if spelled else value)
    values = dict(given)
    if torch_name.names is POOL and "kernel_size" in values and "stride" not in values:
        # where torch is given no stride, its windows do not overlap
        ours.append(f"stride={values['kernel_size']}")
    return torch_name.word, ours, _difference(torch_name, values)


def _difference(torch_name: TorchName, values: Mapping[str, str]) -> str:
    """What of these arguments the language cannot say; empty if nothing."""
    channels = [parameter for parameter in torch_name.channels if parameter in values]
    if channels:
        return f"{' and '.join(channels)} follow from the place of a word in its network"
    for parameter in filter(values.__contains__, torch_name.fixed):
        only, value = torch_name.fixed[parameter], values[parameter].strip("'\"")
        if value not in (("true", "false") if only == EITHER else (only, only.replace("e-5", "e-05"))):
            return f"{parameter} is always {only}, not {value[:40]!r}"
    keeps = _padding(torch_name, values)
    padding = values.get(PADDING, keeps).strip("'\"")
    return "" if padding in ("same", keeps) else f"the padding that keeps the size is {keeps}, not {padding[:40]!r}"


def _name_arguments(torch_name: TorchName, items: Sequence[str]) -> list[tuple[str, str]]:
    """Each argument with torch's name for it, or ours; an empty name for one too many."""
    order = torch_name.order
    if sum("=" not in item for item in items) < torch_name.needed:
        order = tuple(parameter.name for parameter in OPS[torch_name.word].parameters)
    pairs = []
    for place, item in enumerate(items):
        parameter, equals, value = (part.strip() for part in item.partition("="))
        if equals:
            pairs.append((parameter, value))
        else:
            pairs.append((order[place] if place < len(order) else "", parameter))
    return pairs


def _padding(torch_name: TorchName, values: Mapping[str, str]) -> str:
    """The padding that keeps the size, as the language has it for this word."""
    parameters = OPS[torch_name.word].parameters
    kernel = values.get("kernel_size", values.get("k", str(parameters[0].default) if parameters else ""))
    sizes = (kernel, values.get("dilation", "1"))
    if not all(size.isdecimal() and len(size) < 4 for size in sizes):
        return ""  # the word itself refuses them
    return str(int(sizes[1]) * (int(sizes[0]) // 2) if int(sizes[0]) % 2 else 0)
