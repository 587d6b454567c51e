"""Which waiting run is next: owners take turns, so that five hundred runs of one do not hold up the others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush

from resnet_explorer.runs.index.store import IndexedRun

# as many of the newest runs are averaged to guess how long one takes
AVERAGED = 50
UNKNOWN = float("inf")


def next_runs(
    queued: Sequence[IndexedRun],
    busy: Mapping[str, int],
    served: Mapping[str, int] | None = None,
    quota: int | None = None,
) -> list[IndexedRun]:
    """The waiting runs in the order they should start: fewest runs at work first, then the owner served longest ago.

    `busy` counts an owner's runs at work, `served` grows with each start; beyond `quota` at once, runs are left out.
    """
    counts, turns = Counter(busy), dict(served or {})
    by_owner: dict[str, list[IndexedRun]] = {}
    for row in sorted(queued, key=_created, reverse=True):
        by_owner.setdefault(row.job.owner, []).append(row)
    ordered = []
    while by_owner := {
        owner: rows for owner, rows in by_owner.items() if rows and not 0 < (quota or 0) <= counts[owner]
    }:
        owner = min(by_owner, key=lambda owner: (counts[owner], turns.get(owner, 0), _created(by_owner[owner][-1])))
        ordered.append(by_owner[owner].pop())
        counts[owner] += 1
        turns[owner] = max(turns.values(), default=0) + 1
    return ordered


def queue_estimates(rows: Sequence[IndexedRun], slots: int) -> dict[str, tuple[int, float | None]]:
    """For each waiting run its place from 1, and the seconds until it may start; None where that is unknown."""
    working = [row for row in rows if row.progress.state in ("preparing", "running")]
    queued = [row for row in rows if row.progress.state == "queued"]
    served: dict[str, int] = {}
    for row in rows:
        served[row.job.owner] = max(served.get(row.job.owner, 0), row.progress.started)
    mean = _mean_seconds(rows)
    slots_free_in = [_remaining(row, mean) for row in working] + [0.0] * (slots - len(working))
    heapify(slots_free_in)
    estimates: dict[str, tuple[int, float | None]] = {}
    for place, row in enumerate(next_runs(queued, Counter(row.job.owner for row in working), served), 1):
        starts_in = heappop(slots_free_in) if slots_free_in else UNKNOWN
        estimates[row.job.run] = (place, None if starts_in == UNKNOWN else starts_in)
        heappush(slots_free_in, UNKNOWN if mean is None else starts_in + mean)
    return estimates


def _created(row: IndexedRun) -> tuple[int, int]:
    return row.job.created, row.number


def _mean_seconds(rows: Sequence[IndexedRun]) -> float | None:
    """The seconds a run takes from start to end, as the mean of the newest that did a step; None without any."""
    newest = sorted(rows, key=_created, reverse=True)[:AVERAGED]
    totals = [now.seconds / now.step * now.steps for row in newest if (now := row.progress).step and now.seconds]
    return sum(totals) / len(totals) if totals else None


def _remaining(row: IndexedRun, mean: float | None) -> float:
    """The seconds a run at work still takes; the mean of others where its own speed is unknown."""
    remaining = row.progress.remaining
    if remaining is None:
        return UNKNOWN if mean is None else mean
    return remaining
