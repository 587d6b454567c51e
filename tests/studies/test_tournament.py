"""Who trains in which round: by numbers alone, before anything is trained."""

from math import inf, nan

import pytest

from resnet_explorer.runs.atlas import Atlas
from resnet_explorer.studies.tournament import FINAL, LONG, first_round, known_entries, next_round, ranked, sample

ATLAS = Atlas()
COUNT = len(ATLAS.entries)


def spreads() -> dict[int, float | None]:
    return {number: float((7 * number) % COUNT) for number in range(COUNT)}


def test_entries_whose_gradient_is_no_number_come_last() -> None:
    assert ranked({0: None, 1: 2.0, 2: inf, 3: 0.5, 4: nan}) == [3, 1, 0, 2, 4]


def test_the_first_round_has_the_best_third_a_third_drawn_and_the_named_ones() -> None:
    entries = first_round(ATLAS, spreads())
    assert len(entries) == len(set(entries))
    assert {number for number, spread in spreads().items() if spread is not None and spread < COUNT / 3} <= set(entries)
    assert set(sample(ATLAS)) | set(known_entries(ATLAS)) <= set(entries)


def test_the_sample_is_drawn_without_what_the_probe_says_and_by_the_seed() -> None:
    assert sample(ATLAS) == sample(Atlas())
    assert sample(ATLAS) != sample(Atlas(seed=1))
    assert len(sample(ATLAS)) == -(-COUNT // 3)


@pytest.mark.parametrize(("name", "share"), [(LONG, 9), (FINAL, 27)])
def test_the_best_go_on_with_the_named_ones_and_the_lost_do_not(name: str, share: int) -> None:
    accuracies = {number: None if number % 50 == 0 else number / COUNT for number in range(COUNT)}
    entries = next_round(ATLAS, name, accuracies)
    best = sorted((number for number in accuracies if number % 50), reverse=True)[: -(-COUNT // share)]
    assert set(entries) == set(best) | set(known_entries(ATLAS))
