"""Runs that came with the program, a set for each press that made them, and lanes that are those of some runs."""

import re
from collections.abc import Sequence

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.ui.components.lanes.lanes import MAX_LANES, Lane

# as many letters of a group's id as a link holds
GROUP = 10


def recorded_sets(runs: Sequence[RunAnswer]) -> list[tuple[Sentence, str]]:
    """What each set is called, and its group: the longest runs first, then the oldest."""
    groups: dict[str, list[RunAnswer]] = {}
    for run in sorted(runs, key=lambda run: run["created"]):
        if run["recorded"]:
            groups.setdefault(run["group"], []).append(run)
    longest = sorted(groups.items(), key=lambda one: -max(run["steps"] for run in one[1]))
    return [(_title(members), group[:GROUP]) for group, members in longest]


def lanes_of(runs: Sequence[RunAnswer]) -> list[Lane]:
    """The networks of runs as lanes, each with the letter it was trained under where that is free."""
    lanes: dict[str, Lane] = {}
    for run in sorted(runs, key=lambda run: (run["seed"], run["created"])):
        if run["line"] in lanes or len(lanes) == MAX_LANES:
            continue
        taken = {lane.slot for lane in lanes.values()}
        slot = next(slot for slot in (run["slot"], *range(MAX_LANES)) if slot in range(MAX_LANES) and slot not in taken)
        lanes[run["line"]] = _lane(slot, run["line"])
    return sorted(lanes.values(), key=lambda lane: lane.slot)


def _lane(slot: int, line: str) -> Lane:
    """The lane of NAME[:UNIT][;FIELD=VALUE ...]."""
    head, *settings = line.split(";")
    name, _, unit = head.partition(":")
    fields = [setting.partition("=") for setting in settings]
    return Lane(slot, name.strip(), unit.strip(), {field.strip(): value.strip() for field, _, value in fields})


def _title(runs: Sequence[RunAnswer]) -> Sentence:
    lines = dict.fromkeys(run["line"] for run in runs)
    depths = {match[1] for line in lines if (match := re.search(r"-(\d+)(?=[:;]|$)", line))}
    seeds = len({run["seed"] for run in runs})
    title = Sentence("{n} layers", {"n": depths.pop()}) if len(depths) == 1 else next(iter(lines))
    lanes = Sentence("{n} lanes, {m} seeds" if seeds > 1 else "{n} lanes", {"n": len(lines), "m": seeds})
    steps = Sentence("{n} steps", {"n": f"{max(run['steps'] for run in runs):,}"})
    return Sentence("{title} · {lanes}, {steps}", {"title": title, "lanes": lanes, "steps": steps})
