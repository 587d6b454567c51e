"""Splits a sentence into its words, each with the column where it stands."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from resnet_explorer.errors import LanguageError

MAX_CHARACTERS = 400
MAX_OPS = 60


class Token(NamedTuple):
    """A word as it was typed, arguments and all; its column counts from 1."""

    text: str
    column: int
    sentence: str

    def replaced(self, word: str) -> str:
        """The sentence with another word in this one's place."""
        start = self.column - 1
        return f"{self.sentence[:start]}{word}{self.sentence[start + len(self.text) :]}"

    def error(self, reason: str, *words: str) -> LanguageError:
        """An error at this word, to be raised; it offers the sentence with each of these words in its place."""
        return LanguageError(reason, self.column, suggestions=tuple(map(self.replaced, words)))


def split_tokens(text: str) -> Iterator[Token]:
    """Each word; arrows and commas between words are dropped."""
    check_length(text)
    # a space for every character, so that columns stay
    spaced = text.replace("→", " ").replace("->", "  ")
    _check_characters(spaced)
    matches = list(re.finditer(r"[+|]|[^\s,()+|]+(?:\([^()]*\))?|[()]", spaced))
    if len(matches) > MAX_OPS:
        column = matches[MAX_OPS].start() + 1
        raise LanguageError(f"the sentence has {len(matches)} words; {MAX_OPS} are the limit", column)
    for match in matches:
        token = Token(match.group(), match.start() + 1, text)
        if token.text in "()":
            raise token.error(
                f"{token.text!r} at column {token.column} belongs to no word; "
                "arguments follow directly, as in 'conv(groups=2)'"
            )
        yield token


def check_length(text: str, how: str = "") -> None:
    """Refuse a sentence of too many characters."""
    if len(text) > MAX_CHARACTERS:
        raise LanguageError(
            f"the sentence {how}has {len(text):,} characters; {MAX_CHARACTERS} are the limit", MAX_CHARACTERS + 1
        )


def _check_characters(text: str) -> None:
    for column, character in enumerate(text, start=1):
        if not (character.isascii() and (character.isprintable() or character.isspace())):
            raise LanguageError(
                f"unknown character {character!a} at column {column}; words are plain ASCII letters", column
            )
