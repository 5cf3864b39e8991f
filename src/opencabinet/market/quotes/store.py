"""The SQL of quotes and candles."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from msgspec import structs

from opencabinet.db import Connection, Upserted, upserted
from opencabinet.kernel.clock import clock
from opencabinet.kernel.page import NEWEST, Key, Page
from opencabinet.kernel.period import EVER, Period
from opencabinet.market.model import Quote
from opencabinet.market.quotes.candles import Candle, Start, Step, starts

CLOCKS = """
SELECT name AS server, clock FROM servers WHERE name = ANY(%(servers)s)
"""

# A quote never replaces a newer one. Of the same moment, what the operator says replaces what is known, then what a
# feed tells, its later word its earlier one; what a statement tells only fills a side that is not.
#
# A feed's bids build candles whatever the order they come in: a candle keeps when its first and its last bid were, and
# of two bids of one moment the lower is the first and the higher the last. What was told already is known by time and
# price, among the rows and from the last quote: a feed that tells its newest again counts no tick twice.
SAVE_QUOTES = """
WITH row AS MATERIALIZED (
  SELECT server, symbol, lower(symbol) AS folded, bid, ask, quoted_at, told_by, place
    FROM ROWS FROM (
           jsonb_to_recordset(%(rows)s::jsonb)
             AS (server text, symbol text, bid numeric, ask numeric, quoted_at timestamptz, told_by text)
         ) WITH ORDINALITY AS row (server, symbol, bid, ask, quoted_at, told_by, place)
), ticks AS (
  SELECT DISTINCT row.server, row.folded, row.bid, row.ask, row.quoted_at
    FROM row LEFT JOIN quotes AS known USING (server, folded)
   WHERE row.told_by = 'feed' AND row.bid IS NOT NULL
     AND (known.quoted_at, known.bid, known.ask) IS DISTINCT FROM (row.quoted_at, row.bid, row.ask)
), minutes AS (
  SELECT server, folded, date_trunc('minute', quoted_at) AS minute,
         (array_agg(bid ORDER BY quoted_at, bid))[1] AS open, max(bid) AS high, min(bid) AS low,
         (array_agg(bid ORDER BY quoted_at DESC, bid DESC))[1] AS close, count(*) AS ticks, min(ask - bid) AS spread,
         min(quoted_at) AS first_at, max(quoted_at) AS last_at
    FROM ticks GROUP BY 1, 2, 3
), built AS (
  SELECT server, folded, step, at, (array_agg(open ORDER BY first_at))[1] AS open, max(high) AS high,
         min(low) AS low, (array_agg(close ORDER BY last_at DESC))[1] AS close, sum(ticks) AS ticks,
         min(spread) AS spread, min(first_at) AS first_at, max(last_at) AS last_at
    FROM minutes
    JOIN jsonb_to_recordset(%(starts)s::jsonb) AS start (server text, minute timestamptz, step text, at timestamptz)
         USING (server, minute)
   GROUP BY server, folded, step, at
), candled AS (
  INSERT INTO candles AS known (server, folded, step, at, open, high, low, close, ticks, spread, first_at, last_at)
  SELECT server, folded, step, at, open, high, low, close, ticks, spread, first_at, last_at
    FROM built ORDER BY server, folded, step, at
  ON CONFLICT (server, folded, step, at) DO UPDATE
     SET (open, high, low, close, ticks, spread, first_at, last_at)
       = (CASE WHEN (excluded.first_at, excluded.open) < (known.first_at, known.open) THEN excluded.open
               ELSE known.open END,
          greatest(known.high, excluded.high), least(known.low, excluded.low),
          CASE WHEN (excluded.last_at, excluded.close) > (known.last_at, known.close) THEN excluded.close
               ELSE known.close END,
          known.ticks + excluded.ticks, least(known.spread, excluded.spread),
          least(known.first_at, excluded.first_at), greatest(known.last_at, excluded.last_at))
)
INSERT INTO quotes AS known (server, symbol, bid, ask, quoted_at, told_by)
SELECT DISTINCT ON (server, folded) server, symbol, bid, ask, quoted_at, told_by
  FROM row
 ORDER BY server, folded, quoted_at DESC, place DESC
ON CONFLICT (server, folded) DO UPDATE
   SET symbol = excluded.symbol,
       bid = CASE WHEN excluded.quoted_at > known.quoted_at THEN excluded.bid
                  WHEN array_position('{statement,feed,operator}', excluded.told_by)
                    >= greatest(2, array_position('{statement,feed,operator}', known.told_by))
                  THEN coalesce(excluded.bid, known.bid)
                  ELSE coalesce(known.bid, excluded.bid) END,
       ask = CASE WHEN excluded.quoted_at > known.quoted_at THEN excluded.ask
                  WHEN array_position('{statement,feed,operator}', excluded.told_by)
                    >= greatest(2, array_position('{statement,feed,operator}', known.told_by))
                  THEN coalesce(excluded.ask, known.ask)
                  ELSE coalesce(known.ask, excluded.ask) END,
       quoted_at = excluded.quoted_at,
       told_by = CASE WHEN excluded.quoted_at > known.quoted_at
                        OR array_position('{statement,feed,operator}', excluded.told_by)
                         > array_position('{statement,feed,operator}', known.told_by)
                      THEN excluded.told_by ELSE known.told_by END
 WHERE excluded.quoted_at > known.quoted_at
    OR excluded.quoted_at = known.quoted_at
       AND (excluded.bid IS NOT NULL AND known.bid IS NULL
            OR excluded.ask IS NOT NULL AND known.ask IS NULL
            OR array_position('{statement,feed,operator}', excluded.told_by)
             >= greatest(2, array_position('{statement,feed,operator}', known.told_by))
               AND (known.told_by <> excluded.told_by OR excluded.bid <> known.bid OR excluded.ask <> known.ask))
