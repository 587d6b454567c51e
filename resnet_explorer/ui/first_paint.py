"""Puts the page's own head into the HTML that Gradio serves, before Gradio's scripts.

What is given to Gradio as `head` is added by its scripts, half a second later: too late for a still picture that is
painted first, and for the language and colours that Gradio reads when it starts.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MARK = b'<meta charset="utf-8" />'
# Gradio asks for it at the root of the server, where a page that is mounted elsewhere has none
FROM_THE_ROOT, FROM_THE_PAGE = b'href="/manifest.json"', b'href="manifest.json"'


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
        body = bytes(self.body).replace(MARK, MARK + self.lines, 1).replace(FROM_THE_ROOT, FROM_THE_PAGE)
        headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        await self.send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await self.send({"type": "http.response.body", "body": body})


def _is_html(start: Message) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/html") for name, value in start["headers"])
