"""A probe as text: a table of ratios, a small curve for each lane, and the findings in sentences."""

from collections.abc import Sequence
from math import isfinite

from resnet_explorer.api.gradient_answers import FlowAnswer, ProbeAnswer
from resnet_explorer.api.recorded_depths import RecordedCliffAnswer
from resnet_explorer.describe.text_tables import Cell, aligned
from resnet_explorer.gradients.findings import format_amount
from resnet_explorer.gradients.profile import decades

BARS = "▁▂▃▄▅▆▇█"
WIDTH = 40
PATHS_HEADER = ["lane", "stage", "unit", "through the shortcut", "through the branch"]


def text(answer: ProbeAnswer) -> str:
    """The whole answer."""
    lanes = answer["lanes"]
    header = ["lane", "network", "first/last", "lowest", "highest", "by stage"]
    parts = [
        answer["caption"],
        aligned(header, [_cells(lane) for lane in lanes]),
        _curves(answer),
        aligned(PATHS_HEADER, rows) if (rows := [row for lane in lanes for row in _path_rows(lane)]) else "",
        "\n".join(lane["observation"] for lane in lanes),
        "\n".join(f"{', '.join(one['lanes'])}: {one['reason']}" for one in answer["groups"] if one["reason"]),
        "\n".join(f"{lane['lane']} shortcut: {lane['shortcut']}" for lane in lanes),
        answer["summary"],
    ]
    return "\n\n".join(part for part in parts if part)


def cliff_text(answer: RecordedCliffAnswer) -> str:
    """A table of depths down and lanes across."""
    points = answer["points"]
    names = {point["lane"]: f"{point['lane']} {point['name']}" for point in points}
    rows: dict[int, dict[str, str]] = {}
    for point in points:
        rows.setdefault(point["depth"], {})[point["lane"]] = _format_ratio(point["ratio"])
    cells: list[list[Cell]] = [[depth, *(row.get(lane, "") for lane in names)] for depth, row in sorted(rows.items())]
    table = aligned(["depth", *names.values()], cells) if points else "nothing was recorded for these networks"
    return f"{answer['caption']}\n\n{table}\n\n{answer['recorded']}"


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


def _curves(answer: ProbeAnswer) -> str:
    """All lanes on one scale, input on the left."""
    means = {lane["lane"]: [unit["mean"] for unit in lane["units"]] for lane in answer["lanes"]}
    heights = [decades(mean) for row in means.values() for mean in row if mean]
    if not heights:
        return ""
    low, high = min(heights), max(heights)
    lines = [f"{lane} {curve(row, low, high)}" for lane, row in means.items()]
    ends = f"{BARS[0]} {format_amount(10**low)}, {BARS[-1]} {format_amount(10**high)}"
    scale = f"{answer['label']}, input to output, log scale: {ends}"
    return "\n".join([*lines, scale])


def _cells(lane: FlowAnswer) -> list[Cell]:
    ratios = [lane["ratio"], lane["ratio_low"], lane["ratio_high"]]
    stages = " ".join(_format_ratio(stage["ratio"]) for stage in lane["stages"])
    return [lane["lane"], lane["name"], *map(_format_ratio, ratios), stages]


def _path_rows(lane: FlowAnswer) -> list[list[Cell]]:
    """The two ways of the gradient at the first and the last unit of each stage."""
    units = lane["paths"]
    ends = [
        unit
        for before, unit, after in zip([None, *units], units, [*units[1:], None], strict=False)
        if before is None or after is None or before["stage"] != unit["stage"] or after["stage"] != unit["stage"]
    ]
    return [
        [
            lane["lane"],
            unit["stage"],
            unit["unit"],
            "no shortcut" if unit["identity"] is None else _format_ratio(unit["identity"]["mean"]),
            _format_ratio(unit["branch"]["mean"]),
        ]
        for unit in ends
    ]


def _format_ratio(value: float | None) -> str:
    return "none" if value is None else format_amount(value)
