"""The SQL of movements."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from opencabinet.db import Connection, Upserted, upserted
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.page import NEWEST, Key, Page
from opencabinet.kernel.period import Period
from opencabinet.ledger.model import CREDIT, OPENING, Movement, Total

SAVE = """
INSERT INTO movements
SELECT * FROM jsonb_populate_recordset(NULL::movements, %(rows)s::jsonb)
ON CONFLICT (login, ticket) DO UPDATE
   SET (kind, amount, moved_at, moved_offset, comment)
     = (excluded.kind, excluded.amount, excluded.moved_at, excluded.moved_offset, excluded.comment)
 WHERE movements.* IS DISTINCT FROM excluded.*
RETURNING xmax = 0
"""

MOVED = """
SELECT coalesce(sum(amount), 0)
  FROM movements
 WHERE login = %(login)s AND ticket <> %(opening)s AND kind <> ALL (%(credit)s)
"""

LISTED = """
SELECT login, ticket, kind, amount, moved_at, moved_offset, comment
  FROM movements
 WHERE login = %(login)s AND moved_at >= %(since)s AND moved_at < %(until)s
   AND (moved_at, ticket) < (%(at)s, %(id)s)
   AND (%(kind)s::text IS NULL OR kind = %(kind)s) AND kind <> ALL (%(but)s::text[])
 ORDER BY moved_at DESC, ticket DESC
 LIMIT %(limit)s
"""

TOTALS = """
SELECT kind, count(*) AS movements, sum(amount) AS amount
  FROM movements
 WHERE login = %(login)s AND moved_at >= %(since)s AND moved_at < %(until)s
 GROUP BY kind
 ORDER BY kind
"""

FIRST = """
SELECT min(moved_at) FROM movements WHERE login = %(login)s AND ticket <> %(opening)s
"""

FORGET_OPENING = """
DELETE FROM movements WHERE login = %(login)s AND ticket = %(opening)s
"""


async def save(conn: Connection, rows: Sequence[Movement]) -> Upserted:
    """Keep movements, and say how many were new and how many changed."""
    return upserted(await conn.values(SAVE, rows=msgspec.json.encode(rows).decode()))


async def movements(
    conn: Connection,
    login: Granted,
    period: Period,
    *,
    below: Key = NEWEST,
    kind: str | None = None,
    but: Collection[str] = (),
    limit: int,
) -> Page[Movement]:
    """Return what moved within a period, the opening entry included, newest first; of one `kind`, of none of `but`."""
    keys = {"since": period.since, "until": period.until, "at": below.at, "id": below.id}
    found = await conn.fetch(Movement, LISTED, login=login, kind=kind, but=sorted(but), limit=limit + 1, **keys)
    return Page.of(found, limit, Movement.key)


async def totals(conn: Connection, login: Granted, period: Period) -> list[Total]:
    """Return what moved within a period, by kind."""
    return await conn.fetch(Total, TOTALS, login=login, since=period.since, until=period.until)


async def moved(conn: Connection, login: Login) -> Decimal:
    """Return what all movements of the account's balance add up to, the opening entry apart."""
    total: Decimal = await conn.value(MOVED, login=login, opening=OPENING, credit=sorted(CREDIT))
    return total


async def first(conn: Connection, login: Login) -> datetime | None:
    """Return when money first moved, the opening entry apart."""
    found: datetime | None = await conn.value(FIRST, login=login, opening=OPENING)
    return found


async def forget_opening(conn: Connection, login: Login) -> None:
    """Drop the opening entry."""
    await conn.run(FORGET_OPENING, login=login, opening=OPENING)
