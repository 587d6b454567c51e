"""A network at another width: exactly, or at the nearest widths that its groups and splits can take."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from resnet_explorer.errors import NetworkError, PlanError
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import plan

# the largest number of channels that widths are rounded to multiples of
MOST_ROUNDED = 64
# channels inside a unit that are tried on either side of what the factor asks for
MOST_TRIED = 64


class FittedNetwork(NamedTuple):
    """A network, and where its widths are not exactly those that were asked for one sentence that says so."""

    network: Network
    note: str = ""


@lru_cache(maxsize=512)
def fit_width(network: Network, factor: Fraction) -> FittedNetwork:
    """The network with every width times a factor, or at the nearest step that can be built.

    A step changes the channels of the stages, or those inside the units. Raises the error of the exact widths where
    the network as it stands cannot be built either.
    """
    try:
        exact = network.scaled(factor)
        plan(exact)
    except (NetworkError, PlanError) as error:
        nearest = _nearest(network, factor)
        if nearest is None:
            raise
        return FittedNetwork(nearest, _note(network, nearest, factor, error))
    return FittedNetwork(exact)


def _nearest(network: Network, factor: Fraction) -> Network | None:
    """The candidate that differs least and can be built."""
    if not _is_built(network):
        return None
    wanted = _channels(network, factor)
    candidates = sorted(dict.fromkeys(_candidates(network, factor)), key=lambda other: _distance(other, wanted))
    return next(filter(_is_built, candidates), None)


def _candidates(network: Network, factor: Fraction) -> Iterator[Network]:
    """Widths rounded to multiples of a number, or rounded to whole ones with other channels inside the units."""
    for multiple in range(1, MOST_ROUNDED + 1):
        rounded = _rounded(network, factor, multiple)
        if multiple == 1:
            inside = round(rounded.widths[0] / network.ratio)
            least = max(1, inside - MOST_TRIED)
            for channels in range(least, inside + MOST_TRIED + 1):
                yield replace(rounded, ratio=Fraction(rounded.widths[0], channels))
        yield rounded
    yield network


def _rounded(network: Network, factor: Fraction, multiple: int) -> Network:
    widths = (multiple * max(1, round(width * factor / multiple)) for width in (*network.widths, network.stem_width))
    *stages, stem = widths
    return replace(network, widths=tuple(stages), stem_width=stem)


def _is_built(network: Network) -> bool:
    try:
        plan(network)
    except (NetworkError, PlanError):
        return False
    return True


def _channels(network: Network, factor: Fraction = Fraction(1)) -> list[Fraction]:
    """Those of each stage, inside each stage's units, and of the stem, times a factor."""
    widths = [*map(Fraction, network.widths)]
    inside = [width / network.ratio for width in widths]
    return [factor * channels for channels in (*widths, *inside, Fraction(network.stem_width))]


def _distance(network: Network, wanted: list[Fraction]) -> Fraction:
    """The sum of what all channels differ by, each as a share of what was wanted."""
    pairs = zip(_channels(network), wanted, strict=True)
    return sum((abs(now - then) / then for now, then in pairs), Fraction(0))


def _note(network: Network, nearest: Network, factor: Fraction, error: Exception) -> str:
    """What the factor was taken to, and why not exactly."""
    stages, wanted, now = len(network.widths), _channels(network, factor), _channels(nearest)
    parts = [("channels", slice(stages))]
    # with the same ratio, those inside follow from the others
    parts += [("channels inside the units", slice(stages, 2 * stages))] if nearest.ratio != network.ratio else []
    changes = [
        f"{_format(now[part])} {name} instead of {_format(wanted[part])}"
        for name, part in parts
        if wanted[part] != now[part]
    ]
    changed = " and ".join(changes) or f"{nearest.stem_width} channels of the stem"
    return f"width {factor} was taken to the nearest step, {changed}, since {error}"


def _format(channels: list[Fraction]) -> str:
    return "/".join(f"{float(number):g}" for number in channels)
