"""What a network loses when units are cut, exchanged or put in another order, without training again (Veit 2016).

All lanes go on together: each unit alone on more and more images, then trials of several cuts and of other orders.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from torch import Generator, Tensor, randint, randperm

from resnet_explorer.analyses.request import Part
from resnet_explorer.analyses.schedules import Schedule, cuttable, mixed, score
from resnet_explorer.analyses.settings import LesionSettings
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.networks.memory import largest_activation

# images of each lane before the first picture, and at most in a piece of work
FIRST, PIECE = 10, 50
# multiply-adds of a piece of work, and elements of a tensor in it
WORK, ELEMENTS = 4_000_000_000, 2**23
# numbers of cuts, and of exchanged pairs, that are tried
COUNTS = 8


def measure(subjects: Sequence[Subject], settings: LesionSettings) -> Iterator[Part]:
    """What is known after each piece: all lanes' units alone first, then trial by trial."""
    lanes = [Lesions(subject, settings) for subject in subjects]
    of = sum(lane.of for lane in lanes)
    for turns in ([lane.alone() for lane in lanes], [lane.trials() for lane in lanes]):
        waiting = list(range(len(lanes)))
        while waiting:
            # the lane that is least advanced
            number = min(waiting, key=lambda lane: lanes[lane].done / lanes[lane].of)
            if next(turns[number], StopIteration) is StopIteration:
                waiting.remove(number)
            else:
                yield Part(number, sum(lane.done for lane in lanes), of, lanes[number].values())


