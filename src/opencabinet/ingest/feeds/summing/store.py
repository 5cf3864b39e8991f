"""The SQL of what a batch comes to."""

from collections.abc import Iterator, Sequence
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

DEALT = """
SELECT login, max(dealt_at) AS at, count(*) FILTER (WHERE added) AS rows,
       coalesce(min(deal) FILTER (WHERE added), 0) AS first, coalesce(max(deal) FILTER (WHERE added), 0) AS last,
       count(*) FILTER (WHERE added AND money) AS moves,
       coalesce(min(deal) FILTER (WHERE added AND money), 0) AS first_move,
       coalesce(max(deal) FILTER (WHERE added AND money), 0) AS last_move
  FROM (SELECT login, deal, dealt_at, coalesce(deal <@ keys, false) AS added,
               type NOT IN ('buy', 'sell', 'buy canceled', 'sell canceled') AS money
          FROM deals, (SELECT range_agg(int8range((it->>0)::bigint, (it->>1)::bigint, '[]')) AS keys
                         FROM feeds, jsonb_array_elements(first_load->'added') AS it
                        WHERE server = %(server)s) AS told
         WHERE login = ANY (%(logins)s) OFFSET 0) AS told
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


class Dealt(Struct, frozen=True):
    """The deals of an account: up to when, how many a first load has added, and how many of these are money."""

    login: Login
    at: datetime
    rows: int
    first: int
    last: int
    moves: int
    first_move: int
    last_move: int

    def saved(self) -> Iterator[Saved]:
        """Give what became of the rows of its places."""
        if self.rows:
            yield Saved("deal", self.login, self.rows, self.first, self.last, self.rows)
        if self.moves:
            yield Saved("movement", self.login, self.moves, self.first_move, self.last_move, self.moves)


async def saved(conn: Connection) -> list[Saved]:
    """Return what became of the rows of a batch, by place and account."""
    return await conn.fetch(Saved, SAVED)


async def dealt(conn: Connection, server: str, logins: Sequence[Login]) -> list[Dealt]:
    """Return what the deals of accounts come to."""
    return await conn.fetch(Dealt, DEALT, server=server, logins=list(logins))


async def added_closed(conn: Connection) -> list[Saved]:
    """Return what staged closings come to, all of which are new."""
    return await conn.fetch(Saved, CLOSED)


async def changed_accounts(conn: Connection) -> list[Login]:
    """Return the accounts that changed in more than what floats."""
    return await conn.values(ACCOUNTS_CHANGED)


async def times(conn: Connection) -> list[Time]:
    """Return up to when a batch tells of each account."""
    return await conn.fetch(Time, TIMES)
