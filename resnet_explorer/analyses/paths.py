"""How long the paths are that the gradient takes: their number by length, and what one of each length carries (Veit).

The network is sent forward whole. Backward, a path goes through the branches of some units and past those of all
others; several paths are pulled back together, those that take the same branch in one product.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, islice
from math import comb, log

import numpy as np
import torch
from torch import Generator, Tensor

from resnet_explorer.analyses.pullback import NetGraph, check, chunk_size, follow, has_shortcut, pieces
from resnet_explorer.analyses.request import Part
from resnet_explorer.analyses.settings import PathsSettings
from resnet_explorer.analyses.subject import Subject

Path = frozenset[int]
# lengths that are measured at most; between them the logarithm of the norm is interpolated
LENGTHS = 28
# of all that the paths carry, what the effective lengths hold
MOST = 0.95


def measure(subjects: Sequence[Subject], settings: PathsSettings) -> Iterator[Part]:
    """Each lane's norms so far: in every round one more path of each length, of each lane in turn."""
    for subject in subjects:
        check(subject)
    size = chunk_size(subjects, settings.images)
    lanes = [_Lane(subject, settings, size) for subject in subjects]
    of, done = sum(len(lane.groups) for lane in lanes), 0
    for turn in range(max((len(lane.groups) for lane in lanes), default=0)):
        for number, lane in enumerate(lanes):
            if turn < len(lane.groups):
                lane.add(lane.groups[turn])
                done += 1
                yield Part(number, done, of, lane.values())


class _Lane:
    """A network for its images, the paths to be pulled back, and the norms so far by length."""

    def __init__(self, subject: Subject, settings: PathsSettings, size: int) -> None:
        self.graph = follow(subject.net, subject.x[:size], subject.labels[:size])
        self.images = len(self.graph.loss)
        units = subject.units
        self.open = [number for number, unit in enumerate(units) if has_shortcut(unit)]
        self.fixed = frozenset(range(len(units))) - frozenset(self.open)
        generator = Generator().manual_seed(settings.seed)
        drawn = [draw_paths(self.open, length, settings.trials, generator) for length in lengths(len(self.open))]
        rounds = [[paths[turn] for paths in drawn if turn < len(paths)] for turn in range(settings.trials)]
        most = max(1, len(units) * LENGTHS // 2 // pieces(subject, size, len(units) * LENGTHS // 2))
        self.groups = [group for paths in rounds for group in _share_out(paths, most)]
        self.norms: dict[int, list[float]] = {}
        self.products = 0

    def add(self, paths: Sequence[Path]) -> None:
        taken = [path | self.fixed for path in paths]
        gradients = pull_back(self.graph, taken)
        norms = gradients.double().flatten(2).norm(dim=2).mean(1).tolist()
        self.products += sum(map(len, taken))
        for path, norm in zip(paths, norms, strict=True):
            self.norms.setdefault(len(path), []).append(norm)

    def values(self) -> dict[str, object]:
        count, fixed = len(self.open), len(self.fixed)
        known = {length: sum(norms) / len(norms) for length, norms in sorted(self.norms.items())}
        carried = carry(count, known)
        return {
            "lengths": [fixed + length for length in range(count + 1)],
            "longest": fixed + count,
            "middle": fixed + count / 2,
            "counts": [comb(count, length) for length in range(count + 1)],
            "gradient": [known.get(length) for length in range(count + 1)],
            "carried": carried,
            "effective": effective(carried, fixed),
            "paths": sum(map(len, self.norms.values())),
            "products": self.products,
            "images": self.images,
        }


def lengths(count: int) -> list[int]:
    """The lengths that are measured: all, or a few evenly spaced ones."""
    if count < LENGTHS:
        return list(range(count + 1))
    return sorted({round(count * place / (LENGTHS - 1)) for place in range(LENGTHS)})


def draw_paths(units: Sequence[int], length: int, trials: int, generator: Generator) -> list[Path]:
    """All paths of a length where there are no more than trials, else as many drawn ones."""
    if comb(len(units), length) <= trials:
        return list(map(frozenset, islice(combinations(units, length), trials)))
    orders = (torch.randperm(len(units), generator=generator)[:length].tolist() for _ in range(trials))
    return [frozenset(units[place] for place in order) for order in orders]


def pull_back(graph: NetGraph, paths: Sequence[Path]) -> Tensor:
    """The gradient by the first unit's input that goes through these units' branches and past all others', by path."""
    gradients = graph.gradient.expand(len(paths), *graph.gradient.shape)
    for number, unit in reversed(list(enumerate(graph.units))):
        merged = unit.to_merge(gradients)
        takes = torch.tensor([number in path for path in paths])
        gradients = merged.new_empty((len(paths), *unit.x.shape))
        gradients[takes] = unit.by_branch(merged[takes])
        gradients[~takes] = unit.by_shortcut(merged[~takes])
    return gradients


def carry(count: int, known: dict[int, float]) -> list[float]:
    """What all paths of a length carry, number times norm, as shares that sum to 1."""
    places = [length for length, norm in known.items() if norm > 0]
    if not places:
        return [0.0] * (count + 1)
    all_lengths = np.arange(count + 1)
    logs = np.interp(all_lengths, places, [log(known[length]) for length in places])
    logs += [log(comb(count, length)) for length in range(count + 1)]
    # a length at which nothing passes, or that is beyond the known ones, carries nothing
    void = [known.get(length) == 0 or not places[0] <= length <= places[-1] for length in range(count + 1)]
    logs[np.array(void)] = -np.inf
    shares = np.exp(logs - logs.max())
    return [float(share) for share in shares / shares.sum()]


def effective(carried: Sequence[float], fixed: int) -> dict[str, float] | None:
    """The mean length by what is carried; the fewest lengths in a row that carry most, and their share of paths."""
    if not sum(carried):
        return None
    count = len(carried) - 1
    reach = np.cumsum([0.0, *carried])
    spans = [(low, high) for low in range(count + 1) for high in range(low, count + 1)]
    enough = [(high - low, reach[low] - reach[high + 1], low, high) for low, high in spans]
    *_, low, high = min(span for span in enough if -span[1] >= MOST)
    return {
        "mean": fixed + sum(length * share for length, share in enumerate(carried)),
        "low": fixed + low,
        "high": fixed + high,
        "carried": float(reach[high + 1] - reach[low]),
        "share": float(Fraction(sum(comb(count, length) for length in range(low, high + 1)), 2**count)),
    }


def _share_out(paths: Sequence[Path], most: int) -> Iterator[list[Path]]:
    """The paths in groups that go through so many branches together, or of one path."""
    group: list[Path] = []
    for path in paths:
        if group and sum(map(len, group)) + len(path) > most:
            yield group
            group = []
        group.append(path)
    if group:
        yield group
