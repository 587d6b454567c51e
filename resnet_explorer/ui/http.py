"""A request's body, if it may be read: from our own page or from a program, in JSON, and no longer than it may be.

A page elsewhere on the web can make a visitor's browser send a form here, but neither say that it is JSON
without being asked first, nor hide that it comes from another site.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

OURS = ("same-origin", "none")


async def read_body(request: Request, most: int) -> bytes | Response:
    """The body, or the refusal to answer with; read no further than it may be long."""
    if request.headers.get("sec-fetch-site", "none") not in OURS:
        return JSONResponse({"error": "a page of another site may not speak here for its visitor"}, 403)
    if request.headers.get("content-type", "application/json").partition(";")[0].strip() != "application/json":
        return JSONResponse({"error": "a question is sent as application/json"}, 415)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            return JSONResponse({"error": f"a question has at most {most:,} bytes"}, 413)
    return bytes(body)
