"""Answers that depend on nothing but the question, kept as they are sent, for all visitors together."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import NamedTuple

# the verbs whose answers never change while the program runs
PURE = frozenset(
    ("describe", "outline", "compare", "export", "notebook", "equation", "draw", "draw_network", "catalog", "examples")
)
MOST_BYTES, LARGEST = 32_000_000, 2_000_000


class Kept(NamedTuple):
    """An answer as JSON, and its ETag."""

    body: bytes
    tag: str


class AnswerCache:
    """The answers asked for last, as many as fit."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes, self.bytes = most_bytes, 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()

    def answer(self, verb: str, arguments: Mapping[str, object], call: Callable[[], object]) -> Kept:
        """The answer to a question: the one that is kept, or the one that `call` gives now; what it raises is not."""
        key = (verb, json.dumps(arguments, sort_keys=True))
        with self._lock:
            if kept := self._kept.get(key):
                self._kept.move_to_end(key)
                return kept
        body = json.dumps(call(), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        kept = Kept(body, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"')
        if verb in PURE and len(body) <= LARGEST:
            self._keep(key, kept)
        return kept

    def _keep(self, key: tuple[str, str], kept: Kept) -> None:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = kept
                self.bytes += len(kept.body)
            while self.bytes > self.most_bytes:
                _, oldest = self._kept.popitem(last=False)
                self.bytes -= len(oldest.body)
