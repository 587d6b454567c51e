"""The page's HTML, made and compressed once: it is the same for all who ask under one name.

What it is made from does not change while the program runs; the link's state and the language are read by the browser.
"""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from starlette._utils import get_route_path
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# names under which the page is asked for
MOST_KEPT = 16
# Gradio writes the page's own address into it, which it takes from these
NAMED_BY = ("host", "x-forwarded-host", "x-forwarded-proto", "x-gradio-server")
ALWAYS_ASK = "no-cache"


@dataclass(frozen=True)
class KeptPage:
    """A page as it is sent, and its ETag."""

    plain: bytes
    compressed: bytes
    tag: str

    def answer(self, headers: Headers) -> Response:
        """The page, or word that the browser has it."""
        sent = {"cache-control": ALWAYS_ASK, "etag": self.tag, "vary": "accept-encoding"}
        if headers.get("if-none-match") == self.tag:
            return Response(status_code=304, headers=sent)
        if "gzip" not in headers.get("accept-encoding", ""):
            return Response(self.plain, headers=sent, media_type="text/html")
        return Response(self.compressed, headers={**sent, "content-encoding": "gzip"}, media_type="text/html")


class PageCache:
    """An application whose page is kept."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.kept: OrderedDict[tuple[str, ...], KeptPage] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the page that is kept, or keep the one that is made now."""
        if scope["type"] != "http" or scope["method"] != "GET" or (get_route_path(scope) or "/") != "/":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        key = (scope.get("scheme", ""), scope.get("root_path", ""), *(headers.get(name, "") for name in NAMED_BY))
        page = self.kept.get(key)
        if page is None:
            collected = _Collected(send)
            # whatever the address says is for the browser
            await self.app({**scope, "query_string": b""}, receive, collected)
            if not collected.body:
                return
            page = _keep(bytes(collected.body))
            self.kept[key] = page
            if len(self.kept) > MOST_KEPT:
                self.kept.popitem(last=False)
        await page.answer(headers)(scope, receive, send)


class _Collected:
    """Holds a page back; anything else is passed on."""

    def __init__(self, send: Send) -> None:
        self.send, self.body, self.is_page = send, bytearray(), False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = Headers(raw=message["headers"]).get("content-type", "")
            self.is_page = message["status"] == 200 and kind.startswith("text/html")
        if not self.is_page:
            await self.send(message)
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


def _keep(page: bytes) -> KeptPage:
    tag = hashlib.blake2b(page, digest_size=12).hexdigest()
    return KeptPage(page, gzip.compress(page, compresslevel=6), f'W/"{tag}"')
