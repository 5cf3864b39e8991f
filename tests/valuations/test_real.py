"""Profits of open trades of real statements, counted again at the prices that they print."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest

from opencabinet import accounts, market, trades, valuations
from opencabinet.accounts import Account, Origin
from opencabinet.db import Connection
from opencabinet.ingest.model import Opened, Statement
from opencabinet.ingest.translate import digits
from opencabinet.kernel.ids import Login
from opencabinet.kernel.money import exponent
from opencabinet.market import Instrument, Pair, Quote, currencies
from opencabinet.trades import OpenTrade
from opencabinet.valuations.actions import price
from opencabinet.valuations.rates import Prices
from tests import make, needs

LOGIN: Final = Login(1)
LATER: Final = make.NOW + timedelta(seconds=1)
METALS: Final = {"xauusd": 100, "xauusd@": 100, "gold": 100}
"""Contract sizes that are not 100,000."""

USD_OF_JPY: Final = {"USDJPY": ("112.799", "112.804"), "GBPUSD": ("1.24918", "1.24930")}
OF_EUR: Final = {"EURUSD": ("1.09099", "1.09099"), "USDCHF": ("0.89389", "0.89391"), "USDJPY": ("143.503", "143.506")}
"""Rates that the files print themselves, as prices of other trades; elsewhere they are what the profits imply."""

FILES: Final[list[tuple[str, Mapping[str, tuple[str, str]], int, int]]] = [
    ("mt5/mt5-en-eur-658-trades-85-open.html", OF_EUR, 85, 85),
    ("mt5/mt5-ja-utf16-jpy-open-working.html", {"USDJPY": ("148", "148")}, 4, 4),
    ("mt5/mt5-en-usd-credit-open-formulas.xlsx", {}, 1, 1),
    ("mt4/mt4-jpy-360-trades-4-open.htm", {"USDJPY": ("108.4", "108.4")}, 4, 4),
    ("mt4/mt4-jpy-386-trades-later-snapshot.htm", {}, 2, 2),
    ("mt4/mt4-usd-22-balance-ops-open.htm", {"AUDUSD": ("0.632505", "1"), "USDJPY": ("1", "105.2981")}, 2, 2),
    ("mt4/mt4-usd-cp1251-partial-history.htm", {"USDCHF": ("0.9991", "0.9991")}, 1, 1),
    ("mt4/mt4-usd-nomoney-open-working.htm", {}, 5, 5),
    ("mt4/mt4-usd-single-trade-no-pf.htm", {}, 1, 1),
    ("mt4/mt4-usd-unofficial-statement.htm", {}, 2, 2),
    ("mt4/mt4-usd-utf8-spanish.htm", {"USDCAD": ("1.2865", "1.2865")}, 1, 1),
    # The others differ by less than the worth of half a point: the server counts at a price finer than the one printed.
    ("mt4/mt4-usd-112-closed-19-open.htm", {"GBPUSD": ("1.3176", "1.3176")}, 19, 16),
    ("mt4/mt4-jpy-6711-trades-256-open.htm", USD_OF_JPY, 256, 224),
]


def account_of(told: Statement) -> Account:
    """Give the account of a statement, as it was reported before anything that is quoted here."""
    shot = told.snapshot
    return Account(
        login=LOGIN,
        name="",
        company="",
        currency=told.currency,
        leverage=told.leverage,
        platform=told.platform,
        mode=told.mode,
        balance=shot.balance,
        credit=shot.credit or Decimal(0),
        equity=None,
        margin=shot.margin,
        floating=None,
        as_of=make.NOW,
        as_of_offset=0,
        complete=True,
    )


def open_trade(row: Opened, position: int) -> OpenTrade:
    """Give an open trade whose price and profit are not known yet."""
    return OpenTrade(
        login=LOGIN,
        position=position,
        symbol=row.symbol,
        side=row.side,
        lots=row.lots,
        contract_size=None,
        digits=digits(row.current_price),
        opened_at=make.NOW,
        opened_offset=0,
        open_price=row.open_price,
        current_price=row.open_price,
        stop_loss=None,
        take_profit=None,
        commission=row.commission,
        fee=row.fee,
        swap=row.swap,
        profit=Decimal(0),
        comment="",
    )


def instrument(symbol: str) -> Instrument:
    """Give what is known of a symbol."""
    base, profit = currencies(symbol) or ("XAU", "USD")
    return Instrument(
        server="S",
        symbol=symbol,
        digits=5,
        contract_size=Decimal(METALS.get(symbol.lower(), 100_000)),
        base_currency=base,
        profit_currency=profit,
        told_by="operator",
    )


def quote(symbol: str, bid: str | Decimal | None, ask: str | Decimal | None, at: datetime = LATER) -> Quote:
    """Give a quote of a feed."""
    prices = [None if each is None else Decimal(each) for each in (bid, ask)]
    return Quote(server="S", symbol=symbol, bid=prices[0], ask=prices[1], quoted_at=at, told_by="feed")


def pairs(rates: Mapping[str, tuple[str, ...]]) -> list[Pair]:
    """Give pairs of currencies."""
    return [
        Pair(
            symbol=name,
            base_currency=name[:3],
            profit_currency=name[3:],
            bid=Decimal(bid),
            ask=Decimal(ask),
            quoted_at=LATER,
        )
        for name, (bid, ask) in rates.items()
    ]


def recounted(told: Statement, rates: Mapping[str, tuple[str, str]]) -> Iterator[tuple[Opened, Decimal]]:
    """Give open trades with the profit that follows from their own printed price."""
    account = account_of(told)
    for place, row in enumerate(told.opened):
        known = instrument(row.symbol)
        own = quote(row.symbol, row.current_price, row.current_price)
        itself = {f"{known.base_currency}{known.profit_currency}": (str(row.current_price),) * 2}
        market_of = Prices({row.symbol: known}, {row.symbol: own}, pairs({**itself, **rates}))
        found = price(open_trade(row, place), account, market_of)
        assert found.live, found.reason
        yield row, found.trade.profit


@pytest.mark.parametrize(("path", "rates", "rows", "agree"), FILES, ids=[each[0] for each in FILES])
def test_profits_of_open_trades_are_those_printed(
    path: str, rates: Mapping[str, tuple[str, str]], rows: int, agree: int
) -> None:
    told = needs.statement(path)
    found = list(recounted(told, rates))

    assert len(found) == rows
    assert sum(profit == row.profit for row, profit in found) == agree
    smallest = Decimal(1).scaleb(-exponent(told.currency))
    assert all(abs(profit - row.profit) <= smallest for row, profit in found)


async def test_an_accounts_figures_are_those_printed(conn: Connection) -> None:
    told = needs.statement("mt5/mt5-en-eur-658-trades-85-open.html")
    await accounts.know_server(conn, "S", "UTC")
    await accounts.save(conn, account_of(told))
    await accounts.add_origin(conn, Origin(server="S", number=1, since=make.NOW, login=LOGIN))
    await trades.save_open(conn, [open_trade(row, place) for place, row in enumerate(told.opened)])
    await market.save_instruments(conn, [instrument(name) for name in (*OF_EUR, "GBPUSD")])
    rates = {**OF_EUR, "GBPUSD": ("1.27125", "1.27129")}
    await market.save_quotes(conn, [quote(name, bid, ask) for name, (bid, ask) in rates.items()])

    found = await valuations.valued(conn, LOGIN)

    assert (found.floating, found.equity) == (Decimal("-20.68"), Decimal("9927.92"))
    assert (told.snapshot.floating, told.snapshot.equity) == (found.floating, found.equity)
    assert found.priced_at == LATER
    assert [each.trade.profit for each in sorted(found.trades, key=lambda each: each.trade.position)] == [
        row.profit for row in told.opened
    ]
    # The report told the margin; how it is counted nobody did.
    assert (found.margin, set(found.reasons)) == (told.snapshot.margin, {"margin"})
    assert await valuations.levels(conn, [LOGIN]) == {LOGIN: found.margin_level}
