"""Who trains in which round of a tournament over an atlas: successive halving, by numbers that are known before it.

First round: the third that the probe ranks best, and a third drawn from all, so that the probe can be judged where it
chose nothing. Second: the ninth that did best, for longer. Last: the best 27th of all, with seeds. The named orderings
are in every round.
"""

import random
from collections.abc import Mapping
from math import ceil, inf, isfinite

from resnet_explorer.networks.atlas_grammar import known_name
from resnet_explorer.runs.atlas import Atlas

SHORT, LONG, FINAL = ROUNDS = "short", "long", "final"
SHARES: Mapping[str, int] = {SHORT: 3, LONG: 9, FINAL: 27}
# the score of the probe that ranks: the fewer decades between the gradients of units, the better
RANKED_BY = "spread"


def ranked(spreads: Mapping[int, float | None]) -> list[int]:
    """Entries from the evenest gradients to the most uneven; those whose gradient is no number come last."""
    return sorted(spreads, key=lambda number: (_or_infinite(spreads[number]), number))


def sample(atlas: Atlas) -> list[int]:
    """A third of all entries, drawn by the atlas's seed before anything is known of them."""
    count = len(atlas.entries)
    return sorted(random.Random(atlas.seed).sample(range(count), ceil(count / SHARES[SHORT])))


def known_entries(atlas: Atlas) -> list[int]:
    """The entries that have a name in the papers."""
    return [number for number, entry in enumerate(atlas.entries) if known_name(entry.sentence, atlas.convs)]


def first_round(atlas: Atlas, spreads: Mapping[int, float | None]) -> list[int]:
    """Who trains first, the best by the probe before the others."""
    best = ranked(spreads)[: ceil(len(spreads) / SHARES[SHORT])]
    return list(dict.fromkeys([*known_entries(atlas), *best, *sample(atlas)]))


def next_round(atlas: Atlas, name: str, accuracies: Mapping[int, float | None]) -> list[int]:
    """Who goes on, from what the round before gave: its best, and the named ones."""
    places = ceil(len(atlas.entries) / SHARES[name])
    best = sorted(accuracies, key=lambda number: (-_or_zero(accuracies[number]), number))[:places]
    return list(dict.fromkeys([*known_entries(atlas), *best]))


def _or_infinite(value: float | None) -> float:
    return value if value is not None and isfinite(value) else inf


def _or_zero(value: float | None) -> float:
    return value if value is not None and isfinite(value) else -inf
