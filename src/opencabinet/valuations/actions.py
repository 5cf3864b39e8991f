"""Valuing accounts and open trades at the last quotes of their servers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from msgspec import structs

from opencabinet import market
from opencabinet.accounts import Account, NoSuchAccount
from opencabinet.db import Connection, Pool, Together
from opencabinet.kernel.ids import Login
from opencabinet.kernel.page import Page
from opencabinet.market import Instrument
from opencabinet.market.model import moved
from opencabinet.trades import OpenTrade, Wanted
from opencabinet.valuations import margin, store
from opencabinet.valuations.model import LARGEST, Opened, Priced, Valued, money, sums
from opencabinet.valuations.rates import PIVOTS, Prices
from opencabinet.valuations.reading import Read, read, read_many

MOST: Final = 10_000
"""Open trades of one account: of more the server's report counts."""
ALL: Final = Wanted(limit=MOST)

AT_ONCE: Final = 500
"""Accounts that are read together."""

TOO_MANY: Final = f"More than {MOST:,} trades are open: the server's report counts."
NO_NEWER: Final = "No price is known that is newer than the report."
NO_SIZE: Final = "Nobody told the contract size of this symbol."
NO_CURRENCY: Final = "Nobody told the currency that profit of this symbol is counted in."
TOO_LARGE: Final = "What was told of this trade comes to more than any account holds."


async def valued(conn: Connection, login: Login) -> Valued:
    """Return what an account is worth, read at once.

    Raises:
        NoSuchAccount: if there is none.
    """
    return worth(await read(conn, login, ALL))


async def opened(conn: Connection, login: Login, wanted: Wanted) -> Opened:
    """Return open trades of an account with current prices and profits, read at once.

    Raises:
        NoSuchAccount: if there is none.
    """
    return listed(await read(conn, login, wanted), wanted)


class Reading:
    """What accounts are worth, and their open trades: those that are asked for at a time are read together."""

    def __init__(self, pool: Pool) -> None:
        self._accounts: Together[Wanted, Login, Read | None] = Together(pool, read_many, connections=2)

    async def valued(self, login: Login) -> Valued:
        """Return what `valued` does."""
        return worth(await self._read(login, ALL))

    async def opened(self, login: Login, wanted: Wanted) -> Opened:
        """Return what `opened` does."""
        return listed(await self._read(login, wanted), wanted)

    async def _read(self, login: Login, wanted: Wanted) -> Read:
        found = await self._accounts.answer(wanted, login)
        if found is None:
            raise NoSuchAccount
        return found


def worth(found: Read) -> Valued:
    """Return what an account is worth that was read with all its open trades."""
    if len(found.trades) > MOST:
        return structs.replace(sums(found.account, [], None, {}), reasons={"floating": TOO_MANY})
    return whole(found.account, found.trades, found.prices)


def listed(found: Read, wanted: Wanted) -> Opened:
    """Return the open trades that were wanted and read, with one more if there are more."""
    page, prices = Page.of(found.trades, wanted.limit, OpenTrade.key), found.prices
    rows = [price(row, found.account, prices) for row in page.rows]
    return Opened(account=found.account, trades=rows, next=page.next, instruments=prices.instruments)


async def levels(conn: Connection, logins: Sequence[Login]) -> dict[Login, Decimal | None]:
    """Return the margin levels of accounts, None for one that uses no margin; one that is not known is left out."""
    found = dict[Login, Decimal | None]()
    for at in range(0, len(logins), AT_ONCE):
        some = logins[at : at + AT_ONCE]
        accounts = {account.login: account for account in await store.accounts(conn, some)}
        rows = defaultdict[Login, list[OpenTrade]](list)
        for row in await store.opened(conn, some, MOST + 1):
            rows[row.login].append(row)
        homes = await store.homes(conn, list(rows))
        known = {
            server: await of_server(conn, server, served(server, homes, accounts, rows)) for server in {*homes.values()}
        }
        for login, account in accounts.items():
            given = rows[login] if len(rows[login]) <= MOST else []
            valued = whole(account, given, known.get(homes.get(login, ""), Prices()))
            if valued.margin or not rows[login]:  # who trades and is said to use none uses what nobody can tell
                found[login] = valued.margin_level
    return found


def served(
    server: str,
    homes: Mapping[Login, str],
    accounts: Mapping[Login, Account],
    rows: Mapping[Login, Sequence[OpenTrade]],
) -> tuple[set[str], set[str]]:
    """Return the symbols and the currencies of all accounts of a server."""
    logins = [login for login, home in homes.items() if home == server]
    symbols = {row.symbol for login in logins for row in rows[login]}
    return symbols, {accounts[login].currency for login in logins if login in accounts}


