"""The SQL of links and destinations."""

from collections.abc import Sequence

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners.links.model import Destination, Link, Wanted

LOCK = """
SELECT login FROM partners WHERE login = %(login)s FOR NO KEY UPDATE
"""

MADE = """
SELECT count(*) FILTER (WHERE retired_at IS NULL)::integer AS active, count(*)::integer AS ever
  FROM links WHERE login = %(login)s
"""

NEXT = """
SELECT nextval('links_id_seq')
"""

KEEP = """
INSERT INTO links (login, id, code, destination, campaign, keywords)
SELECT %(login)s, %(id)s, %(code)s, id, %(campaign)s, %(keywords)s
  FROM destinations
 WHERE id = %(destination)s AND active
RETURNING login, id, code, destination, campaign, keywords, created_at, retired_at
"""

RETIRE = """
UPDATE links SET retired_at = now()
 WHERE login = %(login)s AND id = %(id)s AND retired_at IS NULL
RETURNING login, id, code, destination, campaign, keywords, created_at, retired_at
"""

LISTED = """
SELECT login, id, code, destination, campaign, keywords, created_at, retired_at
  FROM links
 WHERE login = %(login)s AND id > %(after)s
 ORDER BY id
 LIMIT %(limit)s
"""

DESTINATIONS = """
SELECT id, url, title, language, carries, active FROM destinations WHERE active OR %(all)s ORDER BY place, id
"""

# Links lead to what was on the list, so what is no more on it stays, and is led to no more.
SAVE_DESTINATIONS = """
INSERT INTO destinations (id, url, title, language, carries, active, place)
SELECT * FROM unnest(%(ids)s::text[], %(urls)s::text[], %(titles)s::text[], %(languages)s::text[],
                     %(carries)s::boolean[], %(active)s::boolean[], %(places)s::integer[])
ON CONFLICT (id) DO UPDATE
   SET url = excluded.url, title = excluded.title, language = excluded.language, carries = excluded.carries,
       active = excluded.active, place = excluded.place
"""

WITHOUT = """
UPDATE destinations SET active = false WHERE active AND id <> ALL (%(ids)s::text[])
"""


async def lock(conn: Connection, login: Login) -> bool:
    """Let nobody else make links of a partner until the transaction ends; say whether there is such a partner."""
    return await conn.value(LOCK, login=login) is not None


async def made(conn: Connection, login: Login) -> tuple[int, int]:
    """Return how many links of a partner lead somewhere, and how many were made."""
    cursor = await conn.execute(MADE, {"login": login})
    active, ever = await cursor.fetchone() or (0, 0)
    return active, ever


async def next_id(conn: Connection) -> int:
    """Return the number of a link that is to be made."""
    return int(await conn.value(NEXT))


async def keep(conn: Connection, login: Login, number: int, code: str, wanted: Wanted) -> Link | None:
    """Keep a link, unless its destination is not on the list."""
    return await conn.one(
        Link,
        KEEP,
        login=login,
        id=number,
        code=code,
        destination=wanted.destination,
        campaign=wanted.campaign,
        keywords=list(wanted.keywords),
    )


async def retire(conn: Connection, login: Login, number: int) -> Link | None:
    """Retire a link; None if the partner has no such link, or no more."""
    return await conn.one(Link, RETIRE, login=login, id=number)


async def listed(conn: Connection, login: Login, *, after: int = 0, limit: int) -> list[Link]:
    """Return the links of a partner, retired ones among them, in the order in which they were made, those after one."""
    return await conn.fetch(Link, LISTED, login=login, after=after, limit=limit)


async def destinations(conn: Connection, *, inactive: bool = False) -> list[Destination]:
    """Return the operator's list, and what was on it if that is asked for."""
    return await conn.fetch(Destination, DESTINATIONS, all=inactive)


async def save_destinations(conn: Connection, wanted: Sequence[Destination]) -> None:
    """Keep destinations in this order, whatever else is kept."""
    await conn.run(
        SAVE_DESTINATIONS,
        ids=[each.id for each in wanted],
        urls=[each.url for each in wanted],
        titles=[each.title for each in wanted],
        languages=[each.language for each in wanted],
        carries=[each.carries for each in wanted],
        active=[each.active for each in wanted],
        places=list(range(len(wanted))),
    )


async def drop_destinations_but(conn: Connection, ids: Sequence[str]) -> None:
    """Let links lead to no destinations but these."""
    await conn.run(WITHOUT, ids=list(ids))
