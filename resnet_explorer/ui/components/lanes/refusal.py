"""What is wrong with a lane, where it stands, and the lanes that would be right, as the browser shows them."""

import re
from collections.abc import Mapping
from typing import Any

from resnet_explorer.errors import ExplorerError, LanguageError
from resnet_explorer.language.parser import parse_chain

# a word of a sentence with its arguments, or else one character
WORD = re.compile(r"[^\s,()+|]+(?:\([^()]*\))?|\S")


def refusal(error: ExplorerError, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """An error of the verb `outline` that got these arguments.

    `place` is what it is about: the name, the unit, or a field. Each of `mends` has what a press changes of the lane,
    `marked` the sentence before the wrong word, that word, and what follows.
    """
    place = _place(error, arguments)
    mends = [{"text": text, "lane": _mended(error, place, arguments, text)} for text in error.suggestions]
    answer: dict[str, Any] = {"message": str(error), "place": place, "mends": mends}
    if isinstance(error, LanguageError):
        if place == "unit":
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
    names = ("unknown network", str(arguments.get("network", "")))
    if error.replaces in ("network", "field") or message.startswith(names):
        return "name"
    settings = arguments.get("settings")
    if not isinstance(settings, Mapping):
        return "unit"
    wrong = [name for name, text in settings.items() if message.startswith(f"{name} ") or message == _refused(text)]
    return wrong[0] if wrong else "unit"


def _refused(sentence: object) -> str:
    """What is wrong with a sentence of a field."""
    try:
        parse_chain(str(sentence))
    except LanguageError as error:
        return str(error)
    return ""


def _mended(error: ExplorerError, place: str, arguments: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The part of the lane that a right text changes; a misspelt field keeps its place and its value."""
    if error.replaces == "field":
        settings = arguments["settings"].items()
        return {"fields": {text if f"'{name}'" in str(error) else name: value for name, value in settings}}
    if place in ("name", "unit"):
        return {"name" if error.replaces == "network" else "unit": text}
    return {"fields": {**arguments["settings"], place: text}}
