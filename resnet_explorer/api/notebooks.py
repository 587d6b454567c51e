"""What Python offers beyond the verbs: a network as a torch module, a figure as a Plotly figure, training that waits.

The names are those that `import resnet_explorer` gives, for a notebook or a script.
"""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from resnet_explorer.api.planning import build_plan
from resnet_explorer.api.probe_runner import LaneProgress, parse_lanes, probe_lanes
from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import NetworkError
from resnet_explorer.executors.base import Executor
from resnet_explorer.executors.choice import choose_executor
from resnet_explorer.executors.guest import supervised
from resnet_explorer.executors.local import Local
from resnet_explorer.gradients.profile import ProbeConfig
from resnet_explorer.runs.curves import Curves
from resnet_explorer.runs.events import LIVE
from resnet_explorer.runs.run_folder import resolve_home

if TYPE_CHECKING:
    from resnet_explorer.figures.gradient import Curve
    from resnet_explorer.figures.plotly_figure import Figure
    from resnet_explorer.models.units import Network

# lanes that have a colour of their own in a figure
MAX_DRAWN = 6
# seconds between two looks at runs that train
LOOK_PAUSE = 0.2


class TrainedRun(TypedDict):
    """A run that has ended: where it stands, and what it measured."""

    run: RunAnswer
    curves: Curves


def build(
    network: str,
    ordering: str = "",
    block: str = "",
    settings: dict[str, str] | None = None,
    init: str = "he-fan-out",
    seed: int = 0,
    limit: str = "16GB",
) -> "Network":
    """Build a network as an ordinary torch.nn.Module; the same seed gives the weights that a run begins with.

    Args:
        network: a name from the catalogue, with an ordering or a sentence: cifar-basic-56:full-preactivation
        ordering: a named ordering
        block: a sentence for the unit instead
        settings: fields to set, such as {"shortcut": "B", "classes": "100"}
        init: he-fan-out, he-fan-in, zero-gamma, fixup, orthogonal or torch
        seed: of the weights
        limit: refuse a network that needs more memory than this for one image
    """
    _, plan = build_plan(network, ordering, block, settings, limit=limit)
    net: Network = import_module("resnet_explorer.models.build").build(plan)
    import_module("resnet_explorer.models.init").initialise_from_seed(net, init, seed)
    return net


def figure(
    networks: list[str],
    metric: str = "gradient",
    seeds: int = 3,
    batch: int = 8,
    init: str = "he-fan-out",
    batch_norm: bool = True,
    loss: str = "cross-entropy",
    source: str = "noise",
    limit: str = "16GB",
    theory: bool = False,
    fraction: bool = False,
) -> "Figure":
    """Probe networks, and draw what was measured at every unit as a Plotly figure.

    Args:
        networks: NETWORK[:ORDERING] each, at most six
        metric: as for probe, like all up to limit
        seeds: as for probe
        batch: as for probe
        init: as for probe
        batch_norm: as for probe
        loss: as for probe
        source: as for probe
        limit: as for probe
        theory: draw what theory predicts as thin lines, where it does
        fraction: count the x axis in fractions of the units passed, to compare depths
    """
    if not 1 <= len(networks) <= MAX_DRAWN:
        raise NetworkError(f"a figure takes 1 to {MAX_DRAWN} networks, not {len(networks)}")
    config = ProbeConfig((metric,), seeds, batch, init, batch_norm, loss, source)
    last = {probed.lane.letter: probed for probed in probe_lanes(parse_lanes(networks), config, limit)}
    curves = [_curve(slot, last[letter], theory) for slot, letter in enumerate(sorted(last))]
    plain = import_module("resnet_explorer.figures.gradient").draw(curves, fraction)
    figure: Figure = import_module("resnet_explorer.figures.plotly_figure").to_plotly(plain)
    return figure


