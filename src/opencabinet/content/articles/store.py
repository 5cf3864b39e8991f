"""The SQL of news."""

from datetime import datetime

from opencabinet.content.articles.model import Article, Wanted
from opencabinet.db import Connection
from opencabinet.kernel.page import NEWEST, Key, Page

ADD = """
INSERT INTO news (language, category, title, summary, body, symbols, published_at)
VALUES (%(language)s, %(category)s, %(title)s, %(summary)s, %(body)s, %(symbols)s,
        coalesce(%(published_at)s::timestamptz, now()))
RETURNING id, language, category, title, summary, body, symbols, published_at, updated_at, retracted_at
"""

CHANGE = """
UPDATE news
   SET language = %(language)s, category = %(category)s, title = %(title)s, summary = %(summary)s, body = %(body)s,
       symbols = %(symbols)s, published_at = coalesce(%(published_at)s::timestamptz, published_at), updated_at = now()
 WHERE id = %(id)s AND retracted_at IS NULL
RETURNING id, language, category, title, summary, body, symbols, published_at, updated_at, retracted_at
"""

RETRACT = """
UPDATE news SET retracted_at = now() WHERE id = %(id)s AND retracted_at IS NULL
"""

ONE = """
SELECT id, language, category, title, summary, body, symbols, published_at, updated_at, retracted_at
  FROM news
 WHERE id = %(id)s AND retracted_at IS NULL AND published_at <= now()
"""

NEWS = """
SELECT id, language, category, title, summary, body, symbols, published_at, updated_at, retracted_at
  FROM news
 WHERE retracted_at IS NULL
   AND published_at <= now()
   AND (published_at, id) < (%(at)s, %(id)s)
   AND (%(language)s::text IS NULL OR language = %(language)s)
   AND (%(category)s::text IS NULL OR category = %(category)s)
 ORDER BY published_at DESC, id DESC
 LIMIT %(limit)s
"""

ALL = """
SELECT id, language, category, title, summary, body, symbols, published_at, updated_at, retracted_at
  FROM news
 WHERE id < %(below)s
 ORDER BY id DESC
 LIMIT %(limit)s
"""

CHANGED = """
SELECT GREATEST(published_at, updated_at, retracted_at)
  FROM news
 WHERE GREATEST(published_at, updated_at, retracted_at) <= now()
 ORDER BY 1 DESC
 LIMIT 1
"""


async def add(conn: Connection, wanted: Wanted) -> Article:
    """Keep news."""
    made = await conn.one(Article, ADD, **{name: getattr(wanted, name) for name in wanted.__struct_fields__})
    if made is None:
        raise LookupError("News that is kept is given back.")
    return made


async def change(conn: Connection, number: int, wanted: Wanted) -> Article | None:
    """Let news say something else; None if there is none, or it is retracted."""
    return await conn.one(
        Article, CHANGE, id=number, **{name: getattr(wanted, name) for name in wanted.__struct_fields__}
    )


async def retract(conn: Connection, number: int) -> bool:
    """Tell news no more; say whether it was told."""
    return bool(await conn.run(RETRACT, id=number))


async def article(conn: Connection, number: int) -> Article | None:
    """Return news that is published, None if there is none."""
    return await conn.one(Article, ONE, id=number)


async def news(
    conn: Connection,
    language: str | None = None,
    category: str | None = None,
    below: Key = NEWEST,
    limit: int = 50,
) -> Page[Article]:
    """Return a page of what is published, the newest first; only of a language or a category if it is said which."""
    found = await conn.fetch(
        Article, NEWS, language=language, category=category, at=below.at, id=below.id, limit=limit + 1
    )
    return Page.of(found, limit, lambda each: each.key)


async def everything(conn: Connection, *, below: int, limit: int) -> list[Article]:
    """Return news whatever became of it, the last added first, ids below `below`."""
    return await conn.fetch(Article, ALL, below=below, limit=limit)


async def changed(conn: Connection) -> datetime | None:
    """Return when what is told was last changed, None if nothing ever was."""
    found: datetime | None = await conn.value(CHANGED)
    return found
