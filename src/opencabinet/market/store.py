"""The SQL of instruments and quotes."""

from collections.abc import Sequence

import msgspec

from opencabinet.db import Connection, Upserted, upserted
from opencabinet.market.model import Instrument, Quote

# What statements told before counts on: more digits were seen, or another contract size was told, and then neither.
SAVE_TOLD = """
INSERT INTO instruments AS known (server, symbol, told_by, digits, contract_size, base_currency, profit_currency)
SELECT server, symbol, told_by, digits, contract_size, base_currency, profit_currency
  FROM jsonb_populate_recordset(NULL::instruments, %(rows)s::jsonb)
 ORDER BY lower(symbol)
ON CONFLICT (server, folded, told_by) DO UPDATE
   SET digits = greatest(known.digits, excluded.digits),
       disputed = known.disputed OR coalesce(known.contract_size <> excluded.contract_size, false),
       contract_size = CASE WHEN known.disputed OR known.contract_size <> excluded.contract_size THEN NULL
                            ELSE coalesce(known.contract_size, excluded.contract_size) END,
       updated_at = now()
 WHERE known.digits < excluded.digits
    OR NOT known.disputed AND excluded.contract_size IS NOT NULL
       AND known.contract_size IS DISTINCT FROM excluded.contract_size
RETURNING xmax = 0
"""

SAVE_SAID = """
INSERT INTO instruments AS known (
       server, symbol, told_by, digits, contract_size, base_currency, profit_currency, tick_size, tick_value)
SELECT server, symbol, told_by, digits, contract_size, base_currency, profit_currency, tick_size, tick_value
  FROM jsonb_populate_recordset(NULL::instruments, %(rows)s::jsonb)
 ORDER BY lower(symbol)
ON CONFLICT (server, folded, told_by) DO UPDATE
   SET (symbol, digits, contract_size, base_currency, profit_currency, tick_size, tick_value, updated_at)
     = (excluded.symbol, excluded.digits, excluded.contract_size, excluded.base_currency, excluded.profit_currency,
        excluded.tick_size, excluded.tick_value, now())
 WHERE (known.symbol, known.digits, known.contract_size, known.base_currency, known.profit_currency, known.tick_size,
        known.tick_value)
    IS DISTINCT FROM (excluded.symbol, excluded.digits, excluded.contract_size, excluded.base_currency,
        excluded.profit_currency, excluded.tick_size, excluded.tick_value)
RETURNING xmax = 0
"""

INSTRUMENTS = """
WITH chosen AS (
  SELECT * FROM instruments
   WHERE server = %(server)s AND folded IN (SELECT lower(asked) FROM unnest(%(symbols)s::text[]) AS asked)
)
SELECT server, coalesce(said.symbol, told.symbol) AS symbol, coalesce(said.digits, told.digits) AS digits,
       coalesce(said.contract_size, told.contract_size) AS contract_size,
       coalesce(said.base_currency, told.base_currency) AS base_currency,
       coalesce(said.profit_currency, told.profit_currency) AS profit_currency,
       said.tick_size, said.tick_value, coalesce(said.told_by, told.told_by) AS told_by,
       greatest(said.updated_at, told.updated_at) AS updated_at
  FROM (SELECT * FROM chosen WHERE told_by = 'operator') AS said
  FULL JOIN (SELECT * FROM chosen WHERE told_by = 'statement') AS told USING (server, folded)
"""

SYMBOLS = """
SELECT DISTINCT folded
  FROM (SELECT server, folded FROM instruments UNION ALL SELECT server, folded FROM quotes) AS known
 WHERE server = %(server)s AND folded > lower(%(after)s)
 ORDER BY folded
 LIMIT %(limit)s
"""

