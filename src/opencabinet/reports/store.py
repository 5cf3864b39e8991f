"""The SQL of what a statement says before its rows."""

from decimal import Decimal
from typing import Final

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.reports.model import Head
from opencabinet.reports.rows import Source

OPENING: Final = -1
"""The ticket of the ledger's opening entry, which no platform printed."""

HEAD = """
SELECT accounts.login, sources.server, sources.number, servers.clock, accounts.name, company, currency, leverage,
       platform, mode, trim_scale(balance) AS balance, trim_scale(credit) AS credit, trim_scale(equity) AS equity,
       trim_scale(margin) AS margin, trim_scale(floating) AS floating, as_of, as_of_offset,
       complete
  FROM accounts
  LEFT JOIN sources ON sources.login = accounts.login
  LEFT JOIN servers ON servers.name = sources.server
 WHERE accounts.login = %(login)s
"""

# MetaTrader 5 books what opening costs on the opening deal, which is `entered`.
SUMS = """
SELECT 'closed' AS section, count(*) AS count, sum(commission) AS commission, sum(fee) AS fee, sum(swap) AS swap,
       sum(profit) AS profit
  FROM closed_trades WHERE login = %(login)s AND closed_at >= %(since)s AND closed_at < %(until)s
 UNION ALL
SELECT 'positions', count(DISTINCT position), 0, 0, 0, 0
  FROM closed_trades WHERE login = %(login)s AND closed_at >= %(since)s AND closed_at < %(until)s
 UNION ALL
SELECT 'opened', count(*), sum(commission), sum(fee), sum(swap), sum(profit)
  FROM open_trades WHERE login = %(login)s
 UNION ALL
SELECT 'dealt', count(*), sum(commission), sum(fee), sum(swap), sum(profit)
  FROM deals WHERE login = %(login)s AND dealt_at >= %(since)s AND dealt_at < %(until)s
 UNION ALL
SELECT 'entered', count(*), sum(commission), sum(fee), sum(swap), sum(profit)
  FROM deals
 WHERE login = %(login)s AND cost AND dealt_at >= %(since)s
   AND dealt_at < %(until)s AND profit + swap + commission + fee <> 0
 UNION ALL
SELECT 'working', count(*), 0, 0, 0, 0 FROM orders WHERE login = %(login)s AND state = 'working'
 UNION ALL
SELECT 'ended', count(*), 0, 0, 0, 0
  FROM orders
 WHERE login = %(login)s AND state <> 'working'
   AND coalesce(done_at, placed_at) >= %(since)s AND coalesce(done_at, placed_at) < %(until)s
 UNION ALL
SELECT 'moved', count(*), 0, 0, 0, 0
  FROM movements WHERE login = %(login)s AND moved_at >= %(since)s AND moved_at < %(until)s
"""

CREDIT_SINCE = """
SELECT coalesce(sum(amount), 0) FROM movements
 WHERE login = %(login)s AND moved_at >= %(until)s AND kind = ANY (%(credit)s::text[])
"""

START_OF_TRADES = """
SELECT sum(amount)
  FROM movements
 WHERE login = %(login)s AND moved_at >= %(since)s AND moved_at < %(until)s AND ticket <> %(opening)s
   AND moved_at <= coalesce((SELECT min(closed_at) FROM closed_trades
                              WHERE login = %(login)s AND closed_at >= %(since)s AND closed_at < %(until)s), %(until)s)
"""

START_OF_DEALS = """
SELECT coalesce(first.balance - first.profit - first.swap - first.commission - first.fee, (
         SELECT sum(profit + swap + commission + fee) FROM deals
          WHERE login = %(login)s AND dealt_at >= %(since)s AND (dealt_at, deal) < (first.dealt_at, first.deal)))
  FROM deals AS first
 WHERE login = %(login)s AND dealt_at >= %(since)s AND dealt_at < %(until)s AND symbol <> ''
 ORDER BY dealt_at, deal
 LIMIT 1
"""

LAST_BALANCE = """
SELECT trim_scale(balance) FROM deals
 WHERE login = %(login)s AND dealt_at >= %(since)s AND dealt_at < %(until)s
 ORDER BY dealt_at DESC, deal DESC
 LIMIT 1
"""

DIGITS = """
SELECT symbol, max(places)::int AS digits
  FROM (SELECT symbol, digits AS places FROM closed_trades
         WHERE login = %(login)s AND closed_at >= %(since)s AND closed_at < %(until)s
         UNION ALL
        SELECT symbol, digits FROM open_trades WHERE login = %(login)s
         UNION ALL
        SELECT symbol, greatest(min_scale(price), min_scale(stop_loss), min_scale(take_profit))
          FROM orders WHERE login = %(login)s
         UNION ALL
        SELECT symbol, min_scale(price) FROM deals
         WHERE login = %(login)s AND dealt_at >= %(since)s AND dealt_at < %(until)s) AS seen
 WHERE places IS NOT NULL
 GROUP BY symbol
"""


class Summed(Struct, frozen=True, kw_only=True):
    """What a section adds up to; None of no rows."""

    section: str
    count: int
    commission: Decimal | None
    fee: Decimal | None
    swap: Decimal | None
    profit: Decimal | None


class Places(Struct, frozen=True):
    """The decimals of a symbol's prices."""

    symbol: str
    digits: int


async def head(conn: Connection, login: Granted) -> Head | None:
    """Return the account and where it comes from."""
    return await conn.one(Head, HEAD, login=login)


async def sums(source: Source) -> list[Summed]:
    """Return what each section adds up to."""
    return await source.conn.fetch(Summed, SUMS, **source.given())


async def credit_since(source: Source) -> Decimal:
    """Return what credit came and went since the period ended."""
    found: Decimal = await source.conn.value(CREDIT_SINCE, **source.given())
    return found


async def start(source: Source, *, deals: bool) -> Decimal | None:
    """Return the balance before the first trade of the period; None where its rows do not tell."""
    statement = START_OF_DEALS if deals else START_OF_TRADES
    found: Decimal | None = await source.conn.value(statement, opening=OPENING, **source.given())
    return found


async def last_balance(source: Source) -> Decimal | None:
    """Return the balance after the last deal of the period, where it tells."""
    found: Decimal | None = await source.conn.value(LAST_BALANCE, **source.given())
    return found


async def digits(source: Source) -> dict[str, int]:
    """Return the decimals of each symbol's prices."""
    return {row.symbol: row.digits for row in await source.conn.fetch(Places, DIGITS, **source.given())}
