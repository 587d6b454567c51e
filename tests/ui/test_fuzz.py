"""Nonsense in every argument of every verb over HTTP: an answer or a sentence, never a trace: FUZZ=5000 for more."""

import os
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from resnet_explorer.api.probe_runner import ProbeRunner
from resnet_explorer.api.runs import Runs
from resnet_explorer.ui import http
from resnet_explorer.ui.endpoints import verbs
from resnet_explorer.ui.guards.guard import Guard, guard_limits
from resnet_explorer.ui.guards.visitor import Visitors
from tests.fixtures.cases import Count

EXAMPLES = int(os.environ.get("FUZZ", "150"))
# what begins to compute or to train, which other tests do with arguments that are almost right
SLOW = {
    "probe",
    "second_opinion",
    "draw_paths",
    "predictions",
    "feature_maps",
    "training_images",
    "cut",
    "recorded_cliff",
}
WORDS = (
    "cifar-basic-8", "cifar-basic-8:original", "imagenet-50", "wrn-16-8", "conv bn relu conv bn + relu", "width=8",
    "conv(groups=3)", "shapes", "short", "card", "../../etc/passwd", "=1+1", "<img src=x onerror=alert(1)>", "\u202e",
    "\0", "é" * 300, "cifar-basic-1000000007", "conv(kernel=99999999999)", "a:b:c", ";;;", "{", "NaN", "1e999",
)  # fmt: skip
TEXTS = st.one_of(st.sampled_from(WORDS), st.text(max_size=40))
HUGE = st.sampled_from((10**30, -(10**30), 2**31, 2**63))
NUMBERS = st.one_of(st.integers(-3, 70), st.integers(), HUGE, st.floats(allow_nan=False, allow_infinity=False))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)
# mostly what the parameter may be, so that more than the first check is reached
OF_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "str": TEXTS,
    "int": st.one_of(st.integers(-3, 70), st.sampled_from((0, 10**30, 2**63))),
    "bool": st.booleans(),
    "list[str]": st.lists(TEXTS, max_size=4),
    "list[int]": st.lists(st.integers(-2, 8), max_size=4),
    "dict[str, str]": st.dictionaries(TEXTS, TEXTS, max_size=3),
}


class World:
    """The routes over a home where strangers come."""

    def __init__(self, home: Path) -> None:
        visitors = Visitors(home)
        runs, runner = Runs(home, shared=True, bundled_dir=home / "bundled"), ProbeRunner()
        guard = Middleware(Guard, visitors, guard_limits(visitors, shared=True))
        self.verbs = {name: verb for name, verb in verbs(runs, runner).items() if name not in SLOW}
        self.browser = TestClient(Starlette(routes=http.routes(runs, runner), middleware=[guard]))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("fuzzed"))


def arguments(verb: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Values for some of a verb's parameters."""
    each = {
        name: st.one_of(OF_TYPE.get(_type_name(parameter.annotation), VALUES), VALUES)
        for name, parameter in signature(verb).parameters.items()
    }
    return st.fixed_dictionaries({}, optional=each)


def _type_name(annotation: Any) -> str:
    """The type of a parameter as the table has it: str, list[int]."""
    return getattr(annotation, "__name__", "") if isinstance(annotation, type) else str(annotation).partition(" | ")[0]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_arguments_make_a_verb_fail_without_a_sentence(world: World, count: Count, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(world.verbs)))
    given_values = data.draw(arguments(world.verbs[name]))
    with count():
        answer = world.browser.post(f"{http.PREFIX}/verb/{name}", json=given_values)
        assert answer.status_code in (200, 304, 413)
        known = answer.json()
        if isinstance(known, dict) and "error" in known:
            assert 0 < len(known["error"]) < 2000


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_no_body_makes_a_verb_fail_without_a_sentence(world: World, count: Count, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    with count():
        answer = world.browser.post(f"{http.PREFIX}/verb/describe", content=body, headers=headers)
        assert answer.status_code == 200
        assert answer.json()
