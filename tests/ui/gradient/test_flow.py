"""What the gradient view streams: figures, words and numbers of real backward passes through small nets."""

import re
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from resnet_explorer.api.probe_runner import ProbeRunner
from resnet_explorer.errors import ExplorerError
from resnet_explorer.executors.compute import Call, InProcess, Outcome
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.ui.components.figure.figure import Table
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.gradient import depth_stream, flow_stream
from resnet_explorer.ui.gradient.depth_stream import DepthStep, DepthStream, depth_request
from resnet_explorer.ui.gradient.flow_stream import FlowStep
from resnet_explorer.ui.gradient.request import gradient_request

SMALL = {"stem_width": "4", "widths": "4,8,8"}
SPEC = ";stem_width=4;widths=4,8,8"
LANES = [
    Lane(0, "cifar-basic-8", "original", SMALL, spec=f"cifar-basic-8{SPEC}"),
    Lane(5, "cifar-basic-8", "plain", SMALL, spec=f"cifar-basic-8:plain{SPEC}"),
]
BAD = Lane(2, "nonsense", spec="cifar-basic-8:convv bn +")
HUGE = Lane(3, "huge", spec="cifar-basic-8;width=4096")
RUNNER = ProbeRunner()


def flow(lanes: Sequence[Lane] = LANES, runner: ProbeRunner = RUNNER, **more: Any) -> list[FlowStep]:
    request = gradient_request(lanes, **{"seeds": "2", "batch": "2", **more})
    return list(flow_stream.steps(runner, request))


def depths(lanes: Sequence[Lane] = LANES, runner: ProbeRunner = RUNNER, batch: str = "2") -> list[DepthStep]:
    stream = DepthStream(depth_request(gradient_request(lanes, batch=batch)))
    return [*depth_stream.steps(runner, stream), stream.whole()]


def drawn(step: FlowStep | DepthStep) -> list[Any]:
    """The traces of a step."""
    figure = step.figure.figure
    assert isinstance(figure, dict)
    traces: list[Any] = figure["data"]
    return traces


def slots(step: FlowStep | DepthStep) -> set[int]:
    return {trace["meta"] for trace in drawn(step)}


def table(step: FlowStep | DepthStep) -> Table:
    assert step.figure.table
    return step.figure.table


def words(steps: list[FlowStep]) -> str:
    last = steps[-1].words
    assert last
    return f"{last.findings}\n{last.numbers}"


def test_every_lane_is_drawn_and_described() -> None:
    steps = flow()
    assert slots(steps[-1]) == {0, 5}
    assert "lane A" in words(steps)
    assert "lane F" in words(steps)
    assert "| **F** |" in words(steps)


def test_lanes_come_one_by_one_and_every_pass_is_counted() -> None:
    steps = flow(batch="4")
    assert slots(steps[0]) == {0}
    passes = [step.figure.progress for step in steps if step.figure.progress]
    assert passes == sorted(passes)
    assert passes[0] == (1, 4)
    assert steps[-1].figure.coming == ()


def test_a_bad_lane_says_one_sentence_and_leaves_the_others_alone() -> None:
    steps = flow([*LANES, BAD])
    assert "| C | unknown word 'convv' at column 1; did you mean 'conv'?" in words(steps)
    assert slots(steps[-1]) == {0, 5}


def test_a_lane_too_large_is_refused_before_it_is_built() -> None:
    steps = flow([HUGE])
    assert "the limit is" in words(steps)
    assert steps[-1].figure.empty == "No lane could be measured."


class Counting:
    """Counts the calls that are computed."""

    calls = 0

    def outcomes(self, calls: Sequence[Call], patient: bool = False) -> Generator[Outcome]:
        self.calls += len(calls)
        yield from InProcess().outcomes(calls)


def test_what_was_measured_once_comes_at_once_for_every_metric() -> None:
    computer = Counting()
    runner = ProbeRunner(computer)
    fresh = flow(runner=runner, batch="5")
    assert computer.calls > 0
    computer.calls = 0
    assert table(flow(runner=runner, batch="5")[-1]) == table(fresh[-1])
    # the weight gradient takes a pass of its own
    others = METRICS.keys() - {"weight-gradient"}
    assert all(slots(flow(runner=runner, batch="5", metric=metric)[-1]) == {0, 5} for metric in others)
    assert computer.calls == 0


def test_more_seeds_begin_with_those_known() -> None:
    few, more = flow(seeds="1", batch="6"), flow(seeds="3", batch="6")
    # of one seed the lowest is the mean
    low, high = table(more[-1]).rows[0][2:4]
    first = table(few[-1]).rows[0][1]
    assert isinstance(first, float)
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert low <= first <= high


def test_the_table_has_a_row_for_every_place() -> None:
    numbers = table(flow()[-1])
    assert numbers.columns[:4] == ("unit", "A mean", "A lowest", "A highest")
    assert [row[0] for row in numbers.rows] == [0, 1, 2, 3]


