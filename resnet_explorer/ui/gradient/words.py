"""What is seen in a flow, as Markdown: findings, stage by stage, and a row of numbers for each lane."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from resnet_explorer.api.gradient_answers import lane_groups
from resnet_explorer.api.probe_runner import LaneProgress
from resnet_explorer.describe.sentence import Sentence, capitalised
from resnet_explorer.gradients.findings import Finding, find, format_amount, rank_by_ratio, sentence
from resnet_explorer.gradients.groups import Group
from resnet_explorer.gradients.profile import SeedStats, decades
from resnet_explorer.ui.gradient.request import PageLane
from resnet_explorer.ui.i18n import say, translate

DETAILS = ("steepest", "kink")
HEAD = ("lane", "first / last", "decades", "largest", "smallest")


@dataclass(frozen=True)
class FlowWords:
    """Findings, what happens stage by stage, and the numbers of each lane; `spoken` is all findings in one line."""

    findings: str
    stages: str
    numbers: str
    spoken: str


def flow_words(
    progress: Mapping[PageLane, LaneProgress], failures: Mapping[PageLane, str], language: str = "en"
) -> FlowWords:
    """The words for what was measured, and for the lanes that could not be."""
    ranked = say(rank_by_ratio({lane.letter: step.flow for lane, step in progress.items()}), language)
    groups = lane_groups(list(progress.values()))
    details = {lane.letter: _details(find(step.flow, lane.letter)) for lane, step in progress.items()}
    seen = "\n".join(f"- {_with_reason(one, language)}" for one in groups)
    return FlowWords(
        findings="\n\n".join(filter(None, (ranked, seen))),
        stages="\n".join(f"- **{letter}** {_opening(text, language)}" for letter, text in details.items() if text),
        numbers=_table(progress, failures, language),
        spoken=" ".join([ranked, *(_opening(one.text, language) for one in groups)]),
    )


def _opening(text: Sentence, language: str) -> str:
    """A sentence at the beginning of a line."""
    return capitalised(say(text, language))


def _with_reason(group: Group, language: str) -> str:
    """What lanes do, and the reason below it where one is known."""
    text = _opening(group.text, language)
    return f"{text}\n\n  *{say(group.reason, language)}*" if group.reason else text


def _details(findings: Sequence[Finding]) -> Sentence | None:
    details = [finding for finding in findings if finding.kind in DETAILS]
    return sentence(details) if details else None


def _table(progress: Mapping[PageLane, LaneProgress], failures: Mapping[PageLane, str], language: str) -> str:
    """A row for each lane: first over last, and where it is largest and smallest; a failure stands in its row."""
    rows = {lane.slot: _numbers(lane, step, language) for lane, step in progress.items()}
    rows |= {lane.slot: [lane.letter, text] for lane, text in failures.items()}
    lines = [
        [translate(name, language) for name in HEAD],
        ["---", *["--:"] * 4],
        *(rows[slot] for slot in sorted(rows)),
    ]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _numbers(lane: PageLane, step: LaneProgress, language: str) -> list[str]:
    finite = [stats for stats in step.flow.readings if stats.finite]
    ratio = step.flow.ratio[0]
    change = decades(ratio)
    return [
        f"**{lane.letter}**",
        format_amount(ratio) if isfinite(ratio) else "–",
        f"{change:+.2f}".replace("-", "−") if isfinite(change) else "–",
        say(_extreme(max(finite, key=_mean)), language) if finite else "–",
        say(_extreme(min(finite, key=_mean)), language) if finite else "–",
    ]


def _extreme(stats: SeedStats) -> Sentence:
    """A value and where it is: 0.42 at 3.1 is stage 3, unit 1."""
    return Sentence("{value} at {place}", {"value": format_amount(stats.mean), "place": _short_place(stats)})


def _short_place(stats: SeedStats) -> str:
    return f"{stats.stage}.{stats.unit}" if stats.stage else "the input"


def _cell(text: str) -> str:
    """A text in a table of Markdown."""
    return text.replace("|", "\\|").replace("\n", " ")


def _mean(stats: SeedStats) -> float:
    return stats.mean
