"""Orders to another process and its answers, a line of JSON each; neither waits for it."""

import json
import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from typing import Any


class JsonLines:
    """The lines to and from a process that was started with pipes."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin
        assert process.stdout
        self._orders, self._answers = process.stdin, process.stdout
        os.set_blocking(self._answers.fileno(), False)
        self._text = b""

    def send(self, order: Mapping[str, Any]) -> None:
        """Send an order; one to a process that died is lost, which whoever looks after the process notices."""
        with suppress(BrokenPipeError):
            self._orders.write((json.dumps(order) + "\n").encode())
            self._orders.flush()

    def read(self) -> list[dict[str, Any]]:
        """The answers that have come whole since the last look."""
        *lines, self._text = (self._text + (self._answers.read() or b"")).split(b"\n")
        return [json.loads(line) for line in lines]
