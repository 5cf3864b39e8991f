"""Widgets as parts of pages: each is loaded on its own, and kept up to date without a flicker."""

from typing import Any, Final

from litestar import Response

from opencabinet.access import Signed
from opencabinet.doors.cabinet.client import fragments
from opencabinet.doors.cabinet.client.listing import target
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.showing.asking import shown
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.model import Widget
from opencabinet.doors.showing.options import BadOption, Options
from opencabinet.doors.showing.refusing import wrongly_set
from opencabinet.kernel.problem import Unknown

PARTS: Final = {name: each for name, each in WIDGETS.items() if each.of == "account"}


class NoSuchPart(Unknown):
    """There is no such part of a page."""


@page("/accounts/{login}/parts/{name}", need=Signed.IN)
async def show_part(visit: Visit) -> Response[bytes]:
    """Show what a widget shows of an account, for a page of its owner."""
    login, widget = str(visit.login()), PARTS.get(str(visit.request.path_params["name"]))
    if widget is None:
        raise NoSuchPart
    given: dict[str, Any] = {"login": login, "widget": widget, "here": target(visit)}
    return visit.page("client/part.html", inside=await inside(visit, widget, login), **given)


async def inside(visit: Visit, widget: Widget, login: str) -> Any:
    """Return what a widget shows."""
    words, query = visit.words, dict(visit.request.query_params)
    try:
        options = Options.read(query, now=visit.now, columns=widget.columns, lang=words.language)
    except BadOption as wrong:
        return fragments.inside(words, wrongly_set(widget, login, words, wrong))
    return fragments.inside(words, await shown(visit.request, widget, login, options, visit.as_person))
