"""Whose share of a lent GPU a run is counted on: that of the visitor who launched it or went on with it last.

`spaces` reads a token of the platform from Gradio's request in the context of its caller. The browser sends that token
with events that wait in Gradio's queue, and with no others; a burst that is called without it is counted on the Space.
"""

import threading
from collections import OrderedDict
from contextvars import Context

from gradio.context import LocalContext

TOKEN = "x-ip-token"
# owners whose requests are remembered; the longest silent one goes first
MOST_OWNERS = 1000


class GpuRequests:
    """The newest request of each owner that carries the platform's token."""

    def __init__(self) -> None:
        self._contexts: OrderedDict[str, Context] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, owner: str) -> None:
        """Remember the request that is being answered as the owner's, if it has the token."""
        request = LocalContext.request.get(None)
        if request is None or TOKEN not in request.headers:
            return
        context = Context()
        context.run(LocalContext.request.set, request)
        # by these `spaces` knows which connections of the server a fork has to close
        context.run(LocalContext.blocks.set, LocalContext.blocks.get(None))
        with self._lock:
            self._contexts.pop(owner, None)
            self._contexts[owner] = context
            if len(self._contexts) > MOST_OWNERS:
                self._contexts.popitem(last=False)

    def context(self, owner: str) -> Context:
        """The context in which a run of the owner is called; an empty one where no request is known."""
        with self._lock:
            return self._contexts.get(owner, Context()).copy()
