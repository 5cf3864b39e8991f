"""What open trades are worth now: profits, equity and margin levels, live or as last reported."""

from decimal import Decimal
from typing import Any

import pytest

from opencabinet import accounts, market, valuations
from opencabinet.accounts import NoSuchAccount
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.valuations import actions
from tests import make
from tests.valuations.pricing import LATER, account, forex, quote

pytestmark = pytest.mark.usefixtures("server")


async def test_a_newer_price_makes_floating_equity_margin_and_level_live(conn: Connection) -> None:
    login = (await account(conn)).login
    await make.open_trade(conn, login, open_price=Decimal("1.10000"), swap=Decimal(-1), commission=Decimal(-2))
    await market.save_instruments(conn, [forex()])
    await market.save_quotes(conn, [quote("EURUSD", "1.10200", "1.10210")])

    found = await valuations.valued(conn, login)

    [trade] = found.trades
    assert (trade.trade.current_price, trade.trade.profit) == (Decimal("1.10200"), Decimal("100.00"))
    assert (trade.live, trade.priced_at, trade.reason) == (True, LATER, None)
    # Half a lot at 1.1 and a leverage of a hundred; MetaTrader 4 counts swap and commission as floating.
    assert (trade.margin, found.margin) == (Decimal(550), Decimal(550))
    assert (found.floating, found.equity) == (Decimal(97), Decimal(1097))
    assert (found.free_margin, found.margin_level) == (Decimal(547), Decimal("199.45"))
    assert (found.priced_at, found.reasons) == (LATER, {})
    assert await valuations.levels(conn, [login]) == {login: Decimal("199.45")}


async def test_metatrader_5_leaves_swap_beside_floating_and_has_booked_the_commission(conn: Connection) -> None:
    login = (await account(conn, platform="mt5", mode="hedging")).login
    await make.open_trade(conn, login, open_price=Decimal("1.1"), swap=Decimal(-1), commission=Decimal(-2))
    await market.save_instruments(conn, [forex()])
    await market.save_quotes(conn, [quote("EURUSD", "1.10200", "1.10210")])

    found = await valuations.valued(conn, login)

    assert (found.floating, found.equity) == (Decimal(100), Decimal(1099))


async def test_the_report_wins_where_no_price_is_newer(conn: Connection) -> None:
    login = (await account(conn, equity=Decimal(1065), floating=Decimal(65), margin=Decimal(551))).login
    made = await make.open_trade(conn, login)
    await market.save_instruments(conn, [forex()])
    await market.save_quotes(conn, [quote("EURUSD", "1.2", "1.3", quoted_at=make.NOW)])

    found = await valuations.valued(conn, login)

    assert (found.equity, found.floating, found.margin) == (Decimal(1065), Decimal(65), Decimal(551))
    assert (found.priced_at, found.live, found.as_account) == (make.NOW, False, found.account)
    [trade] = found.trades
    assert (trade.trade, trade.live, trade.reason) == (made, False, actions.NO_NEWER)


async def test_what_cannot_be_priced_counts_as_last_reported_and_says_why(conn: Connection) -> None:
    login = (await account(conn)).login
    await make.open_trade(conn, login, open_price=Decimal("1.1"), opened_at=make.NOW)
    for symbol in ("UNTOLD", "SIZELESS", "FOREIGN", "NOQUOTE"):
        await make.open_trade(conn, login, symbol=symbol, profit=Decimal(10), swap=Decimal(0))
    await market.save_instruments(
        conn,
        [
            forex(),
            forex("SIZELESS", contract_size=None, profit_currency="USD"),
            forex("FOREIGN", profit_currency="XXX"),
            forex("NOQUOTE"),
        ],
    )
    told = [quote(name, "1.102", "1.103") for name in ("EURUSD", "UNTOLD", "SIZELESS", "FOREIGN")]
    await market.save_quotes(conn, told)

    found = await valuations.valued(conn, login)

    reasons = {each.trade.symbol: each.reason for each in found.trades}
    assert reasons == {
        "EURUSD": None,
        "UNTOLD": actions.NO_CURRENCY,
        "SIZELESS": actions.NO_SIZE,
        "FOREIGN": "No rate from XXX to USD is known.",
        "NOQUOTE": actions.NO_NEWER,
    }
    assert found.floating == Decimal("138.80")
    assert found.priced_at == make.NOW
    assert set(found.reasons) == {"floating", "margin"}


