"""The addresses of widgets: of an account or a partner, and of nobody; and of the scripts under names that stay."""

from typing import Any, Final

from litestar import Request, Response, get, route
from litestar.enums import HttpMethod
from litestar.params import FromPath

from opencabinet.access import Public
from opencabinet.doors.files import File
from opencabinet.doors.spending import COST
from opencabinet.doors.widgets import headers
from opencabinet.doors.widgets.answers import answer, tagged
from opencabinet.doors.widgets.asked import place
from opencabinet.doors.widgets.files import FILES, SHARED

PREFLIGHT: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET",
    "Access-Control-Allow-Headers": "Authorization, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
"""What a browser is told before a page asks with a key: of every path the same, so that nothing is learnt by it."""


@get("/w/{name:str}/{login:str}", need=Public.PUBLIC, opt={COST: 0})
async def show_widget(request: Request[Any, Any, Any], name: FromPath[str], login: FromPath[str]) -> Response[bytes]:
    """Show a widget of an account or a partner, in the rendering that its ending names."""
    return await answer(request, place(name, login))


@get("/w/{name:str}", need=Public.PUBLIC, opt={COST: 0})
async def show_common_widget(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """Show a widget of nobody, in the rendering that its ending names."""
    if name in SHARED:
        return moving(request, FILES.files[name])
    return await answer(request, place(name, None))


def moving(request: Request[Any, Any, Any], file: File) -> Response[bytes]:
    """Return the newest of a file, for those who want that: it is asked for each time, and no page can compare it."""
    kept = {**FILES.headers, "Cache-Control": headers.OPEN, "Vary": "Accept-Encoding"}
    return tagged(request, file.body, file.kind, kept)


@route(
    ["/w/{name:str}", "/w/{name:str}/{login:str}"],
    http_method=[HttpMethod.OPTIONS],
    status_code=204,
    opt={"need": Public.PUBLIC, COST: 0},
)
async def allow_keys() -> Response[None]:
    """Let pages ask with a key; whether one may read the answer is said with the answer."""
    return Response(None, status_code=204, headers=PREFLIGHT)
