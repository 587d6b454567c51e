"""What is seen in a flow, as Markdown: findings, stage by stage, and a row of numbers for each lane."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from resnet_explorer.api.gradient_answers import lane_groups
from resnet_explorer.api.probe_runner import LaneProgress
from resnet_explorer.gradients.findings import Finding, find, format_amount, rank_by_ratio, sentence
from resnet_explorer.gradients.groups import Group
from resnet_explorer.gradients.profile import SeedStats, decades
from resnet_explorer.ui.gradient.request import PageLane

DETAILS = ("steepest", "kink")
HEAD = ("lane", "first / last", "decades", "largest", "smallest")


@dataclass(frozen=True)
class FlowWords:
    """Findings, what happens stage by stage, and the numbers of each lane; `spoken` is all findings in one line."""

    findings: str
    stages: str
    numbers: str
    spoken: str


def flow_words(progress: Mapping[PageLane, LaneProgress], failures: Mapping[PageLane, str]) -> FlowWords:
    """The words for what was measured, and for the lanes that could not be."""
    ranked = rank_by_ratio({lane.letter: step.flow for lane, step in progress.items()})
    groups = lane_groups(list(progress.values()))
    details = {lane.letter: _details(find(step.flow, lane.letter)) for lane, step in progress.items()}
    return FlowWords(
        findings="\n\n".join(filter(None, (ranked, "\n".join(f"- {_with_reason(one)}" for one in groups)))),
        stages="\n".join(f"- **{letter}** {text}" for letter, text in details.items() if text),
        numbers=_table(progress, failures),
        spoken=" ".join([ranked, *(one.text for one in groups)]),
    )


def _with_reason(group: Group) -> str:
    """What lanes do, and the reason below it where one is known."""
    return f"{group.text}\n\n  *{group.reason}*" if group.reason else group.text


def _details(findings: Sequence[Finding]) -> str:
    details = [finding for finding in findings if finding.kind in DETAILS]
    return sentence(details) if details else ""


def _table(progress: Mapping[PageLane, LaneProgress], failures: Mapping[PageLane, str]) -> str:
    """A row for each lane: first over last, and where it is largest and smallest; a failure stands in its row."""
    rows = {lane.slot: _numbers(lane, step) for lane, step in progress.items()}
    rows |= {lane.slot: [lane.letter, text] for lane, text in failures.items()}
    lines = [HEAD, ["---", *["--:"] * 4], *(rows[slot] for slot in sorted(rows))]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _numbers(lane: PageLane, step: LaneProgress) -> list[str]:
    finite = [stats for stats in step.flow.readings if stats.finite]
    ratio = step.flow.ratio[0]
    change = decades(ratio)
    return [
        f"**{lane.letter}**",
        format_amount(ratio) if isfinite(ratio) else "–",
        f"{change:+.2f}".replace("-", "−") if isfinite(change) else "–",
        _extreme(max(finite, key=_mean)) if finite else "–",
        _extreme(min(finite, key=_mean)) if finite else "–",
    ]


def _extreme(stats: SeedStats) -> str:
    """A value and where it is: 0.42 at 3.1 is stage 3, unit 1."""
    return f"{format_amount(stats.mean)} at {_short_place(stats)}"


def _short_place(stats: SeedStats) -> str:
    return f"{stats.stage}.{stats.unit}" if stats.stage else "the input"


def _cell(text: str) -> str:
    """A text in a table of Markdown."""
    return text.replace("|", "\\|").replace("\n", " ")


def _mean(stats: SeedStats) -> float:
    return stats.mean
