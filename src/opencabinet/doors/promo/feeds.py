"""News as readers of feeds take it: RSS 2.0, Atom 1.0 and JSON Feed 1.1, by language and category.

With a partner's code the links lead to the same news with the partner's link on its page, and nowhere else.
"""

from collections.abc import Sequence
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from itertools import accumulate
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from opencabinet import content
from opencabinet.access import Public
from opencabinet.content import CATEGORIES, Article
from opencabinet.db import Connection
from opencabinet.doors import lending, spending
from opencabinet.doors.gate import NoSuchPath
from opencabinet.doors.here import here
from opencabinet.doors.promo import forms
from opencabinet.doors.promo.banners import had
from opencabinet.doors.promo.feed import Feed
from opencabinet.doors.promo.press import Press, Written
from opencabinet.doors.reply import Reply
from opencabinet.kernel.problem import Malformed
from opencabinet.partners.programme import read_code

NEWEST: Final = 50
"""Items of a feed."""
LARGEST: Final = 1024 * 1024
"""Letters of all its texts: what is older is left to the list of v1."""
COST: Final = 3
"""What a feed costs of the network's budget: it may have to be written anew."""
FORMS: Final = {
    "news.rss": (forms.rss, "application/rss+xml; charset=utf-8"),
    "news.atom": (forms.atom, "application/atom+xml; charset=utf-8"),
    "news.json": (forms.jsonfeed, "application/feed+json; charset=utf-8"),
}
HEADERS: Final = {
    "Cache-Control": "public, max-age=60",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Vary": "Accept-Encoding",
}


class BadQuestion(Malformed):
    """The query cannot be read."""


class Asked(Struct, frozen=True, kw_only=True):
    """Which news are asked for, and with whose code in their links."""

    language: str | None
    category: str | None
    code: str | None

    @property
    def spelled(self) -> str:
        """The query in one spelling, with its question mark; empty if nothing is asked."""
        given = {name: getattr(self, name) for name in self.__struct_fields__ if getattr(self, name)}
        return f"?{urlencode(given)}" if given else ""


@get("/feeds/{name:str}", need=Public.PUBLIC, opt={spending.COST: COST})
async def show_feed(
    request: Request[Any, Any, Any], press: NamedDependency[Press], name: FromPath[str]
) -> Response[bytes]:
    """Show the newest news as a feed."""
    if name not in FORMS:
        raise NoSuchPath
    return await fed(request, press, name, asked(request))


@get("/news", need=Public.PUBLIC, opt={spending.COST: COST})
async def show_news(request: Request[Any, Any, Any], press: NamedDependency[Press]) -> Response[bytes]:
    """Show news as RSS, where readers of the published protocol look for it."""
    return await fed(request, press, "news.rss", asked(request, "news"))


@get("/analytics", need=Public.PUBLIC, opt={spending.COST: COST})
async def show_analytics(request: Request[Any, Any, Any], press: NamedDependency[Press]) -> Response[bytes]:
    """Show analytics as RSS, where readers of the published protocol look for it."""
    return await fed(request, press, "news.rss", asked(request, "analytics"))


def asked(request: Request[Any, Any, Any], category: str | None = None) -> Asked:
    """Return what a query asks for; what else it says is not heard: pages add words of their own to addresses.

    Raises:
        BadQuestion, BadContent, BadCode: for what cannot be read.
    """
    language, code = given(request, "language"), given(request, "code")
    category = category or given(request, "category")
    if category is not None and category not in CATEGORIES:
        raise BadQuestion(f"A category is one of {', '.join(CATEGORIES)}.")
    return Asked(
        language=None if language is None else content.read_language(language),
        category=category,
        code=None if code is None else read_code(code),
    )


def given(request: Request[Any, Any, Any], name: str) -> str | None:
    """Return a parameter of a query, None if it is not there or empty.

    Raises:
        BadQuestion: if it is given twice.
    """
    found: list[str] = request.query_params.getall(name, [])
    if len(found) > 1:
        raise BadQuestion(f"{name} is given twice.")
    return found[0] or None if found else None


async def fed(request: Request[Any, Any, Any], press: Press, name: str, wanted: Asked) -> Response[bytes]:
    """Return a feed, or that the reader has it."""
    _, media_type = FORMS[name]
    base, own = here(request), f"{request.scope['path']}{wanted.spelled}"

    async def write() -> Written:
        async with lending.borrowed(request) as conn:
            return await written(conn, name, wanted, base, own)

    feed = await press.give(base + own, write)
    headers = HEADERS | {"ETag": feed.tag}
    if feed.changed is not None:
        headers["Last-Modified"] = format_datetime(feed.changed, usegmt=True)
    if known(request, feed):
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers, media_type=media_type)
    return Reply(feed.body, media_type, headers=headers)


async def written(conn: Connection, name: str, wanted: Asked, base: str, own: str) -> Written:
    """Write a feed of what there is now; `own` is its path and query."""
    write, _ = FORMS[name]
    changed = await content.changed(conn)  # before the news: what changes between is told again
    page = await content.news(conn, wanted.language, wanted.category, limit=NEWEST)
    given = {name: getattr(wanted, name) for name in wanted.__struct_fields__}
    body = write(Feed.of(fitting(page.rows), base, own, **given))
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    return Written(body=body, tag=tag, changed=changed and changed.replace(microsecond=0))


def fitting(articles: Sequence[Article]) -> list[Article]:
    """Return the newest of news that are not too much for one feed."""
    sizes = accumulate(len(each.body) + len(each.summary) for each in articles)
    return [each for each, size in zip(articles, sizes, strict=True) if size <= LARGEST]


def known(request: Request[Any, Any, Any], feed: Written) -> bool:
    """Whether a reader says that it has the feed as it is; by its tag, and only without one by its time."""
    if "if-none-match" in request.headers:
        return had(request, feed.tag)
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except (ValueError, OverflowError):  # figures may be of any length
        return False
    return feed.changed is not None and feed.changed <= since.replace(tzinfo=since.tzinfo or UTC)
