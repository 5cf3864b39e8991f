"""The SQL of what clients have done, for what is paid once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

# Days are summed up already; of those that reach out of the time allowed the trades are read.
DONE = """
SELECT asked.login, coalesce(country, '') AS country, first.at AS first_deposit_at, first.deposited,
       coalesce(whole.lots, 0) + coalesce(edge.lots, 0) AS lots,
       -(coalesce(whole.commission, 0) + coalesce(edge.commission, 0)) AS commission,
       greatest(first.last_at, whole.last_at, edge.last_at) AS at
  FROM unnest(%(logins)s::bigint[], %(withins)s::interval[]) AS asked (login, within)
  LEFT JOIN profiles ON profiles.login = asked.login
 CROSS JOIN LATERAL (
   SELECT min(moved_at) AS at, max(moved_at) FILTER (WHERE moved_at < first_at + interval '24 hours') AS last_at,
          sum(amount) FILTER (WHERE moved_at < first_at + interval '24 hours') AS deposited
     FROM (SELECT moved_at, amount, min(moved_at) OVER () AS first_at
             FROM movements
            WHERE movements.login = asked.login AND kind = 'balance' AND amount > 0 AND ticket > 0) AS deposits
 ) AS first
 CROSS JOIN LATERAL (
   SELECT sum(lots) AS lots, sum(commission) AS commission, max(last_at) AS last_at
     FROM daily_lots
    WHERE daily_lots.login = asked.login AND last_at < first.at + asked.within
 ) AS whole
 CROSS JOIN LATERAL (
   SELECT sum(trade.lots) AS lots, sum(trade.commission) AS commission, max(closed_at) AS last_at
     FROM daily_lots AS day
     JOIN closed_trades AS trade
       ON trade.login = day.login AND trade.symbol = day.symbol
      AND coalesce(trade.contract_size, 0) = day.contract_size
      AND closed_at >= day.first_at AND closed_at < first.at + asked.within
      AND server_day(closed_at, closed_offset) = day.day
    WHERE day.login = asked.login AND day.first_at < first.at + asked.within AND day.last_at >= first.at + asked.within
 ) AS edge
 WHERE first.at IS NOT NULL
"""


class Done(Struct, frozen=True):
    """What a client has done, and when the last of it was."""

    login: Login
    country: str
    first_deposit_at: datetime
    deposited: Decimal
    lots: Decimal
    commission: Decimal
    at: datetime


async def done(conn: Connection, logins: Sequence[Login], withins: Sequence[timedelta]) -> list[Done]:
    """Return what clients have done, each within so long of the first deposit; those without one are left out."""
    return await conn.fetch(Done, DONE, logins=list(logins), withins=list(withins))
