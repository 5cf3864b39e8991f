"""Banners as pages of others show them: pictures alone, in a place of their own, each counted for whose code it names.

What is shown is the same whether a code is somebody's or nobody's: to ask tells nothing, and costs nothing more.
"""

import re
from http import HTTPStatus
from typing import Any, Final

from litestar import Request, Response, get
from litestar.params import FromPath

from opencabinet import content
from opencabinet.access import Public
from opencabinet.content import NoSuchBanner, Picture
from opencabinet.doors import gate
from opencabinet.partners.programme import BadCode, read_code

NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Whoever opens a picture as a page gets a page that can do nothing."""
HEADERS: Final = {
    "Cache-Control": "public, no-cache",  # asked for each time it is shown, for that is counted
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}


@get("/banners/{id:str}/{name:str}", need=Public.PUBLIC)
async def show_banner(request: Request[Any, Any, Any], id: FromPath[str], name: FromPath[str]) -> Response[bytes]:  # noqa: A002 - the path's own name
    """Show a banner, and count for whom: its name is a partner's code, with an ending as files have it."""
    shelf: content.Shelf = request.app.state.shelf
    number = int(id) if NUMBER.fullmatch(id) else 0
    code, dot, ending = name.partition(".")
    picture = await shelf.find(number)
    if picture is None or (dot and ending.lower() != picture.kind):
        raise NoSuchBanner
    if not gate.bodiless(request):
        counted(request, code, number)
    return shown(request, picture, number)


def counted(request: Request[Any, Any, Any], code: str, number: int) -> None:
    """Count a banner for whoever a code names, if it is one."""
    impressions: content.Impressions = request.app.state.impressions
    try:
        impressions.note(read_code(code), number)
    except BadCode:
        return  # a page with a spoilt code shows the picture all the same


def shown(request: Request[Any, Any, Any], picture: Picture, number: int) -> Response[bytes]:
    """Return a picture, or that the browser has it."""
    tag = f'"{picture.hash.hex()[:32]}"'
    headers = HEADERS | {"ETag": tag}
    if picture.kind == "svg":  # pages show it all the same; whoever opens it by itself is given a file
        headers["Content-Disposition"] = f'attachment; filename="banner-{number}.svg"'
    if had(request, tag):
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(picture.content, media_type=content.TYPES[picture.kind], headers=headers)


def had(request: Request[Any, Any, Any], tag: str) -> bool:
    """Whether a caller says that they have what this tag names."""
    given = ",".join(request.headers.getall("if-none-match", []))
    return bool({each.strip().removeprefix("W/") for each in given.split(",")} & {tag, "*"})
