"""The probe against the facts sheet at depth 110, and against a second implementation on random networks.

The sheet was measured elsewhere: batch 32 of N(0, 1), He's fan-out, cross entropy; here seeds 0 to 2.
"""

from collections.abc import Sequence
from functools import cache
from math import log, nan

import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from torch import Generator, Tensor, nn

from resnet_explorer.errors import ExplorerError, PlanError
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import GradientProfile, ProbeConfig, ProbeResult, unit_positions
from resnet_explorer.gradients.theory import predict
from resnet_explorer.models.build import build
from resnet_explorer.models.init import initialise
from resnet_explorer.models.probe import Lane, measure, norms
from resnet_explorer.models.units import Residual
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import parse_request
from tests.fixtures.networks import networks

A, B, C, D, E, RAW, PLAIN = (
    f"cifar-basic-110:{unit}"
    for unit in (
        "original",
        "bn-after-addition",
        "relu-before-addition",
        "relu-only-preactivation",
        "full-preactivation",
        "full-preactivation;share=off",
        "plain",
    )
)
SKIPINIT = "cifar-basic-110:relu conv relu conv scale(0, learned=true) +;stem=conv relu"
WHERE = (0, 1, 2, 9, 18, 19, 36, 37, 54)
QUICK = ProbeConfig(seeds=1, batch=2)


def probe(text: str, config: ProbeConfig, images: Tensor | None = None) -> list[ProbeResult]:
    return [measure(parse_request(text).network, config, seed, images) for seed in range(config.seeds)]


@cache
def measured(text: str, init: str, batch_norm: bool) -> tuple[ProbeResult, ...]:
    return tuple(probe(text, ProbeConfig(tuple(METRICS), 3, 32, init, batch_norm)))


def flow(text: str, metric: str = "gradient", init: str = "he-fan-out", batch_norm: bool = True) -> GradientProfile:
    rows = tuple(one.values[metric] for one in measured(text, init, batch_norm))
    return GradientProfile(METRICS[metric], unit_positions(plan(parse_request(text).network), METRICS[metric]), rows)


def small(text: str = "cifar-basic-20", config: ProbeConfig = QUICK) -> list[ProbeResult]:
    return probe(text, config)


def near(value: float, expected: float, factor: float) -> bool:
    return expected / factor <= value <= expected * factor


@pytest.mark.parametrize(
    ("text", "ratio", "factor"),
    [(A, 80.8, 1.15), (B, 7125, 1.35), (C, 32.0, 2.5), (D, 75.5, 1.15), (E, 300, 1.15), (RAW, 102, 1.15),
     (PLAIN, 6.0e7, 2.5)],
)  # fmt: skip
def test_the_gradient_grows_toward_the_input_as_on_the_sheet(text: str, ratio: float, factor: float) -> None:
    assert near(flow(text).ratio[0], ratio, factor)


@pytest.mark.parametrize(
    ("text", "ratios", "factor"),
    [(A, (24.2, 2.79, 1.64), 1.15), (B, (68.5, 16.9, 4.56), 1.35), (C, (19.9, 2.03, 1.34), 1.4),
     (D, (23.0, 3.03, 2.19), 1.15), (E, (20.1, 11.8, 9.72), 1.15), (RAW, (19.3, 5.9, 4.9), 1.15),
     (PLAIN, (781, 280, 138), 1.8)],
)  # fmt: skip
def test_each_stage_contributes_as_on_the_sheet(text: str, ratios: Sequence[float], factor: float) -> None:
    profile = flow(text)
    assert all(
        near(profile.between(*ends)[0], ratio, factor) for ends, ratio in zip(profile.stages(), ratios, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "factors"),
    [(A, (0.857, 0.851)), (B, (1.15, 1.17)), (C, (0.787, 0.741)), (D, (0.705, 0.700)), (E, (0.365, 0.358)),
     (PLAIN, (1.38, 1.43))],
)  # fmt: skip
def test_the_transitions_have_the_factors_of_the_sheet(text: str, factors: tuple[float, float]) -> None:
    profile = flow(text)
    assert near(profile.between(18, 19)[0], factors[0], 1.1)
    assert near(profile.between(36, 37)[0], factors[1], 1.1)


@pytest.mark.parametrize(
    ("text", "ratio", "factor"),
    [(A, 21.9, 1.15), (B, 1437, 1.4), (C, 8.7, 2.5), (D, 16.1, 1.15), (E, 77.9, 1.15), (PLAIN, 1.2e7, 2.5)],
)
def test_weight_gradients_grow_as_on_the_sheet(text: str, ratio: float, factor: float) -> None:
    assert near(flow(text, "weight-gradient").ratio[0], ratio, factor)


