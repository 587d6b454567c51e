"""The parts of the view Claims that need no browser: which verdict counts, cards, and links to other views."""

import json
from pathlib import Path
from typing import Any

import pytest

from resnet_explorer.api.runs import Runs
from resnet_explorer.api.studies import Studies
from resnet_explorer.api.study_answers import ClaimAnswer, PartVerdict, VerdictAnswer
from resnet_explorer.networks.request import parse_request
from resnet_explorer.studies.catalog import STUDIES
from resnet_explorer.ui.components.unit_diagram.unit_diagram import draw_units
from resnet_explorer.ui.i18n import CHINESE
from resnet_explorer.ui.views.claims import cards, known, opened
from resnet_explorer.ui.views.claims.detail import more_seeds
from resnet_explorer.ui.views.claims.links import links_of

FINISHED: dict[str, Any] = {
    "form": "short",
    "data": "shapes",
    "asked_seeds": 0,
    "first_seed": 100,
    "run": "b" * 26,
    "short": "bbbbbb",
    "state": "finished",
    "reason": "",
    "done": 3,
    "of": 3,
    "seconds": 75.0,
    "remaining": None,
    "resumable": False,
    "mine": True,
    "date": 1795838372000,
    "commit": "0123456789abcdef",
    "torch": "2.9",
    "older_rule": False,
    "recorded": False,
}


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ClaimAnswer]:
    studies = Studies(Runs(tmp_path_factory.mktemp("home")))
    # what came with the program is no matter here
    return {claim["id"]: {**claim, "recorded": None} for claim in studies.claims()}


def judged(claim: ClaimAnswer, words: list[str], **changes: Any) -> VerdictAnswer:
    """A verdict with three seeds of each part."""
    interval: dict[str, Any] = {"low": 0.1, "mean": 0.5, "high": 0.9, "level": 0.017, "count": 3}
    parts = [
        PartVerdict(
            name=part["name"],
            verdict=word,
            reason="so it is",
            seeds=[100, 101, 102],
            numbers=[[1.0] * len((part["short"] or {"lanes": []})["lanes"])] * 3,
            statistics=[0.4, 0.5, 0.6],
            interval=interval,
            p=0.01,
            holm=0.02,
            runs=[[["a" * 26]] * len((part["short"] or {"lanes": []})["lanes"])] * 3,
            run_seconds=12.0,
            hardware=["a processor"],
            hash=part["hash"],
        )
        for part, word in zip(claim["parts"], words, strict=True)
    ]
    verdict: Any = {"study": claim["id"], "verdict": words[0], "parts": parts, **FINISHED, **changes}
    answer: VerdictAnswer = verdict
    return answer


def test_a_claim_shows_the_verdict_here_and_the_recorded_one_until_there_is_one(
    claims: dict[str, ClaimAnswer],
) -> None:
    claim = claims["degradation"]
    assert known.mark_of(claim) == "not judged yet"
    recorded = judged(claim, ["contradicted"], recorded=True)
    assert known.mark_of({**claim, "recorded": recorded}) == "contradicted"
    begun = judged(claim, ["inconclusive"], verdict="", state="running")
    for part in begun["parts"]:
        part["statistics"] = []
    at_work: ClaimAnswer = {**claim, "recorded": recorded, "verdict": begun}
    assert known.mark_of(at_work) == "contradicted"
    assert known.state_of(at_work) == "live"
    assert "It is judged: 3 of 3 seeds" in map(str, cards.card(at_work).about)
    alone: ClaimAnswer = {**at_work, "recorded": None}
    # nothing is inconclusive before it is judged
    assert [part.word for part in opened.parts(alone, known.deciding_part(alone))] == ["not judged yet"]
    assert opened.figure(alone, known.deciding_part(alone)).empty == opened.AT_WORK
    done: ClaimAnswer = {**at_work, "verdict": judged(claim, ["supported"])}
    assert known.mark_of(done) == "supported"
    # a claim that no form measures has nothing to press
    assert known.mark_of({**claims["smoother-landscape"], "parts": []}) == "not measured here"


def test_the_picture_is_that_of_the_part_that_decides(claims: dict[str, ClaimAnswer]) -> None:
    claim = claims["cure"]
    words = ["supported", "supported", "contradicted"]
    verdict = judged(claim, words, verdict="contradicted")
    assert known.deciding_part({**claim, "verdict": verdict}).part["name"] == "no degradation"
    card = cards.card({**claim, "verdict": verdict})
    assert card.word == "contradicted"
    assert str(card.picture).startswith("The weakest of 3 parts. ")
    assert [part.word for part in opened.parts({**claim, "verdict": verdict}, known.deciding_part(claim))] == words


