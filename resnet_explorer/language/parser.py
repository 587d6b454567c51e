"""Text to blocks: reads the sentences that units, stems, heads and shortcuts are written in.

A sentence is words in a row. In a unit, words before `|` stand before the fork, one merge step
(`+`, `blend`, `rk2` ...) joins branch and shortcut, and words after it stand on the trunk.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from math import isfinite

from resnet_explorer.errors import LanguageError
from resnet_explorer.language import (
    composites,  # noqa: F401  (they fill the vocabulary)
    merges,  # noqa: F401  (they fill the vocabulary)
    ops,  # noqa: F401  (they fill the vocabulary)
)
from resnet_explorer.language.registry import OPS, Arguments, OpSpec, Parameter, Value
from resnet_explorer.language.syntax import FORK_MARK, Block, Op, Ops, format_chain

MAX_CHARACTERS = 400
MAX_OPS = 60
EXAMPLE = "conv bn relu conv bn + relu"
SYNONYMS = {
    "weight": "conv",
    "conv1x1": "conv1",
    "conv3x3": "conv3",
    "batchnorm": "bn",
    "groupnorm": "gn",
    "layernorm": "ln2d",
    "swish": "silu",
    "id": "identity",
    "linear": "fc",
    "add": "+",
    "euler": "+",
    "rk1": "+",
}


@lru_cache(maxsize=4096)
def parse_chain(text: str) -> Ops:
    """Read a sentence without a fork or a merge step: a stem, a head, a shortcut."""
    words = []
    for column, token in _tokens(text):
        found = None if token == FORK_MARK else _word(token, column)
        if found is None or found.spec.merges:
            raise LanguageError(
                f"{token!r} at column {column} has no place here: only a unit has a fork and a merge", column
            )
        words.append(found)
    _check_length(format_chain(tuple(words)), "spelled out ")
    return tuple(words)


@lru_cache(maxsize=4096)
def parse_block(text: str) -> Block:
    """Read the sentence of a unit."""
    parts: list[list[Op]] = [[]]
    fork = merge = None
    merge_column = 0
    for column, token in _tokens(text):
        if token == FORK_MARK:
            if fork or merge:
                raise LanguageError(f"second fork '|' at column {column}: a unit has one, before its branch", column)
            fork, parts = column, [*parts, []]
            continue
        word = _word(token, column)
        if not word.spec.merges:
            parts[-1].append(word)
        elif merge is None:
            merge, merge_column, parts = word, column, [*parts, []]
        else:
            raise _two_merges(parts, bool(fork), (merge, merge_column), (word, column))
    block = _block(parts, bool(fork), merge, merge_column)
    _check_length(str(block), "spelled out ")
    return block


def _block(parts: list[list[Op]], forked: bool, merge: Op | None, column: int) -> Block:
    if forked and merge is None:
        raise LanguageError("a fork '|' needs a merge step such as '+' behind its branch", 1, "+")
    pre = tuple(parts.pop(0)) if forked else ()
    branch = tuple(parts[0])
    post = tuple(parts[1]) if merge else ()
    if not branch and merge:
        raise LanguageError(
            f"nothing stands before {str(merge)!r} at column {column}: a branch needs a word, even 'identity'", column
        )
    if not branch:
        raise LanguageError(f"the sentence is empty; He's original unit is {EXAMPLE!r}", 1)
    return Block(pre, branch, merge, post)


def _two_merges(parts: list[list[Op]], forked: bool, one: tuple[Op, int], two: tuple[Op, int]) -> LanguageError:
    pre, branch, after = map(tuple, parts if forked else [[], *parts])
    units = (Block(pre, branch, one[0], ()), Block((), after, two[0], ()))
    offer = " or ".join(repr(str(unit)) for unit in units if unit.branch) or repr(EXAMPLE)
    return LanguageError(
        f"two merge steps, {str(one[0])!r} at column {one[1]} and {str(two[0])!r} at column {two[1]}; "
        f"a unit has one: {offer}",
        two[1],
    )


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    """Words with their column, from 1; arrows and commas between words are dropped."""
    _check_length(text)
    plain = text.replace("→", " ").replace("->", "  ")
    _check_characters(plain)
    matches = list(re.finditer(r"[+|]|[^\s,()+|]+(?:\([^()]*\))?|[()]", plain))
    if len(matches) > MAX_OPS:
        column = matches[MAX_OPS].start() + 1
        raise LanguageError(f"the sentence has {len(matches)} words; {MAX_OPS} are the limit", column)
    for match in matches:
        column, token = match.start() + 1, match.group()
        if token in "()":
            raise LanguageError(
                f"{token!r} at column {column} belongs to no word; arguments follow directly, as in 'conv(groups=2)'",
                column,
            )
        yield column, token.lower()


def _check_length(text: str, how: str = "") -> None:
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


def _word(token: str, column: int) -> Op:
    name, _, rest = token.partition("(")
    name = SYNONYMS.get(name, name)
    given = [item.strip() for item in rest.removesuffix(")").split(",")] if rest.strip(" )") else []
    if name not in OPS:
        short = re.fullmatch(r"([a-z]+)(\d{1,3})", name)
        if short and short[1] in OPS and OPS[short[1]].parameter("k"):
            name, given = short[1], [f"k={short[2]}", *given]
        else:
            raise _unknown(name, column)
    vocable = OPS[name]
    found: Arguments = {}
    for place, item in enumerate(given):
        parameter, text = _parameter(vocable, place, item, column)
        if parameter.name in found:
            raise LanguageError(f"{name} at column {column} is given {parameter.name} twice", column)
        found[parameter.name] = _value(parameter, text, name, column)
    kept = tuple((p.name, found[p.name]) for p in vocable.parameters if found.get(p.name, p.default) != p.default)
    return Op(name, kept)


def _unknown(name: str, column: int) -> LanguageError:
    near = get_close_matches(name[:40], [*OPS, *SYNONYMS], n=1, cutoff=0.5)
    shown = name if len(name) <= 40 else name[:37] + "..."
    hint = f"did you mean {near[0]!r}?" if near else f"the words are {', '.join(OPS)}"
    return LanguageError(f"unknown word {shown!r} at column {column}; {hint}", column, near[0] if near else "")


def _parameter(vocable: OpSpec, place: int, item: str, column: int) -> tuple[Parameter, str]:
    name, equals, text = (part.strip() for part in item.partition("="))
    if equals and vocable.parameter(name):
        parameter = vocable.parameter(name)
        assert parameter is not None
        return parameter, text
    if not equals and place < len(vocable.parameters):
        return vocable.parameters[place], name
    takes = ", ".join(p.name for p in vocable.parameters) or "no arguments"
    raise LanguageError(f"{vocable.name} at column {column} has no place for {item[:40]!r}; it takes {takes}", column)


def _value(parameter: Parameter, text: str, word: str, column: int) -> Value:
    value = _read(parameter.kind, text)
    if value is not None and (not parameter.choices or value in parameter.choices):
        return value
    wanted = {bool: "true or false", int: "a whole number", float: "a number", tuple: "whole numbers like 18/12/6"}
    choices = " or ".join(map(str, parameter.choices))
    right = choices or wanted.get(parameter.kind, "a word")
    raise LanguageError(f"{word} at column {column}: {parameter.name} is {right}, not {text[:40]!r}", column)


def _read(kind: type, text: str) -> Value | None:
    if kind is bool:
        return {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}.get(text)
    if kind is int:
        return int(text) if re.fullmatch(r"\d{1,7}", text) else None
    if kind is float:
        return _number(text)
    if kind is tuple:
        return tuple(map(int, text.split("/"))) if re.fullmatch(r"\d{1,4}(/\d{1,4}){0,7}", text) else None
    return text


def _number(text: str) -> float | None:
    if not re.fullmatch(r"[+-]?(\d{1,9}(\.\d{0,9})?|\.\d{1,9})(e[+-]?\d{1,3})?", text):
        return None
    value = float(text) + 0.0
    return float(f"{value:.9g}") if isfinite(value) else None
