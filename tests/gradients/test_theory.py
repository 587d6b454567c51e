"""The curves against the facts sheet's numbers, and the random walk against itself."""

from math import pi, sqrt
from random import Random

import numpy as np
import pytest

from resnet_explorer.gradients.theory import predict, propagate
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request


def curve(ordering: str, metric: str, depth: int = 110, batch_norm: bool = True) -> tuple[float, ...]:
    prediction = predict(parse_request(f"cifar-basic-{depth}:{ordering}").network, metric, batch_norm)
    assert prediction is not None
    return prediction.values


def test_the_walk_meets_the_sheets_simulation() -> None:
    moments = [propagate(32)[length + 1][1] for length in (1, 4, 8, 16, 24)]
    assert moments == pytest.approx([1.158, 3.418, 6.695, 13.65, 20.76], rel=0.01)


def test_the_walk_meets_a_walker() -> None:
    random, total = Random(0), [0.0] * 9
    for _ in range(4000):
        x = 0.0
        for step in range(1, 9):
            x = max(0.0, x + random.gauss(0, 1))
            total[step] += x / 4000
    assert [mean for mean, _ in propagate(8)] == pytest.approx(total, rel=0.05)


def test_relu_only_adds_one_a_unit() -> None:
    assert curve("relu-only-preactivation", "second-moment")[:19] == pytest.approx([0.5 + k for k in range(19)])


def test_relu_before_addition_adds_a_mean() -> None:
    moments, variances = (curve("relu-before-addition", name) for name in ("second-moment", "channel-variance"))
    means = [sqrt(moment - variance) for moment, variance in zip(moments, variances, strict=True)]
    assert means[1:19] == pytest.approx([(k + 1) / sqrt(2 * pi) for k in range(1, 19)])


def test_full_preactivation_adds_the_share_of_valid_taps() -> None:
    moments = curve("full-preactivation", "second-moment")
    assert moments[5] - moments[4] == pytest.approx(0.95877, abs=1e-5)
    assert moments[25] - moments[24] == pytest.approx(0.91840, abs=1e-5)
    assert moments[50] - moments[49] == pytest.approx(0.84028, abs=1e-5)


def test_gradients_of_full_preactivation_grow_by_stage_as_measured() -> None:
    values = curve("full-preactivation", "gradient")
    stages = [values[0] / values[18], values[19] / values[36], values[37] / values[54]]
    assert stages == pytest.approx([20.1, 11.8, 9.72], rel=0.15)
    assert [values[18] / values[19], values[36] / values[37]] == pytest.approx([0.365, 0.358], rel=0.03)


def test_plain_gradients_grow_by_the_constant_of_batch_normalisation() -> None:
    values = curve("plain", "gradient", depth=20)
    assert values[-2] / values[-1] == pytest.approx(1.46694, abs=1e-5)
    assert curve("plain", "second-moment", depth=20) == pytest.approx([0.5] * 10)


def test_without_normalisation_the_second_moment_about_doubles() -> None:
    values = curve("full-preactivation", "second-moment", batch_norm=False)
    assert values[5] / values[4] == pytest.approx(2, rel=0.05)


def test_two_inputs_agree_as_much_as_matrices_with_gates_of_their_own_have_it() -> None:
    """x + W2 D2 W1 D1 x, He's weights and D drawn for each input, against the share kept without normalisation."""
    rng, size, kept = np.random.default_rng(0), 300, []
    for _ in range(4):
        gradients = np.repeat(rng.normal(size=(size, 1)), 2, axis=1)
        for _ in range(3):
            inner = gradients
            for _ in range(2):
                gates = rng.integers(0, 2, (size, 2))
                inner = gates * (rng.normal(size=(size, size)) * sqrt(2 / size) @ inner)
            gradients = gradients + inner
        a, b = gradients.T
        kept.append(a @ b / sqrt((a @ a) * (b @ b)))
    values = curve("full-preactivation", "correlation", batch_norm=False)
    beta = 0.95877
    assert values[15] / values[18] == pytest.approx(((1 + beta**2 / 4) / (1 + beta**2)) ** 3, rel=1e-4)
    assert sum(kept) / len(kept) == pytest.approx((5 / 8) ** 3, abs=0.06)
    plain = curve("plain", "correlation", depth=20)
    assert plain[0] == pytest.approx(4.0**-9)


@pytest.mark.parametrize("ordering", ORDERINGS)
@pytest.mark.parametrize(
    "metric", ["gradient", "weight-gradient", "second-moment", "channel-variance", "branch-response", "correlation"]
)
def test_a_curve_has_a_positive_value_for_every_place(ordering: str, metric: str) -> None:
    network = parse_request(f"cifar-basic-56:{ordering}").network
    prediction = predict(network, metric)
    if prediction is not None:
        assert len(prediction.values) == plan(network).unit_count + (metric != "branch-response")
        assert min(prediction.values) > 0


@pytest.mark.parametrize(
    "text",
    ["cifar-basic-56;shortcut=B", "cifar-basic-56;skip=scale(0.5)", "cifar-basic-56:full-preactivation;share=off",
     "cifar-basic-56;stem=conv", "cifar-bottleneck-29", "horesnet-rk4-26", "vgg-16"],
)  # fmt: skip
def test_what_no_fact_covers_has_no_curve(text: str) -> None:
    assert predict(parse_request(text).network, "second-moment") is None


def test_other_weights_than_hes_have_no_curve() -> None:
    assert predict(parse_request("cifar-basic-56").network, "second-moment", True, "zero-gamma") is None
