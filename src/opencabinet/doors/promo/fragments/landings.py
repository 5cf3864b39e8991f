"""Landing pages, which carry the partner's code into their links and their form."""

import re
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from markupsafe import Markup
from msgspec import structs

from opencabinet import content
from opencabinet.access import Public
from opencabinet.content import BadContent, Landing, NoSuchLanding
from opencabinet.doors import lending, turn
from opencabinet.doors.promo.fragments.opening import carried, filled
from opencabinet.doors.promo.fragments.pages import Site, Visit, page, visit
from opencabinet.doors.promo.fragments.texts import LANGUAGES, Language
from opencabinet.partners import clicks, programme

NAME: Final = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)


@get("/landings/{name:str}", need=Public.PUBLIC)
async def show_landing(
    request: Request[Any, Any, Any], site: NamedDependency[Site], name: FromPath[str]
) -> Response[Any]:
    """Show a landing page, with a form where it has one."""
    who = visit(request, site)
    language = spoken(who)
    found = await landing(who, name, language) if NAME.fullmatch(name) else None
    if found is None:
        raise NoSuchLanding
    who = structs.replace(who, look=structs.replace(who.look, language=words(found)))
    fields = {**who.look.fields(), **carried(who.asked)}
    # The code behind a click is shown, and no more: it was not given, and a click counts for a while only.
    code = who.look.code or await brought_by(who) or ""
    body = Markup(found.filled(code, f"/open-account?{urlencode(fields)}"))  # noqa: S704 - clean when kept
    return page(who, "landing.html", landing=found, body=body, **filled(who))


async def brought_by(who: Visit) -> str | None:
    """Return the code behind a click that somebody comes from: that of the link, or else the partner's own."""
    token = carried(who.asked).get("click", "")
    if clicks.read_token(token) is None:
        return None
    async with lending.borrowed(who.request) as conn:
        click = await clicks.by_token(conn, token)
        codes = [] if click is None else await programme.naming(conn, click.login, link=click.link)
    return codes[0].code if codes else None


def spoken(who: Visit) -> str:
    """Return the language that is asked for, as content is told apart by it."""
    try:
        return content.read_language(who.asked.text("lang", longest=12) or "en")
    except BadContent:
        return "en"


def words(landing: Landing) -> Language:
    """Return the language of the form on a page: the page's own if we speak it."""
    return next((each for each in LANGUAGES if each == landing.language.partition("-")[0]), "en")


async def landing(who: Visit, name: str, language: str) -> Landing | None:
    """Return a page, read once in a while for all who ask."""

    async def read() -> Landing | None:
        async with lending.borrowed(who.request) as conn:
            return await content.landing(conn, name, language)

    await turn.give_way(who.request)
    return await who.site.moments.answer(("landing", name, language), read)
