"""The one middleware before everything: names, sites, routes, bodies, visitors, and the headers of every answer."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from starlette._utils import get_route_path
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from resnet_explorer.api.quotas import RateLimit, Visitor
from resnet_explorer.errors import RunError
from resnet_explorer.ui.guards import body, origin, sign_in
from resnet_explorer.ui.guards.body import BodyTooLong, BodyTooSlow, LimitedBody
from resnet_explorer.ui.guards.open_routes import API, is_open
from resnet_explorer.ui.guards.visitor import Visitors, asking

UPLOAD = f"{API}/upload"
# where Gradio takes the arguments of an event
CALLS = (f"{API}/call/", f"{API}/run/", f"{API}/queue/join", f"{API}/api/")
NESTED = "a question is nested too deep to be read"
LOG = logging.getLogger(__name__)
# letters of a path in the log
LOGGED = 80
# answers by which Gradio lets other sites read what their visitors may; none may here
ALLOWS = b"access-control-allow-"
# bytes that a visitor may upload in an hour; Gradio deletes what was uploaded after one or two
UPLOADED, AN_HOUR = 60_000_000, 3600.0
# to sign in, in a minute; of an address ten times as many
TRIES = 6


class GuardLimits(NamedTuple):
    """How much a visitor may upload where strangers come, and how often anybody may try to sign in."""

    uploads: RateLimit | None
    tries: RateLimit


def guard_limits(visitors: Visitors, shared: bool) -> GuardLimits:
    """The limits, each counted from now on."""
    uploads = RateLimit("bytes of files", UPLOADED, visitors.asking, AN_HOUR) if shared else None
    return GuardLimits(uploads, RateLimit("tries to sign in", TRIES, visitors.asking))


@dataclass
class Guard:
    """An application behind the checks; `hosts` are the names it may be asked for, all where there are none."""

    app: ASGIApp
    visitors: Visitors
    limits: GuardLimits
    hosts: Collection[str] = ()
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a refusal, or pass the request on, with who asks."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = _Answer(send, self._answer_headers(scope, headers))
        refused = self._refuse(scope, headers)
        if refused:
            LOG.info("refused with %d: %s %r", refused.status_code, scope["method"], scope["path"][:LOGGED])
            await refused(scope, receive, answer)
            return
        most = body.MOST_UPLOADED if get_route_path(scope) == UPLOAD else body.MOST_BYTES
        token = asking.set(self.visitors.of_scope(scope))
        try:
            await self._pass_on(scope, LimitedBody(receive, most), answer)
        finally:
            asking.reset(token)

    async def _pass_on(self, scope: Scope, receive: LimitedBody, answer: "_Answer") -> None:
        """Let the application answer; what cannot be read of a request is refused while nothing was answered yet."""
        try:
            await self.app(scope, receive, answer)
            return
        except BodyTooLong:
            refused = _refusal(f"a request has at most {receive.most:,} bytes here", 413)
        except BodyTooSlow:
            refused = _refusal(f"nothing of the request came for {receive.patience:.0f} seconds", 408)
        except RecursionError:
            refused = _refusal(NESTED, 400)
        except (TypeError, KeyError) as error:
            if not get_route_path(scope).startswith(CALLS):
                raise
            # Gradio looks arguments and events up as they come
            LOG.info("refused with 422: %r %s", scope["path"][:LOGGED], str(error)[:LOGGED])
            refused = _refusal(f"there is no such event, or its arguments are others: {str(error)[:LOGGED]}", 422)
        if not answer.begun:
            await refused(scope, receive, answer)

    def _refuse(self, scope: Scope, headers: Headers) -> JSONResponse | None:
        """The refusal of a request by what its head says, if it is refused."""
        if sentence := origin.refuse_host(headers, self.hosts):
            return _refusal(sentence, 421)
        if sentence := origin.refuse_site(scope["method"], headers):
            return _refusal(sentence, 403)
        path = get_route_path(scope) or "/"
        if not is_open(path):
            return _refusal("there is nothing here under this address", 404)
        if sign_in.is_refused(path, scope):
            return _refusal("sign in first", 401)
        most = body.MOST_UPLOADED if path == UPLOAD else body.MOST_BYTES
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > most:
            return _refusal(f"a request has at most {most:,} bytes here", 413)
        if path == UPLOAD and "content-length" not in headers:
            return _refusal("a file is sent with its length", 411)
        return self._refuse_share(path, int(length), self.visitors.of_scope(scope))

    def _refuse_share(self, path: str, length: int, visitor: Visitor) -> JSONResponse | None:
        """The refusal of a file, or of one more try to sign in, where the visitor has had a share of them."""
        try:
            if path == UPLOAD and self.limits.uploads:
                self.limits.uploads.take(length, visitor)
            if path.rstrip("/") == "/login":
                self.limits.tries.take(1, visitor)
        except RunError as error:
            return _refusal(str(error), 429)
        return None

    def _answer_headers(self, scope: Scope, headers: Headers) -> list[tuple[bytes, bytes]]:
        """The headers of the answer; whoever opens the page without a cookie gets one."""
        if (get_route_path(scope) or "/") != "/" or self.visitors.of_scope(scope).name:
            return self.headers
        secure = "https" in (scope.get("scheme"), headers.get("x-forwarded-proto", ""))
        return [*self.headers, (b"set-cookie", self.visitors.new_cookie(secure).encode())]


class _Answer:
    """Sends an answer on with the headers that every answer has."""

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        self.send, self.headers, self.begun = send, headers, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            kept = [pair for pair in message["headers"] if not pair[0].lower().startswith(ALLOWS)]
            message = {**message, "headers": [*kept, *self.headers]}
        await self.send(message)


def _refusal(sentence: str, status: int) -> JSONResponse:
    return JSONResponse({"error": sentence}, status)
