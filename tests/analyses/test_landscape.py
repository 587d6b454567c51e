"""The loss around weights: as a plain loop has it, along directions as long as the filters, coarse to fine."""

import copy
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from resnet_explorer.analyses.curvature import Curvature, draw_vector, power_iteration
from resnet_explorer.analyses.directions import draw_directions, moved_weights, principal_directions
from resnet_explorer.analyses.landscape import SIDES, measure, new_places, plane_of_training
from resnet_explorer.analyses.landscape_findings import dents, findings
from resnet_explorer.analyses.plane import Plane
from resnet_explorer.analyses.request import LaneResult, Part, SubjectRequest
from resnet_explorer.analyses.settings import LandscapeSettings
from resnet_explorer.analyses.subject import Subject, earlier_weights
from resnet_explorer.figures.landscape import draw
from resnet_explorer.figures.plotly_figure import to_plotly
from resnet_explorer.figures.plotly_json import to_json
from resnet_explorer.training import checkpoint
from resnet_explorer.training.checkpoint import Checkpoint
from tests.fixtures.findings import texts
from tests.fixtures.subjects import subject
from tests.fixtures.tiny_run import experiment

SETTINGS = LandscapeSettings(finest="5", images=16, power=3)
LINES = [
    "cifar-basic-8",
    "cifar-basic-8:full-preactivation",
    "cifar-basic-8:relu-only-preactivation",
    "cifar-basic-8:plain",
    "cifar-basic-8:conv bn relu droppath(0.3) + relu",
    "cifar-basic-8:bn relu conv blend",
    "cifar-basic-8:relu | conv bn scale(0.5, learned=true) +",
    "horesnet-rk4-26",
    "cifar-bottleneck-29:conv1 bn relu res2(scale=4) conv1 bn + relu",
]


def plain_loop(net: nn.Module, directions: Sequence[dict[str, Tensor]], place: Sequence[float], x: Tensor) -> Tensor:
    """What everybody writes: set each parameter, evaluate."""
    moved = copy.deepcopy(net)
    with torch.no_grad():
        for name, weight in moved.named_parameters():
            for distance, direction in zip(place, directions, strict=True):
                if name in direction:
                    weight.copy_(weight + distance * direction[name])
        output: Tensor = moved(x)
        return output


@pytest.mark.parametrize("line", LINES)
def test_the_loss_at_each_place_is_that_of_a_plain_loop(line: str) -> None:
    lane = subject(line, 10, double=True)
    before = {name: tensor.clone() for name, tensor in lane.net.state_dict().items()}
    directions = draw_directions(lane.net, 2, 3)
    # three images at a time
    plane = Plane(lane.net, directions, 530_000 // 3)
    for place in ((0.0, 0.0), (0.3, -0.2), (-1.0, 0.5), (0.0, 0.0)):
        expected = F.cross_entropy(plain_loop(lane.net, directions, place, lane.x), lane.labels)
        assert plane.loss(place, lane.x, lane.labels) == pytest.approx(expected.item(), rel=1e-10)
    assert all(torch.equal(tensor, before[name]) for name, tensor in lane.net.state_dict().items())


def test_each_filter_of_a_direction_is_as_long_as_the_filter_and_nothing_else_moves() -> None:
    net = subject("cifar-basic-8:conv bn relu conv(groups=2) bn blend relu", double=True).net
    first, second = draw_directions(net, 2, 0)
    for name, weight in net.named_parameters():
        assert (name in first) == (weight.dim() > 1)
        for direction in (first, second):
            for place in range(len(weight) if name in first else 0):
                assert float(direction[name][place].norm()) == pytest.approx(float(weight[place].detach().norm()))
    name = "stages.0.0.branch.0.weight"
    alike = torch.cosine_similarity(first[name].flatten(), second[name].flatten(), dim=0)
    assert abs(float(alike)) < 0.5
    assert torch.equal(first[name], draw_directions(net, 1, 0)[0][name])
    weights = net.get_parameter(name).detach().flatten()
    assert abs(float(torch.cosine_similarity(first[name].flatten(), weights, dim=0))) < 0.5


def full_hessian(net: nn.Module, x: Tensor, labels: Tensor) -> Tensor:
    names, weights = zip(*((name, weight.detach()) for name, weight in net.named_parameters()), strict=True)
    sizes = [weight.numel() for weight in weights]

    def loss(flat: Tensor) -> Tensor:
        parts = torch.split(flat, sizes)
        values = {n: part.view(w.shape) for n, part, w in zip(names, parts, weights, strict=True)}
        return F.cross_entropy(torch.func.functional_call(net, values, (x,)), labels)

    hessian: Tensor = torch.autograd.functional.hessian(loss, torch.cat([w.flatten() for w in weights]))  # type: ignore[no-untyped-call]
    return hessian


def test_power_iteration_finds_the_largest_eigenvalue_of_the_full_hessian() -> None:
    net = nn.Sequential(
        nn.Conv2d(2, 3, 3, bias=False), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 3)
    ).double()
    generator = Generator().manual_seed(1)
    for weight in net.parameters():
        weight.data.copy_(torch.randn(weight.shape, generator=generator))
    x, labels = torch.randn(8, 2, 4, 4, generator=generator).double(), torch.arange(8) % 3
    net.eval()
    eigenvalues = torch.linalg.eigvalsh(full_hessian(net, x, labels))
    largest = float(eigenvalues[eigenvalues.abs().argmax()])
    steps = power_iteration(net, x, labels, draw_vector(net, 0), 3)
    estimates = [step for step in (next(steps) for _ in range(4 * 120)) if step]
    assert isinstance(estimates[-1], Curvature)
    assert estimates[-1].eigenvalue == pytest.approx(largest, rel=1e-4)
    assert all(weight.grad is None for weight in net.parameters())


