"""Informers: what a partner puts into a frame on their pages."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from litestar import Request, Response, get
from litestar.di import NamedDependency

from opencabinet.access import Public
from opencabinet.doors.promo.fragments import calculators, news, quotes, rewards
from opencabinet.doors.promo.fragments.asked import read
from opencabinet.doors.promo.fragments.assets import HEADERS
from opencabinet.doors.promo.fragments.look import read_look, sheet
from opencabinet.doors.promo.fragments.pages import Site, Visit, query, visit
from opencabinet.doors.promo.fragments.spelling import spelled
from opencabinet.doors.reply import Reply
from opencabinet.doors.spending import COST
from opencabinet.kernel.problem import Unknown

Show = Callable[[Visit], Awaitable[Response[Any]]]
INFORMERS: Final[Mapping[str, Show]] = {
    "quotes": quotes.show,
    "image": quotes.draw,
    "news": news.show,
    "pip": calculators.show_pip,
    "margin": calculators.show_margin,
    "commission": rewards.show_commission,
    "rebate": rewards.show_rebate,
}
SHEETS: Final = {**HEADERS, "Cache-Control": "public, max-age=3600"}
"""A style sheet follows from its address, and from our colours."""


class NoSuchInformer(Unknown):
    """There is no such informer."""


@get("/informers/{name:str}", need=Public.PUBLIC)
async def show_informer(request: Request[Any, Any, Any], site: NamedDependency[Site]) -> Response[Any]:
    """Show an informer in a frame of another page."""
    show = INFORMERS.get(request.path_params["name"])
    if show is None:
        raise NoSuchInformer
    return await show(visit(request, site))


@get(
    [
        "/informers/{name:str}/{action:str}",
        "/informers/{name:str}/{action:str}/{third:str}",
        "/informers/{name:str}/{action:str}/{third:str}/{fourth:str}",
        "/informers/{name:str}/{action:str}/{third:str}/{fourth:str}/{fifth:str}",
    ],
    need=Public.PUBLIC,
)
async def show_old(request: Request[Any, Any, Any], site: NamedDependency[Site]) -> Response[Any]:
    """Show an informer that is asked for by the old wire's address."""
    found = spelled(list(request.path_params.values()), query(request))
    if found is None:
        raise NoSuchInformer
    return await INFORMERS[found.name](visit(request, site, found.asked))


@get("/informers/look.css", need=Public.PUBLIC, opt={COST: 0})
async def show_sheet(request: Request[Any, Any, Any]) -> Reply:
    """Show the style sheet of the colours that a page asks for."""
    found = sheet(read_look(read(query(request))))
    return Reply(found.encode(), "text/css; charset=utf-8", headers=SHEETS)
