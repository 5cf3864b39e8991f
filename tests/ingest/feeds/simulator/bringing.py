"""Bringing an invented broker into the database, and taking it out of it again."""

from collections.abc import Iterable, Sequence
from typing import Any

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import Batch
from opencabinet.ingest.feeds.simulator import CLOCK, SERVERS, Broker
from tests.conftest import TRUNCATE


async def begin(conn: Connection) -> None:
    """Let the servers be known."""
    for server in SERVERS.values():
        await feeds.know(conn, server, "simulator", CLOCK)


async def bring(conn: Connection, batches: Iterable[Batch]) -> None:
    for batch in batches:
        await feeds.apply(conn, batch)


async def live(conn: Connection, broker: Broker, steps: Sequence[int]) -> None:
    """Let a broker go from step to step."""
    for until in steps:
        await bring(conn, broker.advance(until))


async def forget(conn: Connection) -> None:
    """Empty the database."""
    await conn.run(TRUNCATE)


RECORDS = """
SELECT json_build_object(
  'accounts', (SELECT json_agg(to_jsonb(it) - 'saved_at' ORDER BY login) FROM accounts AS it),
  'closed', (SELECT json_agg(it ORDER BY login, ticket) FROM closed_trades AS it),
  'open', (SELECT json_agg(it ORDER BY login, position) FROM open_trades AS it),
  'orders', (SELECT json_agg(it ORDER BY login, ticket) FROM orders AS it),
  'deals', (SELECT json_agg(it ORDER BY login, deal) FROM deals AS it),
  'movements', (SELECT json_agg(it ORDER BY login, ticket) FROM movements AS it),
  'lots', (SELECT json_agg(it ORDER BY it::text) FROM daily_lots AS it WHERE lots <> 0),
  'costs', (SELECT json_agg(it ORDER BY login, day) FROM daily_costs AS it)
)
"""


ASTRAY = """
WITH kept AS (
  SELECT login, month, symbol, contract_size, trades, lots, profit, swap, commission, fee FROM monthly_lots
), plain AS (
  SELECT login, date_trunc('month', server_day(closed_at, closed_offset))::date, symbol, coalesce(contract_size, 0),
         count(*), sum(lots), sum(profit), sum(swap), sum(commission), sum(fee)
    FROM closed_trades GROUP BY 1, 2, 3, 4
)
(SELECT to_jsonb(kept) FROM (TABLE kept EXCEPT TABLE plain) AS kept)
 UNION ALL
(SELECT to_jsonb(plain) FROM (TABLE plain EXCEPT TABLE kept) AS plain)
"""


async def records(conn: Connection) -> dict[str, Any]:
    """Return all records there are; what closed is rolled up right."""
    assert await conn.values(ASTRAY) == []
    return await conn.value(RECORDS)  # type: ignore[no-any-return]