def last(lanes: Sequence[Subject], settings: LandscapeSettings = SETTINGS) -> list[Part]:
    parts = {part.lane: part for part in measure(lanes, settings)}
    return [parts[lane] for lane in range(len(lanes))]


def test_the_centre_is_the_evaluated_loss_and_a_finer_grid_keeps_the_points_of_a_coarser() -> None:
    lane = subject(images=16)
    with torch.no_grad():
        expected = F.cross_entropy(lane.net(lane.x), lane.labels).item()
    (coarse,), (fine,) = last([lane]), last([lane], replace(SETTINGS, finest="9", power=0))
    for values in (coarse.values, fine.values):
        assert values["centre"] == pytest.approx(expected, rel=1e-5)
    assert [row[::2] for row in fine.values["loss"][::2]] == coarse.values["loss"]
    assert coarse.values["axis"] == [-1, -0.5, 0, 0.5, 1]
    assert (fine.values["points"], fine.values["sharpness"]) == (81, None)


@pytest.mark.parametrize("dimensions", ["1", "2"])
def test_each_point_is_computed_once_and_the_centre_first(dimensions: str) -> None:
    settings = replace(SETTINGS, dimensions=dimensions, directions=3)
    places = [place for side in SIDES for place in new_places(side, 33, settings)]
    assert len(places) == len(set(places)) == 33 * (33 if dimensions == "2" else 3)
    assert places[0][0] == 16


@pytest.mark.parametrize("settings", [SETTINGS, replace(SETTINGS, dimensions="1", directions=3)])
def test_all_lanes_grow_together_and_every_part_draws(settings: LandscapeSettings) -> None:
    lanes = [subject(images=16), subject("cifar-basic-8:plain", images=16)]
    parts = list(measure(lanes, settings))
    assert list(measure(lanes, settings)) == parts
    assert [part.lane for part in parts[:4]] == [0, 1, 0, 1]
    assert (parts[-1].done, sorted(part.done for part in parts)) == (parts[-1].of, [part.done for part in parts])
    first, whole = parts[:2], [[part for part in parts if part.lane == lane][-1] for lane in (0, 1)]
    for some in (first, whole):
        assert_drawn([(part.lane, "a net", json.loads(json.dumps(part.values))) for part in some], vars(settings))
        results = [LaneResult(part.lane, "AB"[part.lane], "a net", "", part.values) for part in some]
        assert "the loss is" in texts(findings(results, settings))[0]
    assert "curved" in texts(findings(results, settings))[2]
    assert texts(findings([], settings)) == []


def assert_drawn(lanes: list[tuple[int, str, dict[str, Any]]], settings: dict[str, Any]) -> None:
    for surface in (False, True):
        figure = draw(lanes, settings | {"surface": surface})
        assert to_plotly(json.loads(to_json(figure))).data
    assert draw([], settings)["data"] == []


