"""Text to blocks: reads the sentences that units, stems, heads and shortcuts are written in.

A sentence is words in a row. In a unit, words before `|` stand before the fork, one merge step
(`+`, `blend`, `rk2` ...) joins branch and shortcut, and words after it stand on the trunk.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from math import isfinite

from resnet_explorer.errors import LanguageError
from resnet_explorer.language import (
    composites,  # noqa: F401  (they fill the registry)
    merges,  # noqa: F401  (they fill the registry)
    ops,  # noqa: F401  (they fill the registry)
)
from resnet_explorer.language.names import SYNONYMS, unknown_error
from resnet_explorer.language.registry import OPS, Arguments, OpSpec, Parameter, Value
from resnet_explorer.language.syntax import FORK_MARK, Block, Op, Ops, format_chain
from resnet_explorer.language.tokens import Token, check_length, split_tokens
from resnet_explorer.language.torch_names import TORCH_NAMES, translate, without_prefix

EXAMPLE = "conv bn relu conv bn + relu"


@lru_cache(maxsize=4096)
def parse_chain(text: str) -> Ops:
    """The ops of a sentence without a fork or a merge step: a stem, a head, a shortcut; raises a LanguageError."""
    chain = []
    for token in split_tokens(text):
        op = None if token.text == FORK_MARK else _parse_op(token)
        if op is None or op.spec.merges:
            raise token.error(
                f"{token.text!r} at column {token.column} has no place here: only a unit has a fork and a merge"
            )
        chain.append(op)
    check_length(format_chain(tuple(chain)), "spelled out ")
    return tuple(chain)


@lru_cache(maxsize=4096)
def parse_block(text: str) -> Block:
    """The block that the sentence of a unit spells; raises a LanguageError."""
    parts: list[list[Op]] = [[]]
    fork, merge, merge_column = False, None, 0
    for token in split_tokens(text):
        if token.text == FORK_MARK:
            if fork or merge:
                raise token.error(f"second fork '|' at column {token.column}: a unit has one, before its branch", "")
            fork, parts = True, [*parts, []]
            continue
        op = _parse_op(token)
        if not op.spec.merges:
            parts[-1].append(op)
        elif merge is None:
            merge, merge_column, parts = op, token.column, [*parts, []]
        else:
            raise _two_merges_error(parts, fork, (merge, merge_column), (op, token.column))
    block = _make_block(parts, text, fork, merge, merge_column)
    check_length(str(block), "spelled out ")
    return block


def _make_block(parts: list[list[Op]], text: str, forked: bool, merge: Op | None, column: int) -> Block:
    if forked and merge is None:
        reason = "a fork '|' needs a merge step such as '+' behind its branch"
        raise LanguageError(reason, 1, "+", (f"{text.strip()} +",) if parts[-1] else ())
    pre = tuple(parts.pop(0)) if forked else ()
    branch = tuple(parts[0])
    post = tuple(parts[1]) if merge else ()
    if not branch and merge:
        raise LanguageError(
            f"nothing stands before {str(merge)!r} at column {column}: a branch needs a word, even 'identity'", column
        )
    if not branch:
        raise LanguageError(f"the sentence is empty; He's original unit is {EXAMPLE!r}", 1, suggestions=(EXAMPLE,))
    return Block(pre, branch, merge, post)


def _two_merges_error(
    parts: list[list[Op]], forked: bool, first: tuple[Op, int], second: tuple[Op, int]
) -> LanguageError:
    pre, branch, after = map(tuple, parts if forked else [[], *parts])
    units = (Block(pre, branch, first[0], ()), Block((), after, second[0], ()))
    offers = tuple(str(unit) for unit in units if unit.branch) or (EXAMPLE,)
    return LanguageError(
        f"two merge steps, {str(first[0])!r} at column {first[1]} and {str(second[0])!r} at column {second[1]}; "
        f"a unit has one: {' or '.join(map(repr, offers))}",
        second[1],
        suggestions=tuple(dict.fromkeys(offers)),
    )


def is_word(text: str) -> bool:
    """Whether a text is the name of a word, under ours or another."""
    name = without_prefix(text.lower())
    return any(one in names for one in (name, name.rstrip("0123456789")) for names in (OPS, SYNONYMS, TORCH_NAMES))


def _parse_op(token: Token) -> Op:
    typed, _, rest = token.text.lower().partition("(")
    items = [item.strip() for item in rest.removesuffix(")").split(",")] if rest.strip(" )") else []
    name, difference = without_prefix(typed), ""
    if name in TORCH_NAMES:
        name, items, difference = translate(name, items)
    name = SYNONYMS.get(name, name)
    if name not in OPS:
        with_kernel = re.fullmatch(r"([a-z]+)(\d{1,3})", name)
        if with_kernel and with_kernel[1] in OPS and OPS[with_kernel[1]].parameter("k"):
            name, items = with_kernel[1], [f"k={with_kernel[2]}", *items]
        else:
            raise unknown_error(token, name)
    op = Op(name, _read_arguments(OPS[name], items, token.column))
    if difference:
        raise token.error(f"{name} at column {token.column}: {difference}; write {str(op)!r}", str(op))
    return op


def _read_arguments(spec: OpSpec, items: Sequence[str], column: int) -> tuple[tuple[str, Value], ...]:
    """The arguments that differ from their defaults, in the order of the parameters."""
    arguments: Arguments = {}
    for position, item in enumerate(items):
        parameter, text = _find_parameter(spec, position, item, column)
        if parameter.name in arguments:
            raise LanguageError(f"{spec.name} at column {column} is given {parameter.name} twice", column)
        arguments[parameter.name] = _parse_value(parameter, text, spec.name, column)
    return tuple((p.name, arguments[p.name]) for p in spec.parameters if arguments.get(p.name, p.default) != p.default)


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
