"""Which lines a picture of runs has: runs of one experiment are one line, whatever their seeds."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.errors import ExplorerError
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.request import parse_request
from resnet_explorer.ui.components.lanes.lanes import Lane

# the slot of a line that belongs to no lane: it is drawn in ink
INK = -1


@dataclass(frozen=True)
class Line:
    """Runs that differ in their seeds alone, under a letter and in the colour of the lane they are runs of."""

    key: str
    slot: int
    label: str
    name: str
    depth: str
    runs: tuple[RunAnswer, ...]


def lane_text(lane: Lane) -> str:
    """A lane as the verbs read it: NAME[:UNIT][;FIELD=VALUE ...]."""
    head = f"{lane.name}:{lane.unit}" if lane.unit else lane.name
    return lane.spec or ";".join((head, *(f"{name}={value}" for name, value in lane.fields.items())))


@lru_cache(2048)
def network_of(text: str) -> Network | None:
    """The network of a text, however it is spelled; None if it is refused."""
    try:
        return parse_request(text).network
    except ExplorerError:
        return None


def is_same(lane: Lane, run: RunAnswer) -> bool:
    """Whether a run is one of the lane's network, however either is spelled."""
    text = lane_text(lane)
    return text == run["line"] or (network_of(text) is not None and network_of(text) == network_of(run["line"]))


def group_into_lines(runs: Sequence[RunAnswer], lanes: Sequence[Lane]) -> list[Line]:
    """The lines of these runs, in the order of the lanes, those of no lane last."""
    groups: dict[str, list[RunAnswer]] = {}
    for run in sorted(runs, key=lambda run: (run["seed"], run["created"])):
        key = json.dumps([run["line"], run["data"], run["recipe"], sorted(run["settings"].items())])
        groups.setdefault(key, []).append(run)
    places = {lane.slot: place for place, lane in enumerate(lanes)}
    lines = [_line(key, members, lanes) for key, members in groups.items()]
    lines.sort(key=lambda line: (places.get(line.slot, len(lanes)), -line.runs[0]["created"]))
    times = Counter(line.label for line in lines)
    # two experiments of one lane are told apart by their runs
    return [
        replace(line, label=f"{line.label} {line.runs[0]['short']}") if times[line.label] > 1 else line
        for line in lines
    ]


def _line(key: str, runs: list[RunAnswer], lanes: Sequence[Lane]) -> Line:
    first = runs[0]
    same = [lane for lane in lanes if is_same(lane, first)]
    lane = next((lane for lane in same if lane.slot == first["slot"]), same[0] if same else None)
    depth = re.search(r"-(\d+)(?=[-:;x]|$)", first["line"])
    digits = depth[1] if depth else ""
    if lane is None:
        return Line(key, INK, first["short"], first["line"], "", tuple(runs))
    return Line(key, lane.slot, lane.letter, _name_of(lane, first), digits, tuple(runs))


def _name_of(lane: Lane, run: RunAnswer) -> str:
    """What the lane's card calls it: its title, its ordering, or that the unit is its own."""
    known = lane.unit if lane.unit in ORDERINGS else run["ordering"]
    return lane.title or known or ("own unit" if lane.unit else lane.name)
