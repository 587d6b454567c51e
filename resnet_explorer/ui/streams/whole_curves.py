"""Whole curves of runs for pages that open, read and packed once for all that ask within a moment."""

import asyncio
import json
from time import monotonic
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool

from resnet_explorer.api.run_reader import RunReader
from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.streams.packing import pack_curves

# seconds for which curves are as good as new: what came since is sent as points
KEPT = 1.0
# runs whose curves are kept at once; each has some ten thousands of bytes
MOST_KEPT = 200
# of a long run; more than a figure has columns of pixels
POINTS = 2000


class PackedCurves(NamedTuple):
    """The curves of a run as JSON, and the number of the index up to which no event of it is missing."""

    text: str
    last: int


class WholeCurves:
    """Reads the curves of runs; a page that asks while they are read waits for the same answer."""

    def __init__(self, reader: RunReader) -> None:
        self.reader = reader
        self._kept: dict[str, tuple[float, asyncio.Task[PackedCurves]]] = {}

    async def read(self, run: str) -> PackedCurves:
        """The curves of a run, thinned; a sentence in their place if the run is gone."""
        began, task = self._kept.get(run, (0.0, None))
        if task is None or (task.done() and monotonic() - began > KEPT):
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            task = asyncio.create_task(run_in_threadpool(self._pack, run))
            self._kept[run] = monotonic(), task
        # whoever leaves meanwhile does not end it for the others
        return await asyncio.shield(task)

    def _pack(self, run: str) -> PackedCurves:
        last = self.reader.last_event()
        try:
            return PackedCurves(pack_curves(self.reader.curves(run, points=POINTS)), last)
        except ExplorerError as error:
            return PackedCurves(json.dumps({"run": run, "error": str(error)}, ensure_ascii=False), last)
