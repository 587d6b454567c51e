"""What is suggested for a name that is no word."""

import pytest

from resnet_explorer.errors import LanguageError
from resnet_explorer.language.names import RELATED, SYNONYMS
from resnet_explorer.language.parser import is_word, parse_block
from resnet_explorer.language.registry import OPS


def refusal(text: str) -> LanguageError:
    with pytest.raises(LanguageError) as caught:
        parse_block(text)
    return caught.value


@pytest.mark.parametrize("name", ["attention", "transformer", "lstm", "softmax", "embedding", "sequential"])
def test_a_name_like_no_word_is_not_taken_for_one(name: str) -> None:
    error = refusal(f"conv {name} +")
    assert (error.suggestion, error.suggestions) == ("", ())
    assert f"unknown word {name!r} at column 6; it is not in the language, which has conv, bn, relu" in str(error)


def test_a_misspelled_word_is_mended_with_its_arguments() -> None:
    assert refusal("bn -> convv(groups=2), + relu").suggestions == ("bn -> conv(groups=2), + relu",)


def test_for_a_name_that_is_missing_words_of_its_kind_are_offered() -> None:
    error = refusal("conv LeakyReLU(0.1) +")
    assert "near it is 'relu' or 'gelu' or 'silu'" in str(error)
    assert error.suggestions == ("conv relu +", "conv gelu +", "conv silu +")
    assert error.replaces == "sentence"


@pytest.mark.parametrize(("name", "words"), RELATED.items())
def test_what_is_near_a_missing_name_is_in_the_language(name: str, words: tuple[str, ...]) -> None:
    assert set(words) <= {*OPS, *SYNONYMS}
    assert not is_word(name)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("bn | conv", ("bn | conv +",)),
        ("bn | conv | conv +", ("bn | conv  conv +",)),
        ("conv bn + relu conv +", ("conv bn +", "relu conv +")),
        ("", ("conv bn relu conv bn + relu",)),
    ],
)
def test_a_sentence_of_a_wrong_form_is_mended_as_a_whole(text: str, mended: tuple[str, ...]) -> None:
    assert refusal(text).suggestions == mended
    assert all(parse_block(sentence) for sentence in mended)
