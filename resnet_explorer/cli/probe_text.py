"""A probe as text: a table of ratios, a small curve for each lane, and what is seen."""

from collections.abc import Sequence
from math import isfinite

from resnet_explorer.api import gradient_answers as flow_answers
from resnet_explorer.describe import text_tables as formats
from resnet_explorer.gradients.findings import format_amount
from resnet_explorer.gradients.profile import decades

BARS = "▁▂▃▄▅▆▇█"
WIDTH = 40


def text(found: flow_answers.ProbeAnswer) -> str:
    """The whole answer."""
    lanes = found["lanes"]
    header = ["lane", "network", "first/last", "lowest", "highest", "by stage"]
    parts = [
        found["caption"],
        formats.aligned(header, [_cells(lane) for lane in lanes]),
        _curves(found),
        "\n".join(lane["observation"] for lane in lanes),
        "\n".join(f"{lane['lane']} shortcut: {lane['shortcut']}" for lane in lanes),
        found["summary"],
    ]
    return "\n\n".join(part for part in parts if part)


def curve(values: Sequence[float | None], low: float, high: float, width: int = WIDTH) -> str:
    """Bars on a log scale from low to high, both in decades; × where there is no number."""
    step = max(1, -(-len(values) // width))
    return "".join(_bar(value, low, high) for value in values[::step])


def _bar(value: float | None, low: float, high: float) -> str:
    if value is None:
        return "×"
    height = decades(value)
    if not isfinite(height):
        return BARS[0]
    return BARS[min(int((height - low) / max(high - low, 1e-9) * len(BARS)), len(BARS) - 1)]


def _curves(found: flow_answers.ProbeAnswer) -> str:
    """All lanes on one scale, input on the left."""
    means = {lane["lane"]: [unit["mean"] for unit in lane["units"]] for lane in found["lanes"]}
    known = [decades(mean) for row in means.values() for mean in row if mean]
    if not known:
        return ""
    low, high = min(known), max(known)
    lines = [f"{lane} {curve(row, low, high)}" for lane, row in means.items()]
    ends = f"{BARS[0]} {format_amount(10**low)}, {BARS[-1]} {format_amount(10**high)}"
    scale = f"{found['label']}, input to output, log scale: {ends}"
    return "\n".join([*lines, scale])


def _cells(lane: flow_answers.FlowAnswer) -> list[formats.Cell]:
    ratios = [lane["ratio"], lane["ratio_low"], lane["ratio_high"]]
    stages = " ".join(_shown(stage["ratio"]) for stage in lane["stages"])
    return [lane["lane"], lane["name"], *map(_shown, ratios), stages]


def _shown(value: float | None) -> str:
    return "none" if value is None else format_amount(value)
