"""Telling news, and telling it no more."""

from collections.abc import Sequence
from datetime import datetime

from opencabinet.content import written
from opencabinet.content.articles import store
from opencabinet.content.articles.model import (
    CATEGORIES,
    LONGEST_SUMMARY,
    LONGEST_SYMBOL,
    LONGEST_TITLE,
    MOST_SYMBOLS,
    Article,
    BadArticle,
    Category,
    NoSuchArticle,
    Wanted,
)
from opencabinet.content.words import read_language, read_line
from opencabinet.db import Connection


def drafted(
    content: bytes,
    *,
    markdown: bool,
    language: str,
    category: Category,
    title: str | None = None,
    summary: str | None = None,
    symbols: Sequence[str] = (),
    published_at: datetime | None = None,
) -> Wanted:
    """Return news of a file. Its title is the heading it begins with, and its summary how it goes on, unless told.

    Raises:
        BadContent: if it cannot be news.
    """
    if category not in CATEGORIES or len(symbols) > MOST_SYMBOLS:
        raise BadArticle(f"A category is one of {', '.join(CATEGORIES)}; there are at most {MOST_SYMBOLS} symbols.")
    heading, body = written.headed(written.read(content, markdown=markdown))
    if not (title or heading):
        raise BadArticle("Say a title, or begin with a heading.")
    told = summary if summary is not None else written.shortened(written.plain(body), LONGEST_SUMMARY - 2)
    return Wanted(
        language=read_language(language),
        category=category,
        title=read_line("title", title or heading, LONGEST_TITLE),
        summary=read_line("summary", told, LONGEST_SUMMARY, shortest=0),
        body=body,
        symbols=[read_line("symbol", each, LONGEST_SYMBOL) for each in dict.fromkeys(symbols)],
        published_at=published_at,
    )


async def add_news(conn: Connection, wanted: Wanted) -> Article:
    """Tell news, at once or at its time."""
    return await store.add(conn, wanted)


async def change_news(conn: Connection, number: int, wanted: Wanted) -> Article:
    """Let news say something else.

    Raises:
        NoSuchArticle: if there is none, or it is retracted.
    """
    changed = await store.change(conn, number, wanted)
    if changed is None:
        raise NoSuchArticle
    return changed


async def retract_news(conn: Connection, number: int) -> None:
    """Tell news no more.

    Raises:
        NoSuchArticle: if it is not told.
    """
    if not await store.retract(conn, number):
        raise NoSuchArticle