def train(
    networks: list[str],
    data: str = "shapes",
    recipe: str = "short",
    seeds: list[int] | None = None,
    settings: dict[str, str] | None = None,
    home: str | Path = "",
    progress: bool = True,
) -> list[TrainedRun]:
    """Train each network with each seed in processes of their own, wait, and give what each run measured.

    A page that has the home open trains them, and shows them too. An interrupted call leaves runs that can be resumed.

    Args:
        networks: NETWORK[:ORDERING] each, such as cifar-basic-8:original
        data: shapes, shapes:hard, cifar10, cifar100, svhn, fashion-mnist, mnist or imagefolder:PATH
        recipe: short, steady, he2015, wrn or speed
        seeds: one run for each, such as [0, 1, 2]
        settings: fields of the recipe to set, such as {"lr": "0.05", "steps": "1000"}
        home: where runs are kept; otherwise RESNET_EXPLORER_HOME, or ~/.resnet-explorer
        progress: print how far they are
    """
    opened = _open_home(home)
    launched = [run["run"] for run in opened.train(networks, data, recipe, seeds, settings)["runs"]]
    line = ""
    for rows in _watch(opened, launched, _executor(opened.home)):
        if progress and (now := _progress_line(rows)) != line:
            line = now
            print(f"\r{line}", end="", file=sys.stderr, flush=True)
    if progress:
        print(file=sys.stderr)
    return [TrainedRun(run=opened.reader.show(run)["run"], curves=opened.reader.curves(run)) for run in launched]


def runs(state: str = "", text: str = "", limit: int = 200, home: str | Path = "") -> list[RunAnswer]:
    """List runs, the newest first, and those that came with the program behind them.

    Args:
        state: only those queued, preparing, running, finished, stopped, failed or interrupted; or live
        text: only those whose network, data, recipe, group or id holds this
        limit: how many of your own at most
        home: where runs are kept; otherwise RESNET_EXPLORER_HOME, or ~/.resnet-explorer
    """
    opened = _open_home(home)
    with supervised(opened.home, _executor(opened.home), frozenset()):
        return opened.reader.runs(state, text, limit=limit)["runs"]


def curves(run: str, home: str | Path = "") -> Curves:
    """Everything a run has measured, column by column.

    Args:
        run: the id of a run, or its first letters
        home: where runs are kept; otherwise RESNET_EXPLORER_HOME, or ~/.resnet-explorer
    """
    return _open_home(home).reader.curves(run)


def _curve(slot: int, probed: LaneProgress, theory: bool) -> "Curve":
    """One lane of the figure, in the colour of its slot."""
    shapes = tuple(str(stage[-1].unit.y) for stage in probed.lane.plan.stages)
    predicted = probed.theory if theory else None
    values = predicted.values if predicted else ()
    curve = import_module("resnet_explorer.figures.gradient").Curve
    drawn: Curve = curve(slot, probed.lane.request.name, probed.flow, shapes, values)
    return drawn


def _executor(home: Path) -> Executor:
    """Who works on the runs here, as the environment says."""
    return choose_executor(os.environ, home, Local())


def _open_home(home: str | Path) -> Runs:
    return Runs(resolve_home(str(home) or os.environ.get("RESNET_EXPLORER_HOME", "")))


def _watch(runs: Runs, launched: Sequence[str], executor: Executor) -> Iterator[list[RunAnswer]]:
    """Where runs stand, again and again until all have ended; they train here, unless another process has the home."""
    with supervised(runs.home, executor, frozenset(launched)) as take_over:
        while True:
            rows = runs.reader.current_rows(launched)
            yield rows
            if not any(row["state"] in LIVE for row in rows):
                return
            time.sleep(LOOK_PAUSE)
            # a page that ends meanwhile leaves its runs to this process
            take_over()


def _progress_line(rows: Sequence[RunAnswer]) -> str:
    """How many runs have ended, and how many steps are taken, in one line that can be written over."""
    ended = sum(row["state"] not in LIVE for row in rows)
    steps, total = sum(row["step"] for row in rows), sum(row["steps"] for row in rows)
    return f"{ended} of {len(rows)} runs ended, step {steps:,} of {total:,}"
