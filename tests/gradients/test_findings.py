"""Sentences computed from numbers: each says what these numbers show, and nothing they do not."""

from math import inf, nan

import pytest

from resnet_explorer.describe.sentence import capitalised
from resnet_explorer.gradients.findings import find, format_amount, rank_by_ratio, sentence
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import GradientProfile

PLACES = ((0, 0), (1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3))


def profile_of(*values: float, metric: str = "gradient") -> GradientProfile:
    return GradientProfile(METRICS[metric], PLACES[-len(values) :], (values,))


def kinds(profile: GradientProfile) -> list[str]:
    return [finding.kind for finding in find(profile, "A")]


def text(profile: GradientProfile) -> str:
    return capitalised(str(sentence(find(profile, "A"))))


def test_growth_is_written_in_decades_and_by_stage() -> None:
    sentences = text(profile_of(80, 40, 20, 10, 5, 2.5, 1.25))
    assert sentences == (
        "Gradients grow toward the input by 1.8 decades in lane A; nothing vanishes; "
        "most of it in stage 1 (+0.9 decades)."
    )


def test_less_than_a_decade_is_written_as_a_factor() -> None:
    assert text(profile_of(3, 2.5, 2.2, 1.8, 1.5, 1.2, 1)).startswith(
        "Gradients grow toward the input by a factor of 3.0"
    )


def test_equal_values_are_flat() -> None:
    assert text(profile_of(*[2.0] * 7)) == "Gradients keep their size in lane A (×1); nothing vanishes."


def test_what_falls_a_thousandfold_vanishes() -> None:
    assert kinds(profile_of(*[10.0**k for k in range(-6, 1)]))[:2] == ["vanish", "vanish"]
    assert "nothing vanishes" not in text(profile_of(*[10.0**k for k in range(-6, 1)]))


def test_what_vanishes_on_the_way_is_found_there() -> None:
    assert "at stage 1, unit 2 only 1.0e-05 of it is left" in text(profile_of(1, 1, 1e-5, 1, 1, 1, 1))


def test_four_decades_explode() -> None:
    assert kinds(profile_of(*[10.0**k for k in range(6, -1, -1)]))[0] == "explode"


def test_forward_metrics_are_read_toward_the_output() -> None:
    sentences = text(profile_of(*[2.0**k for k in range(7)], metric="second-moment"))
    assert sentences.startswith("Activations on the trunk grow toward the output by 1.8 decades")
    assert "vanishes" not in sentences


def test_a_jump_between_stages_is_a_kink() -> None:
    assert "a kink where stage 2 begins: ×0.25 against ×1 beside it" in text(profile_of(1, 1, 1, 1, 4, 4, 4))


def test_steady_growth_across_stages_is_no_kink() -> None:
    assert "kink" not in kinds(profile_of(*[1.5 ** (6 - k) for k in range(7)]))


def test_stages_of_one_unit_have_no_kinks_to_compare_with() -> None:
    lone = GradientProfile(METRICS["gradient"], ((0, 0), (1, 1), (2, 1), (3, 1)), ((4.0, 3.0, 2.0, 1.0),))
    assert kinds(lone)[:2] == ["grow", "lasting"]


@pytest.mark.parametrize("broken", [inf, nan])
def test_an_overflow_is_placed_where_the_signal_meets_it(broken: float) -> None:
    assert text(profile_of(broken, broken, broken, 9, 4, 2, 1)) == (
        "In lane A gradients leave the range of float32 at stage 1, unit 2 and toward the input."
    )
    assert "stage 2, unit 2 and toward the output" in text(
        profile_of(1, 2, 3, 4, 5, broken, broken, metric="second-moment")
    )


def test_no_number_anywhere_has_a_sentence() -> None:
    assert text(profile_of(*[nan] * 7)) == "Gradients have no finite value anywhere in lane A."


def test_exact_zeros_have_a_sentence() -> None:
    assert text(profile_of(0, 0, 0, 0, 0, 0, 1)) == "Gradients are exactly zero in 6 of 7 places in lane A."
    assert text(profile_of(*[0.0] * 7)) == "Gradients are exactly zero everywhere in lane A."


def test_lanes_are_ranked_by_their_ratio_and_overflows_left_out() -> None:
    profiles = {"A": profile_of(8, 1), "B": profile_of(2e6, 1), "C": profile_of(nan, 1)}
    assert str(rank_by_ratio(profiles)) == "First over last, largest first: B 2.0e+06, A 8."
    assert str(rank_by_ratio({"A": profile_of(8, 1)})) == ""


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (0.358, "0.358"), (80.8, "80.8"), (7125, "7,120"), (6e7, "6.0e+07")]
)
def test_amounts_are_short(value: float, shown: str) -> None:
    assert format_amount(value) == shown
