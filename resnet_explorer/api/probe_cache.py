"""What was probed before: moving back to it costs nothing.

Weights and batch of a seed follow from the seed alone, so what a lane gave once it gives again.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from threading import Lock

from resnet_explorer.api.probe_runner import LaneProgress, ProbeLane, check_memory, load_images
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import GradientProfile, ProbeConfig, unit_positions

MAX_NUMBERS = 2_000_000
Key = tuple[str, ProbeConfig, str]
Rows = tuple[tuple[tuple[float, ...], ...], tuple[float, ...]]


class ProbeCache:
    """Finished seeds by network and conditions; the ones not asked for longest are forgotten."""

    def __init__(self, most: int = MAX_NUMBERS) -> None:
        self.most = most
        self.size = 0
        self.rows: OrderedDict[Key, Rows] = OrderedDict()
        # steps run in one thread, but a test or a second bench may share what is known
        self.lock = Lock()

    def probe(
        self, lane: ProbeLane, asked: ProbeConfig, images: bytes = b"", limit: str = "16GB"
    ) -> Iterator[LaneProgress]:
        """A lane after each of its seeds; the seeds known already come as one. Refuses at once what is too large."""
        check_memory(lane, asked, limit)
        return self._probe(lane, asked, images)

    def _probe(self, lane: ProbeLane, asked: ProbeConfig, images: bytes) -> Iterator[LaneProgress]:
        key = _key(lane, asked, images)
        rows, losses = self._find(key)
        if rows:
            yield _probed(lane, asked, rows[: asked.seeds], losses[: asked.seeds])
        if len(rows) >= asked.seeds:
            return
        measure = import_module("resnet_explorer.models.probe").probe
        batch = import_module("resnet_explorer.models.pictures").tensor(images) if images else load_images(asked)
        more: Rows = ((), ())
        for one in measure([lane.plan], asked, batch):
            more = (*more[0], one.values[asked.metrics[0]]), (*more[1], one.loss)
            if len(more[0]) > len(rows):
                self._keep(key, more)
                yield _probed(lane, asked, *more)

    def _find(self, key: Key) -> Rows:
        with self.lock:
            found = self.rows.get(key)
            if found is None:
                return (), ()
            self.rows.move_to_end(key)
            return found

    def _keep(self, key: Key, rows: Rows) -> None:
        with self.lock:
            self.size -= _size(self.rows.pop(key, ((), ())))
            self.rows[key] = rows
            self.size += _size(rows)
            while self.size > self.most:
                self.size -= _size(self.rows.popitem(last=False)[1])


def _key(lane: ProbeLane, asked: ProbeConfig, images: bytes) -> Key:
    """Seeds are not part of it: those of a shorter question begin a longer one."""
    return lane.plan.network.id, replace(asked, seeds=1), sha256(images).hexdigest() if images else ""


def _size(rows: Rows) -> int:
    return sum(map(len, rows[0]))


def _probed(
    lane: ProbeLane, asked: ProbeConfig, rows: tuple[tuple[float, ...], ...], losses: tuple[float, ...]
) -> LaneProgress:
    metric = METRICS[asked.metrics[0]]
    return LaneProgress(lane, asked, GradientProfile(metric, unit_positions(lane.plan, metric), rows), losses)
