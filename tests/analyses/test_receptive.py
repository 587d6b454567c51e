"""The effective receptive field: against differences, against what kernels and strides allow, and drawn."""

import json

import pytest
import torch
from torch import Generator, nn

from resnet_explorer.analyses.receptive import effective_size, measure, squared_gradients, theoretical_fields
from resnet_explorer.analyses.receptive_findings import findings
from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.settings import ReceptiveSettings
from resnet_explorer.figures.plotly_figure import to_plotly
from resnet_explorer.figures.plotly_json import to_json
from resnet_explorer.figures.receptive import draw
from tests.fixtures.findings import texts
from tests.fixtures.subjects import subject

LINES = ("cifar-basic-8:original", "cifar-basic-8:full-preactivation", "cifar-basic-8:plain", "horesnet-rk4-26")


@pytest.mark.parametrize("line", LINES[:2])
def test_the_gradients_are_those_of_differences(line: str) -> None:
    looked_at = subject(line, double=True)
    x = looked_at.x[:1]
    maps = squared_gradients(looked_at, x, Generator().manual_seed(3))
    generator, size = Generator().manual_seed(3), 1e-6

    @torch.no_grad()
    def output(x: torch.Tensor, stage: int, signs: torch.Tensor) -> float:
        y = looked_at.net.stages[: stage + 1](looked_at.net.stem(x))
        return float((y[0, :, y.shape[2] // 2, y.shape[3] // 2] * signs).sum())

    for stage, squares in enumerate(maps):
        width = looked_at.net.stages[: stage + 1](looked_at.net.stem(x)).shape[1]
        signs = torch.randn((1, width), generator=generator, dtype=torch.float64)[0]
        for row, column in ((0, 0), (3, 4), (5, 2)):
            total = 0.0
            for colour in range(3):
                moved = torch.zeros_like(x)
                moved[0, colour, row, column] = size
                total += ((output(x + moved, stage, signs) - output(x - moved, stage, signs)) / (2 * size)) ** 2
            assert float(squares[row, column]) == pytest.approx(total, rel=1e-4, abs=1e-12)


@pytest.mark.parametrize("line", LINES)
def test_no_gradient_reaches_farther_than_kernels_and_strides_allow(line: str) -> None:
    looked_at = subject(line)
    # the stages are convolutions, and take images of any size
    x = torch.randn(8, 3, 32, 32, generator=Generator().manual_seed(1))
    maps = squared_gradients(looked_at, x, Generator().manual_seed(0))
    for squares, possible in zip(maps, theoretical_fields(looked_at), strict=True):
        reached = int((squares.sum(0) > 0).sum())
        assert reached <= min(possible, 32)
        assert effective_size(squares) <= reached
    first = int((maps[0].sum(0) > 0).sum())
    assert first == min(theoretical_fields(looked_at)[0], 32)


def test_a_stack_of_equal_weights_sees_less_than_it_could() -> None:
    """Luo: the field of a stack of averages is a bell curve, of which the kernels' field is only the edge."""
    stack = nn.Sequential(*(nn.Conv2d(1, 1, 3, padding=1, bias=False) for _ in range(10))).double()
    for weight in stack.parameters():
        nn.init.constant_(weight, 1 / 9)
    x = torch.zeros(1, 1, 41, 41, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(stack(x)[0, 0, 20, 20], x)
    size = effective_size(gradient[0, 0].square())
    # the standard deviation is sqrt(10 * 2 / 3); two sides of a disc of radius sqrt(2 ln(1 / 0.0455)) of it
    assert size == pytest.approx((torch.pi * 2 * 3.09 * 10 * 2 / 3) ** 0.5, rel=0.05)
    assert size < 21


def test_figure_and_findings_name_lanes_and_both_fields() -> None:
    subjects = [subject(line) for line in LINES[:2]]
    parts = list(measure(subjects, ReceptiveSettings(images=16)))
    assert [part.lane for part in parts] == [0, 1, 0, 1]
    values = {part.lane: json.loads(json.dumps(part.values)) for part in parts}
    lanes = [(slot, LINES[lane], values[lane]) for lane, slot in ((0, 1), (1, 5))]
    figure = draw(lanes, {})
    to_plotly(figure)
    assert "pixels a side" in to_json(figure)
    assert [trace["y"] for trace in figure["data"][:2]] == [values[0]["theoretical"], values[0]["effective"]]
    assert [trace["text"] for trace in figure["data"][-2:]] == [["<b>B</b> "], ["<b>F</b> "]]
    results = [LaneResult(slot, "BF"[lane], name, "", known) for lane, (slot, name, known) in enumerate(lanes)]
    sentences = texts(findings(results, ReceptiveSettings()))
    assert [sentence[0] for sentence in sentences] == ["B", "F"]
    assert f"would allow {values[0]['theoretical'][-1]}" in sentences[0]
