"""News: the newest headlines in a language, each with the way to read on."""

from collections.abc import Sequence
from typing import Any, Final

from litestar import Response

from opencabinet import content
from opencabinet.content import CATEGORIES, Article
from opencabinet.doors import lending, turn
from opencabinet.doors.promo.fragments.pages import Visit, page

USUAL, MOST = 5, 20
ANY: Final = ("", *CATEGORIES)


async def show(who: Visit) -> Response[Any]:
    """Show the newest headlines."""
    count = who.asked.number("count", 1, MOST) or USUAL
    category = who.asked.choice("category", ANY, "")
    return page(who, "news.html", rows=await newest(who, category or None, count))


async def newest(who: Visit, category: str | None, count: int) -> Sequence[Article]:
    """Return the newest that is told in the language that is asked for, read once a moment for all who ask."""
    language = who.look.language

    async def read() -> Sequence[Article]:
        async with lending.borrowed(who.request) as conn:
            return (await content.news(conn, language, category, limit=count)).rows

    await turn.give_way(who.request)
    return await who.site.moments.answer(("news", language, category, count), read)