@pytest.mark.parametrize(
    ("text", "moments"),
    [(A, (0.5, 1.16, 1.88, 7.65, 15.4, 8.43, 23.1, 12.2, 27.2)),
     (B, (0.5, 0.545, 0.561, 0.596, 0.671, 0.585, 0.711, 0.631, 0.745)),
     (C, (0.5, 1.32, 2.46, 19.3, 63.5, 35.3, 143, 76.0, 207)),
     (D, (0.5, 1.51, 2.50, 9.58, 18.4, 6.31, 23.1, 8.86, 26.0)),
     (E, (0.5, 1.56, 2.52, 9.79, 17.6, 1.24, 16.1, 1.15, 15.8)),
     (PLAIN, (0.5, 0.495, 0.5, 0.489, 0.525, 0.499, 0.474, 0.511, 0.491))],
)  # fmt: skip
def test_second_moments_are_those_of_the_sheet(text: str, moments: Sequence[float]) -> None:
    readings = flow(text, "second-moment").readings
    assert all(near(readings[at].mean, moment, 1.2) for at, moment in zip(WHERE, moments, strict=True))


@pytest.mark.parametrize(
    ("text", "variances"),
    [(A, (0.341, 0.703, 1.06, 3.69, 6.88, 3.84, 10.0, 5.34, 11.7)),
     (C, (0.341, 0.692, 1.05, 3.65, 7.27, 4.06, 12.2, 6.42, 15.0)),
     (D, (0.341, 1.35, 2.34, 9.43, 18.2, 4.51, 21.3, 5.87, 23.0)),
     (E, (0.341, 1.03, 1.70, 6.58, 12.6, 0.862, 12.3, 0.821, 12.1))],
)  # fmt: skip
def test_variances_inside_channels_are_those_of_the_sheet(text: str, variances: Sequence[float]) -> None:
    readings = flow(text, "channel-variance").readings
    assert all(near(readings[at].mean, variance, 1.15) for at, variance in zip(WHERE, variances, strict=True))


@pytest.mark.parametrize(("text", "loss", "factor"), [(A, 4.0, 1.2), (B, 2.38, 1.05), (D, 3.25, 1.2), (E, 2.32, 1.05)])
def test_the_loss_is_that_of_the_sheet(text: str, loss: float, factor: float) -> None:
    assert near(sum(one.loss for one in measured(text, "he-fan-out", True)) / 3, loss, factor)


@pytest.mark.parametrize("text", [A, D])
def test_a_branch_that_ends_in_batch_normalisation_has_deviation_one(text: str) -> None:
    assert all(reading.mean == pytest.approx(1, abs=1e-3) for reading in flow(text, "branch-response").readings)


def test_without_normalisation_full_preactivation_explodes() -> None:
    assert near(flow(E, batch_norm=False).ratio[0], 4.1e7, 4)
    moments = [reading.mean for reading in flow(E, "second-moment", batch_norm=False).readings]
    assert 2**14 < moments[18] / moments[0] < 2**24  # F9: about 2 a unit


def test_skipinit_keeps_every_gradient_exactly() -> None:
    one = measured(SKIPINIT, "he-fan-out", False)[0]
    assert one.values["gradient"] == pytest.approx([one.values["gradient"][0]] * 55, rel=1e-6)
    assert one.values["weight-gradient"] == (0.0,) * 54


def test_zero_gamma_keeps_gradients_in_all_stages_but_the_last() -> None:
    profile = flow(A, init="zero-gamma")
    first, second, third = (profile.between(*ends)[0] for ends in profile.stages())
    assert [first, second] == pytest.approx([1, 1], abs=1e-6)
    assert near(third, 0.358, 1.1)
    assert near(profile.ratio[0], 0.358, 1.1)


def test_fixup_starts_at_ln_10_and_only_the_classifier_learns() -> None:
    one = measured(A, "fixup", False)[0]
    assert one.loss == pytest.approx(log(10), abs=1e-6)
    assert set(one.values["gradient"]) == set(one.values["weight-gradient"]) == {0.0}


@pytest.mark.parametrize(
    ("text", "metric"),
    [*((text, metric) for text in (A, C, D, E) for metric in ("second-moment", "channel-variance")),
     (E, "gradient"), (A, "branch-response"), (D, "branch-response")],
)  # fmt: skip
def test_theory_meets_the_measurement(text: str, metric: str) -> None:
    predicted = predict(parse_request(text).network, metric)
    assert predicted is not None
    readings = [reading.mean for reading in flow(text, metric).readings]
    scale = 1.0 if predicted.anchor is None else readings[predicted.anchor] / predicted.values[predicted.anchor]
    factors = [scale * value / reading for value, reading in zip(predicted.values, readings, strict=True)]
    assert all(near(factor, 1, 1.6) for factor in factors)
    assert near(sum(factors) / len(factors), 1, 1.25)


def test_theory_without_normalisation_has_the_right_order() -> None:
    predicted = predict(parse_request(E).network, "second-moment", batch_norm=False)
    assert predicted is not None
    growths = [log(row[54] / row[0]) for row in flow(E, "second-moment", batch_norm=False).rows]
    assert sum(growths) / 3 == pytest.approx(log(predicted.values[54]), rel=0.1)


