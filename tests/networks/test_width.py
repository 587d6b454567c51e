"""Networks at another width: exactly where they can take it, else at the nearest step, which is said."""

from fractions import Fraction

import pytest

from resnet_explorer.errors import ExplorerError
from resnet_explorer.networks.catalog import preset_network
from resnet_explorer.networks.families import FAMILIES
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request
from resnet_explorer.networks.width import fit_width

HALF = Fraction(1, 2)


@pytest.mark.parametrize("name", [family.example for family in FAMILIES if family.name != "res2next"])
def test_a_width_that_fits_is_taken_exactly_and_without_a_note(name: str) -> None:
    network = preset_network(name).network
    assert fit_width(network, HALF) == (network.scaled(HALF), "")


@pytest.mark.parametrize(
    ("line", "widths", "inside", "says"),
    [
        ("res2next-29-8c-25w-4s", (128, 256, 512), 384, "384/768/1536 channels inside the units instead of 400/800"),
        ("res2next-29-7c-13w-3s", (128, 256, 512), 126, "126/252/504 channels inside the units instead of 136.5"),
        ("cifar-basic-20:conv(groups=16) bn relu conv +", (16, 16, 32), 16, "16/16/32 channels instead of 8/16/32,"),
        ("cifar-basic-20;widths=17/30/60", (8, 15, 30), 8, "8/15/30 channels instead of 8.5/15/30,"),
    ],
)
def test_a_width_that_does_not_fit_is_taken_to_the_nearest_step(
    line: str, widths: tuple[int, ...], inside: int, says: str
) -> None:
    network, note = fit_width(parse_request(line).network, HALF)
    assert network.widths == widths
    assert network.widths[0] / network.ratio == inside
    assert plan(network).params < plan(parse_request(line).network).params
    assert note.startswith("width 1/2 was taken to the nearest step, ")
    assert says in note
    assert ", since " in note


def test_what_cannot_be_built_at_any_width_keeps_its_own_error() -> None:
    with pytest.raises(ExplorerError, match="head: fc needs numbers in a row"):
        fit_width(parse_request("cifar-basic-20;head=fc").network, HALF)