def test_a_verdict_under_an_older_rule_is_not_drawn_against_the_new_one(claims: dict[str, ClaimAnswer]) -> None:
    claim = claims["degradation"]
    verdict = judged(claim, ["supported"], older_rule=True)
    assert "<svg" in cards.card({**claim, "verdict": verdict}).svg
    verdict["parts"][0]["hash"] = "another"
    older: ClaimAnswer = {**claim, "verdict": verdict}
    assert cards.card(older).svg == ""
    part = known.deciding_part(older)
    assert opened.figure(older, part).empty == opened.OLDER
    assert opened.seeds(older, part).rows == []
    assert any("older rule" in str(sentence) for sentence in opened.says(older, 0))


def test_claims_are_found_by_paper_and_verdict(claims: dict[str, ClaimAnswer]) -> None:
    every = list(claims.values())
    assert cards.matching(every, "", "") == every
    assert {claim["paper"] for claim in cards.matching(every, "Luo 2021", "")} == {"Luo 2021"}
    assert cards.matching(every, "", "supported") == []
    assert set(cards.PAPERS) == {claim["paper"] for claim in every}
    assert str(cards.summary(every, 2)).startswith(f"2 of {len(every)} claims: 0 supported")


def test_an_opened_claim_says_where_its_numbers_come_from(claims: dict[str, ClaimAnswer]) -> None:
    claim: ClaimAnswer = {**claims["degradation"], "verdict": judged(claims["degradation"], ["contradicted"])}
    part = opened.chosen_part(claim, "no such part")
    facts = {fact.name: fact.values[0] for fact in opened.provenance(claim).facts}
    assert facts["Seeds"] == "3, from 100 on"
    assert facts["Hardware"] == "a processor"
    assert facts["Commit"] == "0123456789ab"
    assert any("goes against the paper" in str(sentence) for sentence in opened.says(claim, 0))
    rule = dict(opened.parts(claim, part)[0].facts)
    assert rule["p"] == "0.01; 0.02 after Holm, for all that was judged here"
    assert [row.runs[0] for row in opened.seeds(claim, part).rows] == [["aaaaaa"]] * 3
    assert more_seeds({**claim, "verdict": judged(claim, ["inconclusive"])}) == 5
    assert more_seeds(claim) == 0
    judge: ClaimAnswer = {**claims["gradient-sum"], "verdict": judged(claims["gradient-sum"], ["supported"] * 2)}
    (_, changes), *_ = links_of(judge, opened.chosen_part(judge, ""), "short")
    assert (changes["view"], changes["dissect_seed"]) == ("dissect", "100")
    assert more_seeds(claims["degradation"]) == 0


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.id)
def test_every_claim_can_be_opened_and_its_lanes_be_drawn_and_found_elsewhere(
    study: Any, claims: dict[str, ClaimAnswer]
) -> None:
    claim = claims[study.id]
    for part in known.known_parts(claim):
        lanes = opened.lanes(part)
        drawn = draw_units({"lanes": [vars(lane) for lane in lanes]})
        assert drawn["error"] == ""
        assert len(drawn["units"]) == len(lanes)
        assert opened.figure(claim, part).empty
        for _, changes in links_of(claim, part, known.shown_form(claim)):
            assert changes["view"] in ("structure", "train", "dissect")
            lines = [lane["network"] for lane in (part.form or {"lanes": []})["lanes"]]
            assert changes["lanes"] == ",".join(lines)
            assert all(parse_request(line) for line in lines)


def test_every_fixed_word_is_said_in_chinese(claims: dict[str, ClaimAnswer]) -> None:
    chinese = json.loads(CHINESE.read_text())
    claim: ClaimAnswer = {**claims["cure"], "verdict": judged(claims["cure"], ["contradicted"] * 3)}
    card = cards.card(claim)
    sentences = [*opened.says(claim, 2), *card.about, card.time, card.source, card.picture]
    sentences += [sentence for part in known.known_parts(claim) for sentence in opened.figure(claim, part).sentences]
    chosen = opened.chosen_part(claim, "")
    facts = [fact.name for fact in opened.provenance(claim).facts]
    facts += [name for part in opened.parts(claim, chosen) for name, _ in part.facts]
    words = [*known.MARKS, *facts, *(text for text, _ in opened.seeds(claim, chosen).links)]
    words += [sentence.text for sentence in sentences if sentence.text not in ("{reason}", "Counted: {counts}.")]
    words += [paper for paper in cards.PAPERS if not paper[-4:].isdigit() or " of " in paper]
    same = {"p", "torch"}
    assert sorted({word for word in words if word not in chinese} - same) == []


def test_the_gallery_asks_nothing_of_runs_that_came_with_the_program(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    Studies(runs).claims()
    # reading a hundred recorded runs takes a second
    assert "_bundled_runs" not in vars(runs.reader)
