"""The gradient view's routes, asked as the page asks them: real backward passes through small nets."""

import json
from collections.abc import Generator, Iterator, Sequence
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from resnet_explorer.api.probe_runner import ProbeRunner
from resnet_explorer.executors.compute import Call, InProcess, Outcome
from resnet_explorer.ui.gradient import depth_stream
from resnet_explorer.ui.gradient.routes import MAX_BODY, PREFIX, routes

LANES = [
    {"slot": 0, "name": "original", "spec": "cifar-basic-8;stem_width=4;widths=4,8,8"},
    {"slot": 5, "name": "plain", "spec": "cifar-basic-8:plain;stem_width=4;widths=4,8,8"},
]
BAD = {"slot": 2, "name": "nonsense", "spec": "cifar-basic-8:convv bn +"}
HUGE = {"slot": 3, "name": "huge", "spec": "cifar-basic-8;width=4096"}
PICTURE = "////" * 1024
Lines = list[dict[str, Any]]


@pytest.fixture(scope="module")
def page() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes(ProbeRunner()))) as client:
        yield client


def ask(page: TestClient, lanes: list[dict[str, Any]] = LANES, path: str = "gradient", **more: Any) -> Lines:
    answer = page.post(f"{PREFIX}/{path}", json={"visitor": "me", "lanes": lanes, "seeds": 2, "batch": 2, **more})
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


def events(lines: Lines, name: str) -> Lines:
    return [line for line in lines if line["event"] == name]


def drawn(lines: Lines) -> dict[str, Any]:
    figure: dict[str, Any] = json.loads(events(lines, "figure")[-1]["figure"])
    return figure


def test_every_lane_is_drawn_and_said_in_words(page: TestClient) -> None:
    lines = ask(page)
    assert {trace["meta"] for trace in drawn(lines)["data"]} == {0, 5}
    assert [lane["slot"] for lane in lines[-1]["lanes"]] == [0, 5]
    assert all("lane" in lane["seen"] for lane in lines[-1]["lanes"])


def test_every_pass_is_counted(page: TestClient) -> None:
    lines = ask(page, batch=3)
    done = [line["done"] for line in lines if "done" in line]
    assert events(lines, "begun")[0]["of"] == 4
    assert done == sorted(done)
    assert done[-1] == 4


def test_the_first_lane_is_drawn_before_the_last_is_measured(page: TestClient) -> None:
    first = events(ask(page, batch=4), "figure")[0]
    assert first["done"] == 1
    assert {trace["meta"] for trace in json.loads(first["figure"])["data"]} == {0}


def test_a_bad_lane_says_one_sentence_and_leaves_the_others_alone(page: TestClient) -> None:
    lines = ask(page, [*LANES, BAD])
    (failed,) = events(lines, "failed")
    assert failed["slot"] == 2
    assert "did you mean 'conv'" in failed["error"]
    assert {trace["meta"] for trace in drawn(lines)["data"]} == {0, 5}


def test_a_lane_too_large_is_refused_before_it_is_built(page: TestClient) -> None:
    (failed,) = events(ask(page, [HUGE]), "failed")
    assert "the limit is" in failed["error"]


def test_what_was_probed_once_comes_at_once(page: TestClient) -> None:
    fresh, again = ask(page, batch=5), ask(page, batch=5)
    assert drawn(fresh) == drawn(again)
    assert len(again) < len(fresh)


def test_more_seeds_begin_with_those_known(page: TestClient) -> None:
    few, more = ask(page, seeds=1, batch=6), ask(page, seeds=3, batch=6)
    # of one seed the lowest is the mean
    first = few[-1]["table"]["rows"][0][1]
    assert more[-1]["table"]["rows"][0][2] <= first <= more[-1]["table"]["rows"][0][3]


@pytest.mark.parametrize(
    "metric", ["gradient", "weight-gradient", "second-moment", "channel-variance", "branch-response"]
)
def test_every_metric_is_streamed(page: TestClient, metric: str) -> None:
    lines = ask(page, metric=metric)
    assert not events(lines, "failed")
    assert drawn(lines)["data"]


def test_the_table_has_a_row_for_every_place(page: TestClient) -> None:
    table = ask(page)[-1]["table"]
    assert table["columns"][:4] == ["unit", "A mean", "A lowest", "A highest"]
    assert [row[0] for row in table["rows"]] == [0, 1, 2, 3]


def test_theory_is_laid_over_where_there_is_one(page: TestClient) -> None:
    bare, with_theory = (drawn(ask(page, metric="second-moment", theory=on)) for on in (False, True))
    assert len(with_theory["data"]) > len(bare["data"])


