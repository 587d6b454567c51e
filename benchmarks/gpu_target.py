"""Seconds of training until a test accuracy is reached: the `speed` recipe against He 2015's, on the same network."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.gpu_turns import Clock, Figure, Rows, Size
from benchmarks.measure import Ratio
from resnet_explorer.runs.datasets import DATA_SETS, read_data
from resnet_explorer.runs.events import Evaluated
from resnet_explorer.runs.experiment import Experiment, prepare
from resnet_explorer.runs.image_folder import count_classes
from resnet_explorer.training.loop import train

TARGETS = (0.90, 0.92, 0.94)
# each is looked at about once an epoch; the time of that is not counted, as it is in no run
LOOKS = {"speed": "97", "he2015": "390"}
GOAL = "1/10"
PUBLISHED = Figure(
    "airbench94_spectral on an A100 to 94.05 %, PUBLISHED by its README, not measured here, with its own network",
    2.67,
    "s",
)


def part(size: Size, clock: Clock) -> Rows:
    """Both recipes, the quick one first; the slow one until it has the last target or the time is over."""
    wanted = {recipe: _experiment(recipe, size) for recipe in LOOKS}
    with TemporaryDirectory() as home:
        # libraries, the images and their decoding come before the first clock
        list(train(_experiment("short", size, steps="8", evaluate="0"), Path(home, "first"), Path(home), size.device))
        curves = {recipe: _curve(one, Path(home), recipe, size, clock) for recipe, one in wanted.items()}
    for recipe, curve in curves.items():
        if not curve:
            yield Figure(f"{recipe}: no evaluation in the time there was", 0, "")
            continue
        best = max(one.accuracy for one in curve)
        what = f"{recipe}, {size.line} width {size.wide}, {_images(size)}"
        yield Figure(f"{what}, best test accuracy in {curve[-1].step:,} steps", best, "")
        for target, second in _reached(curve, TARGETS).items():
            yield Figure(f"{what}, seconds to {target:.0%}", second, "s")
    quick, slow = (_reached(curve, TARGETS) for curve in curves.values())
    for target in quick.keys() & slow.keys():
        yield _ratio(f"to {target:.0%} with speed", quick[target], slow[target])
    yield PUBLISHED


def _experiment(recipe: str, size: Size, **settings: str) -> Experiment:
    data = read_data(size.data)
    classes = DATA_SETS[data.name].classes or count_classes(data.path)
    usual = {"size": str(size.side), "width": size.wide, "save": "0", "evaluate": LOOKS.get(recipe, "0")}
    return prepare(size.line, size.data, recipe, size.seed, usual | settings, classes)


def _curve(run_experiment: Experiment, home: Path, name: str, size: Size, clock: Clock) -> list[Evaluated]:
    """Its evaluations until the last target, its end, or the end of the time."""
    evaluations: list[Evaluated] = []
    events = train(run_experiment, home / name, home, size.device)
    for event in events:
        if isinstance(event, Evaluated):
            evaluations.append(event)
        if clock.left() < 0 or (evaluations and evaluations[-1].accuracy >= TARGETS[-1]):
            events.close()
    return evaluations


def _reached(curve: Sequence[Evaluated], targets: Sequence[float]) -> dict[float, float]:
    """The first time that each was reached; those that were not are not there."""
    first = {target: [one.seconds for one in curve if one.accuracy >= target] for target in targets}
    return {target: seconds[0] for target, seconds in first.items() if seconds}


def _ratio(what: str, ours: float, other: float) -> Ratio:
    return Ratio(what, "he2015", ours, other, ours / other, ours / other, ours / other, 1, GOAL)


def _images(size: Size) -> str:
    name, _, path = size.data.partition(":")
    return f"{name}:{Path(path).name}" if path else name
