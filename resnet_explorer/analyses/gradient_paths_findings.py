"""What passed no branch, how many branches most of the gradient passed, and which unit adds most, in sentences."""

from collections.abc import Iterator, Sequence

from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.settings import GradientPathsSettings
from resnet_explorer.describe.sentence import Sentence


def findings(lanes: Sequence[LaneResult], settings: GradientPathsSettings) -> list[Sentence]:
    """For each lane what passed no branch, how many branches most of it passed, and which unit adds most."""
    return [sentence for lane in lanes if lane.values.get("terms") for sentence in _describe(lane)]


def _describe(lane: LaneResult) -> Iterator[Sentence]:
    values = lane.values
    if not values["shortcuts"]:
        text = "{lane}: there is no shortcut, so all gradient passes all {count} branches."
        yield Sentence(text, {"lane": lane.letter, "count": len(values["branches"])})
        return
    shares = values["term_share"]
    typical = max(range(len(shares)), key=lambda count: shares[count])
    yield Sentence(
        "{lane}: at the first unit's input, what passed no branch is {direct} times as long as the whole gradient "
        "(cosine {cosine} to it); the largest share, {share}, passed {branches}; all parts sum to the whole within "
        "{error}.",
        {
            "lane": lane.letter,
            "direct": f"{values['direct'][0]:.2g}",
            "cosine": f"{values['cosine']:.2f}",
            "share": f"{shares[typical]:.0%}",
            "branches": _branches(typical, lumped=values["lumped"] and typical == len(shares) - 1),
            "error": f"{values['error']:.1e}",
        },
    )
    biggest = max(range(len(values["share"])), key=lambda unit: values["share"][unit])
    words = {"lane": lane.letter, "unit": biggest + 1, "share": f"{values['share'][biggest]:.0%}"}
    yield Sentence("{lane}: the branch of unit {unit} adds most to it, {share}.", words)


def _branches(count: int, lumped: bool) -> Sentence:
    if lumped:
        return Sentence("at least {n} branches", {"n": count})
    return Sentence("{n} branch" if count == 1 else "{n} branches", {"n": count})
