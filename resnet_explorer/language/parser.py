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
    composites,  # noqa: F401  (they fill the registry)
    merges,  # noqa: F401  (they fill the registry)
    ops,  # noqa: F401  (they fill the registry)
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
    """The ops of a sentence without a fork or a merge step: a stem, a head, a shortcut; raises a LanguageError."""
    chain = []
    for column, token in _split_tokens(text):
        op = None if token == FORK_MARK else _parse_op(token, column)
        if op is None or op.spec.merges:
            raise LanguageError(
                f"{token!r} at column {column} has no place here: only a unit has a fork and a merge", column
            )
        chain.append(op)
    _check_length(format_chain(tuple(chain)), "spelled out ")
    return tuple(chain)


@lru_cache(maxsize=4096)
def parse_block(text: str) -> Block:
    """The block that the sentence of a unit spells; raises a LanguageError."""
    parts: list[list[Op]] = [[]]
    fork = merge = None
    merge_column = 0
    for column, token in _split_tokens(text):
        if token == FORK_MARK:
            if fork or merge:
                raise LanguageError(f"second fork '|' at column {column}: a unit has one, before its branch", column)
            fork, parts = column, [*parts, []]
            continue
        op = _parse_op(token, column)
        if not op.spec.merges:
            parts[-1].append(op)
        elif merge is None:
            merge, merge_column, parts = op, column, [*parts, []]
        else:
            raise _two_merges_error(parts, bool(fork), (merge, merge_column), (op, column))
    block = _make_block(parts, bool(fork), merge, merge_column)
    _check_length(str(block), "spelled out ")
    return block


def _make_block(parts: list[list[Op]], forked: bool, merge: Op | None, column: int) -> Block:
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


def _two_merges_error(
    parts: list[list[Op]], forked: bool, first: tuple[Op, int], second: tuple[Op, int]
) -> LanguageError:
    pre, branch, after = map(tuple, parts if forked else [[], *parts])
    units = (Block(pre, branch, first[0], ()), Block((), after, second[0], ()))
    offer = " or ".join(repr(str(unit)) for unit in units if unit.branch) or repr(EXAMPLE)
    return LanguageError(
        f"two merge steps, {str(first[0])!r} at column {first[1]} and {str(second[0])!r} at column {second[1]}; "
        f"a unit has one: {offer}",
        second[1],
    )


def _split_tokens(text: str) -> Iterator[tuple[int, str]]:
    """Each word with its column, from 1; arrows and commas between words are dropped."""
    _check_length(text)
    spaced = text.replace("→", " ").replace("->", "  ")
    _check_characters(spaced)
    matches = list(re.finditer(r"[+|]|[^\s,()+|]+(?:\([^()]*\))?|[()]", spaced))
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


def _parse_op(token: str, column: int) -> Op:
    name, _, rest = token.partition("(")
    name = SYNONYMS.get(name, name)
    items = [item.strip() for item in rest.removesuffix(")").split(",")] if rest.strip(" )") else []
    if name not in OPS:
        with_kernel = re.fullmatch(r"([a-z]+)(\d{1,3})", name)
        if with_kernel and with_kernel[1] in OPS and OPS[with_kernel[1]].parameter("k"):
            name, items = with_kernel[1], [f"k={with_kernel[2]}", *items]
        else:
            raise _unknown_error(name, column)
    spec = OPS[name]
    arguments: Arguments = {}
    for position, item in enumerate(items):
        parameter, text = _find_parameter(spec, position, item, column)
        if parameter.name in arguments:
            raise LanguageError(f"{name} at column {column} is given {parameter.name} twice", column)
        arguments[parameter.name] = _parse_value(parameter, text, name, column)
    args = tuple((p.name, arguments[p.name]) for p in spec.parameters if arguments.get(p.name, p.default) != p.default)
    return Op(name, args)


def _unknown_error(name: str, column: int) -> LanguageError:
    """The error for a word that is no op, with the nearest one or all of them."""
    matches = get_close_matches(name[:40], [*OPS, *SYNONYMS], n=1, cutoff=0.5)
    short = name if len(name) <= 40 else name[:37] + "..."
    hint = f"did you mean {matches[0]!r}?" if matches else f"the words are {', '.join(OPS)}"
    return LanguageError(f"unknown word {short!r} at column {column}; {hint}", column, matches[0] if matches else "")


def _find_parameter(spec: OpSpec, position: int, item: str, column: int) -> tuple[Parameter, str]:
    name, equals, text = (part.strip() for part in item.partition("="))
    if equals and spec.parameter(name):
        parameter = spec.parameter(name)
        assert parameter is not None
        return parameter, text
    if not equals and position < len(spec.parameters):
        return spec.parameters[position], name
    takes = ", ".join(p.name for p in spec.parameters) or "no arguments"
    raise LanguageError(f"{spec.name} at column {column} has no place for {item[:40]!r}; it takes {takes}", column)


def _parse_value(parameter: Parameter, text: str, op: str, column: int) -> Value:
    value = _read_value(parameter.value_type, text)
    if value is not None and (not parameter.choices or value in parameter.choices):
        return value
    meanings = {bool: "true or false", int: "a whole number", float: "a number", tuple: "whole numbers like 18/12/6"}
    choices = " or ".join(map(str, parameter.choices))
    expected = choices or meanings.get(parameter.value_type, "a word")
    raise LanguageError(f"{op} at column {column}: {parameter.name} is {expected}, not {text[:40]!r}", column)


def _read_value(value_type: type, text: str) -> Value | None:
    if value_type is bool:
        return {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}.get(text)
    if value_type is int:
        return int(text) if re.fullmatch(r"\d{1,7}", text) else None
    if value_type is float:
        return _read_number(text)
    if value_type is tuple:
        return tuple(map(int, text.split("/"))) if re.fullmatch(r"\d{1,4}(/\d{1,4}){0,7}", text) else None
    return text


def _read_number(text: str) -> float | None:
    if not re.fullmatch(r"[+-]?(\d{1,9}(\.\d{0,9})?|\.\d{1,9})(e[+-]?\d{1,3})?", text):
        return None
    value = float(text) + 0.0
    return float(f"{value:.9g}") if isfinite(value) else None
