"""Who asks: a name in a signed cookie, given with the page, and the network address.

The name is no secret that rules anything; it is what limits are counted by, and only the page can write one.
"""

import hmac
import os
import secrets
from contextvars import ContextVar
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from gradio.context import LocalContext
from starlette.datastructures import Headers
from starlette.types import Scope

from resnet_explorer.api.quotas import Visitor

COOKIE = "resnet_explorer_visitor"
# in the home
KEY_FILE = "cookie-key"
A_YEAR = 31_536_000
SIGNED = 32
NOBODY = Visitor()
# of a request that is none of Gradio's events; those run in tasks of their own
asking: ContextVar[Visitor] = ContextVar("asking")


class Visitors:
    """Reads and writes the cookie; its key lies in the home, so that names outlive a restart."""

    def __init__(self, home: Path, platform_address: bool = False) -> None:
        """`platform_address`: whether a trusted proxy, as on a Space, says where a request comes from."""
        self.home, self.platform_address = home, platform_address
        self._key = b""

    def of(self, headers: Headers, address: str) -> Visitor:
        """The visitor of a request."""
        if self.platform_address:
            # the last one was written by the platform; those before it by anybody
            address = headers.get("x-forwarded-for", address).rpartition(",")[2].strip()
        return Visitor(self._name(headers.get("cookie", "")), address)

    def of_scope(self, scope: Scope) -> Visitor:
        """The visitor of a request as the server has it."""
        return self.of(Headers(scope=scope), (scope.get("client") or ("", 0))[0])

    def asking(self) -> Visitor:
        """The visitor of the request that is being answered; nobody where there is none."""
        request = LocalContext.request.get(None)
        if request is None:
            return asking.get(NOBODY)
        return self.of(Headers(raw=_raw(request.headers)), getattr(request.client, "host", None) or "")

    def new_cookie(self, secure: bool) -> str:
        """The text of a Set-Cookie header with a new name; inside a frame of another site only if it is secure."""
        name = secrets.token_urlsafe(12)
        where = "SameSite=None; Secure; Partitioned" if secure else "SameSite=Lax"
        return f"{COOKIE}={name}.{self._sign(name)}; Max-Age={A_YEAR}; Path=/; HttpOnly; {where}"

    def _name(self, cookies: str) -> str:
        """The name in the cookie, if the page has signed it."""
        try:
            cookie = SimpleCookie(cookies).get(COOKIE)
        except CookieError:
            return ""
        name, _, signature = (cookie.value if cookie else "").partition(".")
        return name if name and hmac.compare_digest(signature, self._sign(name)) else ""

    def _sign(self, name: str) -> str:
        return hmac.new(self._read_key(), name.encode(), "sha256").hexdigest()[:SIGNED]

    def _read_key(self) -> bytes:
        """The key, made once for a home; a home that cannot be written has one until the page ends."""
        if not self._key:
            path, fresh = self.home / KEY_FILE, secrets.token_bytes(32)
            try:
                self.home.mkdir(parents=True, exist_ok=True)
                with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(fresh)
            except OSError:
                fresh = path.read_bytes() if path.is_file() else fresh
            self._key = fresh
        return self._key


def _raw(headers: object) -> list[tuple[bytes, bytes]]:
    """The headers of Gradio's request, which are a mapping of texts."""
    pairs = headers.items() if hasattr(headers, "items") else ()
    return [(str(name).lower().encode("latin-1"), str(value).encode("latin-1")) for name, value in pairs]
