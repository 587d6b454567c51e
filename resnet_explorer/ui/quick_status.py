"""Gradio's dispatcher, with two lines mended in what is served; where Gradio has others, its script is served as it is.

A part is told the state of an event only when that has changed. As the script comes, each step of any event tells every
part that any event has ever been about, and each of them is looked for in the whole page and copied: half a second for
one changed lane, once all tabs have been opened.

Of an event that does not reach the server `shared/connection.js` learns, which asks again what only shows something. As
the script comes, the page does nothing any more from then on, and is opened anew when the server answers.
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
LOST = "this.connection_lost||(this.connection_lost=!0,this.on_connection_lost_cb())"
# a press is not repeated: it may have arrived
REPEATED = "[`change`,`input`,`refresh`,`state`,`measure`]"
ASKED_AGAIN = (
    "(s.session_not_found||document.dispatchEvent(new CustomEvent(`server-lost`,{cancelable:!0,detail:{key:r.id,again:"
    f"r.targets.every(([,n])=>{REPEATED}.includes(n))&&(()=>this.dispatch({{type:`fn`,fn_index:r.id,"
    f"event_data:e.event_data,target_id:l}}))}}}})))&&({LOST})"
)


def routes() -> list[Route]:
    """A route for the script, before Gradio's own."""
    return [Route(f"/assets/{path.name}", _serve) for path in ASSETS.glob("Blocks-*.js")]


@cache
def mended(path: Path) -> str:
    """The script with the lines replaced."""
    return path.read_text(encoding="utf-8").replace(ALL, CHANGED).replace(LOST, ASKED_AGAIN)


async def _serve(request: Request) -> Response:
    name = request.url.path.rpartition("/")[2]
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(mended(ASSETS / name), media_type="text/javascript", headers=headers)