def test_theory_is_laid_over_where_there_is_one() -> None:
    bare, with_theory = (flow(metric="second-moment", theory=on)[-1] for on in (False, True))
    assert len(drawn(with_theory)) > len(drawn(bare))
    assert "Thin lines, theory:" in with_theory.figure.caption
    caption = flow(metric="weight-gradient", theory=True)[-1].figure.caption
    assert "Thin lines" not in caption
    assert "No theory for A, F: none is known here for this metric" in caption


def test_a_chinese_page_reads_words_and_captions_in_chinese() -> None:
    last = flow(theory=True, language="zh-CN")[-1]
    assert last.words
    recorded = depth_stream.recorded(
        depth_request(gradient_request([Lane(0, "cifar-basic-20", spec="cifar-basic-20")], language="zh-CN"))
    )
    stream = DepthStream(depth_request(gradient_request([HUGE], language="zh-CN")))
    refused = [*depth_stream.steps(RUNNER, stream), stream.whole()][-1].words
    spoken = last.words
    texts = (
        spoken.findings,
        spoken.stages,
        spoken.numbers,
        spoken.spoken,
        last.figure.caption,
        recorded.words,
        refused[:8],
    )
    # authors, operations and symbols are the same in every language
    names = {"ReLU", "Var", "arXiv", "Yang", "Zhang", "Ren", "Sun", "pad", "torch"}
    assert set(re.findall("[A-Za-z]{3,}", " ".join(texts))) <= names


def test_images_change_what_is_measured_and_the_caption(tmp_path: Path) -> None:
    files = [str(tmp_path / f"{number}.png") for number in range(3)]
    for number, file in enumerate(files):
        Image.effect_noise((48, 40), 40 * number + 40).convert("RGB").save(file)
    noise, shapes = flow()[-1], flow(source="shapes")[-1]
    own = flow(source="images", files=files)[-1]
    assert len({table(step) for step in (noise, shapes, own)}) == 3
    assert "shapes" in shapes.figure.caption
    assert "images of the reader's own" in own.figure.caption


def test_a_file_that_is_no_image_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "notes.png").write_text("not a picture")
    with pytest.raises(ExplorerError, match=r"notes\.png"):
        gradient_request(LANES, source="images", files=[str(tmp_path / "notes.png")])


def test_the_caption_names_conditions_shortcuts_and_papers() -> None:
    caption = flow()[-1].figure.caption
    assert "batch of 2" in caption
    assert "no shortcut (F)" in caption
    assert "1512.03385" in caption


def test_recorded_depths_stand_there_at_once_and_say_so() -> None:
    lanes = [Lane(1, "cifar-basic-56", "plain", spec="cifar-basic-56:plain"), *LANES]
    step = depth_stream.recorded(depth_request(gradient_request(lanes)))
    assert slots(step) == {1}
    assert step.figure.caption.startswith("This was recorded ")
    assert step.words.startswith("- Lane B: ")
    other = depth_stream.recorded(depth_request(gradient_request(lanes, batch="16")))
    assert other.figure.empty == depth_stream.NOT_MEASURED


def test_the_cliff_fills_depth_by_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth_stream, "DEPTHS", (8, 14))
    steps = depths()
    assert [step.figure.progress for step in steps[:-1]] == [(number, 4) for number in range(5)]
    assert table(steps[-1]).rows[1][0] == 14
    assert [line[:8] for line in steps[-1].words.splitlines()] == ["- Lane A", "- Lane F"]


def test_a_lane_that_fails_leaves_the_cliff_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth_stream, "DEPTHS", (8,))
    last = depths([*LANES, BAD])[-1]
    assert "Lane C: unknown word 'convv'" in last.words
    assert slots(last) == {0, 5}


class LastFirst:
    """Computes the last call first, as workers may."""

    def outcomes(self, calls: Sequence[Call], patient: bool = False) -> Generator[Outcome]:
        for number, call in reversed(list(enumerate(calls))):
            yield from (outcome._replace(number=number) for outcome in InProcess().outcomes([call]))


def test_lanes_stand_in_their_order_whichever_is_measured_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth_stream, "DEPTHS", (8,))
    runner = ProbeRunner(LastFirst())
    for last in (flow(runner=runner)[-1], depths(runner=runner)[-1]):
        assert [name[0] for name in table(last).columns[1:]] == ["A"] * 3 + ["F"] * 3
        assert last.figure.caption.index("(A)") < last.figure.caption.index("(F)")


def test_a_lane_that_becomes_too_large_keeps_its_shallow_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth_stream, "DEPTHS", (8, 14))
    monkeypatch.setattr(depth_stream, "memory_limit", lambda: "300KB")
    last = depths(batch="1")[-1]
    assert last.words.count("the limit is") == 2
    assert [row[0] for row in table(last).rows] == [8]