async def test_a_side_that_nobody_quoted_prices_nothing(conn: Connection) -> None:
    login = (await account(conn)).login
    await make.open_trade(conn, login, side="sell")
    await market.save_instruments(conn, [forex()])
    await market.save_quotes(conn, [quote("EURUSD", "1.1", None)])

    [trade] = (await valuations.valued(conn, login)).trades
    assert trade.reason == actions.NO_NEWER


async def test_a_profit_in_another_currency_is_converted_by_the_servers_quotes(conn: Connection) -> None:
    login = (await account(conn, currency="EUR")).login
    await make.open_trade(conn, login, symbol="USDJPY", side="sell", lots=Decimal(1), open_price=Decimal(150))
    await market.save_instruments(conn, [forex("USDJPY"), forex("EURUSD.m")])
    await market.save_quotes(conn, [quote("USDJPY", "148.990", "149.000"), quote("EURUSD.m", "1.09990", "1.10000")])

    [trade] = (await valuations.valued(conn, login)).trades
    # 100,000 yen at the asks: 149.000 yen for a dollar, 1.10000 dollars for a euro.
    assert trade.trade.profit == Decimal("610.13")
    # A thousand dollars of margin.
    assert trade.margin == Decimal("909.09")


@pytest.mark.parametrize(("currency", "profit"), [("USD", "0.02"), ("JPY", "2")])
async def test_a_half_is_rounded_away_from_zero(conn: Connection, currency: str, profit: str) -> None:
    made = await account(conn, currency=currency)
    size = Decimal("1.5") if currency == "USD" else Decimal(150)
    await make.open_trade(conn, made.login, side="sell", lots=Decimal(1), open_price=Decimal("1.01"))
    await make.open_trade(conn, made.login, lots=Decimal(1), open_price=Decimal("1.01"))
    await market.save_instruments(conn, [forex(contract_size=size, profit_currency=currency)])
    await market.save_quotes(conn, [quote("EURUSD", "1.02", "1.02")])

    found = (await valuations.valued(conn, made.login)).trades
    assert {each.trade.side: each.trade.profit for each in found} == {"sell": -Decimal(profit), "buy": Decimal(profit)}


async def test_a_trade_that_tells_its_contract_size_is_counted_by_it(conn: Connection) -> None:
    made = await account(conn)
    await make.open_trade(conn, made.login, contract_size=Decimal(10_000), open_price=Decimal("1.1"))
    await market.save_instruments(conn, [forex()])
    await market.save_quotes(conn, [quote("EURUSD", "1.102", "1.103")])

    [found] = (await valuations.valued(conn, made.login)).trades
    assert found.trade.profit == 10


async def test_levels_of_many_accounts_are_those_of_each(conn: Connection) -> None:
    await accounts.know_server(conn, "Elsewhere", "UTC")
    logins = [(await account(conn, currency=currency)).login for currency in ("USD", "EUR", "USD")]
    for login in logins[:2]:
        await make.open_trade(conn, login, open_price=Decimal("1.1"))
    homeless = (await make.account(conn, equity=Decimal(500), margin=Decimal(200))).login
    await make.open_trade(conn, homeless)
    await market.save_instruments(conn, [forex()])
    await market.save_quotes(conn, [quote("EURUSD", "1.102", "1.103")])

    found = await valuations.levels(conn, [*logins, homeless, Login(5)])

    assert found == {login: (await valuations.valued(conn, login)).margin_level for login in (*logins, homeless)}
    assert found[logins[2]] is None
    assert found[homeless] == 250
    assert await valuations.levels(conn, []) == {}


async def test_of_too_many_open_trades_the_report_counts(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST", 1)
    login = (await account(conn, equity=Decimal(900), margin=Decimal(100))).login
    for _ in range(2):
        await make.open_trade(conn, login)
    await market.save_instruments(conn, [forex()])
    await market.save_quotes(conn, [quote("EURUSD", "1.102", "1.103")])

    found = await valuations.valued(conn, login)
    assert (found.equity, found.trades, found.reasons) == (Decimal(900), [], {"floating": actions.TOO_MANY})
    assert await valuations.levels(conn, [login]) == {login: Decimal(900)}


async def test_an_account_that_is_not_there_has_no_worth(conn: Connection) -> None:
    with pytest.raises(NoSuchAccount):
        await valuations.valued(conn, Login(5))


@pytest.mark.parametrize("role", ["opencabinet_serve", "opencabinet_read"])
async def test_serving_may_value(conn: Connection, role: Any) -> None:
    login = (await account(conn)).login
    await make.open_trade(conn, login)
    await conn.execute(f"SET LOCAL ROLE {role}")

    assert (await valuations.valued(conn, login)).trades
