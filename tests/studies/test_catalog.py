"""The table of studies: complete data, lanes that exist, and rules that can give each verdict."""

import json
import math
from collections.abc import Sequence
from dataclasses import fields

import pytest

from resnet_explorer.analyses.catalog import find_analysis
from resnet_explorer.analyses.setting_fields import read_settings
from resnet_explorer.errors import StudyError
from resnet_explorer.networks import budget
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request
from resnet_explorer.studies.catalog import STUDIES, find_study
from resnet_explorer.studies.measuring import measured_in_words, trainings
from resnet_explorer.studies.numbers import OF_ANALYSES, OF_PLANS, OF_RUNS
from resnet_explorer.studies.rules import (
    CONTRADICTED,
    FAR,
    INCONCLUSIVE,
    SUPPORTED,
    Difference,
    Exact,
    FailsMore,
    Rule,
    Within,
)
from resnet_explorer.studies.study import (
    Form,
    FromAnalysis,
    FromPlan,
    FromRuns,
    Study,
    StudyPart,
    headline,
    letters,
)

PARTS = [(study, part) for study in STUDIES for part in study.parts]
FORMS = [(f"{study.id} {part.name} {name}", form) for study, part in PARTS for name in ("short", "full")
         if isinstance(form := part.form(name), Form)]  # fmt: skip
each_study = pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.id)
each_form = pytest.mark.parametrize("form", [form for _, form in FORMS], ids=[name for name, _ in FORMS])


@each_study
def test_a_study_says_who_claims_what_and_where(study: Study) -> None:
    for text in (study.claim, *(part.statement for part in study.parts)):
        assert text[0].isupper()
        assert text.endswith(".")
    assert study.paper
    assert study.place
    assert len(study.arxiv) == 10
    assert study.parts
    assert find_study(study.id) is study


def test_names_are_given_once() -> None:
    assert len({study.id for study in STUDIES}) == len(STUDIES) >= 30
    for study in STUDIES:
        assert len({part.name for part in study.parts}) == len(study.parts)


def test_three_claims_have_no_short_form_and_say_what_would_measure_them() -> None:
    barred = [study for study in STUDIES if all(isinstance(part.short, str) for part in study.parts)]
    assert {study.id for study in barred} == {"calm-responses", "smoother-landscape", "dropout"}
    for study in barred:
        assert "would do" in str(study.parts[0].short)


@each_form
def test_the_lanes_of_a_form_exist_and_can_be_told_apart(form: Form) -> None:
    assert len(set(map(str, form.lanes))) == len(form.lanes)
    experiments = trainings(form, "shapes")
    for lane in form.lanes:
        budget.check(lane.line, plan(parse_request(lane.line).network), 1, limits=budget.DESCRIBE_LIMITS)
    if isinstance(form.measure, FromRuns):
        assert len({experiment.id for experiment in experiments}) == len(form.lanes)
    assert len(letters(form)) == len(form.lanes)
    assert form.contrast.words(letters(form))


@each_form
def test_what_a_form_measures_exists(form: Form) -> None:
    measure = form.measure
    assert measured_in_words(measure)
    match measure:
        case FromRuns():
            assert measure.number in OF_RUNS
        case FromAnalysis():
            assert measure.number in OF_ANALYSES
            settings = find_analysis(measure.analysis).settings
            read_settings(settings, measure.settings)
            assert measure.settings.keys() <= {field.name for field in fields(settings)}
        case FromPlan():
            assert measure.number in OF_PLANS


def _made_up(rule: Rule, word: str, count: int) -> Sequence[float]:
    """Values for which a rule gives this verdict; for tests alone."""
    spread = [0.0, 1e-6, -1e-6, 2e-6, -2e-6, 1e-6, 0.0, -1e-6, 0.0, 0.0][:count]
    match rule:
        case Difference(least):
            middle = {SUPPORTED: 3 * least, CONTRADICTED: -least, INCONCLUSIVE: 0.0}[word]
            wide = 50 * least if word == INCONCLUSIVE else 1.0
            return [middle + each * (wide * 1e6 if word == INCONCLUSIVE else wide) for each in spread]
        case Within(low, high):
            edge = low if low > -math.inf else high
            size = max(abs(edge), 1.0)
            inward = 1.0 if edge == low else -1.0
            width = high - low if high - low < math.inf else size
            inside, outside = edge + inward * width / 2, edge - inward * size
            middle = {SUPPORTED: inside, CONTRADICTED: outside, INCONCLUSIVE: edge}[word]
            return [middle + each * (1e6 * size if word == INCONCLUSIVE else 1.0) for each in spread]
        case Exact(most):
            error = {SUPPORTED: most, CONTRADICTED: 2 * FAR * most + 1, INCONCLUSIVE: most}[word]
            return [math.nan if word == INCONCLUSIVE and most == 0 else 2 * error if word == INCONCLUSIVE else error]
        case FailsMore(runs):
            first, second = {SUPPORTED: (0, runs), CONTRADICTED: (1, 0), INCONCLUSIVE: (0, 1)}[word]
            return [float(n < first) for n in range(runs)] + [float(n < second) for n in range(runs)]
    raise AssertionError(rule)


@each_form
@pytest.mark.parametrize("word", [SUPPORTED, CONTRADICTED, INCONCLUSIVE])
def test_the_rule_of_a_form_can_give_each_verdict(form: Form, word: str) -> None:
    count = max(form.rule.looks(form.seeds))
    assert form.rule.judge(_made_up(form.rule, word, count)).word == word


def test_a_part_is_known_by_all_that_decides_it() -> None:
    hashes = [(study.id, part.name, part.hash) for study, part in PARTS]
    assert len({each[2] for each in hashes}) == len(hashes)
    part = STUDIES[0].parts[0]
    assert isinstance(part.short, Form)
    other = StudyPart(part.name, "Other words.", part.short, part.full)
    assert other.hash == part.hash
    assert StudyPart(part.name, part.statement, part.short, "none").hash != part.hash


def test_the_weakest_part_is_the_headline() -> None:
    assert headline([SUPPORTED, SUPPORTED]) == SUPPORTED
    assert headline([SUPPORTED, INCONCLUSIVE]) == INCONCLUSIVE
    assert headline([SUPPORTED, INCONCLUSIVE, CONTRADICTED]) == CONTRADICTED
    assert headline([]) == "not measured here"


def test_an_unknown_claim_is_refused_with_one_that_there_is() -> None:
    with pytest.raises(StudyError, match="did you mean degradation"):
        find_study("degradaton")


def test_hashes_are_those_that_verdicts_were_recorded_under() -> None:
    # what a hash is made of does not depend on the process
    assert json.dumps([part.hash for part in STUDIES[0].parts]) == json.dumps([STUDIES[0].parts[0].hash])