def test_pictures_change_what_is_measured_and_the_caption(page: TestClient) -> None:
    noise, pictures = ask(page), ask(page, images=PICTURE * 2)
    assert drawn(noise) != drawn(pictures)
    assert "images of the reader's own" in pictures[-1]["caption"]


def test_drawn_shapes_change_what_is_measured_and_the_caption(page: TestClient) -> None:
    noise, shapes = ask(page), ask(page, source="shapes")
    assert drawn(noise) != drawn(shapes)
    assert "shapes" in shapes[-1]["caption"]


@pytest.mark.parametrize("images", ["AAAA", "not base64", 7])
def test_pictures_that_are_none_are_refused_in_a_sentence(page: TestClient, images: object) -> None:
    answer = page.post(f"{PREFIX}/gradient", json={"lanes": LANES, "images": images})
    text = answer.json()["error"] if answer.status_code == 422 else answer.text
    assert "pictures are" in text or "base64" in text


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"lanes": []},
        {"lanes": "all"},
        {"lanes": [{"slot": 9, "spec": "cifar-basic-8"}]},
        {"lanes": [LANES[0], LANES[0]]},
        {"lanes": LANES, "metric": "entropy"},
        {"lanes": LANES, "seeds": 11},
        {"lanes": LANES, "seeds": "3"},
        {"lanes": LANES, "batch": 10**9},
        {"lanes": LANES, "init": ["he"]},
        [],
        7,
    ],
)
def test_a_question_that_cannot_be_meant_is_refused_in_a_sentence(page: TestClient, given: object) -> None:
    answer = page.post(f"{PREFIX}/gradient", json=given)
    assert answer.status_code == 422
    assert len(answer.json()["error"]) > 10


def test_a_question_too_long_is_not_read(page: TestClient) -> None:
    answer = page.post(f"{PREFIX}/gradient", content=b" " * (MAX_BODY + 1))
    assert answer.status_code == 413


def test_the_choices_come_with_their_meanings(page: TestClient) -> None:
    choices = page.get(f"{PREFIX}/choices").json()
    assert [metric["label"] for metric in choices["metrics"]] == ["|dL/dx|", "|dL/dW|", "E x²", "Var x", "std F"]
    assert all(entry["meaning"] for entry in choices["inits"] + choices["losses"])


def test_the_caption_names_conditions_shortcuts_and_papers(page: TestClient) -> None:
    caption = ask(page)[-1]["caption"]
    assert "batch of 2" in caption
    assert "no shortcut (F)" in caption
    assert "1512.03385" in caption


def test_the_cliff_fills_depth_by_depth(page: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth_stream, "DEPTHS", (8, 14))
    lines = ask(page, path="cliff", seeds=1)
    assert [line["done"] for line in events(lines, "figure")] == [2, 4]
    assert lines[-1]["table"]["rows"][1][0] == 14
    assert all(sentence.startswith("Lane ") for sentence in lines[-1]["seen"])


def test_a_lane_that_fails_leaves_the_cliff_of_the_others(page: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth_stream, "DEPTHS", (8,))
    lines = ask(page, [*LANES, BAD], path="cliff", seeds=1)
    assert [line["slot"] for line in events(lines, "failed")] == [2]
    assert {trace["meta"] for trace in drawn(lines)["data"]} == {0, 5}


class LastFirst:
    """Computes the last call first, as workers may."""

    def outcomes(self, calls: Sequence[Call], patient: bool = False) -> Generator[Outcome]:
        for number, call in reversed(list(enumerate(calls))):
            yield from (outcome._replace(number=number) for outcome in InProcess().outcomes([call]))


@pytest.mark.parametrize("path", ["gradient", "cliff"])
def test_lanes_stand_in_their_order_whichever_is_measured_first(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth_stream, "DEPTHS", (8,))
    with TestClient(Starlette(routes=routes(ProbeRunner(LastFirst())))) as page:
        *_, done = ask(page, path=path)
    assert [name[0] for name in done["table"]["columns"][1:]] == ["A"] * 3 + ["F"] * 3
    assert done["caption"].index("(A)") < done["caption"].index("(F)")
    if path == "cliff":
        assert [sentence[:6] for sentence in done["seen"]] == ["Lane A", "Lane F"]
    else:
        assert [lane["slot"] for lane in done["lanes"]] == [0, 5]


def test_a_lane_that_becomes_too_large_keeps_its_shallow_points(
    page: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depth_stream, "DEPTHS", (8, 14))
    monkeypatch.setattr(depth_stream, "memory_limit", lambda: "300KB")
    lines = ask(page, path="cliff", seeds=1, batch=1)
    assert {line["slot"] for line in events(lines, "failed")} == {0, 5}
    assert [row[0] for row in lines[-1]["table"]["rows"]] == [8]