def by_hand(network_plan: Plan, init: str, batch: int) -> tuple[list[float], list[float], list[float]]:
    """Gradients of trunk and first weights, and second moments, by a plain forward and backward pass."""
    generator = Generator().manual_seed(0)
    x = torch.randn(batch, *network_plan.image.dims, generator=generator)
    labels = torch.randint(network_plan.output.c, (batch,), generator=generator)
    net = build(network_plan).train()
    initialise(net, init, generator)
    torch.manual_seed(0)
    # in the probe's memory format, which decides what dropout drops
    trunk = [net.stem(x.contiguous(memory_format=torch.channels_last).requires_grad_())]
    for stage in net.stages:
        for unit in stage:  # type: ignore[attr-defined]
            trunk.append(unit(trunk[-1]))
    for tensor in trunk:
        tensor.retain_grad()
    F.cross_entropy(net.head(trunk[-1]), labels).backward()  # type: ignore[no-untyped-call]
    gradients = [nan if t.grad is None else t.grad.norm().item() for t in trunk]
    weights = [_first(unit) for unit in net.modules() if isinstance(unit, Residual)]
    return gradients, weights, [t.square().mean().item() for t in trunk]


def _first(unit: Residual) -> float:
    inside = unit.branch[0] if isinstance(unit.branch, nn.ModuleList) else unit.branch
    for layer in inside.modules():
        if isinstance(layer, nn.Conv2d):
            return nan if layer.weight.grad is None else layer.weight.grad.norm().item()
    return nan


@settings(max_examples=25)
@given(network=networks())
def test_a_plain_backward_pass_finds_the_same(network: Network) -> None:
    try:
        network_plan = plan(network)
    except ExplorerError:
        assume(False)
    config = ProbeConfig(("gradient", "weight-gradient", "second-moment"), seeds=1, batch=3)
    ours = Lane(network_plan, config).measure(0)
    gradients, weights, moments = by_hand(network_plan, config.init, config.batch)
    assert ours.values["gradient"] == pytest.approx(gradients, rel=1e-3, abs=1e-9, nan_ok=True)
    assert ours.values["weight-gradient"] == pytest.approx(weights, rel=1e-3, abs=1e-9, nan_ok=True)
    assert ours.values["second-moment"] == pytest.approx(moments, rel=1e-4, nan_ok=True)


def test_a_second_probe_finds_the_same_numbers() -> None:
    config = ProbeConfig(tuple(METRICS), seeds=2, batch=4)
    text = "cifar-basic-20;skip=dropout(0.5)"
    assert small(text, config) == small(text, config)


def test_a_probe_leaves_the_random_numbers_of_others_alone_between_seeds() -> None:
    small()  # builds the network
    before = torch.get_rng_state()
    small()
    assert torch.equal(before, torch.get_rng_state())


def test_only_what_is_asked_for_is_measured() -> None:
    assert set(small(config=ProbeConfig(("second-moment",), seeds=1, batch=2))[0].values) == {"second-moment"}
    assert set(small()[0].values) == {"gradient"}


def test_each_metric_alone_is_what_it_is_among_all() -> None:
    (together,) = small(config=ProbeConfig(tuple(METRICS), seeds=1, batch=2))
    for name in METRICS:
        (alone,) = small(config=ProbeConfig((name,), seeds=1, batch=2))
        assert alone.values[name] == together.values[name]


@pytest.mark.parametrize("loss", ["sum", "mean-square"])
def test_another_loss_is_another_number(loss: str) -> None:
    assert small(config=ProbeConfig(seeds=1, batch=2, loss=loss))[0].loss != small()[0].loss


def test_images_are_drawn_by_the_seed_and_brought_to_size() -> None:
    images = torch.rand(6, 3, 40, 40)
    one, two = probe("cifar-basic-20", ProbeConfig(seeds=2, batch=2), images)
    (again,) = probe("cifar-basic-20", ProbeConfig(seeds=1, batch=2), images)
    assert one == again
    assert one.values != two.values


def test_too_few_images_are_refused() -> None:
    with pytest.raises(PlanError, match="a batch of 2 images with 3 channels cannot be drawn from 1 images with 3"):
        probe("cifar-basic-20", ProbeConfig(batch=2), torch.rand(1, 3, 32, 32))


@pytest.mark.parametrize("size", [1e-30, 1e-3, 1e30])
def test_norms_reach_beyond_the_squares_of_float32(size: float) -> None:
    assert norms([torch.full((10, 10), size)]) == pytest.approx([10 * size])


def test_what_leaves_float32_is_said_not_hidden() -> None:
    (one,) = small("cifar-basic-56:plain;depths=200/200/200;widths=4/4/4;stem_width=4;image=8")
    assert not all(value < float("inf") for value in one.values["gradient"])