# A quote never replaces a newer one. Of the same moment, what the operator says replaces what is known, and what a
# statement tells only fills a side that is not.
SAVE_QUOTES = """
INSERT INTO quotes AS known (server, symbol, bid, ask, quoted_at, told_by)
SELECT server, symbol, bid, ask, quoted_at, told_by
  FROM jsonb_populate_recordset(NULL::quotes, %(rows)s::jsonb)
 ORDER BY lower(symbol)
ON CONFLICT (server, folded) DO UPDATE
   SET symbol = excluded.symbol,
       bid = CASE WHEN excluded.quoted_at > known.quoted_at THEN excluded.bid
                  WHEN excluded.told_by = 'operator' THEN coalesce(excluded.bid, known.bid)
                  ELSE coalesce(known.bid, excluded.bid) END,
       ask = CASE WHEN excluded.quoted_at > known.quoted_at THEN excluded.ask
                  WHEN excluded.told_by = 'operator' THEN coalesce(excluded.ask, known.ask)
                  ELSE coalesce(known.ask, excluded.ask) END,
       quoted_at = excluded.quoted_at,
       told_by = CASE WHEN excluded.quoted_at > known.quoted_at OR excluded.told_by = 'operator'
                      THEN excluded.told_by ELSE known.told_by END
 WHERE excluded.quoted_at > known.quoted_at
    OR excluded.quoted_at = known.quoted_at
       AND (excluded.bid IS NOT NULL AND known.bid IS NULL
            OR excluded.ask IS NOT NULL AND known.ask IS NULL
            OR excluded.told_by = 'operator'
               AND (known.told_by <> 'operator' OR excluded.bid <> known.bid OR excluded.ask <> known.ask))
RETURNING xmax = 0
"""

QUOTES = """
SELECT server, symbol, bid, ask, quoted_at, told_by
  FROM quotes
 WHERE server = %(server)s AND folded IN (SELECT lower(asked) FROM unnest(%(symbols)s::text[]) AS asked)
"""


async def instruments(conn: Connection, server: str, symbols: Sequence[str]) -> dict[str, Instrument]:
    """Return what is known of symbols, by the symbol as it was asked for; case does not matter."""
    found = await conn.fetch(Instrument, INSTRUMENTS, server=server, symbols=list(symbols))
    known = {each.symbol.lower(): each for each in found}
    return {asked: known[asked.lower()] for asked in symbols if asked.lower() in known}


async def quotes(conn: Connection, server: str, symbols: Sequence[str]) -> dict[str, Quote]:
    """Return the last quotes of symbols, by the symbol as it was asked for; case does not matter."""
    found = await conn.fetch(Quote, QUOTES, server=server, symbols=list(symbols))
    known = {each.symbol.lower(): each for each in found}
    return {asked: known[asked.lower()] for asked in symbols if asked.lower() in known}


async def symbols(conn: Connection, server: str, *, after: str = "", limit: int) -> list[str]:
    """Return the symbols of a server that anything is known of, in lower case and in order, those after `after`."""
    return await conn.values(SYMBOLS, server=server, after=after, limit=limit)


async def save_instruments(conn: Connection, rows: Sequence[Instrument]) -> Upserted:
    """Keep what was told of instruments, each symbol of a server at most once.

    What the operator says of a symbol replaces what they said of it before, and wins over what statements tell. Two
    statements that tell different contract sizes leave it unknown, until the operator says it.
    """
    touched = []
    for statement, teller in ((SAVE_TOLD, "statement"), (SAVE_SAID, "operator")):
        if theirs := [row for row in rows if row.told_by == teller]:
            touched += await conn.values(statement, rows=encoded(theirs))
    return upserted(touched)


async def save_quotes(conn: Connection, rows: Sequence[Quote]) -> Upserted:
    """Keep quotes, each symbol of a server at most once; a newer one that is known stays."""
    return upserted(await conn.values(SAVE_QUOTES, rows=encoded(rows)))


def encoded(rows: Sequence[Instrument] | Sequence[Quote]) -> str:
    """Return rows as the JSON that a statement takes them apart from."""
    return msgspec.json.encode(rows).decode()
