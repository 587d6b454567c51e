"""Puts the page's own head into the HTML that Gradio serves, before Gradio's scripts.

What is given to Gradio as `head` is added by its scripts, half a second later: too late for a still picture that is
painted first, and for the language and colours that Gradio reads when it starts.

Gradio counts the parameters and answers of every verb among the parts of the page, and goes through all parts several
times before it draws any. A page needs none of them, so it is sent without; `/config` and the API page keep them.
"""

import json
from functools import lru_cache
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MARK = b'<meta charset="utf-8" />'
# Gradio asks for it at the root of the server, where a page that is mounted elsewhere has none
FROM_THE_ROOT, FROM_THE_PAGE = b'href="/manifest.json"', b'href="manifest.json"'
CONFIG, CONFIG_END = b"window.gradio_config = ", b";</script>"


class FirstPaint:
    """Adds lines to the head of every HTML page of an application, and lets the page find its manifest."""

    def __init__(self, app: ASGIApp, lines: str) -> None:
        self.app = app
        self.lines = lines.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back; a page of HTML gets the lines behind its first meta tag."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _HtmlSender(send, self.lines))


class _HtmlSender:
    """Sends an answer on; HTML is held back until it is whole, for its length changes."""

    def __init__(self, send: Send, lines: bytes) -> None:
        self.send, self.lines = send, lines
        self.start: Message | None = None
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self.start = message
        elif self.start is None or message["type"] != "http.response.body":
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_whole(self.start)

    async def _send_whole(self, start: Message) -> None:
        before, mark, rest = bytes(self.body).partition(CONFIG)
        config, end, after = rest.partition(CONFIG_END)
        body = before + mark + (_without_verbs(config) if mark else config) + end + after
        body = body.replace(MARK, MARK + self.lines, 1).replace(FROM_THE_ROOT, FROM_THE_PAGE)
        headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        await self.send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await self.send({"type": "http.response.body", "body": body})


@lru_cache(maxsize=8)
def _without_verbs(text: bytes) -> bytes:
    """Gradio's description of the page without the parameters and answers of the verbs, which are drawn nowhere."""
    config: dict[str, Any] = json.loads(text)
    verbs = {part["id"] for part in config["components"] if part["type"] == "api"}
    if not verbs:
        # a page that asks for a password has no parts yet
        return text
    config["components"] = [part for part in config["components"] if part["id"] not in verbs]
    for page in config["page"].values():
        page["components"] = [number for number in page["components"] if number not in verbs]
    for layout in (config["layout"], *(page["layout"] for page in config["page"].values())):
        layout["children"] = [child for child in layout["children"] if child["id"] not in verbs]
    return json.dumps(config, separators=(",", ":")).replace("<", "\\u003c").encode()


def _is_html(start: Message) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/html") for name, value in start["headers"])
