"""The layer table: one row a layer."""

from itertools import groupby

import pytest

from resnet_explorer.describe.table import LayerRow, format_shape, layer_rows, unit_rows
from resnet_explorer.networks.families import FAMILIES
from resnet_explorer.networks.memory import memory
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import parse_request

WORLD = [
    *(family.example for family in FAMILIES),
    "cifar-basic-20:full-preactivation",
    "cifar-basic-20:plain",
    "cifar-basic-20:bn relu | conv bn relu conv rk3(heun, shared=true) bn",
    "cifar-bottleneck-29;skip=gate",
]


def planned(text: str) -> Plan:
    return plan(parse_request(text).network)


def expected(network_plan: Plan) -> list[tuple[int, int, str, str, tuple[int, ...], int, int]]:
    """The same table, built unit by unit instead of run by run, and without the memory."""
    places = [(0, 0, "stem", layer) for layer in network_plan.stem]
    for position in network_plan.units():
        places += [
            (position.stage, position.index, part, layer) for part, chain in position.unit.parts() for layer in chain
        ]
    places += [(0, 0, "head", layer) for layer in network_plan.head]
    return [
        (stage, unit, part, layer.word, layer.shape.dims, layer.params, layer.macs)
        for stage, unit, part, layer in places
    ]


def sums(table: list[LayerRow]) -> tuple[int, int, int]:
    return sum(row.params for row in table), sum(row.macs for row in table), sum(row.memory for row in table)


@pytest.mark.parametrize("text", WORLD)
def test_the_rows_are_those_of_the_units_one_after_the_other(text: str) -> None:
    network_plan = planned(text)
    assert [row[:-1] for row in layer_rows(network_plan)] == expected(network_plan)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("text", WORLD)
def test_the_rows_add_up_to_the_totals(text: str, precision: str) -> None:
    network_plan = planned(text)
    activations = memory(network_plan, 8, precision).activations
    assert sums(layer_rows(network_plan, 8, precision)) == (network_plan.params, network_plan.macs, activations)


@pytest.mark.parametrize("text", WORLD)
def test_the_rows_of_a_unit_add_up_to_its_row(text: str) -> None:
    network_plan = planned(text)
    inside = [row for row in layer_rows(network_plan, 8) if row.stage]
    units = groupby(inside, key=lambda row: (row.stage, row.unit))
    assert [(*place, *sums(list(table))) for place, table in units] == [
        (row.stage, row.unit, row.params, row.macs, row.memory) for row in unit_rows(network_plan, 8)
    ]


@pytest.mark.parametrize("text", WORLD)
def test_the_receptive_field_grows_to_that_of_the_plan(text: str) -> None:
    fields = [row.receptive_field for row in unit_rows(planned(text))]
    assert fields == sorted(fields)
    assert fields[-1] == planned(text).receptive_field


def test_the_numbers_of_a_row_are_those_of_its_layer() -> None:
    assert layer_rows(planned("cifar-basic-20"))[0] == (
        0,
        0,
        "stem",
        "conv",
        (16, 32, 32),
        432,
        442_368,
        4 * 3 * 32 * 32,
    )


def test_the_batch_multiplies_memory_and_nothing_else() -> None:
    single, many = (sums(layer_rows(planned("cifar-basic-20"), batch)) for batch in (1, 128))
    assert many == (*single[:2], 128 * single[2])


@pytest.mark.parametrize(("dims", "text"), [((16, 32, 32), "16×32²"), ((16, 32, 31), "16×32×31"), ((10,), "10")])
def test_a_shape_is_spelled_as_a_person_reads_it(dims: tuple[int, ...], text: str) -> None:
    assert format_shape(dims) == text
