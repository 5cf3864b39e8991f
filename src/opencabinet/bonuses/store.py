"""The SQL of bonus programmes, and of what their progress is counted from."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import msgspec

from opencabinet.bonuses.model import Programme, TooManyBonuses
from opencabinet.bonuses.standing import Short
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import Period
from opencabinet.ledger import CREDIT, Movement

MOST_MOVEMENTS: Final = 2_000
MOST_PROGRAMMES: Final = 1000

PROGRAMMES = """
SELECT to_jsonb(bonus_programmes)::text FROM bonus_programmes ORDER BY place, name LIMIT %(limit)s
"""

SAVE = """
INSERT INTO bonus_programmes
SELECT * FROM jsonb_populate_recordset(NULL::bonus_programmes, %(rows)s::jsonb)
ON CONFLICT (name) DO UPDATE
   SET (place, title, family, kinds, comments, percent, base, lots_per_unit, lot_units, factors, counts_from,
        symbols_left_out, least_seconds, withdrawal)
     = (excluded.place, excluded.title, excluded.family, excluded.kinds, excluded.comments, excluded.percent,
        excluded.base, excluded.lots_per_unit, excluded.lot_units, excluded.factors, excluded.counts_from,
        excluded.symbols_left_out, excluded.least_seconds, excluded.withdrawal)
"""

REMOVE = """
DELETE FROM bonus_programmes WHERE name = %(name)s
"""

SERVER = """
SELECT server FROM sources WHERE login = %(login)s
"""

# Of money only what may have earned a bonus, or may be one that was released.
MOVEMENTS = """
WITH credited AS (
  SELECT login, ticket, kind, amount, moved_at, moved_offset, comment
    FROM movements WHERE login = %(login)s AND kind = ANY (%(credit)s)
)
SELECT * FROM credited
 UNION ALL
SELECT login, ticket, kind, amount, moved_at, moved_offset, comment
  FROM movements AS money
 WHERE login = %(login)s AND kind = 'balance' AND amount > 0
   AND EXISTS (SELECT FROM credited
                WHERE credited.moved_at >= money.moved_at - interval '1 minute'
                  AND credited.moved_at <= money.moved_at + interval '1 day')
 LIMIT %(limit)s
"""

DEPOSITED = """
SELECT coalesce(sum(amount), 0) FROM movements WHERE login = %(login)s AND kind = 'balance' AND amount > 0
"""

HELD_SHORT = """
SELECT symbol, contract_size, count(*) AS trades, sum(lots) AS lots
  FROM closed_trades
 WHERE login = %(login)s AND closed_at >= %(since)s AND closed_at < %(until)s
   AND (opened_at IS NULL OR closed_at - opened_at < make_interval(secs => %(seconds)s::double precision))
 GROUP BY symbol, contract_size
"""


async def programmes(conn: Connection) -> list[Programme]:
    """Return the bonus programmes, in the order in which credit is given to them."""
    found = await conn.values(PROGRAMMES, limit=MOST_PROGRAMMES)
    return [msgspec.json.decode(row, type=Programme) for row in found]


async def save(conn: Connection, rows: Sequence[Programme]) -> None:
    """Keep programmes, each name once; one that is known by its name is replaced."""
    await conn.run(SAVE, rows=msgspec.json.encode(rows).decode())


async def remove(conn: Connection, name: str) -> bool:
    """Drop a programme; say whether there was one."""
    return await conn.run(REMOVE, name=name) == 1


async def server(conn: Connection, login: Granted) -> str | None:
    """Return the server that an account comes from."""
    found: str | None = await conn.value(SERVER, login=login)
    return found


async def movements(conn: Connection, login: Granted) -> list[Movement]:
    """Return the account's credit rows, and the money that came with them.

    Raises:
        TooManyBonuses: if there are more than 2,000.
    """
    found = await conn.fetch(Movement, MOVEMENTS, login=login, credit=sorted(CREDIT), limit=MOST_MOVEMENTS + 1)
    if len(found) > MOST_MOVEMENTS:
        raise TooManyBonuses
    return found


async def deposited(conn: Connection, login: Granted) -> Decimal:
    """Return all the money that ever came in."""
    total: Decimal = await conn.value(DEPOSITED, login=login)
    return total


async def held_short(conn: Connection, login: Granted, period: Period, seconds: int) -> list[Short]:
    """Return by symbol what closed within `period` and was held less than so many seconds, or nobody told how long."""
    return await conn.fetch(Short, HELD_SHORT, login=login, since=period.since, until=period.until, seconds=seconds)
