"""The way from a partner's link to where it leads, and the QR codes of links.

Where anybody is sent stands on the operator's list and nowhere else: an address names a code, never a place. Nobody is
sent on before the click is kept. Nothing of this is counted against a budget, for what a phone network sends comes from
one address: clicks have places and connections of their own, and too many of one network do not count.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote_plus

from litestar import Request, Response, get

from opencabinet.access import Public
from opencabinet.doors import gate, spending, turn
from opencabinet.doors.direct import DIRECT
from opencabinet.doors.here import here
from opencabinet.doors.reply import Reply
from opencabinet.doors.seen import seen
from opencabinet.kernel.problem import Overloaded
from opencabinet.partners import clicks, links
from opencabinet.partners.clicks import Caller, Keeping, Led, Noting, Told
from opencabinet.partners.links import Form
from opencabinet.partners.programme import BadCode, read_code

MOST_PAIRS: Final = 40
"""So many pieces of a query are looked at."""
SUBS: Final = ("s1", "s2", "s3", "s4", "s5")
NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
LONGEST_SLUG: Final = 40
LONGEST_WRITTEN: Final = 800
"""A word of 64 letters is no longer than that, however it is written."""
PREFETCH: Final = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)
MODE: Final = b"sec-fetch-mode"
GOING: Final = b"navigate"
HTML: Final = "text/html; charset=utf-8"
HEADERS: Final = (
    (b"cache-control", b"private, no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex"),
)
PAGE: Final = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title><h1>{title}</h1><p>{text}</p></html>"
)
NOWHERE: Final = PAGE.format(
    title="This link leads nowhere", text="It may have been mistyped, or it is no longer used."
)
BUSY: Final = PAGE.format(title="Too many at once", text="Please try again in a moment.")
COST: Final = 5
"""What a QR code costs of the network's budget: it takes some milliseconds to draw one."""
KINDS: Final[Mapping[Form, str]] = {"svg": "image/svg+xml", "png": "image/png"}
DAY: Final = "public, max-age=86400"


class Way(Reply):
    """An answer with a status and headers of its own."""

    def __init__(self, status: HTTPStatus, lines: list[tuple[bytes, bytes]], page: str = "") -> None:
        super().__init__(page.encode(), HTML)
        self.status_code = status.value
        self.lines = [*(self.lines if page else [(b"content-length", b"0")]), *HEADERS, *lines]


@get("/go/{code:str}", need=Public.PUBLIC, opt={DIRECT: True})
async def follow(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Keep a click on a partner's link, and send whoever clicked to where it leads."""
    try:
        code = read_code(request.scope["path_params"]["code"])
    except BadCode:
        return Way(HTTPStatus.NOT_FOUND, [], NOWHERE)
    noting: Noting = request.app.state.noting
    keeping: Keeping = request.app.state.keeping
    click = noting.note(code, told(request.scope["query_string"]), caller(request))
    try:
        with turn.aside(request):
            led = await keeping.keep(click)
    except Overloaded:
        return Way(HTTPStatus.SERVICE_UNAVAILABLE, [(b"retry-after", b"1")], BUSY)
    if led is None:
        return Way(HTTPStatus.NOT_FOUND, [], NOWHERE)
    return Way(HTTPStatus.FOUND, [(b"location", place(led, click.token).encode("ascii"))])


@get("/go/{code:str}/qr.svg", need=Public.PUBLIC, opt={spending.COST: COST})
async def draw_svg(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Draw the QR code of a link as SVG."""
    return drawn(request, "svg")


@get("/go/{code:str}/qr.png", need=Public.PUBLIC, opt={spending.COST: COST})
async def draw_png(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Draw the QR code of a link as PNG."""
    return drawn(request, "png")


def place(led: Led, token: bytes) -> str:
    """Return where somebody is sent who clicked."""
    return links.carrying(led.url, clicks.spelled(token)) if led.carries else led.url


def caller(request: Request[Any, Any, Any]) -> Caller:
    """Return who clicks."""
    found = seen(request)
    headers = dict(request.scope["headers"])
    purpose = headers.get(b"sec-purpose") or headers.get(b"purpose") or headers.get(b"x-purpose") or b""
    return Caller(
        address=found.address,
        network=found.network,
        agent=headers.get(b"user-agent", b"").decode("latin-1"),
        head=gate.bodiless(request),
        # Nobody goes anywhere by a picture or a script of a page, which shows it to all its visitors.
        prefetch=headers.get(MODE, GOING) != GOING
        or (bool(purpose) and PREFETCH.search(purpose.decode("latin-1")) is not None),
    )


def told(query: bytes) -> Told:
    """Return what the query of an address tells of a click; what cannot be kept is left out, as if it was not there."""
    given: dict[str, str] = {}
    for pair in query.decode("utf-8", "replace").split("&", MOST_PAIRS)[:MOST_PAIRS] if query else ():
        name, _, value = pair.partition("=")
        if name in NAMES and name not in given and (word := read(value)):
            given[name] = word
    if not given:
        return NOTHING
    take = given.pop
    return Told(
        keyword=take("k", ""),
        banner=number(take("b", "")),
        landing=slug(take("l", "")),
        destination=slug(take("d", "")),
        subs=subs(given) if given else (),
    )


def read(value: str) -> str:
    """Return a word as it is meant, nothing if it is too long, or something in it cannot be seen."""
    if value.isalnum():  # as most are: it means itself
        return value if links.good_word(value) else ""
    try:
        word = unquote_plus(value, errors="strict") if len(value) <= LONGEST_WRITTEN else ""
    except UnicodeDecodeError:
        return ""
    return word if links.good_word(word) else ""


def subs(given: Mapping[str, str]) -> tuple[str, ...]:
    """Return the sub-ids up to the last that is there."""
    last = SUBS.index(max(given)) + 1
    return tuple([given.get(name, "") for name in SUBS[:last]])


def number(text: str) -> int | None:
    """Return the number of something of the operator's, None if it cannot be one."""
    return int(text) if text and NUMBER.fullmatch(text) else None


def slug(text: str) -> str:
    """Return the name of something of the operator's, nothing if it cannot be one."""
    return text if text and len(text) <= LONGEST_SLUG and SLUG.fullmatch(text) else ""


def drawn(request: Request[Any, Any, Any], form: Form) -> Response[bytes]:
    """Answer with the QR code of the address of a link at this cabinet; whose the code is nobody asks."""
    spending.spend(request, None, seen(request).network)
    try:
        code = read_code(request.path_params["code"])
    except BadCode:
        return Way(HTTPStatus.NOT_FOUND, [], NOWHERE)
    asked = request.query_params.get("scale", "")
    scale = int(asked) if NUMBER.fullmatch(asked) else links.USUAL_SCALE
    image = links.qr(f"{here(request)}/go/{code}", form, min(scale, links.LARGEST_SCALE))
    return Reply(image, KINDS[form], headers={"Cache-Control": DAY, "Cross-Origin-Resource-Policy": "cross-origin"})


NAMES: Final = frozenset({"k", "b", "l", "d", *SUBS})
NOTHING: Final = Told()
