"""The sign-in, where RESNET_EXPLORER_AUTH names who may come: Gradio's, and our own routes behind it too."""

from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Scope

from resnet_explorer.ui.guards.open_routes import API

# our own routes; Gradio asks at those of its own, and a container's health check cannot sign in
OURS = f"{API}/explorer/"


def is_refused(path: str, scope: Scope) -> bool:
    """Whether a request is for one of our routes, and nobody has signed in."""
    app: Any = scope.get("app")
    if not path.startswith(OURS) or getattr(app, "auth", None) is None:
        return False
    try:
        cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return True
    names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    return not any(name in cookies and cookies[name].value in app.tokens for name in names)
