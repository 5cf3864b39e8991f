"""The SQL that reads an account with its open trades and their market as of one moment."""

from typing import LiteralString, TypeVar

import msgspec
from msgspec import Struct

from opencabinet.accounts import Account
from opencabinet.db import Connection, squeezed
from opencabinet.kernel.ids import Login
from opencabinet.market import Instrument, Pair, Quote
from opencabinet.market.store import MOST_PAIRS, paired, said
from opencabinet.trades import OpenTrade, Wanted
from opencabinet.valuations.margin import FOREX
from opencabinet.valuations.rates import PIVOTS
from opencabinet.valuations.reading.model import Read

AMONG: tuple[LiteralString, LiteralString] = (
    "(SELECT server FROM home)",
    "ARRAY(SELECT currency FROM currencies) || %(pivots)s::text[]",
)

# Of the market is read what the open trades are counted by: their symbols, and pairs of the currencies in play.
READ = squeezed(
    f"""
WITH opened AS MATERIALIZED (
  SELECT login, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
         current_price, stop_loss, take_profit, commission, fee, swap, profit, comment, reported_at
    FROM open_trades
   WHERE login = %(login)s AND opened_at >= %(since)s AND opened_at < %(until)s
     AND (opened_at, position) < (%(at)s, %(id)s)
     AND (%(symbol)s::text IS NULL OR lower(symbol) = lower(%(symbol)s))
     AND lower(symbol) NOT IN (SELECT lower(name) FROM unnest(%(without)s::text[]) AS name)
   ORDER BY opened_at DESC, position DESC
   LIMIT %(limit)s
), home AS MATERIALIZED (
  SELECT server FROM sources WHERE login = %(login)s
), symbols AS MATERIALIZED (
  SELECT DISTINCT lower(symbol) AS folded FROM opened
), known AS MATERIALIZED (
  {said("server = (SELECT server FROM home) AND folded IN (SELECT folded FROM symbols)")}
), currencies AS MATERIALIZED (
  SELECT currency
    FROM (SELECT currency FROM accounts WHERE login = %(login)s
           UNION
          SELECT profit_currency FROM known
           UNION
          SELECT coalesce(margin_currency,
                          CASE WHEN calculation = ANY (%(forex)s) THEN base_currency ELSE profit_currency END)
            FROM known) AS spoken
   WHERE currency <> ''
)
SELECT row_to_json(account)::text AS account, (SELECT server FROM home) AS server,
       (SELECT json_agg(opened ORDER BY opened_at DESC, position DESC) FROM opened)::text AS trades,
       (SELECT json_agg(known) FROM known)::text AS instruments,
       (SELECT json_agg(quoted)
          FROM (SELECT server, symbol, bid, ask, quoted_at, told_by
                  FROM quotes
                 WHERE server = (SELECT server FROM home)
                   AND folded IN (SELECT folded FROM symbols)) AS quoted)::text AS quotes,
       CASE WHEN (SELECT count(*) FROM currencies) > 1 THEN
         (SELECT json_agg(pair) FROM ({paired(*AMONG)}) AS pair)::text END AS pairs
  FROM (SELECT login, name, company, currency, leverage, platform, mode, balance, credit, equity, margin, floating,
               as_of, as_of_offset, complete
          FROM accounts WHERE login = %(login)s) AS account
"""  # noqa: S608 - texts of ours
)


T = TypeVar("T")


class Found(Struct, frozen=True):
    """What the statement gives: rows as JSON, which keeps their figures as they are; None for none."""

    account: str
    server: str | None
    trades: str | None
    instruments: str | None
    quotes: str | None
    pairs: str | None


async def read(conn: Connection, login: Login, wanted: Wanted) -> Read | None:
    """Return an account with the open trades that are wanted and one more; None if there is no such account."""
    given = {key: value for key, value in wanted.keys().items() if key != "as_of"}
    market = {"forex": sorted(FOREX), "pivots": list(PIVOTS), "most": MOST_PAIRS}
    found = await conn.one(Found, READ, login=login, **given, **market)
    if found is None:
        return None
    return Read(
        account=msgspec.json.decode(found.account, type=Account),
        server=found.server,
        trades=rows(found.trades, OpenTrade),
        instruments=rows(found.instruments, Instrument),
        quotes=rows(found.quotes, Quote),
        pairs=rows(found.pairs, Pair),
    )


def rows(text: str | None, noun: type[T]) -> list[T]:
    """Return the rows that a text tells."""
    return [] if text is None else msgspec.json.decode(text, type=list[noun])  # type: ignore[valid-type]
