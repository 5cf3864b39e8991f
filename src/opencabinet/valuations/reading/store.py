"""The SQL that reads an account with its open trades and their market as of one moment."""

from collections.abc import Sequence
from typing import Any, Final, LiteralString, TypeVar

import msgspec
from msgspec import Struct

from opencabinet.accounts import Account
from opencabinet.db import Connection, squeezed
from opencabinet.kernel.ids import Login
from opencabinet.market import Instrument, Pair, Quote
from opencabinet.market.store import MOST_PAIRS, paired
from opencabinet.market.store import said as known_of
from opencabinet.trades import OpenTrade, Wanted
from opencabinet.valuations.margin import FOREX
from opencabinet.valuations.rates import PIVOTS
from opencabinet.valuations.reading.model import Read

AMONG: tuple[LiteralString, LiteralString] = (
    "(SELECT server FROM home)",
    "ARRAY(SELECT currency FROM currencies) || %(pivots)s::text[]",
)

# Logins come as one text, for how many there are is nothing that the statement is planned by. That each is equal to
# itself without blanks says that they are few: where many are expected, a plan for any login looks so dear beside one
# for this login that all is planned anew each time, which takes longer than the reading.
# Of the market is read what the open trades are counted by: their symbols, and pairs of the currencies in play.
one: LiteralString = f"""
WITH opened AS MATERIALIZED (
  SELECT login, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
         current_price, stop_loss, take_profit, commission, fee, swap, profit, comment, reported_at
    FROM open_trades
   WHERE login = asked.login AND opened_at >= %(since)s AND opened_at < %(until)s
     AND (opened_at, position) < (%(at)s, %(id)s)
     AND (%(symbol)s::text IS NULL OR lower(symbol) = lower(%(symbol)s))
     AND lower(symbol) NOT IN (SELECT lower(name) FROM unnest(%(without)s::text[]) AS name)
   ORDER BY opened_at DESC, position DESC
   LIMIT %(limit)s
), home AS MATERIALIZED (
  SELECT server FROM sources WHERE login = asked.login
), symbols AS MATERIALIZED (
  SELECT DISTINCT lower(symbol) AS folded FROM opened
), known AS MATERIALIZED (
  {known_of("server = (SELECT server FROM home) AND folded IN (SELECT folded FROM symbols)")}
), currencies AS MATERIALIZED (
  SELECT currency
    FROM (SELECT currency FROM accounts WHERE login = asked.login
           UNION
          SELECT profit_currency FROM known
           UNION
          SELECT coalesce(margin_currency,
                          CASE WHEN calculation = ANY (%(forex)s) THEN base_currency ELSE profit_currency END)
            FROM known) AS spoken
   WHERE currency <> ''
)
SELECT asked.login, row_to_json(account)::text AS account, (SELECT server FROM home) AS server,
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
          FROM accounts WHERE login = asked.login) AS account
"""  # noqa: S608 - texts of ours


def many(more: LiteralString = "") -> LiteralString:
    """Return the statement that reads many accounts, and of each what is asked for besides."""
    return f"""
SELECT found.*{more}
  FROM (SELECT login::bigint FROM string_to_table(%(logins)s, ',') AS login WHERE login = trim(login)) AS asked
 CROSS JOIN LATERAL ({one}) AS found
"""  # noqa: S608 - texts of ours


READ = squeezed(many())


T = TypeVar("T")
ACCOUNT: Final = msgspec.json.Decoder(Account)


class Found(Struct, frozen=True):
    """What the statement gives of a login: rows as JSON, which keeps their figures as they are; None for none."""

    login: int
    account: str
    server: str | None
    trades: str | None
    instruments: str | None
    quotes: str | None
    pairs: str | None


async def read(conn: Connection, wanted: Wanted, logins: Sequence[Login]) -> list[Read | None]:
    """Return accounts, each with its open trades that are wanted and one more; None for each that there is not."""
    told = await conn.fetch(Found, READ, logins=",".join(map(str, logins)), **given(wanted))
    found = {row.login: row for row in told}
    return [said(found[login]) if login in found else None for login in logins]


def given(wanted: Wanted) -> dict[str, Any]:
    """Return what the statement is told besides the logins."""
    asked = {key: value for key, value in wanted.keys().items() if key != "as_of"}
    return asked | {"forex": sorted(FOREX), "pivots": list(PIVOTS), "most": MOST_PAIRS}


def said(found: Found) -> Read:
    """Return what a row says."""
    return Read(
        account=ACCOUNT.decode(found.account),
        server=found.server,
        trades=rows(found.trades, OpenTrade),
        instruments=rows(found.instruments, Instrument),
        quotes=rows(found.quotes, Quote),
        pairs=rows(found.pairs, Pair),
    )


def rows(text: str | None, noun: type[T]) -> list[T]:
    """Return the rows that a text tells."""
    return [] if text is None else msgspec.json.decode(text, type=list[noun])  # type: ignore[valid-type]