RETURNING xmax = 0
"""

# Heard when the transaction commits, once however often it is said within it.
ANNOUNCE = "SELECT pg_notify('opencabinet_quotes', server) FROM unnest(%(servers)s::text[]) AS server"

QUOTES = """
SELECT server, symbol, bid, ask, quoted_at, told_by
  FROM quotes
 WHERE server = %(server)s AND folded IN (SELECT lower(asked) FROM unnest(%(symbols)s::text[]) AS asked)
"""

SERVERS = """
SELECT name AS server, clock FROM servers
 WHERE %(name)s::text IS NULL OR name = %(name)s
 ORDER BY name LIMIT %(limit)s
"""

CANDLES = """
SELECT server, folded AS symbol, step, at, open, high, low, close, ticks, spread, last_at
  FROM candles
 WHERE server = %(server)s AND folded = lower(%(symbol)s) AND step = %(step)s
   AND at >= %(since)s AND at < %(until)s AND at < %(below)s
 ORDER BY at DESC
 LIMIT %(limit)s
"""

FORGET = """
DELETE FROM candles
 WHERE ctid = ANY(ARRAY(SELECT ctid FROM candles WHERE step = 'M1' AND at < %(before)s LIMIT %(limit)s))
"""


class Clocked(msgspec.Struct, frozen=True):
    """A server, and the rule of its clock."""

    server: str
    clock: str


async def save_quotes(conn: Connection, rows: Sequence[Quote]) -> Upserted:
    """Keep the newest of quotes, of one moment the later told; a newer one that is known stays.

    They may come in any order, and many of a symbol: the bids of a feed build the symbol's candles, late ones too.
    Whoever listens on `opencabinet_quotes` hears the server's name when the transaction commits. What was never quoted
    has zeros on some platforms: such a side is not told, and a quote of nothing else is passed over.
    """
    told = [structs.replace(row, bid=row.bid or None, ask=row.ask or None) for row in rows if row.bid or row.ask]
    if not told:
        return Upserted()
    opened = msgspec.json.encode(await beginnings(conn, told)).decode()
    done = upserted(await conn.values(SAVE_QUOTES, rows=msgspec.json.encode(told).decode(), starts=opened))
    if done:
        await conn.run(ANNOUNCE, servers=sorted({row.server for row in told}))
    return done


async def beginnings(conn: Connection, rows: Sequence[Quote]) -> list[Start]:
    """Return when the candles begin that the bids of feeds belong to."""
    minutes = defaultdict[str, set[datetime]](set)
    for row in rows:
        if row.told_by == "feed" and row.bid is not None:
            minutes[row.server].add(row.quoted_at.replace(second=0, microsecond=0))
    if not minutes:
        return []
    known = await conn.fetch(Clocked, CLOCKS, servers=list(minutes))
    return [each for of in known for each in starts(of.server, clock(of.clock), sorted(minutes[of.server]))]


async def quotes(conn: Connection, server: str, symbols: Sequence[str]) -> dict[str, Quote]:
    """Return the last quotes of symbols, by the symbol as it was asked for; case does not matter."""
    found = await conn.fetch(Quote, QUOTES, server=server, symbols=list(symbols))
    known = {each.symbol.lower(): each for each in found}
    return {asked: known[asked.lower()] for asked in symbols if asked.lower() in known}


async def servers(conn: Connection, name: str | None, limit: int) -> list[Clocked]:
    """Return the trading server of this name, or all without one, so many at most."""
    return await conn.fetch(Clocked, SERVERS, name=name, limit=limit)


async def candles(
    conn: Connection,
    server: str,
    symbol: str,
    step: Step,
    *,
    period: Period = EVER,
    below: Key = NEWEST,
    limit: int,
) -> Page[Candle]:
    """Return the candles of a symbol that begin within a period, newest first."""
    found = await conn.fetch(
        Candle,
        CANDLES,
        server=server,
        symbol=symbol,
        step=step,
        since=period.since,
        until=period.until,
        below=below.at,
        limit=limit + 1,
    )
    return Page.of(found, limit, Candle.key)


async def forget(conn: Connection, before: datetime, limit: int) -> int:
    """Forget candles of a minute that began before a moment, so many at most; give how many."""
    return await conn.run(FORGET, before=before.astimezone(UTC), limit=limit)
