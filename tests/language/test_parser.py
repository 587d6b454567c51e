"""Text to words and back."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_explorer.errors import LanguageError
from resnet_explorer.language.names import SYNONYMS
from resnet_explorer.language.parser import parse_block, parse_chain
from resnet_explorer.language.registry import OPS
from resnet_explorer.language.syntax import format_chain
from resnet_explorer.language.tokens import MAX_CHARACTERS, MAX_OPS
from tests.fixtures.sentences import Typed, sentences, typed

ORIGINAL = "conv bn relu conv bn + relu"
HUGE = {
    "characters": "c" * 100_000,
    "words": "bn " * 10_000,
    "open brackets": "(" * 50_000,
    "closed brackets": "conv(" + ")" * 50_000,
    "a huge number": f"conv({'9' * 100_000})",
    "unicode": "卷积" * 50_000,
    "merge steps": "+" * 100_000,
    "arrows": "->" * 50_000 + ORIGINAL,
}


def refusal(text: str) -> LanguageError:
    with pytest.raises(LanguageError) as caught:
        parse_block(text)
    return caught.value


@given(sentences().flatmap(typed))
def test_the_text_of_a_block_reads_back_to_the_same_block(text: str) -> None:
    block = parse_block(text)
    assert parse_block(str(block)) == block
    assert str(parse_block(str(block))) == str(block)


@given(st.data(), sentences())
def test_however_a_sentence_is_typed_it_is_the_same_block(data: st.DataObject, sentence: list[Typed]) -> None:
    assert parse_block(data.draw(typed(sentence))) == parse_block(data.draw(typed(sentence)))


@pytest.mark.parametrize("name", [name for name, word in OPS.items() if not word.merges])
def test_a_word_without_arguments_is_its_own_text(name: str) -> None:
    assert format_chain(parse_chain(name)) == name


@pytest.mark.parametrize(("synonym", "meant"), SYNONYMS.items())
def test_a_synonym_is_the_same_word(synonym: str, meant: str) -> None:
    assert parse_block(f"relu {synonym}") == parse_block(f"relu {meant}")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("conv3", "conv"),
        ("conv(k=3, groups=1)", "conv"),
        ("conv(1)", "conv1"),
        ("conv(bias=on, k=1)", "conv1(bias=true)"),
        ("conv1x1(2)", "conv1(groups=2)"),
        ("conv05(dilation=02)", "conv5(dilation=2)"),
        ("maxpool(2)", "maxpool2"),
        ("dropout(p=.30)", "dropout(0.3)"),
        ("dropout(0.5)", "dropout"),
        ("scale(-0)", "scale(0)"),
        ("scale(1e+2, TRUE)", "scale(100, learned=true)"),
        ("scale(123456789e99)", "scale(1.23456789e+107)"),
        ("wasp(rates=18/12/6)", "wasp"),
        ("wasp(rates=6)", "wasp(6)"),
        ("res2(scale=8, first=CONV)", "res2(8, first=conv)"),
        ("CONV -> Bn → ReLU, conv,bn ,+,relu", ORIGINAL),
        ("conv+relu", "conv + relu"),
        ("|conv+", "conv +"),
        ("conv() rk4( )", "conv rk4"),
    ],
)
def test_text_is_canonical(text: str, canonical: str) -> None:
    assert str(parse_block(text)) == canonical


def test_the_original_unit_is_a_branch_a_sum_and_a_relu() -> None:
    block = parse_block(ORIGINAL)
    assert format_chain(block.branch) == "conv bn relu conv bn"
    assert (str(block.merge), format_chain(block.post), block.pre) == ("+", "relu", ())


def test_words_before_the_fork_are_not_in_the_branch() -> None:
    block = parse_block("bn relu | conv bn relu conv +")
    assert (format_chain(block.pre), format_chain(block.branch)) == ("bn relu", "conv bn relu conv")


def test_a_sentence_without_a_merge_step_is_plain() -> None:
    assert parse_block("conv bn relu").merge is None


@pytest.mark.parametrize(
    ("text", "column", "suggestion"),
    [
        ("bn convv +", 4, "conv"),
        ("bn ->  rellu +", 8, "relu"),
        ("bn → rellu +", 6, "relu"),
        ("conv bn batchnrm +", 9, "batchnorm"),
        ("conv qqqqqq +", 6, ""),
        ("conv ( bn", 6, ""),
        ("conv(3", 5, ""),
        ("conv((3))", 5, ""),
        ("conv(3)(3)", 8, ""),
        ("conv bn)", 8, ""),
        ("conv(4) +", 1, ""),
        ("bn conv(groups=x)", 4, ""),
        ("bn conv(groups=-1)", 4, ""),
        ("bn conv(wings=2)", 4, ""),
        ("bn conv(3, k=3)", 4, ""),
        ("conv(3,)", 1, ""),
        ("conv1(k=1)", 1, ""),
        ("bn(3)", 1, ""),
        ("relu6", 1, "relu"),
        ("dropout(nan)", 1, ""),
        ("scale(9e999)", 1, ""),
        ("scale(learned=2)", 1, ""),
        ("wasp(6//2)", 1, ""),
        ("res2(first=max)", 1, ""),
        ("conv bn ; relu", 9, ""),
        ("conv é", 6, ""),
        ("conv \0 bn", 6, ""),
        ("+ relu", 1, ""),
        ("bn | + relu", 6, ""),
        ("bn | conv | conv +", 11, ""),
        ("conv + | conv", 8, ""),
        ("bn | conv", 1, "+"),
        ("conv + relu +", 13, ""),
        ("", 1, ""),
        ("-> , →", 1, ""),
    ],
)
def test_a_refusal_names_the_column_and_the_word_meant(text: str, column: int, suggestion: str) -> None:
    error = refusal(text)
    assert (error.column, error.suggestion) == (column, suggestion)


def test_a_refusal_is_one_sentence_with_the_values() -> None:
    assert str(refusal("bn convv +")) == "unknown word 'convv' at column 4; did you mean 'conv'?"
    assert str(refusal("bn conv(k=4)")) == "conv at column 4: k is 1 or 3 or 5 or 7, not '4'"


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("conv bn + relu conv +", ("conv bn +", "relu conv +")),
        ("conv add relu rk4(true)", ("conv +", "relu rk4(true)")),
        ("conv bn rk3( kutta ) relu blend", ("conv bn rk3", "relu blend")),
        ("bn | conv + relu +", ("bn | conv +", "relu +")),
        ("conv -> + -> bn -> +", ("conv +", "bn +")),
        ("conv + +", ("conv +",)),
        ("+ bn +", ("bn +",)),
        ("+ +", (ORIGINAL,)),
    ],
)
def test_of_two_merge_steps_both_single_units_are_offered(text: str, offers: tuple[str, ...]) -> None:
    message = str(refusal(text))
    assert message.endswith(" or ".join(f"{offer!r}" for offer in offers))
    assert all(str(parse_block(offer)) == offer for offer in offers)


@pytest.mark.parametrize("text", ["conv +", "bn | conv", "blend"])
def test_a_chain_has_neither_fork_nor_merge_step(text: str) -> None:
    with pytest.raises(LanguageError, match="has no place here"):
        parse_chain(text)


def test_an_empty_chain_is_allowed() -> None:
    assert parse_chain(" ") == ()


def test_a_sentence_may_have_the_longest_length_and_no_more() -> None:
    longest = "conv " * (MAX_OPS - 1) + "bn"
    assert len(parse_block(longest).branch) == MAX_OPS
    assert refusal(longest + " bn").column == len(longest) + 2
    assert refusal("conv" + " " * (MAX_CHARACTERS - 3)).column == MAX_CHARACTERS + 1


def test_a_sentence_that_is_too_long_when_spelled_out_is_refused() -> None:
    assert "characters" in str(refusal("conv(1,2,2,2,2,on) " * 21))


@pytest.mark.parametrize("kind", HUGE)
def test_huge_input_is_refused_in_little_memory(kind: str) -> None:
    tracemalloc.start()
    error = refusal(HUGE[kind])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10e6
    assert len(str(error)) < 300


@settings(max_examples=200)
@given(st.text(max_size=40) | st.text("conv1(=,)+|->.e9bn relu", max_size=40))
def test_any_text_is_read_or_refused_at_a_column_it_has(text: str) -> None:
    assert 0 <= column_of(text) <= len(text) + 1


def column_of(text: str) -> int:
    """The column at which a text is refused, or 0."""
    try:
        parse_block(text)
    except LanguageError as error:
        return error.column
    return 0
