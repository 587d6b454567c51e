"""What is wrong with a lane, where it stands, and the lanes that would be right, as the browser shows them."""

import re
from collections.abc import Mapping
from typing import Any

from resnet_explorer.errors import ExplorerError, LanguageError

# a word of a sentence with its arguments, or else one character
WORD = re.compile(r"[^\s,()+|]+(?:\([^()]*\))?|\S")


def refusal(error: ExplorerError, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """An error of the verb `outline` that got these arguments.

    `place` is what it is about: the name, the unit, or a field. Each of `mends` has what a press changes of the lane,
    `marked` the sentence before the wrong word, that word, and what follows.
    """
    mends = [{"text": text, "lane": _mended(error, arguments, text)} for text in error.suggestions]
    answer: dict[str, Any] = {"message": str(error), "place": _place(error, arguments), "mends": mends}
    if isinstance(error, LanguageError):
        answer["marked"] = _marked(str(arguments.get("block", "")), error.column)
        if len(mends) == 1 and error.suggestion:
            mends[0]["text"] = error.suggestion
    return {"error": answer}


def _marked(sentence: str, column: int) -> tuple[str, str, str] | None:
    """A sentence in three parts, the word at a column (from 1) in the middle."""
    start = column - 1
    word = WORD.match(sentence, start) if start >= 0 else None
    return (sentence[:start], word[0], sentence[word.end() :]) if word else None


def _place(error: ExplorerError, arguments: Mapping[str, Any]) -> str:
    message = str(error)
    if error.replaces == "network" or message.startswith(("unknown network", str(arguments.get("network", "")))):
        return "name"
    field = re.match(r"(?:unknown field ')?(\w+)", message)
    settings = arguments.get("settings")
    return field[1] if field and isinstance(settings, Mapping) and field[1] in settings else "unit"


def _mended(error: ExplorerError, arguments: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The part of the lane that a right text changes; a field keeps its place and its value."""
    if error.replaces != "field":
        return {"name" if error.replaces == "network" else "unit": text}
    settings = arguments["settings"].items()
    return {"fields": {text if f"'{name}'" in str(error) else name: value for name, value in settings}}
