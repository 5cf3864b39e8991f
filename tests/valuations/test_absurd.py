"""Figures that cannot be: they break nothing, and nothing is made of them."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs

from opencabinet import accounts, market, valuations
from opencabinet.accounts import Account, Origin
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.trades import OpenTrade
from opencabinet.valuations import actions
from opencabinet.valuations.actions import whole
from opencabinet.valuations.rates import Prices
from tests import make
from tests.valuations.pricing import forex, quote

HUGE = Decimal(10) ** 15
LARGEST = Decimal(10) ** 16
FIGURES = st.one_of(
    st.sampled_from([Decimal("1e-8"), Decimal(0), Decimal(1), LARGEST - Decimal("1e-8"), -LARGEST + Decimal("1e-8")]),
    st.decimals(-LARGEST + 1, LARGEST - 1, places=8, allow_nan=False),
)
SIZES = FIGURES.map(abs).filter(bool)
ACCOUNT = Account(
    login=Login(1),
    name="",
    company="",
    currency="USD",
    leverage=100,
    platform="mt4",
    mode=None,
    balance=Decimal(1000),
    credit=Decimal(0),
    equity=None,
    margin=None,
    floating=None,
    as_of=make.NOW,
    as_of_offset=0,
    complete=True,
)


@pytest.mark.parametrize(
    ("told", "size"),
    [
        ({"lots": HUGE}, Decimal(100_000)),
        ({"open_price": HUGE}, Decimal(100_000)),
        ({"lots": HUGE, "open_price": HUGE}, HUGE),
    ],
)
async def test_a_trade_that_no_account_holds_counts_as_last_reported(
    conn: Connection, told: dict[str, Any], size: Decimal
) -> None:
    await accounts.know_server(conn, "S", "UTC")
    login = (await make.account(conn, margin=Decimal(5))).login
    await accounts.add_origin(conn, Origin(server="S", number=login, since=make.NOW, login=login))
    await make.open_trade(conn, login, **{"open_price": Decimal("1.1"), "profit": Decimal(7)} | told)
    await make.open_trade(conn, login, symbol="USDJPY", open_price=Decimal(100), swap=Decimal(0))
    await market.save_instruments(conn, [forex(contract_size=size), forex("USDJPY")])
    await market.save_quotes(conn, [quote("EURUSD", "1.102", "1.103"), quote("USDJPY", "101", "102")])

    found = await valuations.valued(conn, login)

    absurd, other = sorted(found.trades, key=lambda each: each.trade.position)
    assert (absurd.live, absurd.reason, absurd.trade.profit) == (False, actions.TOO_LARGE, Decimal(7))
    assert (other.live, found.margin, found.reasons["margin"]) == (True, Decimal(5), actions.TOO_LARGE)
    assert await valuations.levels(conn, [login]) == {login: found.margin_level}


@given(
    told=st.fixed_dictionaries(
        dict.fromkeys(("open_price", "profit", "swap", "commission", "fee"), FIGURES) | {"lots": SIZES}
    ),
    account=st.fixed_dictionaries({"balance": FIGURES, "credit": FIGURES, "equity": FIGURES, "margin": SIZES}),
    known=st.fixed_dictionaries(
        dict.fromkeys(("contract_size", "margin_rate", "tick_size", "tick_value", "margin_hedged"), SIZES)
    ),
    calculation=st.sampled_from(["forex", "cfd leverage", "cfd index", "futures"]),
    bid=SIZES,
    currency=st.sampled_from(["USD", "JPY", "BTC"]),
)
@example(
    told=dict.fromkeys(("open_price", "profit", "swap", "commission", "fee"), Decimal("1E-8")) | {"lots": Decimal(1)},
    account=dict.fromkeys(("balance", "credit", "equity", "margin"), Decimal(1)),
    known=dict.fromkeys(("contract_size", "margin_rate", "tick_size", "tick_value", "margin_hedged"), Decimal(1)),
    calculation="forex",
    bid=Decimal("9999999999999999.99999999"),
    currency="USD",
)
def test_no_figures_break_what_an_account_is_worth(
    told: dict[str, Decimal],
    account: dict[str, Decimal],
    known: dict[str, Decimal],
    calculation: str,
    bid: Decimal,
    currency: str,
) -> None:
    said: dict[str, Any] = {**known, "calculation": calculation}
    instrument = forex(profit_currency=currency, margin_currency=currency, **said)
    prices = Prices({"EURUSD": instrument}, {"EURUSD": quote("EURUSD", str(bid), str(bid))})
    usual = make.SHARED | {"login": Login(1), "position": 1, "current_price": Decimal(1)}
    rows = [OpenTrade(**usual | told | {"position": nth, "side": side}) for nth, side in enumerate(("buy", "sell"))]

    found = whole(structs.replace(ACCOUNT, currency=currency, **account), rows, prices)

    assert found.margin_level is None or abs(found.margin_level) < LARGEST
    assert all(abs(each.trade.profit) < LARGEST for each in found.trades)