class Lesions:
    """What is known of one lane; a table has a right answer's count and a loss by schedule, over images."""

    def __init__(self, subject: Subject, settings: LesionSettings) -> None:
        self.subject, self.settings = subject, settings
        self.lane = cuttable(subject)
        self.order = mixed(len(subject.x), settings.seed)[: settings.images].to(subject.x.device)
        count = len(self.lane.units)
        self.alone_cut = [unit for unit in range(count) if self.lane.can_cut(unit)]
        self.alone_swapped = [unit for unit in range(count - 1) if self._alike(unit, unit + 1)]
        keeping = [unit for unit in range(count) if self.lane.keeps_shape[unit]]
        self.pairs = [(a, b) for a in range(count) for b in range(a + 1, count) if self._alike(a, b)]
        self.cuts = _counts(len(keeping))
        self.exchanges = _counts(len(self.pairs) and len(keeping))
        self.keeping = keeping
        self.seen = 0
        self.table: list[tuple[int, float]] = []
        self.cut_rows: list[list[tuple[float, float]]] = []
        self.orders: list[dict[str, float | None]] = []
        self.done, self.of = 0, len(self.order) * (1 + settings.trials)

    def _alike(self, a: int, b: int) -> bool:
        lane = self.lane
        return lane.keeps_shape[a] and lane.keeps_shape[b] and lane.stages[a] == lane.stages[b]

    def alone(self) -> Iterator[None]:
        """Each unit cut alone, each exchanged with the next, on more and more images."""
        whole = self.lane.whole
        schedules = [whole, *(self.lane.without([unit]) for unit in self.alone_cut)]
        schedules += [exchanged(whole, unit, unit + 1) for unit in self.alone_swapped]
        self.table = [(0, 0.0)] * len(schedules)
        for images in self._pieces(len(schedules), FIRST):
            scores = self._score(schedules, images)
            self.table = [(a + b, c + d) for (a, c), (b, d) in zip(self.table, scores, strict=True)]
            self.seen += len(images)
            self.done += len(images)
            yield

    def trials(self) -> Iterator[None]:
        """In each trial so many units at random cut, and so many random pairs exchanged, for several numbers."""
        generator = Generator().manual_seed(self.settings.seed)
        for _ in range(self.settings.trials):
            schedules = [self._cut_at_random(count, generator) for count in self.cuts]
            schedules += [self._exchange_at_random(count, generator) for count in self.exchanges]
            sums = [(0, 0.0)] * len(schedules)
            for images in self._pieces(len(schedules), PIECE):
                scores = self._score(schedules, images) if schedules else []
                sums = [(a + b, c + d) for (a, c), (b, d) in zip(sums, scores, strict=True)]
                self.done += len(images)
                if len(images) == len(self.order):
                    break
                yield
            self._keep(schedules, sums)
            yield

    def _keep(self, schedules: Sequence[Schedule], sums: Sequence[tuple[int, float]]) -> None:
        rows = [(right / len(self.order), loss / len(self.order)) for right, loss in sums]
        self.cut_rows.append(rows[: len(self.cuts)])
        for count, schedule, (accuracy, loss) in zip(
            self.exchanges, schedules[len(self.cuts) :], rows[len(self.cuts) :], strict=True
        ):
            tau = kendall_tau(schedule)
            self.orders.append({"pairs": count, "tau": tau, "accuracy": accuracy, "loss": _digits(loss)})

    def _pieces(self, schedules: int, first: int) -> Iterator[Tensor]:
        """Places of images, as many at once as take well below a second."""
        largest, macs = largest_activation(self.subject.plan), self.subject.plan.macs
        most = max(1, min(PIECE, WORK // (max(schedules, 1) * macs), ELEMENTS // (max(schedules, 1) * largest)))
        start, size = 0, min(first, most)
        while start < len(self.order):
            yield self.order[start : start + size]
            start, size = start + size, most

    def _score(self, schedules: Sequence[Schedule], images: Tensor) -> list[tuple[int, float]]:
        x, labels = self.subject.x[images], self.subject.labels[images]
        return list(zip(*score(self.lane, schedules, x, labels), strict=True))

    def _cut_at_random(self, count: int, generator: Generator) -> Schedule:
        chosen = randperm(len(self.keeping), generator=generator)[:count].tolist()
        return self.lane.without([self.keeping[place] for place in chosen])

    def _exchange_at_random(self, count: int, generator: Generator) -> Schedule:
        schedule = self.lane.whole
        for place in randint(len(self.pairs), (count,), generator=generator).tolist():
            schedule = exchanged(schedule, *self.pairs[place])
        return schedule

    def values(self) -> dict[str, Any]:
        accuracy = [right / self.seen for right, _ in self.table]
        loss = [_digits(total / self.seen) for _, total in self.table]
        units, first_swap = len(self.lane.units), 1 + len(self.alone_cut)
        cuts, swaps = slice(1, first_swap), slice(first_swap, None)
        return {
            "units": units,
            "baseline": accuracy[0],
            "baseline_loss": loss[0],
            "deleted": _spread(self.alone_cut, accuracy[cuts], units),
            "deleted_loss": _spread(self.alone_cut, loss[cuts], units),
            "changes_shape": [unit for unit in range(units) if not self.lane.keeps_shape[unit]],
            "swapped": _spread(self.alone_swapped, accuracy[swaps], units),
            "swapped_loss": _spread(self.alone_swapped, loss[swaps], units),
            "counts": self.cuts,
            "several": [[row[place][0] for row in self.cut_rows] for place in range(len(self.cuts))],
            "several_loss": [[_digits(row[place][1]) for row in self.cut_rows] for place in range(len(self.cuts))],
            "orders": list(self.orders),
            "chance": 1 / len(self.subject.classes),
            "images": self.seen,
            "trained": self.subject.trained,
        }


def exchanged(schedule: Schedule, a: int, b: int) -> Schedule:
    """The schedule with what stands at two places exchanged."""
    order = list(schedule)
    order[a], order[b] = order[b], order[a]
    return tuple(order)


def kendall_tau(order: Sequence[int]) -> float:
    """Pairs in their first order less those turned round, over all pairs: 1 for the order itself, -1 reversed."""
    count = len(order)
    signs = [1 if order[a] < order[b] else -1 for a in range(count) for b in range(a + 1, count)]
    return sum(signs) / len(signs) if signs else 1.0


def _counts(most: int) -> list[int]:
    """At most COUNTS whole numbers from 1 to `most`, evenly."""
    return sorted({max(1, round(most * step / COUNTS)) for step in range(1, COUNTS + 1)}) if most else []


def _spread(units: Sequence[int], numbers: Sequence[float | None], count: int) -> list[float | None]:
    """The numbers at their units' places, None elsewhere."""
    by_unit = dict(zip(units, numbers, strict=True))
    return [by_unit.get(unit) for unit in range(count)]


def _digits(number: float) -> float | None:
    text = float(f"{number:.6g}")
    return text if text == text and abs(text) != float("inf") else None
