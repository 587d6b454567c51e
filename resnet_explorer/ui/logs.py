"""The log of a page that is served: a line an event on standard error, as text or as JSON, and no secret in it.

RESNET_EXPLORER_LOG is text, json or off, RESNET_EXPLORER_LOG_LEVEL debug, info, warning or error. What is logged names
runs by their short ids and addresses by their paths: no owner, no cookie, no query.
"""

import json
import logging
import os
import sys
import time

from resnet_explorer.errors import RunError

NAME = "resnet_explorer"
FORMS = ("text", "json", "off")
LEVELS = ("debug", "info", "warning", "error")


class JsonLines(logging.Formatter):
    """An event as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {"time": _utc(record), "level": record.levelname.lower(), "event": record.getMessage()}
        if record.exc_info:
            fields["error"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


class TextLines(logging.Formatter):
    """An event as a line that a person reads."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{_utc(record)} {record.levelname.lower():7} {record.getMessage()}"
        # whatever a visitor wrote stays on its line
        line = line.replace("\n", "\\n").replace("\r", "\\r")
        return line + ("\n" + self.formatException(record.exc_info) if record.exc_info else "")


def start_log() -> None:
    """Write the log of this process as the variables say; raises RunError for other words."""
    form = _choice("RESNET_EXPLORER_LOG", FORMS, "text")
    level = _choice("RESNET_EXPLORER_LOG_LEVEL", LEVELS, "info")
    log = logging.getLogger(NAME)
    log.handlers.clear()
    log.propagate = False
    if form == "off":
        log.addHandler(logging.NullHandler())
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    log.addHandler(handler)
    log.setLevel(level.upper())


def _choice(variable: str, words: tuple[str, ...], usual: str) -> str:
    word = os.environ.get(variable, usual).lower()
    if word not in words:
        raise RunError(f"{variable} is {', '.join(words[:-1])} or {words[-1]}, not {word[:20]!r}")
    return word


def _utc(record: logging.LogRecord) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z"
