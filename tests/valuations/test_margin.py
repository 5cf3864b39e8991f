"""Margin, by the calculation of the instrument and for lots that hedge each other."""

from decimal import Decimal
from typing import Any

import pytest

from opencabinet import market, valuations
from opencabinet.db import Connection
from tests import make
from tests.valuations.pricing import account, forex, quote

pytestmark = pytest.mark.usefixtures("server")


@pytest.mark.parametrize(
    ("given", "margin"),
    [
        ({"calculation": "forex"}, "1100"),  # 100,000 units at 1.1 and a leverage of a hundred
        ({"calculation": "forex no leverage"}, "110000"),
        ({"calculation": "cfd", "contract_size": Decimal(10)}, "11"),
        ({"calculation": "cfd leverage", "contract_size": Decimal(1000)}, "11"),
        (
            {
                "calculation": "cfd index",
                "contract_size": Decimal(10),
                "tick_size": Decimal("0.5"),
                "tick_value": Decimal(5),
            },
            "110",
        ),
        ({"calculation": "futures", "margin_initial": Decimal(700), "margin_currency": "USD"}, "700"),
        ({"calculation": "cfd", "margin_initial": Decimal(300), "margin_currency": "USD"}, "300"),
        ({"calculation": "forex", "margin_initial": Decimal(50_000)}, "550"),
        ({"calculation": "forex", "margin_rate": Decimal("1.5")}, "1650"),
        ({"calculation": "cfd index"}, None),
        ({"calculation": "futures"}, None),
        ({"calculation": None}, None),
        ({"calculation": "something newer"}, None),
    ],
)
async def test_margin_is_counted_by_the_calculation_of_the_instrument(
    conn: Connection, given: dict[str, Any], margin: str | None
) -> None:
    made = await account(conn)
    await make.open_trade(conn, made.login, lots=Decimal(1), open_price=Decimal("1.1"))
    await market.save_instruments(conn, [forex(**given)])

    [found] = (await valuations.valued(conn, made.login)).trades
    assert found.margin == (None if margin is None else Decimal(margin))
    assert (found.margin_reason is None) is (margin is not None)


@pytest.mark.parametrize(
    ("hedged", "margin"),
    [
        # Two lots bought, one sold: a lot in full, and of each hedged lot what is told.
        ("0", "1100"),
        ("50000", "1650"),
        ("100000", "2200"),
    ],
)
async def test_lots_that_hedge_each_other_take_the_hedged_margin(conn: Connection, hedged: str, margin: str) -> None:
    login = (await account(conn)).login
    for side, lots in (("buy", 2), ("sell", 1)):
        await make.open_trade(conn, login, side=side, lots=Decimal(lots), open_price=Decimal("1.1"))
    await market.save_instruments(conn, [forex(margin_hedged=Decimal(hedged))])
    await market.save_quotes(conn, [quote("EURUSD", "1.1", "1.1")])

    found = await valuations.valued(conn, login)
    assert (found.margin, found.reasons) == (Decimal(margin), {})


async def test_where_the_hedged_margin_is_not_told_the_report_counts(conn: Connection) -> None:
    login = (await account(conn, margin=Decimal(1234))).login
    for side in ("buy", "sell"):
        await make.open_trade(conn, login, side=side)
    await market.save_instruments(conn, [forex()])
    await market.save_quotes(conn, [quote("EURUSD", "1.1", "1.1")])

    found = await valuations.valued(conn, login)
    assert (found.margin, set(found.reasons)) == (Decimal(1234), {"margin"})
