"""The door of what partners put on pages of others: links, banners, informers, feeds, landing pages and forms."""

from typing import Final

from litestar import Router
from litestar.di import Provide

from opencabinet.doors.gate import gate
from opencabinet.doors.lending import lend
from opencabinet.doors.promo import fragments
from opencabinet.doors.promo.articles import show_article
from opencabinet.doors.promo.banners import show_banner
from opencabinet.doors.promo.feeds import show_analytics, show_feed, show_news
from opencabinet.doors.promo.go import draw_png, draw_svg, follow
from opencabinet.doors.promo.living import living
from opencabinet.doors.promo.press import Press

__all__ = ["living", "routers"]

HELD_SECONDS: Final = 2.0
"""A feed that was written a moment ago is good enough: readers may keep it for a minute."""


def routers(*, brand: str, server: str, held: bool) -> list[Router]:
    """Return the routes of this door: of a broker of a name, with quotes of a server; some answers are held."""
    return [going(), fragments.router(brand, server, held=held), news(held=held), pictures()]


def going() -> Router:
    """Return the routes of links."""
    return Router(path="/", route_handlers=[follow, draw_svg, draw_png])


def news(*, held: bool) -> Router:
    """Return the routes of news; who asks spends of their network's budget. Feeds may be held for a moment."""
    press = Press(HELD_SECONDS if held else 0)
    return Router(
        path="/",
        route_handlers=[show_feed, show_news, show_analytics, show_article],
        guards=[gate(lambda _: None)],
        dependencies={"conn": Provide(lend), "press": Provide(lambda: press, sync_to_thread=False)},
    )


def pictures() -> Router:
    """Return the routes of pictures, which are shown from memory: many who share a network look at a page."""
    return Router(path="/", route_handlers=[show_banner])
