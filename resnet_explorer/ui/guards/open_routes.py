"""Which routes are open, each with what guards it; all others are closed, also those that a later Gradio adds.

A path ends with `*` where all that begins so is meant.
"""

from functools import lru_cache

API = "/gradio_api"

OPEN: dict[str, str] = {
    "/": "the page; made once, and the same for all",
    "/favicon.ico": "a file of Gradio's",
    "/manifest.json": "a file of Gradio's",
    "/pwa_icon*": "a file of Gradio's",
    "/robots.txt": "a file of Gradio's",
    "/theme.css": "the page's own look",
    "/static/*": "files of Gradio's package; paths outside are refused by Gradio",
    "/assets/*": "files of Gradio's package; paths outside are refused by Gradio",
    "/svelte/*": "files of Gradio's package; paths outside are refused by Gradio",
    "/config": "what the page is made of; behind the sign-in, where there is one",
    "/config/": "the same",
    "/login": "the sign-in, where there is one",
    "/login/": "the same",
    "/logout": "the end of it",
    "/healthz": "whether all is well, in one word where strangers share the machine",
    "/metrics": "numbers for Prometheus, where they are switched on",
    f"{API}/explorer/*": "our own routes: verbs, streams and files, each with limits of its own",
    f"{API}/info": "the verbs, for clients",
    f"{API}/info/": "the same",
    f"{API}/openapi.json": "the same, as OpenAPI",
    f"{API}/app_id": "a number that changes when the page was started anew",
    f"{API}/app_id/": "the same",
    f"{API}/user": "who is signed in",
    f"{API}/user/": "the same",
    f"{API}/login_check": "whether somebody is signed in",
    f"{API}/login_check/": "the same",
    f"{API}/token": "a token of Gradio's sign-in",
    f"{API}/token/": "the same",
    f"{API}/startup-events": "starts Gradio's queue, once",
    f"{API}/theme.css": "the page's own look",
    f"{API}/heartbeat/*": "a page says that it is still open",
    f"{API}/reset": "a page gives up an event of its own",
    f"{API}/reset/": "the same",
    f"{API}/cancel": "a page gives up an event of its own",
    f"{API}/queue/join": "an event of the page or a verb; the queue is bounded, and verbs check every argument",
    f"{API}/queue/data": "the answers of one session",
    f"{API}/run/*": "a verb or an event of the page; as above",
    f"{API}/api/*": "the same under an older name",
    f"{API}/call/*": "a verb in two requests; as above",
    f"{API}/component_server": "functions of our own components, by their names",
    f"{API}/component_server/": "the same",
    f"{API}/file=*": "files that Gradio made for a visitor, and those of our components; others are refused by Gradio",
    f"{API}/upload": "a picture of one's own, or a figure's file: 20 MB each, and a share for each visitor",
    f"{API}/upload_progress": "how far an upload is",
    f"{API}/mcp*": "the verbs for MCP clients, where they are switched on; as above",
}

CLOSED: dict[str, str] = {
    f"{API}/proxy=*": "fetches pages from elsewhere in this machine's name",
    f"{API}/file/*": "an older name of file=",
    f"{API}/queue/status": "how many wait",
    f"{API}/stream/*": "sound and video",
    f"{API}/custom_component/*": "components of other packages",
    f"{API}/deep_link": "keeps a page's state on the disk; our links hold it themselves",
    f"{API}/process_recording": "video",
    f"{API}/run-history/*": "keeps what visitors asked",
    f"{API}/runs": "shows what visitors asked",
    f"{API}/runs/": "the same",
    f"{API}/dev/reload": "for whoever writes a page",
    f"{API}/vibe-*": "for whoever writes a page",
    f"{API}/undo-vibe-edit*": "for whoever writes a page",
    "/monitoring*": "shows what visitors asked",
    "/openapi.json": "FastAPI's own, without our verbs",
}


@lru_cache(4096)
def is_open(path: str) -> bool:
    """Whether anybody may ask for a path."""
    return matches(path, OPEN) and not matches(path, CLOSED)


def matches(path: str, table: dict[str, str]) -> bool:
    """Whether a path is in a table."""
    return path in table or any(name[-1] == "*" and path.startswith(name[:-1]) for name in table)
