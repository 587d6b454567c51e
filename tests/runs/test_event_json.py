"""Each event is one line of JSON, and comes back as itself, NaN and infinity too."""

import json
from dataclasses import fields
from math import isnan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_explorer.errors import JournalError
from resnet_explorer.runs.event_json import format_record, parse_record, to_json
from resnet_explorer.runs.events import KINDS, Computed, Concluded, Event, Finished, Record

FLOATS = st.floats(allow_nan=True, allow_infinity=True)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    float: FLOATS,
    int: st.integers(0, 2**40),
    str: TEXTS,
    tuple[float, ...]: st.lists(FLOATS, max_size=4).map(tuple),
    tuple[str, ...]: st.lists(TEXTS, max_size=4).map(tuple),
}


@st.composite
def events(draw: st.DrawFn) -> Event:
    kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    known = {one.name: VALUES.get(one.type, st.just({"torch": "2"})) for one in fields(kind)}
    made: Event = kind(**{name: draw(values) for name, values in known.items()})
    return made


@given(events())
def test_an_event_comes_back_from_its_line(event: Event) -> None:
    line = format_record(Record(3, 17, 2, event))
    # repr, because NaN is not equal to itself
    assert repr(parse_record(line)) == repr(Record(3, 17, 2, event))


@given(events())
def test_a_line_is_json_that_every_reader_takes(event: Event) -> None:
    line = format_record(Record(1, 0, 1, event))
    assert "\n" not in line
    assert json.loads(line, parse_constant=pytest.fail)["kind"] == type(event).__name__.lower()


def test_nan_and_infinity_are_texts_that_read_back() -> None:
    texts = to_json([float("nan"), float("inf"), -float("inf"), 1.5])
    assert texts == ["NaN", "Infinity", "-Infinity", 1.5]
    assert isnan(float(texts[0]))
    assert list(map(float, texts[1:])) == [float("inf"), -float("inf"), 1.5]


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "null", '{"kind":"stepped"}', '{"kind":"nothing","seq":1,"time":1,"attempt":1}', "\x00"]
)
def test_what_is_no_line_is_refused(line: str) -> None:
    with pytest.raises(JournalError, match="no line of a journal"):
        parse_record(line)


def test_a_field_of_a_later_version_is_left_out() -> None:
    line = '{"seq":1,"time":2,"attempt":1,"kind":"finished","step":5,"seconds":1,"colour":"red"}'
    assert parse_record(line).event == Finished(5, 1.0)


def test_values_of_an_analysis_come_back_as_they_were_with_numbers_that_are_not_finite() -> None:
    event = Computed(1, 4, 0.5, 2, {"loss": [[1.0, float("inf")], [None, 2]], "name": "NaNs"})
    record = Record(3, 4, 1, event)
    assert parse_record(format_record(record)) == record
    assert parse_record(format_record(Record(4, 4, 1, Concluded(("A: so.",))))).event == Concluded(("A: so.",))
