"""A study as a run: it asks, takes what is there, judges at its looks, and ends alike however often it was stopped."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from resnet_explorer.api.runs import Runs
from resnet_explorer.api.studies import Studies
from resnet_explorer.api.study_answers import VerdictAnswer
from resnet_explorer.errors import ExplorerError
from resnet_explorer.executors.inline import Inline
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.runs.events import LIVE
from resnet_explorer.runs.run_folder import RunFolder, run_folders
from resnet_explorer.studies import catalog
from resnet_explorer.studies.rules import Difference, Within
from resnet_explorer.studies.study import Form, FromAnalysis, FromRuns, Study, StudyPart, Sum, lanes
from tests.fixtures.runs import supervised, until

QUICK = FromRuns("late loss", "short", {"steps": "4", "size": "8", "evaluate": "0", "width": "1/4"})
TINY = lanes("cifar-basic-8", "cifar-basic-8:plain")
TINY_STUDY = Study(
    "tiny",
    "A tiny network trains.",
    "Nobody",
    "nowhere",
    "0000.00000",
    (
        StudyPart(
            "difference",
            "The plain one is worse, by more than is possible.",
            Form(Difference(10.0), QUICK, TINY, Sum((-1.0, 1.0)), 3),
            "there is no full form",
        ),
        StudyPart(
            "same run",
            "The loss of the first is below that of guessing, and a bit.",
            Form(Within(0.0, 3.0), QUICK, TINY[:1], Sum(), 3),
            "there is no full form",
        ),
        StudyPart(
            "trained",
            "What a trained network does to a stage is its sum.",
            Form(Within(high=3.0), FromAnalysis("sum error", "unroll", {"images": 2}, QUICK), TINY[:1], Sum(), 3),
            "there is no full form",
        ),
    ),
)


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalog._BY_ID, TINY_STUDY.id, TINY_STUDY)


@pytest.fixture
def studies(tmp_path: Path) -> Studies:
    return Studies(Runs(tmp_path))


@pytest.fixture
def owner(studies: Studies) -> Iterator[Supervisor]:
    with supervised(studies.runs.home, Inline(slots=2)) as owner:
        yield owner


def ended(studies: Studies, run: str) -> VerdictAnswer:
    return until(lambda: (answer := studies.verdict(run))["state"] not in LIVE and answer) or studies.verdict(run)


@pytest.mark.usefixtures("owner")
def test_a_study_trains_what_its_parts_share_once_and_judges_each(studies: Studies) -> None:
    (launched,) = studies.judge(["tiny"], data="shapes")
    answer = ended(studies, launched["run"])
    assert answer["state"] == "finished", answer["reason"]
    assert [part["verdict"] for part in answer["parts"]] == ["contradicted", "supported", "supported"]
    assert answer["verdict"] == "contradicted"
    assert answer["parts"][0]["seeds"] == [100, 101, 102]
    first, second, third = answer["parts"]
    assert all(pair[0] == alone[0] for pair, alone in zip(first["runs"], second["runs"], strict=True))
    assert all(len(lane) == 2 for (lane,) in third["runs"])
    # six trainings and three analyses, and the study itself
    kinds = [folder.job().kind for folder in run_folders(studies.runs.home)]
    assert (kinds.count("train"), kinds.count("analyse"), kinds.count("judge")) == (6, 3, 1)
    assert [row[0] for row in first["numbers"]] == [row[0] for row in second["numbers"]]
    rows = [[float(number or 0) for number in row] for row in first["numbers"]]
    assert first["statistics"] == pytest.approx([plain - original for original, plain in rows])
    assert first["hardware"]
    assert answer["torch"]
    # the same once more is known, and again takes the runs that are there
    assert studies.judge(["tiny"], data="shapes")[0]["parts"] == answer["parts"]
    studies.judge(["tiny"], data="shapes", again=True)
    again = ended(studies, launched["run"])
    assert [part["statistics"] for part in again["parts"]] == [part["statistics"] for part in answer["parts"]]
    assert len(list(run_folders(studies.runs.home))) == 10


@pytest.mark.usefixtures("owner")
def test_a_study_that_is_stopped_after_every_sample_comes_to_the_same_verdict(studies: Studies, tmp_path: Path) -> None:
    whole = Studies(Runs(tmp_path / "whole"))
    with supervised(whole.runs.home, Inline(slots=2)):
        expected = ended(whole, whole.judge(["tiny"], data="shapes")[0]["run"])
    run = studies.judge(["tiny"], data="shapes")[0]["run"]
    stops = 0
    while True:
        before = studies.verdict(run)["done"]
        if _moved(studies, run, before)["state"] == "finished":
            break
        studies.runs.stop(run)
        stopped = ended(studies, run)
        if stopped["state"] == "finished":
            break
        stops += 1
        assert stopped["state"] == "stopped", stopped["reason"]
        children = [folder for folder in run_folders(studies.runs.home) if folder.run != run]
        until(lambda children=children: not any(_live(folder) for folder in children))  # type: ignore[misc]
        studies.runs.resume(run)
    assert stops
    last = studies.verdict(run)
    assert [part["numbers"] for part in last["parts"]] == [part["numbers"] for part in expected["parts"]]
    assert last["verdict"] == expected["verdict"]


def _moved(studies: Studies, run: str, done: int) -> VerdictAnswer:
    """What is known once more samples are done than these, or the study has ended."""

    def moved() -> VerdictAnswer | None:
        now = studies.verdict(run)
        return now if now["done"] > done or now["state"] not in LIVE else None

    answer = until(moved)
    assert answer
    return answer


def _live(folder: RunFolder) -> bool:
    state: str = Runs(folder.path.parents[1]).reader.show(folder.run)["run"]["state"]
    return state in LIVE


@pytest.mark.usefixtures("owner")
def test_more_seeds_take_those_that_are_there(studies: Studies) -> None:
    ended(studies, studies.judge(["tiny"], data="shapes")[0]["run"])
    before = len(list(run_folders(studies.runs.home)))
    answer = ended(studies, studies.judge(["tiny"], seeds=5, data="shapes")[0]["run"])
    # all parts were decided after three seeds, so nothing is trained: only the study is new
    assert len(list(run_folders(studies.runs.home))) == before + 1
    assert answer["asked_seeds"] == 5
    assert answer["parts"][0]["seeds"] == [100, 101, 102]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"claims": []}, "ids of claims"),
        ({"claims": ["degradaton"]}, "did you mean degradation"),
        ({"claims": ["dropout"]}, "has no short form"),
        ({"claims": ["tiny"], "form": "full"}, "no full form"),
        ({"claims": ["tiny"], "form": "long"}, "form"),
        ({"claims": ["tiny"], "seeds": 99}, "seeds are 1 to 20"),
        ({"claims": ["tiny"], "first_seed": -1}, "first_seed"),
        ({"claims": ["tiny"], "data": "shops"}, "shops"),
        ({"claims": ["tiny"], "data": "imagefolder:/tmp"}, "not on imagefolder"),
    ],
)
def test_what_cannot_be_judged_is_refused(studies: Studies, arguments: dict[str, object], sentence: str) -> None:
    with pytest.raises(ExplorerError, match=sentence):
        studies.judge(**arguments)  # type: ignore[arg-type]


def test_claims_are_listed_with_what_is_known_of_them(studies: Studies) -> None:
    answers = {answer["id"]: answer for answer in studies.claims()}
    assert answers["degradation"]["parts"][0]["short"]
    assert answers["dropout"]["parts"][0]["short"] is None
    assert "would do" in answers["dropout"]["parts"][0]["reasons"]["short"]
    assert studies.claim("degradation")["id"] == "degradation"


@pytest.mark.usefixtures("owner")
def test_the_cheapest_claim_is_judged_end_to_end(studies: Studies) -> None:
    cheapest = studies.cheapest_first()[0]
    answer = ended(studies, studies.judge([cheapest])[0]["run"])
    assert answer["verdict"] in ("supported", "contradicted", "inconclusive")
    listed = until(lambda: studies.claim(cheapest)["verdict"])
    assert listed
    assert listed["run"] == answer["run"]
    assert not listed["older_rule"]


@pytest.mark.usefixtures("owner")
def test_a_verdict_under_an_older_rule_says_so(studies: Studies, monkeypatch: pytest.MonkeyPatch) -> None:
    run = studies.judge(["tiny"], data="shapes")[0]["run"]
    ended(studies, run)
    part = TINY_STUDY.parts[1]
    changed = Study("tiny", "A tiny network trains.", "Nobody", "nowhere", "0000.00000", (part,))
    monkeypatch.setitem(catalog._BY_ID, "tiny", changed)
    assert studies.verdict(run)["older_rule"]
