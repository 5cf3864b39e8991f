"""oEmbed (oembed.com): whoever pastes the address of a widget into a blog or a chat is shown the widget itself."""

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

import msgspec
from litestar import Request, Response, get

from opencabinet.access import Public
from opencabinet.doors import embedding, hosts
from opencabinet.doors.gate import NoSuchPath
from opencabinet.doors.showing.model import Refused, Shown
from opencabinet.doors.showing.png import SIZE
from opencabinet.doors.spending import COST
from opencabinet.doors.widgets import headers
from opencabinet.doors.widgets.answers import opened, tagged, told
from opencabinet.doors.widgets.asked import Asked, Place, looked, pieces, place
from opencabinet.doors.widgets.renderings import image
from opencabinet.doors.within import Nobody
from opencabinet.kernel.problem import Malformed

KINDS: Final = {"json": "application/json", "xml": "text/xml; charset=utf-8"}
PICTURES: Final = ("svg", "png")
USUAL_WIDTH, LEAST_WIDTH, MOST_WIDTH = 600, 200, 1600
MOST_DIGITS: Final = 5
SECONDS: Final = 3600
"""How long whoever asked may keep how a widget is embedded; its figures are asked for all the same."""


class NoSuchForm(Malformed):
    """It is told as json or as xml."""


@get("/w/oembed", need=Public.PUBLIC, opt={COST: 0})
async def show_embedding(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show how the widget of an address is embedded; closed accounts are embedded nowhere."""
    given = pieces(request.scope["query_string"])
    form = given.get("format", "json")
    if form not in KINDS:
        return plain(HTTPStatus.NOT_IMPLEMENTED, NoSuchForm().detail)
    asked = of_address(request, given.get("url", ""))
    found = await told(request, asked)
    if isinstance(found, Refused):
        return plain(HTTPStatus(found.status), found.heading)
    if not opened(found.honesty):
        raise NoSuchPath
    about = shared(asked, found, bound(given, "maxwidth", USUAL_WIDTH), bound(given, "maxheight", None))
    body = xml(about) if form == "xml" else msgspec.json.encode(about)
    return tagged(request, body, KINDS[form], {**headers.FACTS, **headers.kept(asked, open_=True)})


def plain(status: HTTPStatus, words: str) -> Response[bytes]:
    """Return why there is nothing to embed."""
    kept = {**headers.FACTS, "Cache-Control": headers.NEVER, "Access-Control-Allow-Origin": "*"}
    return Response(f"{words}\n".encode(), status_code=status, media_type="text/plain", headers=kept)


def of_address(request: Request[Any, Any, Any], address: str) -> Asked:
    """Return what an address asks for, whoever asks for it.

    Raises:
        NoSuchPath: if it is none of a widget here.
    """
    try:
        parts, ours = urlsplit(address), urlsplit(hosts.widgets(request))
        same = parts.scheme in {"http", "https"} and (parts.hostname, parts.port) == (ours.hostname, ours.port)
    except ValueError as wrong:
        raise NoSuchPath from wrong
    words = parts.path.removeprefix("/w/").split("/")
    if not same or not parts.path.startswith("/w/") or parts.username or not 1 <= len(words) <= 2:  # noqa: PLR2004 - a name, and whose
        raise NoSuchPath
    where: Place = place(words[0], words[1] if words[1:] else None)
    if where.ending not in {"", *PICTURES}:
        raise NoSuchPath
    return looked(request, where, parts.query.encode("ascii", "replace"), Nobody())


def bound(given: dict[str, str], name: str, usual: int | None) -> int | None:
    """Return a bound that is asked for, within ours; what is none is not heard."""
    text = given.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        return usual
    return max(LEAST_WIDTH, min(MOST_WIDTH, int(text)))


def shared(asked: Asked, found: Shown, width: int | None, height: int | None) -> dict[str, Any]:
    """Return how it is embedded: as a frame, or as the picture that its address names."""
    title = f"{found.title} · {found.login}" if found.login else found.title
    about = {"version": "1.0", "title": title, "provider_name": "OpenCabinet", "provider_url": asked.base}
    if asked.place.ending in PICTURES:
        look = asked.options
        size = SIZE.match(image(asked, found))
        return about | {
            "type": "photo",
            "url": asked.address(asked.place.ending),
            "width": int(size[1]) if size else look.width,
            "height": int(size[2]) if size else look.width,
        }
    wide, high = width or USUAL_WIDTH, embedding.room(found.widget).height(asked.options.rows)
    high = min(high, height or high)
    html = embedding.frame(asked.address(), title, high)
    thumbnail = {"thumbnail_url": asked.drawn(USUAL_WIDTH), "thumbnail_width": USUAL_WIDTH, "thumbnail_height": high}
    return about | {"type": "rich", "html": html, "width": wide, "height": high, "cache_age": SECONDS} | thumbnail


def xml(about: dict[str, Any]) -> bytes:
    """Write it as XML."""
    root = Element("oembed")
    for name, value in about.items():
        SubElement(root, name).text = str(value)
    written: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n' + written
