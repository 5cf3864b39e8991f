"""The door of what partners put on pages of others: links, banners, informers, feeds, landing pages and forms."""

from litestar import Router

from opencabinet.doors.promo.go import draw_png, draw_svg, follow

__all__ = ["going"]


def going() -> Router:
    """Return the routes of links."""
    return Router(path="/", route_handlers=[follow, draw_svg, draw_png])
