"""Which waiting run is next: owners take turns, then the launches of an owner, then the runs of a launch.

So five hundred runs of one owner do not hold up the others, a resumed run does not stand behind what was launched
after it, and runs that were launched together grow together.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush

from resnet_explorer.runs.index.store import IndexedRun
from resnet_explorer.runs.processes import processes_of
from resnet_explorer.runs.run_folder import ANALYSE, BESIDE

# as many of the newest runs are averaged to guess how long one takes
AVERAGED = 50
UNKNOWN = float("inf")
# an owner, or an owner and a launch
Party = tuple[str, ...]
# one of them in line: runs at work, when it was served last, its oldest waiting run
Entry = tuple[int, int, tuple[int, int], Party]


def next_runs(
    queued: Sequence[IndexedRun],
    working: Sequence[IndexedRun] = (),
    served: Mapping[Party, int] | None = None,
    quota: int | None = None,
) -> list[IndexedRun]:
    """The waiting runs in the order they should start.

    First is the owner with the fewest runs at work, of those the one served longest ago; then the owner's launch, by
    the same rule; then its run with the least share of its steps done. `served` grows with each start; beyond `quota`
    runs of an owner at once, runs are left out.
    """
    counts = Counter(party for row in working for party in parties(row))
    turns = served or {}
    turn = max(turns.values(), default=0)
    runs = _by_launch(queued)

    def entry(party: Party, since: tuple[int, int]) -> Entry:
        return counts[party], turns.get(party, 0), since, party

    launches: defaultdict[Party, list[Entry]] = defaultdict(list)
    for launch, rows in runs.items():
        heappush(launches[launch[:1]], entry(launch, min(map(_created, rows))))
    owners = [entry(owner, min(since for _, _, since, _ in heap)) for owner, heap in launches.items()]
    heapify(owners)
    ordered = []
    while owners:
        count, _, created, owner = heappop(owners)
        if 0 < (quota or 0) <= count:
            continue
        heap = launches[owner]
        at_work, _, since, launch = heappop(heap)
        ordered.append(runs[launch].pop())
        turn += 1
        if runs[launch]:
            heappush(heap, (at_work + 1, turn, since, launch))
        if heap:
            heappush(owners, (count + 1, turn, created, owner))
    return ordered


def first_that_fit(rows: Sequence[IndexedRun], slots: int, total: int) -> list[IndexedRun]:
    """The first runs that so many slots suffice for; nobody overtakes a run that waits for several.

    A run that asks for more slots than there are in all gets all of them.
    """
    chosen = []
    for row in rows:
        slots -= min(processes_of(row.job), total)
        if slots < 0:
            break
        chosen.append(row)
    return chosen


def _by_launch(queued: Sequence[IndexedRun]) -> dict[Party, list[IndexedRun]]:
    """The runs of each launch, the next one last."""
    runs: defaultdict[Party, list[IndexedRun]] = defaultdict(list)
    for row in sorted(queued, key=_least_progress, reverse=True):
        runs[parties(row)[1]].append(row)
    return runs


def parties(row: IndexedRun) -> tuple[Party, Party]:
    """The owner of a run, and its launch; a run that was launched alone is a launch."""
    return (row.job.owner,), (row.job.owner, row.job.group or row.job.run)


def queue_estimates(
    rows: Sequence[IndexedRun], slots: int, turn: float = UNKNOWN
) -> dict[str, tuple[int, float | None]]:
    """For each waiting run its place from 1, and the seconds until it may start; None where that is unknown.

    `turn` is how many seconds a training keeps its slot while others wait; an analysis keeps it to its end.
    """
    # a study takes no slot
    rows = [row for row in rows if row.job.kind not in BESIDE]
    working = [row for row in rows if row.progress.state in ("preparing", "running")]
    queued = [row for row in rows if row.progress.state == "queued"]
    served: dict[Party, int] = {}
    for row in rows:
        for party in parties(row):
            served[party] = max(served.get(party, 0), row.progress.started)
    means = {kind: _mean_seconds(rows, kind) for kind in {row.job.kind for row in rows}}
    turns = {kind: UNKNOWN if kind == ANALYSE else turn for kind in means}
    slots_free_in = [min(_remaining(row, means[row.job.kind]), turns[row.job.kind]) for row in working]
    slots_free_in += [0.0] * (slots - len(working))
    heapify(slots_free_in)
    estimates: dict[str, tuple[int, float | None]] = {}
    for place, row in enumerate(next_runs(queued, working, served), 1):
        starts_in = heappop(slots_free_in) if slots_free_in else UNKNOWN
        estimates[row.job.run] = (place, None if starts_in == UNKNOWN else starts_in)
        mean = means[row.job.kind]
        heappush(slots_free_in, starts_in + min(UNKNOWN if mean is None else mean, turns[row.job.kind]))
    return estimates


def _least_progress(row: IndexedRun) -> tuple[float, tuple[int, int]]:
    return row.progress.share, _created(row)


def _created(row: IndexedRun) -> tuple[int, int]:
    return row.job.created, row.number


def _mean_seconds(rows: Sequence[IndexedRun], kind: str) -> float | None:
    """The seconds a run of a kind takes, as the mean of the newest that did a step; None without any."""
    newest = sorted((row for row in rows if row.job.kind == kind), key=_created, reverse=True)[:AVERAGED]
    totals = [now.seconds / now.step * now.steps for row in newest if (now := row.progress).step and now.seconds]
    return sum(totals) / len(totals) if totals else None


def _remaining(row: IndexedRun, mean: float | None) -> float:
    """The seconds a run at work still takes; the mean of others where its own speed is unknown."""
    remaining = row.progress.remaining
    if remaining is None:
        return UNKNOWN if mean is None else mean
    return remaining
