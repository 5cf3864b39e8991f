"""The SQL of what a batch comes to."""

from datetime import datetime

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

SAVED = """
SELECT place, login, count(*) AS rows, min(key) AS first, max(key) AS last, count(*) FILTER (WHERE new) AS new
  FROM staged_saved
 GROUP BY place, login
 ORDER BY place, login
"""

DEALS = """
SELECT 'deal' AS place, login, count(*) AS rows, min(deal) AS first, max(deal) AS last, count(*) AS new
  FROM staged_deals
 GROUP BY login
 ORDER BY login
"""

CLOSED = """
SELECT 'closed' AS place, login, count(*) AS rows, min(ticket) AS first, max(ticket) AS last, count(*) AS new
  FROM staged_closed
 GROUP BY login
 ORDER BY login
"""

ACCOUNTS_CHANGED = """
SELECT DISTINCT login FROM staged_saved WHERE place = 'account' AND told <> '' ORDER BY login
"""

TIMES = """
SELECT login, max(at) AS at
  FROM (SELECT login, max(dealt_at) AS at FROM staged_deals GROUP BY login
         UNION ALL SELECT login, max(closed_at) FROM staged_closed GROUP BY login
         UNION ALL SELECT login, max(moved_at) FROM staged_movements GROUP BY login) AS told
 GROUP BY login
"""


class Saved(Struct, frozen=True):
    """What became of an account's rows of one place: how many, from which key to which, and how many are new."""

    place: str
    login: Login
    rows: int
    first: int
    last: int
    new: int


class Time(Struct, frozen=True):
    """Up to when something is told of an account."""

    login: Login
    at: datetime


async def saved(conn: Connection) -> list[Saved]:
    """Return what became of the rows of a batch, by place and account."""
    return await conn.fetch(Saved, SAVED)


async def added_deals(conn: Connection) -> list[Saved]:
    """Return what staged deals come to, all of which are new."""
    return await conn.fetch(Saved, DEALS)


async def added_closed(conn: Connection) -> list[Saved]:
    """Return what staged closings come to, all of which are new."""
    return await conn.fetch(Saved, CLOSED)


async def changed_accounts(conn: Connection) -> list[Login]:
    """Return the accounts that changed in more than what floats."""
    return await conn.values(ACCOUNTS_CHANGED)


async def times(conn: Connection) -> list[Time]:
    """Return up to when a batch tells of each account."""
    return await conn.fetch(Time, TIMES)
