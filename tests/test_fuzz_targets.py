"""Hostile inputs to everything that is read from outside: a fixed number of each; FUZZ=5000 for more."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures.cases import Count
from tests.fixtures.fuzz_targets import TARGETS

CASES = int(os.environ.get("FUZZ", "150"))


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_an_input_is_read_or_refused_in_a_sentence(name: str, count: Count, data: st.DataObject) -> None:
    value = data.draw(TARGETS[name].inputs)
    with count():
        TARGETS[name].check(value)
