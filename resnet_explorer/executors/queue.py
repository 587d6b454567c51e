"""Who is next: owners take turns, so that one who asks for five hundred runs holds nobody up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush

from resnet_explorer.runs.index.store import IndexedRun

# of the newest runs, to guess how long one takes
LOOKED_AT = 50


def next_runs(
    queued: Sequence[IndexedRun],
    busy: Mapping[str, int],
    served: Mapping[str, int] | None = None,
    quota: int | None = None,
) -> list[IndexedRun]:
    """The waiting runs as they should start: the owner with the fewest at work first, then who was served longest ago.

    `busy` counts an owner's runs at work, `served` grows with each start; beyond `quota` at once, runs are left out.
    """
    counts, turns = Counter(busy), dict(served or {})
    lines: dict[str, list[IndexedRun]] = {}
    for row in sorted(queued, key=_age, reverse=True):
        lines.setdefault(row.job.owner, []).append(row)
    found = []
    while lines := {owner: rows for owner, rows in lines.items() if rows and not 0 < (quota or 0) <= counts[owner]}:
        owner = min(lines, key=lambda owner: (counts[owner], turns.get(owner, 0), _age(lines[owner][-1])))
        found.append(lines[owner].pop())
        counts[owner] += 1
        turns[owner] = max(turns.values(), default=0) + 1
    return found


def queue_estimates(rows: Sequence[IndexedRun], slots: int) -> dict[str, tuple[int, float | None]]:
    """For each waiting run its place from 1, and the seconds until it may start, where that can be said."""
    working = [row for row in rows if row.progress.state in ("preparing", "running")]
    queued = [row for row in rows if row.progress.state == "queued"]
    served: dict[str, int] = {}
    for row in rows:
        served[row.job.owner] = max(served.get(row.job.owner, 0), row.progress.started)
    usual = _usual(rows)
    free = [_left(row, usual) for row in working] + [0.0] * (slots - len(working))
    heapify(free)
    found: dict[str, tuple[int, float | None]] = {}
    for place, row in enumerate(next_runs(queued, Counter(row.job.owner for row in working), served), 1):
        starts = heappop(free) if free else UNKNOWN
        found[row.job.run] = (place, None if starts == UNKNOWN else starts)
        heappush(free, UNKNOWN if usual is None else starts + usual)
    return found


UNKNOWN = float("inf")


def _age(row: IndexedRun) -> tuple[int, int]:
    return row.job.created, row.number


def _left(row: IndexedRun, usual: float | None) -> float:
    """The seconds a run at work still takes."""
    known = row.progress.remaining
    if known is None:
        return UNKNOWN if usual is None else usual
    return known


def _usual(rows: Sequence[IndexedRun]) -> float | None:
    """The seconds a run takes, as the mean of the newest that got somewhere."""
    newest = sorted(rows, key=_age, reverse=True)[:LOOKED_AT]
    told = [now.seconds / now.step * now.steps for row in newest if (now := row.progress).step and now.seconds]
    return sum(told) / len(told) if told else None
