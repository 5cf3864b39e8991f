"""What is asked for: which widget, of whom, in which rendering, how it is to look, and who asks."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from litestar.connection import ASGIConnection
from msgspec import Struct, structs

from opencabinet.access import Kind, kind_of
from opencabinet.doors import caller, hosts, spilled
from opencabinet.doors.gate import NoSuchPath
from opencabinet.doors.here import here
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.model import Widget
from opencabinet.doors.showing.options import THEMES, BadOption, Options
from opencabinet.doors.within import Asker, Bearer, Nobody
from opencabinet.doors.wording import spoken
from opencabinet.kernel.problem import Malformed, Refused

LONGEST_QUERY: Final = 2048
MOST_OPTIONS: Final = 32
LEVEL: Final = "level"
"""Which level its heading has on the page, as whoever puts it there knows best."""
LEVELS: Final = {str(level): level for level in range(1, 7)}
OWN_LEVEL, USUAL_LEVEL = 1, 2
"""In a page of its own, and elsewhere."""
LOGIN: Final = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
ENDINGS: Final = ("json", "svg", "png", "txt", "atom")
"""The renderings beside the page itself, by how their addresses end."""
FEEDS: Final = "atom"


class BadCredential(Malformed):
    """One bearer token may be shown."""


class PlainHttp(Refused):
    """Credentials are taken over https only; what was sent in clear should be considered known to others."""


class Place(Struct, frozen=True, kw_only=True):
    """Where a rendering of a widget is asked for."""

    widget: Widget
    login: str | None
    ending: str = ""

    def path(self, ending: str = "") -> str:
        """Return the path of another rendering of the same."""
        whose = f"/{self.login}" if self.login else ""
        return f"/w/{self.widget.name}{whose}" + (f".{ending}" if ending else "")


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked for. `query` is how it is to look, as it was asked for.

    `base` is where the world reaches widgets, `checks` where it reaches v1.
    """

    place: Place
    query: str
    options: Options
    as_: Asker
    base: str
    checks: str
    level: int = USUAL_LEVEL
    wrong: BadOption | None = None

    def address(self, ending: str = "") -> str:
        """Return where another rendering of the same is asked for, looking the same."""
        return self.base + self.place.path(ending) + (f"?{self.query}" if self.query else "")

    @property
    def inside(self) -> str:
        """Where the API password is asked for, on the same host."""
        return self.place.path().replace("/w/", "/w/private/", 1) + (f"?{self.query}" if self.query else "")

    @property
    def source(self) -> str:
        """Where a page asks for its own figures, on its own host."""
        given = dict(parse_qsl(self.query)) | {LEVEL: str(self.level)}
        return f"{self.place.path('json')}?{urlencode(given)}"

    def drawn(self, width: int) -> str:
        """Return where it is asked for as a picture, so many pixels wide."""
        given = dict(parse_qsl(self.query)) | {"width": str(width)}
        return f"{self.base}{self.place.path('png')}?{urlencode(given)}"

    def oembed(self, form: str) -> str:
        """Return where programs ask how it is embedded."""
        return f"{self.base}/w/oembed?{urlencode({'url': self.address(), 'format': form})}"

    @property
    def page(self) -> str | None:
        """The origin that a publishable key is good for, if one was shown from there."""
        shown = self.as_
        return shown.origin if isinstance(shown, Bearer) and kind_of(shown.token) is Kind.PUBLISHABLE else None


def place(name: str, last: str | None) -> Place:
    """Return where a path leads: to a widget of a login, or of nobody.

    Raises:
        NoSuchPath: if it leads nowhere.
    """
    whole, dot, ending = (name if last is None else last).partition(".")
    widget = WIDGETS.get(whole if last is None else name)
    good = widget is not None and (not dot or ending in ENDINGS) and (ending != FEEDS or widget.feeds)
    if widget is None or not good or (widget.of == "nobody") is not (last is None):
        raise NoSuchPath
    if last is not None and not LOGIN.fullmatch(whole):
        raise NoSuchPath
    return Place(widget=widget, login=None if last is None else whole, ending=ending)


def read(request: ASGIConnection[Any, Any, Any, Any], where: Place) -> Asked:
    """Return what a request asks for.

    Raises:
        Malformed: if the query is none, or holds a credential; addresses are logged and shared.
        BadCredential, PlainHttp: for a credential that is not shown as it should be.
    """
    return looked(request, where, request.scope["query_string"], asker(request))


def looked(request: ASGIConnection[Any, Any, Any, Any], where: Place, raw: bytes, as_: Asker) -> Asked:
    """Return what the query of an address asks for; an option that cannot be read is told in the same rendering.

    Raises:
        Malformed: if it is no query, or holds a credential.
    """
    spilled.refuse(raw)
    given, wrong = pieces(raw), None
    given["lang"] = language = spoken(given.get("lang") or request.headers.get("accept-language") or "")
    now = datetime.now(UTC)
    try:
        options = Options.read(given, now=now, columns=where.widget.columns)
    except BadOption as raised:
        options, wrong = Options.read({"lang": language, **themed(given)}, now=now), raised
    if "server" in where.widget.takes and options.server is None:
        options = structs.replace(options, server=request.app.state.informer_server or None)
    return Asked(
        place=where,
        query=urlencode(given),
        options=options,
        as_=as_,
        base=hosts.widgets(request),
        checks=here(request),
        level=LEVELS.get(given.get(LEVEL, ""), USUAL_LEVEL if where.ending else OWN_LEVEL),
        wrong=wrong,
    )


def themed(given: Mapping[str, str]) -> Mapping[str, str]:
    """Return the theme that is asked for: whatever else cannot be read, no white box stands on a dark page."""
    return {"theme": given["theme"]} if given.get("theme") in THEMES else {}


def pieces(raw: bytes) -> dict[str, str]:
    """Take a query apart.

    Raises:
        Malformed: if it is too long, no query, or says anything twice.
    """
    if len(raw) > LONGEST_QUERY:
        raise Malformed(f"A query has at most {LONGEST_QUERY} bytes.")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_OPTIONS)
    except ValueError as wrong:
        raise Malformed("The query cannot be read.") from wrong
    found: Mapping[str, str] = dict(pairs)
    if len(found) < len(pairs):
        raise Malformed("An option is given twice.")
    return {name: value for name, value in found.items() if value}


def asker(request: ASGIConnection[Any, Any, Any, Any]) -> Asker:
    """Return who asks: whoever shows a token or a key in the header for it, or nobody. Cookies are not looked at.

    Raises:
        BadCredential: for two of them, or another scheme.
        PlainHttp: where others could listen.
    """
    shown, origin = request.headers.getall("authorization", []), caller.origin(request)
    if not shown:
        return Nobody(origin)
    scheme, _, token = shown[0].strip().partition(" ")
    if len(shown) > 1 or scheme.lower() != "bearer" or not token.strip():
        raise BadCredential
    if request.scope["scheme"] != "https" and not request.app.state.plain_http:
        raise PlainHttp
    return Bearer(token.strip(), origin)
