"""The entries of the atlas against built networks: what is merged computes the same, and nothing else does."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.language.parser import parse_block
from resnet_explorer.models.build import build
from resnet_explorer.networks.atlas_grammar import PROPERTIES, known_name, properties_of
from resnet_explorer.networks.atlas_words import (
    NEVER_NEGATIVE,
    NORMALISED_AGAIN,
    entries,
    never_negative,
    sentences,
    simplify,
)
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

# two units a stage; every unit begins as it is written, also the first
NETWORK = "cifar-basic-14:{};width=1/4;image=8;bare=off"
CLOSE = 1e-6


@pytest.fixture(autouse=True)
def _double() -> Iterator[None]:
    """Numbers precise enough that what is equal only nearly shows."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def output(sentence: str) -> Tensor:
    """What a network of these units gives, with the same weights by the order of its layers, in training mode."""
    net = build(plan(parse_request(NETWORK.format(sentence)).network))
    generator = torch.Generator().manual_seed(3)
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            fan = module.weight[0].numel()
            module.weight.data = torch.randn(module.weight.shape, generator=generator) * (2 / fan) ** 0.5
        if isinstance(module, nn.Linear):
            nn.init.zeros_(module.bias)
        if isinstance(module, nn.BatchNorm2d):
            module.eps = 1e-12
    x = torch.randn(8, 3, 8, 8, generator=torch.Generator().manual_seed(5))
    with torch.no_grad():
        y: Tensor = net.train()(x)
    return y.flatten()


def are_equal(one: Tensor, other: Tensor) -> bool:
    return bool((one - other).abs().max() <= CLOSE * one.abs().max())


def test_sentences_of_an_entry_compute_the_same_and_those_of_two_entries_do_not() -> None:
    groups = [(output(entry.sentence), entry) for entry in entries()]
    for first, entry in groups:
        for one in entry.same:
            assert are_equal(first, output(one.sentence)), (entry.sentence, one.sentence)
    for number, (first, entry) in enumerate(groups):
        equal = [other.sentence for value, other in groups[:number] if are_equal(first, value)]
        assert not equal, (entry.sentence, equal)


def test_every_sentence_is_in_one_entry() -> None:
    placed = [sentence for entry in entries() for sentence in entry.sentences]
    assert len(placed) == len(set(placed))
    assert set(sentences()) <= set(placed)
    assert (len(list(sentences())), len(entries())) == (420, 394)


@pytest.mark.parametrize("words", [(2, 0, 0), (2, 1, 0), (2, 0, 2), (2, 1, 1), (3, 1, 1)])
def test_fewer_and_more_words_are_counted_by_what_they_are(words: tuple[int, int, int]) -> None:
    convs, bns, relus = words
    for sentence in sentences(*words):
        assert [sentence.split().count(word) for word in ("conv", "bn", "relu", "+")] == [convs, bns, relus, 1]
    assert len(entries(*words)) <= len(list(sentences(*words)))


@pytest.mark.parametrize(
    ("sentence", "shortest", "reasons"),
    [
        ("conv bn relu conv bn + relu", "conv bn relu conv bn + relu", ()),
        ("relu conv bn conv bn + relu", "conv bn conv bn + relu", (NEVER_NEGATIVE,)),
        ("conv bn conv bn relu + relu", "conv bn conv bn relu +", (NEVER_NEGATIVE,)),
        ("conv relu conv relu bn bn +", "conv relu conv relu bn +", (NORMALISED_AGAIN,)),
        ("relu conv relu relu conv bn bn +", "relu conv relu conv bn +", (NEVER_NEGATIVE, NORMALISED_AGAIN)),
    ],
)
def test_words_that_do_nothing_are_left_out(sentence: str, shortest: str, reasons: tuple[str, ...]) -> None:
    block, why = simplify(parse_block(sentence))
    assert str(block) == shortest
    assert set(why) == set(reasons)


def test_a_trunk_is_never_negative_only_where_all_that_reaches_it_is_not() -> None:
    assert never_negative(parse_block("conv bn conv bn relu +"))
    assert not never_negative(parse_block("conv bn relu conv bn +"))
    # where the shape changes, the shortcut is normalised with the branch
    assert not never_negative(parse_block("bn conv relu conv relu +"))


def test_all_named_orderings_with_a_shortcut_are_on_the_map() -> None:
    names = {known_name(entry.sentence, 2) for entry in entries()} - {""}
    assert names == ORDERINGS.keys() - {"plain"}


@pytest.mark.parametrize(
    ("sentence", "properties"),
    [
        ("conv bn relu conv bn + relu", {"relu-on-trunk", "bn-between", "relu-between", "bn-after-conv"}),
        (
            "bn relu conv bn relu conv +",
            {"plus-last", "bn-before-conv", "relu-before-conv", "bn-between", "relu-between"},
        ),
        ("conv relu + bn conv", {"bn-on-trunk", "conv-on-trunk", "bn-between", "relu-between", "relu-ends-branch"}),
    ],
)
def test_properties_are_those_of_the_sentence(sentence: str, properties: set[str]) -> None:
    assert set(properties_of(sentence)) == properties


def test_every_property_tells_orderings_apart() -> None:
    for name in PROPERTIES:
        having = sum(name in properties_of(entry.sentence) for entry in entries())
        assert 0 < having < len(entries())
