"""Quotes: as a table that is renewed while somebody looks, and as a picture for pages that take no frames."""

from typing import Any, Final

from litestar import Response
from msgspec import structs

from opencabinet.doors.promo.fragments import symbols
from opencabinet.doors.promo.fragments.colours import Colour, read_colour
from opencabinet.doors.promo.fragments.look import palettes
from opencabinet.doors.promo.fragments.pages import FRESH, PAGES, Visit, answer, page

REFRESH_SECONDS: Final = 10
"""A page asks again so often; faster would spend an office's budget."""
SVG: Final = "image/svg+xml; charset=utf-8"
PICTURED: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors *; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
    "Cache-Control": FRESH,
}
USUAL_WIDTH, NARROWEST, WIDEST = 220, 100, 800
USUAL_SIZE, SMALLEST, LARGEST = 12, 8, 24
WITH_ASK: Final = 16
"""So many times as wide as its letters are high, a picture has room for both sides."""


async def show(who: Visit) -> Response[Any]:
    """Show quotes in a table."""
    rows = await symbols.quoted(who)
    latest = max((row.at for row in rows), default=None)
    return page(who, "quotes.html", rows=rows, latest=latest, refresh=REFRESH_SECONDS)


async def draw(who: Visit) -> Response[Any]:
    """Draw quotes as a picture; the old wire's names of its colours are known, too."""
    rows, asked = await symbols.quoted(who), who.asked
    look = structs.replace(
        who.look,
        background=who.look.background or read_colour(asked.text("c1", longest=7)),
        text=who.look.text or read_colour(asked.text("c2", longest=7)),
    )
    width = asked.number("width", NARROWEST, WIDEST) or asked.number("w", NARROWEST, WIDEST) or USUAL_WIDTH
    size = asked.number("ss", SMALLEST, LARGEST) or USUAL_SIZE
    ground, ink = colours(look.theme, look.background, look.text)
    drawn = PAGES.get_template("quotes.svg").render(
        t=who.texts, rows=rows, width=width, size=size, ground=ground, ink=ink, line=ink.mixed(ground, 0.84),
        both=width >= WITH_ASK * size,
    )  # fmt: skip
    return answer(who.request, drawn.encode(), SVG, PICTURED)


def colours(theme: str, background: Colour | None, text: Colour | None) -> tuple[Colour, Colour]:
    """Return the ground and the ink of a picture, which cannot know whether the page around it is dark."""
    ground = background or palettes()["dark" if theme == "dark" else "light"]["ground"]
    return ground, (text or palettes()["dark" if ground.dark else "light"]["ink"]).on(ground)
