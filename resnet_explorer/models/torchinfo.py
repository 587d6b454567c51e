"""torchinfo's counts for the module we build, and what they count that the plan does not."""

from dataclasses import dataclass

import torch
from torch import nn
from torchinfo import ModelStatistics, summary
from torchinfo.layer_info import LayerInfo

from resnet_explorer.models.build import build
from resnet_explorer.networks.plan import Plan

COLUMNS = ("output_size", "num_params", "mult_adds")


@dataclass(frozen=True)
class Summary:
    """torchinfo's counts for one image; `macs` includes `normalisation` and `biases`, which the plan does not count."""

    params: int
    macs: int
    normalisation: int
    biases: int
    text: str


def summarise(plan: Plan) -> Summary:
    """torchinfo's summary of the built module; on the meta device, so nothing is allocated or computed."""
    with torch.device("meta"):
        net = build(plan)
        image = torch.empty(1, *plan.image.dims)
    statistics: ModelStatistics = summary(
        net, input_data=image, device="meta", depth=3, verbose=0, col_names=COLUMNS, row_settings=("var_names",)
    )
    leaves = [layer for layer in statistics.summary_list if layer.is_leaf_layer]
    normalisation = sum(layer.macs for layer in leaves if not _multiplies(layer.module))
    biases = sum(map(_bias_adds, leaves))
    return Summary(statistics.total_params, statistics.total_mult_adds, normalisation, biases, str(statistics))


def count(plan: Plan) -> tuple[tuple[int, int, int, int], str]:
    """The same in plain values, which can be read where there is no torch: four counts and the text."""
    summary = summarise(plan)
    return (summary.params, summary.macs, summary.normalisation, summary.biases), summary.text


def _multiplies(module: nn.Module) -> bool:
    """Whether a layer's multiply-adds are counted by the plan."""
    return isinstance(module, nn.Conv2d | nn.Linear)


def _bias_adds(layer: LayerInfo) -> int:
    """What torchinfo counts for adding a bias: each number at every position of the output."""
    if not _multiplies(layer.module) or layer.module.bias is None:
        return 0
    channels, *area = layer.output_size[1:]
    positions = torch.Size(area).numel()
    return int(channels * positions)
