"""Which names the page is served under, and that no other site speaks here for its visitor.

A site elsewhere may point a name of its own at this machine, or make a visitor's browser send a request here. A browser
says of every request where it comes from; a program says nothing, and carries no visitor's cookie.
"""

import os
from collections.abc import Collection
from ipaddress import ip_address
from socket import gethostname
from urllib.parse import urlsplit

from starlette.datastructures import Headers

LOCAL = ("localhost", "127.0.0.1", "::1")
# what a browser says of a request from our own page, and of an address that was typed
SAME_SITE = ("same-origin", "none")
# a link from elsewhere may open a page, also in a frame
OPENS = ("document", "iframe")


def allowed_hosts(shared: bool) -> frozenset[str]:
    """The names in RESNET_EXPLORER_HOSTS, with commas; else this machine's own, or any where strangers may come."""
    named = os.environ.get("RESNET_EXPLORER_HOSTS", "")
    names = frozenset(host_name(name.strip()) for name in named.split(",")) - {""}
    if names:
        return names | frozenset(LOCAL)
    own = (os.environ.get("GRADIO_SERVER_NAME", LOCAL[0]), gethostname().lower())
    return frozenset() if shared else frozenset((*LOCAL, *own))


def refuse_host(headers: Headers, hosts: Collection[str]) -> str:
    """A sentence if the page is not served under the name that was asked for; any name will do where none is listed.

    A number is no name that somebody could point here: a browser that asks for it has been sent to this machine.
    """
    name = host_name(headers.get("host", ""))
    if not hosts or name in hosts or _is_number(name):
        return ""
    return f"this page is not served as {name[:80]}; RESNET_EXPLORER_HOSTS names what it may be called"


def refuse_site(method: str, headers: Headers) -> str:
    """A sentence if a page of another site asks."""
    site = headers.get("sec-fetch-site")
    if site in SAME_SITE:
        return ""
    if site is None:
        origin = headers.get("origin")
        # an old browser, or a program: it sends an origin only where it sends something on a page's behalf
        fine = origin is None or _same(origin, headers)
    else:
        fine = method == "GET" and headers.get("sec-fetch-dest", "") in OPENS
    return "" if fine else "a page of another site may not speak here for its visitor"


def host_name(host: str) -> str:
    """The name without a port, in small letters."""
    return (urlsplit(f"//{host}").hostname or "") if host.isascii() and "@" not in host else ""


def _is_number(name: str) -> bool:
    """Whether a name is an address of the network itself: 192.168.1.5."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _same(origin: str, headers: Headers) -> bool:
    """Whether an origin is the page's own, by the name it was asked for or the one that a proxy passes on."""
    named = urlsplit(origin).netloc
    return bool(named) and named in (headers.get("host"), headers.get("x-forwarded-host"))
