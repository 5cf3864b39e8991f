"""The SQL of rates as of a moment."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from opencabinet.db import Connection
from opencabinet.market.quotes.candles import STEPS
from opencabinet.partners.plans import Rate
from opencabinet.partners.rewards.rates.model import Quoted, Wanted, legs, made

LASTS: Final = timedelta(days=4)
"""A rate may be so much older than what it converts: over a weekend and a holiday the last one holds."""

# Of each pair the last bid before the moment that a whole candle ends with, whatever its step: those of minutes are
# forgotten first. A server's own quotes come before those of others.
QUOTED = """
SELECT DISTINCT ON (asked.place) asked.place::int AS place, pair.server, pair.symbol, pair.base, pair.quote, price,
       last.at
  FROM unnest(%(servers)s::text[], %(bases)s::text[], %(quotes)s::text[], %(ats)s::timestamptz[]) WITH ORDINALITY
    AS asked (server, base, quote, at, place)
 CROSS JOIN LATERAL (
   SELECT DISTINCT server, folded, symbol, base_currency AS base, profit_currency AS quote
     FROM servers JOIN instruments ON instruments.server = servers.name
    WHERE base_currency = asked.base AND profit_currency = asked.quote
       OR base_currency = asked.quote AND profit_currency = asked.base
 ) AS pair
 CROSS JOIN LATERAL (
   SELECT close AS price, last_at AS at
     FROM unnest(%(steps)s::text[]) AS each (step)
    CROSS JOIN LATERAL (
      SELECT close, last_at
        FROM candles
       WHERE candles.server = pair.server AND candles.folded = pair.folded AND candles.step = each.step
         AND candles.at < asked.at AND candles.at > asked.at - interval '40 days' AND last_at < asked.at
       ORDER BY candles.at DESC
       LIMIT 1
    ) AS candle
    UNION ALL
   SELECT bid, quoted_at
     FROM quotes
    WHERE quotes.server = pair.server AND quotes.folded = pair.folded AND quoted_at < asked.at
 ) AS last
 WHERE last.at > asked.at - %(lasts)s AND price > 0
 ORDER BY asked.place, pair.server <> asked.server, last.at DESC, length(pair.symbol), pair.symbol
"""


async def ask(conn: Connection, wanted: Sequence[Wanted]) -> list[tuple[Wanted, Rate | None]]:
    """Return the rates that are wanted, None for each that is not known."""
    asked = [(place, leg) for place, each in enumerate(wanted) for leg in legs(each)]
    rows = await conn.fetch(
        Quoted,
        QUOTED,
        servers=[wanted[place].server for place, _ in asked],
        bases=[base for _, (base, _) in asked],
        quotes=[quote for _, (_, quote) in asked],
        ats=[wanted[place].at for place, _ in asked],
        steps=list(STEPS),
        lasts=LASTS,
    )
    found: dict[int, dict[tuple[str, str], Rate]] = defaultdict(dict)
    for row in rows:
        place, leg = asked[row.place - 1]
        found[place][leg] = row.rate()
    return [(each, made(each, found[place])) for place, each in enumerate(wanted)]
