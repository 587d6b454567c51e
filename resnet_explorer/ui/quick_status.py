"""Gradio's dispatcher, with one line mended: a part is told the state of an event only when that has changed.

As it comes, each step of any event tells every part that any event has ever been about, and each of them is looked for
in the whole page and copied: half a second for one changed lane, once all tabs have been opened. The line is replaced
in what is served; where Gradio has another line, its script is served as it is.
"""

from functools import cache
from pathlib import Path

import gradio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ASSETS = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
ALL = "Object.entries(this.loading_stati.current).map(([e,t])=>this.update_state_cb("
CHANGED = (
    "Object.entries(this.loading_stati.current).filter(([e,t])=>{let n=JSON.stringify(t),r=(this.told??={})[e];"
    "return this.told[e]=n,r!==n}).map(([e,t])=>this.update_state_cb("
)


def routes() -> list[Route]:
    """A route for the script, before Gradio's own."""
    return [Route(f"/assets/{path.name}", _serve) for path in ASSETS.glob("Blocks-*.js")]


@cache
def mended(path: Path) -> str:
    """The script with the line replaced."""
    return path.read_text(encoding="utf-8").replace(ALL, CHANGED)


async def _serve(request: Request) -> Response:
    name = request.url.path.rpartition("/")[2]
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(mended(ASSETS / name), media_type="text/javascript", headers=headers)
