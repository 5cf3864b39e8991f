"""What holds of a database once a server is loaded: roll-ups tell what is there, and each row was told of once."""

from typing import Final

from opencabinet.db import Connection

TOLD_TWICE = """
SELECT format('%%s of %%s told %%s times', body->>'table', login, count(*)) FROM events
 WHERE kind = 'trades.loaded' AND body->>'table' IN ('deals', 'closed_trades')
 GROUP BY login, body->>'table' HAVING count(*) > %(most)s
"""
UNTOLD = """
SELECT format('%%s untold of %%s', place, login)
  FROM (SELECT login, 'deals' AS place, count(*) AS rows FROM deals GROUP BY login
         UNION ALL SELECT login, 'closed_trades', count(*) FROM closed_trades GROUP BY login) AS held
 WHERE rows <> (SELECT coalesce(sum((body->>'new')::bigint), 0) FROM events
                 WHERE events.login = held.login AND kind = 'trades.loaded' AND body->>'table' = place)
"""
COSTS = """
SELECT format('costs of %%s', login)
  FROM (SELECT login, day, deals, amount, first_at, last_at FROM daily_costs) AS kept
  FULL JOIN (SELECT login, server_day(dealt_at, dealt_offset) AS day, count(*) AS deals,
                    sum(profit + swap + commission + fee) AS amount, min(dealt_at) AS first_at,
                    max(dealt_at) AS last_at
               FROM deals WHERE cost GROUP BY 1, 2) AS made USING (login, day, deals, amount)
 WHERE kept.first_at IS DISTINCT FROM made.first_at OR kept.last_at IS DISTINCT FROM made.last_at
"""
LOTS = """
SELECT format('lots of %%s', login)
  FROM (SELECT login, sum(lots) AS lots, sum(profit) AS profit, sum(trades) AS trades FROM daily_lots GROUP BY 1
       ) AS kept
  FULL JOIN (SELECT login, sum(lots) AS lots, sum(profit) AS profit, count(*) AS trades FROM closed_trades GROUP BY 1
            ) AS made USING (login, lots, profit, trades)
 WHERE kept.login IS NULL OR made.login IS NULL
"""
LEFT = """
SELECT 'still loading: ' || first_load::text FROM feeds WHERE first_load <> '{}'
"""
CHECKS: Final = (COSTS, LOTS, UNTOLD)


async def amiss(conn: Connection, *, most: int = 1) -> list[str]:
    """Return what is wrong with what was loaded; rows of a table may be told of by `most` events of an account."""
    found = [fault for statement in CHECKS for fault in await conn.values(statement, most=most)]
    return [*found, *await conn.values(TOLD_TWICE, most=most), *await conn.values(LEFT)]
