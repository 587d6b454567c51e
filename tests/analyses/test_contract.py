"""What every analysis of the table keeps to: a row that is added is tested here without another line."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import torch

from resnet_explorer.analyses.catalog import ANALYSES, Analysis
from resnet_explorer.analyses.request import LaneResult, Part
from resnet_explorer.analyses.setting_fields import read_settings
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.errors import AnalysisError
from resnet_explorer.executors.dotted_name import resolve
from resnet_explorer.figures.plotly_figure import to_plotly
from resnet_explorer.figures.plotly_json import to_json as figure_json
from resnet_explorer.runs.event_json import from_json, to_json
from resnet_explorer.ui.i18n import say, translate
from tests.fixtures.findings import list_texts, texts
from tests.fixtures.subjects import subject

LINES = {1: "cifar-basic-8:original", 4: "cifar-basic-8:full-preactivation"}
# are the same in every language
NAMES = {"FLOPs", "MAC", "MACs", "NaN", "ReLU", "Euler", "RK3", "RK4"}
CLASSES = subject().classes
# their numbers are seconds
TIMED = ("latency",)
each_row = pytest.mark.parametrize("row", ANALYSES, ids=lambda row: row.name)


@lru_cache(1)
def subjects() -> list[Subject]:
    """Two lanes, B and E, that every analysis can look at."""
    lanes = []
    for slot, line in LINES.items():
        lane = subject(line)
        lanes.append(replace(lane, request=replace(lane.request, slot=slot, run="a" * 26)))
    return lanes


def least(row: Analysis) -> Any:
    """The settings with the least work: whole numbers at their lower bound, the first of several names."""
    values: dict[str, Any] = {}
    for each in fields(row.settings):
        if "choices" in each.metadata:
            values[each.name] = each.metadata["choices"][0]
        elif "bounds" in each.metadata and type(each.default) is int:
            values[each.name] = each.metadata["bounds"][0]
    return read_settings(row.settings, values)


def measure(row: Analysis, settings: Any) -> Iterator[Part]:
    parts: Iterator[Part] = resolve(f"{row.module}:measure")(subjects(), settings)
    return parts


@lru_cache(64)
def parts_of(row: str) -> list[Part]:
    (analysis,) = [each for each in ANALYSES if each.name == row]
    return list(measure(analysis, least(analysis)))


def newest(parts: Sequence[Part]) -> dict[int, dict[str, Any]]:
    """The newest values of each lane, as the journal gives them back."""
    return {part.lane: from_json(json.loads(json.dumps(to_json(dict(part.values)), allow_nan=False))) for part in parts}


def sentences_of(row: Analysis, parts: Sequence[Part]) -> list[Sentence]:
    """What is said of these parts."""
    known = newest(parts)
    lanes = [
        LaneResult(lane.request.slot, lane.letter, lane.request.line, lane.words, known[place])
        for place, lane in enumerate(subjects())
        if place in known
    ]
    sentences: list[Sentence] = resolve(f"{row.module}_findings:findings")(lanes, least(row))
    return sentences


def state() -> list[Any]:
    """Everything of the lanes, and of torch, that an analysis has to leave as it was."""
    kept: list[Any] = [torch.get_rng_state().tolist(), torch.get_num_threads(), torch.is_grad_enabled()]
    for lane in subjects():
        kept += [value.clone() for value in (*lane.net.state_dict().values(), lane.x, lane.labels)]
        kept += [(name, module.training) for name, module in lane.net.named_modules()]
        kept += [len(module._forward_hooks) + len(module._forward_pre_hooks) for module in lane.net.modules()]
        kept += [(weight.requires_grad, weight.grad is None) for weight in lane.net.parameters()]
    return kept


def same(before: Sequence[Any], after: Sequence[Any]) -> bool:
    return len(before) == len(after) and all(
        torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b for a, b in zip(before, after, strict=True)
    )


@each_row
def test_a_row_says_what_is_asked_where_from_and_what_is_counted(row: Analysis) -> None:
    assert row.question.endswith("?")
    assert re.fullmatch(r"\d{4}\.\d{4,5}", row.arxiv)
    assert re.search(r"(19|20)\d\d", row.citation)
    assert len(row.counts) > 20
    assert all(each.metadata["help"] for each in fields(row.settings))
    assert read_settings(row.settings, row.defaults()) == row.settings()


@each_row
def test_results_come_in_parts_that_say_how_much_is_done(row: Analysis) -> None:
    first = next(iter(parts := measure(row, row.settings())))
    assert 0 < first.done < first.of
    getattr(parts, "close", lambda: None)()
    parts_to_the_end = parts_of(row.name)
    done = [part.done for part in parts_to_the_end]
    assert done == sorted(done)
    assert done[-1] == parts_to_the_end[-1].of
    assert {part.lane for part in parts_to_the_end} == {0, 1}


@each_row
def test_a_subject_is_left_as_it_was_at_the_end_and_where_it_is_stopped(row: Analysis) -> None:
    before = state()
    stopped = measure(row, row.settings())
    next(stopped)
    getattr(stopped, "close", lambda: None)()
    assert same(before, state())
    list(measure(row, least(row)))
    assert same(before, state())


@each_row
def test_the_same_question_gets_the_same_numbers(row: Analysis) -> None:
    once, twice = newest(parts_of(row.name)), newest(list(measure(row, least(row))))
    if row.name in TIMED:
        once, twice = ({lane: dict.fromkeys(values) for lane, values in known.items()} for known in (once, twice))
    assert repr(once) == repr(twice)


@each_row
def test_bad_settings_are_refused_in_one_sentence(row: Analysis) -> None:
    for each in fields(row.settings):
        if type(each.default) is not str or "choices" in each.metadata:
            with pytest.raises(AnalysisError, match=f"^{each.name} is "):
                read_settings(row.settings, {each.name: "-1e99"})
    with pytest.raises(AnalysisError, match="unknown setting 'nothing'"):
        read_settings(row.settings, {"nothing": 1})


@each_row
def test_values_are_explained_and_sentences_name_the_lanes(row: Analysis) -> None:
    values = newest(parts_of(row.name))
    assert {name for known in values.values() for name in known} <= set(row.values)
    for parts in (parts_of(row.name)[:1], parts_of(row.name)):
        sentences = texts(sentences_of(row, parts))
        assert all(sentence.endswith((".", ")")) for sentence in sentences)
    assert sentences
    assert re.search(r"\b[BE]\b", " ".join(sentences))


@each_row
def test_sentences_are_said_in_chinese(row: Analysis) -> None:
    words = {word for name in CLASSES for word in name.split()} | NAMES
    for sentence in sentences_of(row, parts_of(row.name)):
        assert set(re.findall("[A-Za-z]{3,}", say(sentence, "zh-CN"))) <= words


@each_row
def test_every_text_that_a_sentence_may_have_is_known_in_chinese(row: Analysis) -> None:
    module = import_module(f"{row.module}_findings")
    known = set(list_texts(Path(str(module.__file__)).read_text()))
    assert known
    assert {text for text in known if translate(text, "zh-CN") == text} == set()


@each_row
def test_a_figure_is_drawn_from_the_first_part_and_from_the_whole(row: Analysis) -> None:
    draw = resolve(f"resnet_explorer.figures.{row.name.replace('-', '_')}:draw")
    slots = list(LINES)
    for parts in ([], parts_of(row.name)[:1], parts_of(row.name)):
        lanes = [(slots[lane], LINES[slots[lane]], values) for lane, values in newest(parts).items()]
        figure = draw(lanes, vars(least(row)))
        assert figure_json(figure)
        assert bool(figure["data"]) or not parts
        to_plotly(figure)
