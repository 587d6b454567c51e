"""Five runs of 5,000 steps as the page is sent them, against the figure that plotly makes of lists.

Ours packs seven columns a run from its journal's records, thinned to what a screen can show, and is drawn in the
browser; theirs holds one curve a run, every point.
"""

from collections.abc import Callable
from functools import partial

import plotly.graph_objects as go

from benchmarks.measure import interleaved, ratios, report
from resnet_explorer.runs.curves import curves
from resnet_explorer.runs.events import Event, Record, Started, Stepped
from resnet_explorer.ui.streams.packing import pack_curves
from resnet_explorer.ui.streams.whole_curves import POINTS

RUNS, STEPS = 5, 5_000
AGAINST = "plotly with lists"


def main() -> None:
    """Measure time and bytes."""
    records = _records()
    candidates: dict[str, Callable[[], str]] = {
        "ours": partial(_ours, records),
        "plotly with lists": partial(_theirs, records),
    }
    sizes = {name: len(make()) for name, make in candidates.items()}
    ours, theirs = sizes.values()
    print(f"bytes: {ours:,} for seven columns of each run against {theirs:,} for one; {theirs / ours:.1f} times fewer")
    report("figure", ratios("five runs of 5,000 steps", interleaved({**candidates}, runs=9), {AGAINST: "at most 0.12"}))


def _records() -> list[Record]:
    stepped = [
        Stepped(step, step / 16, 2.3 / step**0.5, step / STEPS, 0.1, 1023.4, 1 / step) for step in range(1, STEPS + 1)
    ]
    events: list[Event] = [Started(0, STEPS), *stepped]
    return [Record(seq, seq, 1, event) for seq, event in enumerate(events, 1)]


def _ours(records: list[Record]) -> str:
    return "".join(pack_curves(curves(str(run), records, points=POINTS)) for run in range(RUNS))


def _theirs(records: list[Record]) -> str:
    steps = [record.event for record in records if isinstance(record.event, Stepped)]
    figure = go.Figure()
    for run in range(RUNS):
        figure.add_scatter(x=[step.step for step in steps], y=[step.loss for step in steps], name=str(run))
    text: str = figure.to_json()
    return text


if __name__ == "__main__":
    main()
