"""The SQL of balances: it joins what the records hold, and writes nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from opencabinet.balances.model import Cut, Day, Ends, Posted, Standing
from opencabinet.db import Connection, squeezed
from opencabinet.kernel.ids import Login
from opencabinet.kernel.period import Period
from opencabinet.ledger import CREDIT

STANDING = """
SELECT currency, balance, credit, complete,
       coalesce((SELECT amount FROM movements WHERE login = %(login)s AND ticket = -1), 0) AS opening
  FROM accounts
 WHERE login = %(login)s
"""

# Roll-ups after the cut count as they are: months, and days of the months that the cut goes through. The days that it
# goes through are read row by row, each row once. No server's clock is a whole day away from UTC. OFFSET keeps the days
# of other months from being looked at.
POSTED = squeezed(
    """
SELECT whole.trades + edge.trades AS trades, whole.results + edge.results AS results,
       costs.whole + costs.edge AS costs, moved.amount AS movements
  FROM unnest(%(ats)s::timestamptz[], %(trades)s::bigint[], %(movements)s::bigint[])
         WITH ORDINALITY AS cut (at, trade, movement, place)
 CROSS JOIN LATERAL (
         SELECT coalesce(sum(trades), 0)::bigint AS trades,
                coalesce(sum(profit + swap + commission + fee), 0) AS results
           FROM (SELECT trades, profit, swap, commission, fee
                   FROM monthly_lots
                  WHERE login = %(login)s AND month >= date_trunc('month', (cut.at AT TIME ZONE 'UTC')::date - 1)::date
                    AND first_at > cut.at
                  UNION ALL
                 SELECT kept.trades, kept.profit, kept.swap, kept.commission, kept.fee
                   FROM (SELECT DISTINCT month FROM monthly_lots
                          WHERE login = %(login)s AND first_at <= cut.at AND last_at >= cut.at
                            AND month >= date_trunc('month', (cut.at AT TIME ZONE 'UTC')::date - 1)::date
                            AND month <= (cut.at AT TIME ZONE 'UTC')::date + 1) AS split
                  CROSS JOIN LATERAL (
                          SELECT * FROM daily_lots
                           WHERE login = %(login)s AND day >= split.month AND day < split.month + interval '1 month'
                             AND first_at > cut.at
                          OFFSET 0
                        ) AS kept
                   JOIN monthly_lots AS month
                     ON month.login = %(login)s AND month.month = split.month
                    AND (month.symbol, month.contract_size) = (kept.symbol, kept.contract_size)
                  WHERE month.first_at <= cut.at) AS known
       ) AS whole
 CROSS JOIN LATERAL (
         SELECT coalesce(sum(part.trades), 0)::bigint AS trades, coalesce(sum(part.results), 0) AS results
           FROM (SELECT day, max(last_at) AS last_at
                   FROM daily_lots
                  WHERE login = %(login)s AND day BETWEEN (cut.at AT TIME ZONE 'UTC')::date - 1
                                                      AND (cut.at AT TIME ZONE 'UTC')::date + 1
                    AND first_at <= cut.at AND last_at >= cut.at
                  GROUP BY day) AS split
          CROSS JOIN LATERAL (
                  SELECT symbol, coalesce(contract_size, 0) AS contract_size, count(*) AS trades,
                         sum(profit + swap + commission + fee) AS results
                    FROM closed_trades
                   WHERE login = %(login)s AND (closed_at, ticket) >= (cut.at, cut.trade) AND closed_at <= split.last_at
                     AND server_day(closed_at, closed_offset) = split.day
                   GROUP BY 1, 2
                ) AS part
           JOIN daily_lots AS kept USING (day, symbol, contract_size)
          WHERE kept.login = %(login)s AND kept.first_at <= cut.at
       ) AS edge
 CROSS JOIN LATERAL (
         SELECT (SELECT coalesce(sum(amount), 0) FROM daily_costs
                  WHERE login = %(login)s AND day >= (cut.at AT TIME ZONE 'UTC')::date - 1
                    AND first_at > cut.at) AS whole,
                (SELECT coalesce(sum(part.amount), 0)
                   FROM daily_costs AS kept
                  CROSS JOIN LATERAL (
                          SELECT sum(profit + swap + commission + fee) AS amount
                            FROM deals
                           WHERE deals.login = %(login)s AND cost
                             AND dealt_at >= cut.at AND dealt_at <= kept.last_at
                             AND server_day(dealt_at, dealt_offset) = kept.day
                        ) AS part
                  WHERE kept.login = %(login)s AND kept.day BETWEEN (cut.at AT TIME ZONE 'UTC')::date - 1
                                                                AND (cut.at AT TIME ZONE 'UTC')::date + 1
                    AND kept.first_at <= cut.at AND kept.last_at >= cut.at) AS edge
       ) AS costs
 CROSS JOIN LATERAL (
         SELECT coalesce(sum(amount), 0) AS amount
           FROM movements
          WHERE login = %(login)s AND kind <> ALL (%(credit)s::text[])
            AND (moved_at, ticket) >= (cut.at, cut.movement)
       ) AS moved
 ORDER BY cut.place
