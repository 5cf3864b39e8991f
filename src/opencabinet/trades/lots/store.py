"""The SQL of closed lots."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.period import Period
from opencabinet.trades.lots.model import Grouping, Lots

# A roll-up that lies within the period counts as it is: a month, or else its days. Of the days that reach out of it, at
# most those at the two edges, the trades are read, each once, however many symbols a day has. No server's clock is a
# whole day away from UTC, so the days bound what is looked at.
CLOSED = """
WITH months AS MATERIALIZED (
  SELECT *, %(by)s::text <> 'day' AND first_at >= %(since)s AND last_at < %(until)s AS whole
    FROM monthly_lots
   WHERE login = %(login)s
     AND month >= date_trunc('month', (%(since)s AT TIME ZONE 'UTC')::date - 1)::date
     AND month <= (%(until)s AT TIME ZONE 'UTC')::date + 1
     AND last_at >= %(since)s AND first_at < %(until)s
     AND (%(symbol)s::text IS NULL OR lower(symbol) = lower(%(symbol)s))
     AND lower(symbol) NOT IN (SELECT lower(name) FROM unnest(%(without)s::text[]) AS name)
), split AS MATERIALIZED (
  SELECT month, symbol, contract_size FROM months WHERE NOT whole
), touched AS MATERIALIZED (
  SELECT kept.*, kept.first_at >= %(since)s AND kept.last_at < %(until)s AS whole
    FROM (SELECT DISTINCT month FROM split) AS part
   CROSS JOIN LATERAL (
           SELECT * FROM daily_lots
            WHERE login = %(login)s AND day >= part.month AND day < part.month + interval '1 month'
              AND last_at >= %(since)s AND first_at < %(until)s
           OFFSET 0 -- a fence: all days are never looked at together
         ) AS kept
    JOIN split USING (month, symbol, contract_size)
), parts AS MATERIALIZED (
  SELECT edge.day, part.*
    FROM (SELECT day, greatest(min(first_at), %(since)s) AS first_at, max(last_at) AS last_at
            FROM touched WHERE NOT whole GROUP BY day) AS edge
   CROSS JOIN LATERAL (
           SELECT symbol, coalesce(contract_size, 0) AS contract_size, count(*), sum(lots), sum(profit), sum(swap),
                  sum(commission), sum(fee)
             FROM closed_trades AS trade
            WHERE trade.login = %(login)s
              AND closed_at >= edge.first_at AND closed_at <= edge.last_at AND closed_at < %(until)s
              AND server_day(closed_at, closed_offset) = edge.day
            GROUP BY 1, 2
         ) AS part
), counted AS (
  SELECT month AS day, symbol, contract_size, trades, lots, profit, swap, commission, fee FROM months WHERE whole
   UNION ALL
  SELECT day, symbol, contract_size, trades, lots, profit, swap, commission, fee FROM touched WHERE whole
   UNION ALL
  SELECT parts.* FROM parts JOIN touched USING (day, symbol, contract_size) WHERE NOT touched.whole
), grouped AS (
  SELECT CASE %(by)s::text WHEN 'day' THEN day WHEN 'month' THEN date_trunc('month', day::timestamp)::date END AS day,
         CASE WHEN %(by)s = 'symbol' THEN symbol END AS symbol,
         coalesce(nullif(contract_size, 0), told.size) AS contract_size, trades, lots, profit, swap, commission, fee
    FROM counted
    LEFT JOIN unnest(%(symbols)s::text[], %(sizes)s::numeric[]) AS told (name, size) ON told.name = counted.symbol
)
SELECT day, symbol, contract_size, sum(trades)::bigint AS trades, sum(lots) AS lots, sum(profit) AS profit,
       sum(swap) AS swap, sum(commission) AS commission, sum(fee) AS fee
  FROM grouped
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3
 LIMIT %(limit)s
"""

UNSIZED = """
SELECT DISTINCT symbol FROM monthly_lots WHERE login = %(login)s AND contract_size = 0 ORDER BY symbol
"""


async def unsized(conn: Connection, login: Login) -> list[str]:
    """Return the symbols of closed trades that do not tell their contract size."""
    return await conn.values(UNSIZED, login=login)


async def closed(
    conn: Connection,
    login: Login,
    period: Period,
    by: Grouping,
    *,
    symbol: str | None,
    without: Collection[str],
    sizes: Mapping[str, Decimal],
    limit: int | None,
) -> Sequence[Lots]:
    """Return what closed within a period, grouped."""
    return await conn.fetch(
        Lots,
        CLOSED,
        login=login,
        since=period.since,
        until=period.until,
        by=by,
        symbol=symbol,
        without=list(without),
        symbols=list(sizes),
        sizes=list(sizes.values()),
        limit=limit,
    )
