"""The parts of the view Atlas that need no browser: the map, who leads, one ordering, and what is said in Chinese."""

import json
from pathlib import Path
from typing import Any

import pytest

from resnet_explorer.api.atlas_answers import AtlasAnswer
from resnet_explorer.api.atlases import Atlases, complete_answer
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import NetworkError
from resnet_explorer.networks.atlas_grammar import PROPERTIES
from resnet_explorer.runs.atlas import Atlas, Tournament
from resnet_explorer.studies.tournament import sample
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.i18n import CHINESE
from resnet_explorer.ui.views.atlas import shown
from resnet_explorer.ui.views.atlas.shown import Choice
from resnet_explorer.ui.views.atlas.view import WORDS, Question

ATLAS = Atlas(depth=8)
SEEN = Choice("spread", "short", "growth")


@pytest.fixture(scope="module")
def answer() -> AtlasAnswer:
    """An atlas whose sample was trained: those with a relu between do better, one came to nothing."""
    count = len(ATLAS.entries)
    probed = {number: {"spread": number / count, "growth": 0.5, "correlation": 0.0} for number in range(count)}
    trained = [
        {
            "round": "short",
            "entry": number,
            "seed": 0,
            "run": f"run{number}",
            "state": "failed" if number == sample(ATLAS)[0] else "finished",
            "test_accuracy": 0.3 + 0.2 * number / count,
        }
        for number in sample(ATLAS)
    ]
    return complete_answer(Tournament(ATLAS), probed, trained)


def test_the_map_has_a_dot_for_each_ordering_with_both_measures(answer: AtlasAnswer) -> None:
    value = shown.atlas_map(answer, SEEN, -1)
    assert isinstance(value.figure, dict)
    dots = sum(len(trace["x"]) for trace in value.figure["data"])
    assert dots == len(sample(ATLAS)) - 1
    assert value.table is not None
    assert len(value.table.rows) == dots
    assert shown.atlas_map(answer, Choice("spread", "final", "growth"), -1).figure is None


def test_filters_leave_those_that_have_all_and_lack_all(answer: AtlasAnswer) -> None:
    rows = shown.wanted(answer, Choice("spread", "short", "", ("plus-last",), ("bn-before-conv",)))
    assert rows
    assert all(row["sentence"].endswith("+") and not row["sentence"].startswith("bn") for row in rows)


def test_who_leads_stands_in_the_order_of_accuracy(answer: AtlasAnswer) -> None:
    rows = shown.leader_table(answer, SEEN, "en")["data"]
    accuracies = [float(row[3]) for row in rows]
    assert accuracies == sorted(accuracies, reverse=True)
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))


def test_what_the_start_foretells_is_seen_in_made_up_numbers(answer: AtlasAnswer) -> None:
    (spread,) = [rank for rank in answer["ranks"] if rank["measure"] == "spread"]
    assert spread["correlation"] is not None
    assert spread["correlation"]["mean"] > 0.9
    # the training that came to nothing counts as guessing, and is said
    assert spread["correlation"]["count"] == len(sample(ATLAS))
    assert any("came to nothing" in sentence for sentence in answer["sentences"])


def test_an_ordering_is_told_in_full_and_one_that_there_is_not_is_nothing(answer: AtlasAnswer) -> None:
    facts = shown.entry(answer, 5)
    assert facts is not None
    assert facts.facts[0].values == [answer["rows"][5]["sentence"]]
    assert shown.entry(answer, -1) is None
    assert shown.entry(answer, 10_000) is None


def test_a_link_with_nonsense_is_refused_in_a_sentence() -> None:
    fine: tuple[Any, ...] = ("me", "3", "20", "shapes", "222", "spread", "short", "growth", [], [])
    assert Question(*fine).entry == 3
    question = Question(*fine)
    for wrong in (question._replace(depth="21"), question._replace(words="999"), question._replace(x="beauty")):
        with pytest.raises(NetworkError, match="an atlas has"):
            repr((wrong.arguments, wrong.choice))
    for number in ("-1", "1e9", "", "³", "9" * 40):
        assert Question("me", number, *fine[2:]).entry == -1


def test_what_the_view_says_is_there_in_chinese(tmp_path: Path) -> None:
    known = json.loads(CHINESE.read_text())
    texts = [*WORDS.values(), *shown.LEADERS, *(one.label for one in PROPERTIES.values())]
    texts += [str(one.text) for one in shown.standing(Atlases(Runs(tmp_path)).atlas(depth=14))]
    assert [text for text in texts if text not in known] == []


def test_an_ordering_opens_in_a_free_lane_or_in_place_of_the_last(answer: AtlasAnswer) -> None:
    row = answer["rows"][5]
    lanes = [Lane(0, "cifar-basic-56")]
    added, _ = shown.with_lane(lanes, row)
    assert [lane.slot for lane in added] == [0, 1]
    assert added[1].unit == row["sentence"]
    full = [Lane(slot, "cifar-basic-56") for slot in range(6)]
    replaced, words = shown.with_lane(full, row)
    assert [lane.unit for lane in replaced] == ["", "", "", "", "", row["sentence"]]
    assert "Undo" in str(words)
