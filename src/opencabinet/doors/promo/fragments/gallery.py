"""The gallery: each informer in light and dark, with the snippet to copy. It works without a script."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, Literal
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.di import NamedDependency
from msgspec import Struct, structs

from opencabinet.access import Public
from opencabinet.doors.here import here
from opencabinet.doors.promo.fragments import assets
from opencabinet.doors.promo.fragments.look import Look
from opencabinet.doors.promo.fragments.pages import FRAMED, PAGES, POLICY, Site, Visit, page, visit
from opencabinet.doors.promo.fragments.texts import NAMES

OWN: Final = {
    **FRAMED,
    "Content-Security-Policy": POLICY.replace("frame-ancestors *", "frame-src 'self'; frame-ancestors 'none'"),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Kind(Struct, frozen=True):
    """What stands in the gallery: its name, where it is asked for, and how high it is before it says so itself."""

    name: str
    path: str
    height: int
    symbols: bool = False


KINDS: Final = (
    Kind("quotes", "/informers/quotes", 380, symbols=True),
    Kind("news", "/informers/news", 420),
    Kind("pip", "/informers/pip", 430, symbols=True),
    Kind("margin", "/informers/margin", 620, symbols=True),
    Kind("commission", "/informers/commission", 400, symbols=True),
    Kind("rebate", "/informers/rebate", 400, symbols=True),
    Kind("form", "/open-account", 640),
)
PICTURE: Final = Kind("picture", "/informers/image", 200, symbols=True)


class Shown(Struct, frozen=True):
    """A fragment as the gallery shows it."""

    kind: Kind
    theme: str
    source: str
    """Where it is asked for, on this host."""
    snippet: str


@get("/informers", need=Public.PUBLIC)
async def show_gallery(request: Request[Any, Any, Any], site: NamedDependency[Site]) -> Response[Any]:
    """Show every informer with the snippet that puts it on a page."""
    who = visit(request, site)
    shown = [each for kind in (*KINDS, PICTURE) for each in both(who, kind)]
    wrong = mistakes(who)
    status = HTTPStatus.BAD_REQUEST if any(wrong.values()) else HTTPStatus.OK
    typed = {name: who.asked.text(name, longest=400) for name in ("code", "accent", "width", "symbols")}
    return page(
        who,
        "gallery.html",
        status=status,
        headers=OWN,
        shown=shown,
        wrong=wrong,
        typed=typed,
        languages=tuple(NAMES.items()),
        embed=assets.asset("embed.js"),
    )


def both(who: Visit, kind: Kind) -> Iterator[Shown]:
    """Give a fragment in light and in dark."""
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for theme in themes:
        look = structs.replace(who.look, theme=theme, id=None, post="object", host=None)
        source = f"{kind.path}?{urlencode(asking(look, kind, who.asked.text('symbols', longest=400)))}"
        given: dict[str, Any] = {"kind": kind, "title": who.texts[kind.name], "source": here(who.request) + source}
        given["embed"], given["base"] = assets.asset("embed.js"), here(who.request)
        snippet = PAGES.get_template("picture.html" if kind is PICTURE else "snippet.html").render(**given)
        yield Shown(kind, theme, source, snippet)


def asking(look: Look, kind: Kind, symbols: str) -> Mapping[str, str]:
    """Return the query of a fragment; what is usual is not said."""
    usual = {"lang": "en"}
    fields = {name: value for name, value in look.fields().items() if usual.get(name) != value}
    return fields | ({"symbols": symbols} if kind.symbols and symbols else {})


def mistakes(who: Visit) -> Mapping[str, str]:
    """Return what is said of each field: what cannot be read is not passed over here."""
    asked, look = who.asked, who.look
    checks: Sequence[tuple[str, object, str]] = (
        ("code", look.code, "bad_code"),
        ("accent", look.accent, "bad_colour"),
        ("width", look.width, "bad_number"),
    )
    return {name: who.texts[key] if asked.text(name) and read is None else "" for name, read, key in checks}
