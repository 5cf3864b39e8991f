"""The SQL of instruments."""

from collections.abc import Sequence
from typing import Final, LiteralString

import msgspec
from msgspec import structs

from opencabinet.db import Connection, Upserted, upserted
from opencabinet.market.model import Instrument, Pair
from opencabinet.market.names import currencies

MOST_PAIRS: Final = 1000

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

# The operator and the feed each replace what they said before. A feed tells figures as its server keeps them, where
# zero is a figure that nobody set.
SAVE_SAID = """
INSERT INTO instruments AS known (
       server, symbol, told_by, digits, contract_size, base_currency, profit_currency, tick_size, tick_value,
       margin_currency, calculation, margin_initial, margin_rate, margin_hedged, swap_mode, swap_long, swap_short,
       swap_triple_day)
SELECT server, symbol, told_by, digits, CASE WHEN contract_size > 0 THEN contract_size END,
       nullif(base_currency, ''), nullif(profit_currency, ''),
       CASE WHEN tick_size > 0 THEN tick_size END,
       CASE WHEN tick_size > 0 AND tick_value > 0 THEN tick_value END,
       nullif(margin_currency, ''), nullif(calculation, ''), CASE WHEN margin_initial > 0 THEN margin_initial END,
       CASE WHEN margin_rate > 0 THEN margin_rate END, CASE WHEN margin_hedged >= 0 THEN margin_hedged END,
       nullif(swap_mode, ''), swap_long, swap_short,
       CASE WHEN swap_triple_day BETWEEN 0 AND 6 THEN swap_triple_day END
  FROM jsonb_populate_recordset(NULL::instruments, %(rows)s::jsonb)
 ORDER BY lower(symbol)
ON CONFLICT (server, folded, told_by) DO UPDATE
   SET (symbol, digits, contract_size, base_currency, profit_currency, tick_size, tick_value, margin_currency,
        calculation, margin_initial, margin_rate, margin_hedged, swap_mode, swap_long, swap_short, swap_triple_day,
        updated_at)
     = (excluded.symbol, excluded.digits, excluded.contract_size, excluded.base_currency, excluded.profit_currency,
        excluded.tick_size, excluded.tick_value, excluded.margin_currency, excluded.calculation,
        excluded.margin_initial, excluded.margin_rate, excluded.margin_hedged, excluded.swap_mode, excluded.swap_long,
        excluded.swap_short, excluded.swap_triple_day, now())
 WHERE (known.symbol, known.digits, known.contract_size, known.base_currency, known.profit_currency, known.tick_size,
        known.tick_value, known.margin_currency, known.calculation, known.margin_initial, known.margin_rate,
        known.margin_hedged, known.swap_mode, known.swap_long, known.swap_short, known.swap_triple_day)
    IS DISTINCT FROM (excluded.symbol, excluded.digits, excluded.contract_size, excluded.base_currency,
        excluded.profit_currency, excluded.tick_size, excluded.tick_value, excluded.margin_currency,
        excluded.calculation, excluded.margin_initial, excluded.margin_rate, excluded.margin_hedged,
        excluded.swap_mode, excluded.swap_long, excluded.swap_short, excluded.swap_triple_day)
RETURNING xmax = 0
"""


def said(chosen: LiteralString) -> LiteralString:
    """Return the statement of what is known of some instruments.

    What the operator says of a symbol wins, then the feed's word, then what statements tell; a tick comes whole from
    one.
    """
    return f"""
WITH chosen AS (SELECT * FROM instruments WHERE {chosen})
SELECT server, coalesce(said.symbol, fed.symbol, told.symbol) AS symbol,
       coalesce(said.digits, fed.digits, told.digits) AS digits,
       coalesce(said.contract_size, fed.contract_size, told.contract_size) AS contract_size,
       coalesce(said.base_currency, fed.base_currency, told.base_currency) AS base_currency,
       coalesce(said.profit_currency, fed.profit_currency, told.profit_currency) AS profit_currency,
       coalesce(said.tick_size, fed.tick_size) AS tick_size,
       CASE WHEN said.tick_size IS NULL THEN fed.tick_value ELSE said.tick_value END AS tick_value,
       coalesce(said.margin_currency, fed.margin_currency) AS margin_currency,
       coalesce(said.calculation, fed.calculation) AS calculation,
       coalesce(said.margin_initial, fed.margin_initial) AS margin_initial,
       coalesce(said.margin_rate, fed.margin_rate) AS margin_rate,
       coalesce(said.margin_hedged, fed.margin_hedged) AS margin_hedged,
       fed.swap_mode, fed.swap_long, fed.swap_short, fed.swap_triple_day,
       coalesce(said.told_by, fed.told_by, told.told_by) AS told_by,
       greatest(said.updated_at, fed.updated_at, told.updated_at) AS updated_at
  FROM (SELECT * FROM chosen WHERE told_by = 'operator') AS said
  FULL JOIN (SELECT * FROM chosen WHERE told_by = 'feed') AS fed USING (server, folded)
  FULL JOIN (SELECT * FROM chosen WHERE told_by = 'statement') AS told USING (server, folded)
"""  # noqa: S608 - a text of ours


