"""The SQL of landing pages."""

from collections.abc import Sequence

from opencabinet.content.pages.model import Landing
from opencabinet.db import Connection

SAVE = """
INSERT INTO landings (id, language, title, body, form)
VALUES (%(id)s, %(language)s, %(title)s, %(body)s, %(form)s)
ON CONFLICT (id, language)
DO UPDATE SET title = excluded.title, body = excluded.body, form = excluded.form, updated_at = now()
"""

LOCK = """
SELECT pg_advisory_xact_lock(hashtext('opencabinet: landing pages'))
"""

COUNT = """
SELECT count(*) FROM landings
"""

REMOVE = """
DELETE FROM landings WHERE id = %(id)s AND language = %(language)s
"""

NAMES = """
SELECT DISTINCT id FROM landings
"""

OF = """
SELECT id, language, title, body, form FROM landings WHERE id = %(id)s AND language = ANY (%(languages)s::text[])
"""

OWN = """
SELECT id, language, title, body, form FROM landings ORDER BY id, language
"""


async def lock(conn: Connection) -> None:
    """Keep others from adding pages until the transaction ends."""
    await conn.run(LOCK)


async def count(conn: Connection) -> int:
    """Return how many pages the operator has."""
    found: int = await conn.value(COUNT)
    return found


async def names(conn: Connection) -> list[str]:
    """Return the names of the operator's pages."""
    return await conn.values(NAMES)


async def save(conn: Connection, landing: Landing) -> None:
    """Keep a page; it takes the place of the one that there was."""
    await conn.run(SAVE, **{name: getattr(landing, name) for name in landing.__struct_fields__})


async def remove(conn: Connection, name: str, language: str) -> bool:
    """Forget a page; say whether there was one."""
    return bool(await conn.run(REMOVE, id=name, language=language))


async def of(conn: Connection, name: str, languages: Sequence[str]) -> dict[str, Landing]:
    """Return the operator's own pages of a name, by language."""
    found = await conn.fetch(Landing, OF, id=name, languages=list(languages))
    return {each.language: each for each in found}


async def own(conn: Connection) -> list[Landing]:
    """Return all pages of the operator's own."""
    return await conn.fetch(Landing, OWN)
