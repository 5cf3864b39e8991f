"""The addresses of widgets: of an account or a partner, and of nobody; and of the scripts under names that stay."""

from typing import Any, Final

from litestar import Request, Response, get
from litestar.enums import HttpMethod, ScopeType
from litestar.params import FromPath
from litestar.types import Message, Scope

from opencabinet.access import Public
from opencabinet.doors.files import File
from opencabinet.doors.spending import COST
from opencabinet.doors.widgets import headers
from opencabinet.doors.widgets.answers import answer, tagged
from opencabinet.doors.widgets.asked import place
from opencabinet.doors.widgets.files import FILES, SHARED

ROOT: Final = "/w/"
PREFLIGHT: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET"),
    (b"access-control-allow-headers", b"Authorization, If-None-Match"),
    (b"access-control-max-age", b"86400"),
)
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


async def let_pages_show_keys(message: Message, scope: Scope) -> None:
    """Tell a browser that a page may ask with a key; whether the page may read the answer is said with the answer."""
    asked_first = scope["type"] == ScopeType.HTTP and scope["method"] == HttpMethod.OPTIONS
    if message["type"] == "http.response.start" and asked_first and scope["path"].startswith(ROOT):
        message["headers"] = [*message["headers"], *PREFLIGHT]