"""
)

CREDIT_SINCE = """
SELECT coalesce(sum(amount), 0) FROM movements
 WHERE login = %(login)s AND kind = ANY (%(credit)s) AND moved_at >= %(since)s
"""

ENDS = """
SELECT (SELECT ticket FROM closed_trades
         WHERE login = %(login)s AND closed_at >= %(since)s AND closed_at < %(until)s
         ORDER BY closed_at DESC, ticket DESC LIMIT 1) AS first_id,
       (SELECT ticket FROM closed_trades
         WHERE login = %(login)s AND closed_at >= %(since)s AND closed_at < %(until)s
         ORDER BY closed_at, ticket LIMIT 1) AS last_id
"""

DAILY = """
WITH posted AS (
  SELECT day, trades, lots, profit + swap + commission + fee AS profit, 0 AS costs, 0 AS movements, 0 AS credit
    FROM daily_lots WHERE login = %(login)s
   UNION ALL
  SELECT day, 0, 0, 0, amount, 0, 0 FROM daily_costs WHERE login = %(login)s
   UNION ALL
  SELECT server_day(moved_at, moved_offset), 0, 0, 0, 0,
         CASE WHEN kind = ANY (%(credit)s::text[]) THEN 0 ELSE amount END,
         CASE WHEN kind = ANY (%(credit)s::text[]) THEN amount ELSE 0 END
    FROM movements WHERE login = %(login)s
), days AS (
  SELECT day, sum(trades)::bigint AS trades, sum(lots) AS lots, sum(profit) AS profit, sum(costs) AS costs,
         sum(movements) AS movements, sum(credit) AS credit
    FROM posted
   GROUP BY day
), standing AS (
  SELECT days.*, accounts.balance - coalesce(sum(days.profit + days.costs + days.movements) OVER (
           ORDER BY day DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS balance
    FROM days, accounts
   WHERE accounts.login = %(login)s
)
SELECT day, trades, lots, profit, costs, movements, credit, balance
  FROM standing
 WHERE day >= %(since)s AND day < %(until)s
 ORDER BY day
 LIMIT %(limit)s
"""


async def standing(conn: Connection, login: Login) -> Standing | None:
    """Return the balance as last reported."""
    return await conn.one(Standing, STANDING, login=login)


async def posted(conn: Connection, login: Login, cuts: Sequence[Cut]) -> list[Posted]:
    """Return what was posted to the balance from each cut on."""
    return await conn.fetch(
        Posted,
        POSTED,
        login=login,
        ats=[cut.key.at for cut in cuts],
        trades=[cut.trade for cut in cuts],
        movements=[cut.movement for cut in cuts],
        credit=sorted(CREDIT),
    )


async def credit_since(conn: Connection, login: Login, since: datetime) -> Decimal:
    """Return what credit was given and taken from a moment on."""
    found: Decimal = await conn.value(CREDIT_SINCE, login=login, since=since, credit=sorted(CREDIT))
    return found


async def ends(conn: Connection, login: Login, period: Period) -> Ends:
    """Return the newest and the oldest trade that closed within a period."""
    found = await conn.one(Ends, ENDS, login=login, since=period.since, until=period.until)
    return found or Ends(first_id=None, last_id=None)


async def daily(conn: Connection, login: Login, since: date, until: date, limit: int) -> list[Day]:
    """Return the days from `since` on and before `until` on which the balance changed, the oldest first."""
    return await conn.fetch(Day, DAILY, login=login, since=since, until=until, limit=limit, credit=sorted(CREDIT))
