"""A sentence with its values apart, so that whoever shows it can say it in another language."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Sentence(NamedTuple):
    """A text with places such as `{n}`, and what stands there: a text, a number or a sentence of its own."""

    text: str
    values: Mapping[str, Any] = {}

    def __str__(self) -> str:
        return self.text.format(**self.values)


def capitalised(text: str) -> str:
    """A text that opens a line."""
    return text[:1].upper() + text[1:]


def listed(names: Sequence[str]) -> Sentence | str:
    """A, B and C."""
    return Sentence("{many} and {last}", {"many": ", ".join(names[:-1]), "last": names[-1]}) if names[1:] else names[0]


def chained(parts: Sequence[Sentence]) -> Sentence:
    """The parts with semicolons between them."""
    return parts[0] if len(parts) == 1 else Sentence("{first}; {rest}", {"first": parts[0], "rest": chained(parts[1:])})


def joined(parts: Sequence[Sentence | str], between: str = "") -> Sentence:
    """The parts one after another, with a text between two that is the same in every language."""
    values = {f"part{place}": part for place, part in enumerate(parts)}
    return Sentence(between.join(f"{{{name}}}" for name in values), values)
