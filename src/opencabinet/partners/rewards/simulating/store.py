"""The SQL of working months out again."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import date, datetime

import msgspec
from psycopg.types.json import Jsonb

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners.plans import Plan
from opencabinet.partners.rewards.accruing.model import Row
from opencabinet.partners.rewards.accruing.store import by_pages

# In the order in which trades closed, whatever the order was in which they came.
TRADES = """
SELECT trade.login, trade.ticket, symbol, side, lots, contract_size, digits, opened_at, trade.closed_at, open_price,
       close_price, profit, commission, swap, fee,
       CASE WHEN comment LIKE 'close hedge by #%%'
            THEN substring(comment FROM '^close hedge by #([0-9]{1,18})$')::bigint
            ELSE (SELECT other.deal
                    FROM deals AS one
                    JOIN deals AS other
                      ON other.login = one.login AND other.deal BETWEEN one.deal - 9 AND one.deal + 9
                     AND other.order_ticket = one.order_ticket AND other.deal <> one.deal
                     AND other.direction = 'out by'
                   WHERE one.login = trade.login AND one.deal = trade.ticket AND one.direction = 'out by'
                   LIMIT 1) END AS closed_by,
       hash_record_extended(ROW(symbol, side, lots, contract_size, digits, opened_at, trade.closed_at, open_price,
                                close_price, profit, commission, swap, fee), 0) AS figures,
       1 AS revision, NULL::bigint AS known, false AS anew
  FROM (SELECT DISTINCT login FROM referrals) AS client
 CROSS JOIN LATERAL (
   SELECT * FROM closed_trades
    WHERE closed_trades.login = client.login AND closed_at >= %(since)s AND closed_at < %(until)s
   OFFSET 0
 ) AS trade
 ORDER BY trade.closed_at, trade.login, trade.ticket
 LIMIT %(limit)s
"""

KEEP = """
INSERT INTO recalculations (month, partner, plans, digest)
VALUES (%(month)s, %(partner)s, %(plans)s, %(digest)s)
RETURNING id
"""


async def trades(
    conn: Connection, since: datetime, until: datetime, *, many: int, most: int
) -> AsyncGenerator[list[Row], None]:
    """Give the trades of clients that closed within a period, so many at a time, and one more than `most` in all."""
    given = {"since": since, "until": until, "limit": most + 1}
    async with aclosing(by_pages(conn, "simulated", TRADES, many, **given)) as pages:
        async for rows in pages:
            yield rows


async def keep(conn: Connection, month: date, partner: Login | None, plans: Sequence[Plan], digest: str) -> int:
    """Keep that a month is paid anew, and by which plans; give the number of it."""
    told = Jsonb(msgspec.to_builtins(plans))
    return int(await conn.value(KEEP, month=month, partner=partner, plans=told, digest=digest))