def test_losses_far_out_are_drawn_at_the_edge_of_the_scale() -> None:
    grid = [[1e9, 2.0, None], [2.0, 1.0, 2.0], [2.0, 2.0, 2.0]]
    figure = draw(
        [(0, "a net", {"axis": [-1, 0, 1], "loss": grid, "centre": 1.0, "guessing": 2.3})], {"dimensions": "2"}
    )
    (trace,) = figure["data"]
    assert float(trace["z"][0][0]) == pytest.approx(figure["layout"]["coloraxis"]["cmax"])
    assert float(trace["customdata"][0][0]) == pytest.approx(1e9)


def test_a_dent_is_lower_than_all_eight_around() -> None:
    assert dents([[2, 2, 2], [2, 1, 2], [2, 2, 2]]) == 1
    assert dents([[2, 2, 2], [2, 1, 1], [2, 2, 2]]) == dents([[2, 2, None], [2, 1, 2], [2, 2, 2]]) == 0


def test_principal_directions_are_those_of_the_singular_vectors() -> None:
    weights = {"a": torch.randn(3, 4, dtype=torch.float64), "b": torch.randn(2, 5, dtype=torch.float64)}
    path = [{name: torch.randn_like(weight) for name, weight in weights.items()} for _ in range(4)]
    axes, places, shares = principal_directions(path, weights)
    rows = torch.stack([torch.cat([(step[name] - weights[name]).flatten() for name in weights]) for step in path])
    _, values, vectors = torch.linalg.svd(rows, full_matrices=False)
    for number in (0, 1):
        flat = torch.cat([part.flatten() for part in axes[number].values()])
        assert abs(float(flat @ vectors[number])) == pytest.approx(1.0)
        assert places[number] == pytest.approx((rows @ flat).tolist())
        assert shares[number] == pytest.approx(float(values[number] ** 2 / (values**2).sum()))


def test_the_plane_of_training_holds_the_weights_of_earlier_steps(tmp_path: Path) -> None:
    asks = SubjectRequest("cifar-basic-8", run="a run")
    trained, net = experiment(), subject().net
    path = [{name: tensor + step for name, tensor in net.state_dict().items()} for step in (3, 1)]
    generator = Generator().manual_seed(2)
    for step, state in zip((10, 20), path, strict=True):
        state["stem.0.weight"] = torch.randn(state["stem.0.weight"].shape, generator=generator)
        checkpoint.save(tmp_path, Checkpoint(trained.id, step, 0.0, {"net": state, "average": {}}))
    lane = replace(subject(images=16), request=asks, folder=tmp_path)
    assert [step for step, _ in earlier_weights(lane)] == [0, 10]
    ((_, initial), (_, earlier)) = earlier_weights(lane)
    assert torch.equal(earlier["stem.0.weight"], path[0]["stem.0.weight"])
    assert torch.equal(initial["head.2.weight"], net.state_dict()["head.2.weight"])
    settings = replace(SETTINGS, plane="training", power=0)
    (part,) = last([lane], settings)
    drawn = part.values["trajectory"]
    assert sum(drawn["explained"]) == pytest.approx(1)
    assert max(map(abs, drawn["x"])) == pytest.approx(0.8)
    directions, place = plane_of_training(lane.net, earlier_weights(lane), 1.0)
    for number, (_, state) in enumerate(earlier_weights(lane)):
        for name, weight in moved_weights(lane.net).items():
            x, y = place["x"][number], place["y"][number]  # type: ignore[index]
            torch.testing.assert_close(weight + x * directions[0][name] + y * directions[1][name], state[name])
    results = [LaneResult(0, "A", "a net", "", part.values)]
    assert "steps 0, 10" in texts(findings(results, settings))[1]
    for loss, guesses in ((2.29, True), (2.0, False)):
        (result,) = [replace(result, values={**result.values, "centre": loss}) for result in results]
        assert ("no better than guessing" in texts(findings([result], settings))[0]) == guesses
    assert len(draw([(0, "a net", part.values)], vars(settings))["data"]) == 2
    (random,) = last([subject(images=16)], settings)
    assert random.values["trajectory"] is None
    assert "random" in " ".join(texts(findings([replace(results[0], values=random.values)], settings)))