async def of_server(conn: Connection, server: str, asked: tuple[set[str], set[str]]) -> Prices:
    """Return what a server's market tells of symbols, and of what converts into currencies."""
    symbols, currencies = sorted(asked[0]), asked[1]
    instruments = await market.instruments(conn, server, symbols)
    needed = {*currencies, *(each for known in instruments.values() for each in spoken(known))}
    pairs = await market.pairs(conn, server, sorted({*needed, *PIVOTS})) if len(needed) > 1 else []
    return Prices(instruments, await market.quotes(conn, server, symbols), pairs)


def spoken(instrument: Instrument) -> Iterator[str]:
    """Give the currencies that an instrument is counted in."""
    yield from (each for each in (instrument.profit_currency, margin.currency(instrument)) if each)


def whole(account: Account, rows: Sequence[OpenTrade], known: Prices) -> Valued:
    """Return what an account is worth with all its open trades."""
    trades = [price(row, account, known) for row in rows]
    taken = margin.together(trades, dict(known.instruments))
    if isinstance(taken, str):
        return sums(account, trades, None, {"margin": taken})
    return sums(account, trades, money(taken, account.currency), {})


def price(trade: OpenTrade, account: Account, known: Prices) -> Priced:
    """Return an open trade with its current price and profit, or as last reported where nothing newer is known."""
    instrument, quote = known.instruments.get(trade.symbol), known.quotes.get(trade.symbol)
    at = (quote.bid if trade.side == "buy" else quote.ask) if quote else None
    taken, why = taking(trade, instrument, account, known)
    reported_at = trade.reported_at or account.as_of
    as_reported = Priced(trade=trade, priced_at=reported_at, live=False, margin=taken, margin_reason=why)
    if quote is None or at is None or quote.quoted_at <= reported_at:
        return structs.replace(as_reported, reason=NO_NEWER)
    if instrument is None or instrument.profit_currency is None:
        return structs.replace(as_reported, reason=NO_CURRENCY)
    worth = sized(instrument, trade).worth(moved(trade.open_price, at, trade.side), trade.lots)
    if worth is None:
        return structs.replace(as_reported, reason=NO_SIZE)
    rate = known.rate(instrument.profit_currency, account.currency, trade.side, quote.quoted_at)
    if rate is None:
        return structs.replace(as_reported, reason=no_rate(instrument.profit_currency, account.currency))
    profit, absurd = bounded(worth * rate, account.currency)
    if profit is None:
        return structs.replace(as_reported, reason=absurd)
    now = structs.replace(trade, current_price=at, profit=profit)
    return structs.replace(as_reported, trade=now, priced_at=quote.quoted_at, live=True)


def taking(
    trade: OpenTrade, instrument: Instrument | None, account: Account, known: Prices
) -> tuple[Decimal | None, str | None]:
    """Return the margin that a trade takes alone, in the account's money, or why that is not known."""
    counted = None if instrument is None else margin.alone(trade, instrument, account.leverage)
    currency = None if instrument is None else margin.currency(instrument)
    if instrument is None or counted is None or currency is None:
        return None, margin.UNTOLD
    pair = instrument.calculation in margin.FOREX
    if pair and (instrument.base_currency, instrument.profit_currency) == (currency, account.currency):
        return bounded(counted * trade.open_price, account.currency)
    quote = known.quotes.get(trade.symbol)
    rate = known.rate(currency, account.currency, trade.side, quote.quoted_at if quote else account.as_of)
    if rate is None:
        return None, no_rate(currency, account.currency)
    return bounded(counted * rate, account.currency)


def bounded(amount: Decimal, currency: str) -> tuple[Decimal | None, str | None]:
    """Return an amount as money, or why it is none."""
    if abs(amount) > LARGEST or abs(rounded := money(amount, currency)) == LARGEST:
        return None, TOO_LARGE
    return rounded, None


def sized(instrument: Instrument, trade: OpenTrade) -> Instrument:
    """Return the instrument with the contract size that the trade tells of itself, if it does."""
    if trade.contract_size is None:
        return instrument
    return structs.replace(instrument, contract_size=trade.contract_size)


def no_rate(source: str, target: str) -> str:
    """Say that a rate is missing."""
    return f"No rate from {source} to {target} is known."
