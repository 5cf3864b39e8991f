"""News, which belongs to no account."""

from typing import Final, Literal

from msgspec import Struct

from opencabinet import content
from opencabinet.access import Public
from opencabinet.content import CATEGORIES, LANGUAGE, Article, BadContent
from opencabinet.doors.here import here
from opencabinet.doors.v1.listing import PageInfo
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.problems import Invalid
from opencabinet.doors.v1.query import CURSOR, Parameter, one_of, whole
from opencabinet.doors.v1.words import Time, time
from opencabinet.kernel.page import NEWEST

USUAL: Final = 20
MOST: Final = 50
"""Texts are long: a page has fewer of them than lists have rows."""
LIMIT: Final = Parameter(
    name="limit",
    read=whole("limit", MOST),
    text=f"At most so many; more than {MOST} are refused.",
    schema={"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    usual=USUAL,
)
CATEGORY: Final = one_of("category", CATEGORIES, "Only this kind of news.")


def language(text: str) -> str:
    """Read a language."""
    try:
        return content.read_language(text)
    except BadContent as wrong:
        raise Invalid("language", wrong.detail) from wrong


SPOKEN_IN: Final = Parameter(
    name="language",
    read=language,
    text="Only what is written in this language.",
    schema={"type": "string", "pattern": f"^{LANGUAGE.pattern}$"},
    example="en",
)


class NewsShown(Struct, frozen=True, kw_only=True):
    """News. `body` is clean HTML, without scripts, styles or pictures; `url` is its page.

    `updated_at` is when it last came to say something else.
    """

    id: str
    url: str
    language: str
    category: Literal["news", "analytics", "company"]
    title: str
    summary: str
    body: str
    symbols: list[str]
    published_at: Time
    updated_at: Time

    @classmethod
    def of(cls, article: Article, base: str) -> "NewsShown":
        """Say news."""
        return cls(
            id=f"news_{article.id}",
            url=f"{base}/news/{article.id}",
            language=article.language,
            category=article.category,
            title=article.title,
            summary=article.summary,
            body=article.body,
            symbols=article.symbols,
            published_at=time(article.published_at),
            updated_at=time(max(article.updated_at, article.published_at)),
        )


class News(Struct, frozen=True, kw_only=True):
    """A page of news, the newest first."""

    data: list[NewsShown]
    page: PageInfo


@read(
    "/news",
    tag="content",
    need=Public.PUBLIC,
    answer=News,
    parameters=(SPOKEN_IN, CATEGORY, CURSOR, LIMIT),
    refusals=(422,),
)
async def list_news(call: Call) -> News:
    """List news, analytics and what the company tells, the newest first.

    The same is told as RSS, Atom and JSON Feed under `/feeds/news.rss`, `/feeds/news.atom` and `/feeds/news.json`.
    """
    question, cursor = f"/v1/news?{call.query.text}", call.query["cursor"]
    below = call.sealer.open(cursor, question) if cursor else NEWEST
    page = await content.news(call.conn, call.query["language"], call.query["category"], below, call.query["limit"])
    next_cursor = None if page.next is None else call.sealer.seal(page.next, question)
    return News(
        data=[NewsShown.of(each, here(call.request)) for each in page.rows],
        page=PageInfo(next_cursor, next_cursor is not None, call.query["limit"]),
    )