INSTRUMENTS = said("server = %(server)s AND folded IN (SELECT lower(asked) FROM unnest(%(symbols)s::text[]) AS asked)")

SYMBOLS = """
SELECT DISTINCT folded
  FROM (SELECT server, folded FROM instruments UNION ALL SELECT server, folded FROM quotes) AS known
 WHERE server = %(server)s AND folded > lower(%(after)s)
 ORDER BY folded
 LIMIT %(limit)s
"""


def paired(server: LiteralString, currencies: LiteralString) -> LiteralString:
    """Return the statement of the pairs among currencies that a server quotes.

    Where tellers name different currencies of a symbol, the better one is believed, as with all else.
    """
    return f"""
SELECT DISTINCT ON (folded) folded AS symbol, base_currency, profit_currency, bid, ask, quoted_at
  FROM instruments AS told JOIN quotes USING (server, folded)
 WHERE server = {server} AND base_currency = ANY({currencies}) AND profit_currency = ANY({currencies})
   AND base_currency <> profit_currency
   AND NOT EXISTS (
         SELECT FROM instruments AS better
          WHERE (better.server, better.folded) = (told.server, told.folded)
            AND array_position('{{statement,feed,operator}}', better.told_by)
              > array_position('{{statement,feed,operator}}', told.told_by)
            AND (better.base_currency <> told.base_currency OR better.profit_currency <> told.profit_currency))
 ORDER BY folded
 LIMIT %(most)s
"""  # noqa: S608 - texts of ours


PAIRS = paired("%(server)s", "%(currencies)s")


async def instruments(conn: Connection, server: str, symbols: Sequence[str]) -> dict[str, Instrument]:
    """Return what is known of symbols, by the symbol as it was asked for; case does not matter."""
    found = await conn.fetch(Instrument, INSTRUMENTS, server=server, symbols=list(symbols))
    known = {each.symbol.lower(): each for each in found}
    return {asked: known[asked.lower()] for asked in symbols if asked.lower() in known}


async def symbols(conn: Connection, server: str, *, after: str = "", limit: int) -> list[str]:
    """Return the symbols of a server that anything is known of, in lower case and in order, those after `after`."""
    return await conn.values(SYMBOLS, server=server, after=after, limit=limit)


async def pairs(conn: Connection, server: str, among: Sequence[str]) -> list[Pair]:
    """Return the pairs among currencies that a server quotes."""
    return await conn.fetch(Pair, PAIRS, server=server, currencies=list(among), most=MOST_PAIRS)


async def save_instruments(conn: Connection, rows: Sequence[Instrument]) -> Upserted:
    """Keep what was told of instruments; of a symbol that is told twice, in whatever case, the last counts.

    What the operator says of a symbol replaces what they said of it before, and wins over what a feed tells, which
    replaces what it told before and wins over what statements tell. Two statements that tell different contract sizes
    leave it unknown, until somebody else says it.
    """
    touched = []
    last = {(row.server, row.symbol.lower(), row.told_by): row for row in rows}
    for statement, tellers in ((SAVE_TOLD, {"statement"}), (SAVE_SAID, {"feed", "operator"})):
        if theirs := [named(row) for row in last.values() if row.told_by in tellers]:
            touched += await conn.values(statement, rows=encoded(theirs))
    return upserted(touched)


def named(row: Instrument) -> Instrument:
    """Return what a feed tells, with the currencies that the symbol names where the server has none to tell."""
    if row.told_by != "feed" or row.base_currency or row.profit_currency:
        return row
    base, profit = currencies(row.symbol) or (None, None)
    return structs.replace(row, base_currency=base, profit_currency=profit)


def encoded(rows: Sequence[Instrument]) -> str:
    """Return rows as the JSON that a statement takes them apart from."""
    return msgspec.json.encode(rows).decode()
