"""oEmbed (oembed.com): whoever pastes the address of a widget into a blog or a chat is shown the widget itself."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

import msgspec
from litestar import Request, Response, get
from msgspec import structs

from opencabinet.access import Public
from opencabinet.doors import embedding, hosts
from opencabinet.doors.gate import NoSuchPath
from opencabinet.doors.showing.asking import Told
from opencabinet.doors.showing.model import Refused
from opencabinet.doors.showing.png import SIZE
from opencabinet.doors.spending import COST
from opencabinet.doors.widgets import headers
from opencabinet.doors.widgets.answers import opened, tagged, telling, written
from opencabinet.doors.widgets.asked import Asked, Place, looked, pieces, place
from opencabinet.doors.widgets.renderings import RENDERINGS
from opencabinet.doors.within import Nobody
from opencabinet.doors.wording import words
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
    told = await telling(request, asked)
    if isinstance(told, Refused):
        return plain(HTTPStatus(told.status), told.heading, told.retry_seconds)
    if not opened(asked, told):
        raise NoSuchPath
    about = await shared(asked, told, bound(given, "maxwidth"), bound(given, "maxheight"))
    body = xml(about) if form == "xml" else msgspec.json.encode(about)
    return tagged(request, body, KINDS[form], {**headers.FACTS, **headers.kept(asked, open_=True)})


def plain(status: HTTPStatus, text: str, again: int | None = None) -> Response[bytes]:
    """Return why there is nothing to embed, and after how many seconds there may be."""
    kept = {**headers.FACTS, "Cache-Control": headers.NEVER, "Access-Control-Allow-Origin": "*"}
    if again:
        kept["Retry-After"] = str(again)
    return Response(f"{text}\n".encode(), status_code=status, media_type="text/plain", headers=kept)


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


def bound(given: dict[str, str], name: str) -> int | None:
    """Return a bound that is asked for, within ours; what is none is not heard."""
    text = given.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        return None
    return max(LEAST_WIDTH, min(MOST_WIDTH, int(text)))


async def shared(asked: Asked, told: Sequence[Told], width: int | None, height: int | None) -> dict[str, Any]:
    """Return how it is embedded: as a frame, or as the picture that its address names."""
    place = asked.place
    named = words(asked.options.lang).gettext(place.widget.title)
    title = f"{named} · {place.login}" if place.login else named
    about = {"version": "1.0", "title": title, "provider_name": "OpenCabinet", "provider_url": asked.base}
    if place.ending in PICTURES:
        fitting = narrowed(asked, min(asked.options.width, width or MOST_WIDTH))
        wide, high = await size(fitting, told)
        return about | {"type": "photo", "url": fitting.address(place.ending), "width": wide, "height": high}
    wide, high = width or USUAL_WIDTH, embedding.room(place.widget.name).height(asked.options.rows)
    high = min(high, height or high)
    html = embedding.frame(asked.address(), title, high)
    thumb_wide, thumb_high = await size(narrowed(asked, USUAL_WIDTH), told)
    thumbnail = {
        "thumbnail_url": asked.drawn(USUAL_WIDTH),
        "thumbnail_width": thumb_wide,
        "thumbnail_height": thumb_high,
    }
    return about | {"type": "rich", "html": html, "width": wide, "height": high, "cache_age": SECONDS} | thumbnail


def narrowed(asked: Asked, width: int) -> Asked:
    """Return what is asked for as a picture of another width."""
    if width == asked.options.width:
        return asked
    query = urlencode(dict(parse_qsl(asked.query)) | {"width": str(width)})
    return structs.replace(asked, query=query, options=structs.replace(asked.options, width=width))


async def size(asked: Asked, told: Sequence[Told]) -> tuple[int, int]:
    """Return how wide and how high it is as a picture."""
    found = SIZE.search((await written(asked, RENDERINGS["svg"], told)).decode())
    return (int(found["width"]), int(found["height"])) if found else (asked.options.width, asked.options.width)


def xml(about: dict[str, Any]) -> bytes:
    """Write it as XML."""
    root = Element("oembed")
    for name, value in about.items():
        SubElement(root, name).text = str(value)
    written: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n' + written
