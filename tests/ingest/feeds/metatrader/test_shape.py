"""Shapes of trades: open, closed or neither, in parts, by each other, reversed and rolled over."""

from decimal import Decimal
from typing import Any

import pytest

from tests.double import GENERATIONS, faults
from tests.double.books import Account
from tests.double.mt5_house import EXPIRED
from tests.double.schema import Generation
from tests.ingest.feeds.metatrader.following import Followed, Following, utc

BOTH = ["mt4-2017", "mt5-2023"]
MT4 = [each for each in GENERATIONS if each.startswith("mt4")]
CLOSED = "SELECT side, lots, open_price, close_price, profit FROM closed_trades ORDER BY closed_at, ticket"
LOTS = "SELECT coalesce(sum(lots), 0) FROM closed_trades"


async def ready(
    follow: Following, generation: Generation, group: str = "usd", **settings: Any
) -> tuple[Followed, Account]:
    """Return a server with an account that can trade."""
    server = await follow(generation, settings=settings)
    account = server.broker.account(group)
    server.broker.deposit(account, "100000")
    return server, account


def still(server: Followed, price: str, symbol: str = "EURUSD") -> Any:
    """Let a market stand at one price, without a spread, and time go on; return the broker."""
    server.broker.prices[symbol] = Decimal(price)
    server.broker.quote = lambda asked: (server.broker.prices[asked.name],) * 2
    server.broker.wait(minutes=1)
    return server.broker


@pytest.mark.parametrize("generation", BOTH)
async def test_no_trade_was_closed_in_1970(follow: Following, generation: Generation) -> None:
    server, account = await ready(follow, generation)
    server.broker.open(account, "EURUSD", "buy", "1.00")
    server.broker.place(account, "EURUSD", "buy limit", "0.10", "1.00000")
    await server.load()
    assert await server.rows("SELECT FROM closed_trades") == []
    assert await server.conn.value("SELECT count(*) FROM open_trades") == 1
    assert await server.rows("SELECT done_at FROM orders WHERE state = 'working'") == [(None,)]
    assert await server.differences() == []


async def test_a_time_of_zeros_is_none_as_well(follow: Following) -> None:
    server, account = await ready(follow, "mt5-2023")
    server.broker.place(account, "EURUSD", "buy limit", "0.10", "1.00000")
    await server.double.flush()
    zero = "0000-00-00 00:00:00"
    await server.double.exporter.session.run(
        f"UPDATE mt5_orders SET TimeDone = '{zero}', TimeDoneMsc = '{zero}', TimeExpiration = '{zero}'"  # noqa: S608
    )
    await server.load()
    assert await server.rows("SELECT state, done_at FROM orders") == [("working", None)]


@pytest.mark.parametrize("generation", BOTH)
async def test_a_trade_closed_at_once_is_still_a_trade(follow: Following, generation: Generation) -> None:
    server, account = await ready(follow, generation)
    server.broker.close(account, server.broker.open(account, "EURUSD", "buy", "1.00"))
    await server.load()
    assert await server.row("SELECT lots, closed_at - opened_at = interval '0' FROM closed_trades") == (1, True)
    assert await server.differences() == []


@pytest.mark.parametrize("generation", MT4)
async def test_money_has_no_volume(follow: Following, generation: Generation) -> None:
    server, _ = await ready(follow, generation)
    assert server.broker.rows["mt4_trades"][server.broker.last]["VOLUME"] == 1
    await server.load()
    assert await server.conn.value(LOTS) == 0
    assert await server.rows("SELECT FROM daily_lots") == []
    assert await server.conn.value("SELECT count(*) FROM movements") == 1


@pytest.mark.parametrize("generation", BOTH)
async def test_an_order_that_was_cancelled_is_no_trade(follow: Following, generation: Generation) -> None:
    server, account = await ready(follow, generation)
    cancelled, expired = (server.broker.place(account, "EURUSD", "buy stop", "0.10", "1.5") for _ in range(2))
    await server.load()
    server.broker.wait(seconds=90)
    server.broker.drop(account, cancelled)
    server.broker.drop(account, expired, "expired" if generation == "mt4-2017" else EXPIRED)
    await server.step()
    assert await server.rows("SELECT FROM closed_trades") == []
    held = await server.rows("SELECT state FROM orders ORDER BY ticket")
    assert held == [("cancelled",), ("expired",)]
    assert await server.differences() == []
    assert (await server.events(account.number)).count("order.ended") == 2


@pytest.mark.parametrize("generation", BOTH)
async def test_an_order_that_is_filled_is_one_trade_and_nothing_twice(
    follow: Following, generation: Generation
) -> None:
    server, account = await ready(follow, generation)
    order = server.broker.place(account, "EURUSD", "buy limit", "0.10", "1.09990")
    await server.load()
    assert await server.differences() == []
    server.broker.wait(minutes=1)
    position = server.broker.fill(account, order)
    await server.step()
    assert await server.rows("SELECT position FROM open_trades") == [(order.ticket,)]
    assert await server.differences() == []
    server.broker.close(account, position)
    await server.step()
    assert await server.conn.value("SELECT count(*) FROM closed_trades") == 1
    assert await server.rows("SELECT FROM open_trades") == []
    assert await server.differences() == []


@pytest.mark.parametrize("generation", MT4)
async def test_parts_of_a_trade_are_one_lineage(follow: Following, generation: Generation) -> None:
    server, account = await ready(follow, generation)
    position = server.broker.open(account, "EURUSD", "buy", "1.00")
    await server.load()
    server.broker.wait(minutes=1)
    server.broker.close(account, position, "0.40")
    await server.step()
    assert await server.differences() == []
    (rest,) = account.positions()
    server.broker.wait(minutes=1)
    server.broker.close(account, rest)
    await server.step()
    assert await server.conn.value(LOTS) == 1
    assert await server.conn.value("SELECT count(DISTINCT position) FROM closed_trades") == 1
    assert await server.differences() == []


async def test_parts_of_a_trade_count_right_even_if_their_comments_are_lost(follow: Following) -> None:
    server, account = await ready(follow, "mt4-2017")
    position = server.broker.open(account, "EURUSD", "buy", "1.00")
    server.broker.close(account, position, "0.40")
    server.broker.close(account, account.positions()[0])
    for row in server.broker.rows["mt4_trades"].values():
        row["COMMENT"] = "overwritten"
    await server.load()
    assert await server.conn.value(LOTS) == 1
    assert await server.conn.value("SELECT count(*) FROM closed_trades") == 2


@pytest.mark.parametrize("generation", BOTH)
@pytest.mark.parametrize("other", ["0.40", "1.00"])
async def test_trades_that_close_each_other_count_once(follow: Following, generation: Generation, other: str) -> None:
    server, account = await ready(follow, generation)
    first = server.broker.open(account, "EURUSD", "buy", "1.00")
    server.broker.walk(["EURUSD"])
    second = server.broker.open(account, "EURUSD", "sell", other)
    await server.load()
    server.broker.wait(minutes=1)
    server.broker.close_by(account, first, second)
    await server.step()
    assert await server.differences() == []
    lots = Decimal(other) * (1 if generation == "mt4-2017" else 2)  # MT5 tells both sides
    assert await server.conn.value(LOTS) == lots


async def test_vector_a_parts_of_a_position(follow: Following) -> None:
    server, account = await ready(follow, "mt5-2023")
    position = still(server, "1.10000").open(account, "EURUSD", "buy", "1.00")
    still(server, "1.10100").close(account, position, "0.40")
    still(server, "1.09900").close(account, position)
    await server.load()
    assert await server.rows(CLOSED) == [
        ("buy", Decimal("0.40"), Decimal("1.1"), Decimal("1.101"), Decimal(40)),
        ("buy", Decimal("0.60"), Decimal("1.1"), Decimal("1.099"), Decimal(-60)),
    ]
    assert await server.conn.value("SELECT count(DISTINCT position) FROM closed_trades") == 1
    assert await server.differences() == []


async def test_vector_b_a_reversal_is_two_trades(follow: Following) -> None:
    # After a reversal the server lists the position under another number, which no deal names: when it is gone there,
    # nothing tells why, and it is believed after a while only.
    server, account = await ready(follow, "mt5-2023", "eur", overlap_seconds=0)
    server.broker.rate = lambda currency, account: Decimal(1)  # noqa: ARG005 - the vector is in dollars
    still(server, "1.10000").open(account, "EURUSD", "buy", "1.00")
    still(server, "1.10200").open(account, "EURUSD", "sell", "1.50")
    await server.load()
    assert await server.row("SELECT side, lots, open_price FROM open_trades") == (
        "sell",
        Decimal("0.5"),
        Decimal("1.102"),
    )
    still(server, "1.10100").open(account, "EURUSD", "buy", "0.50")
    await server.step()
    assert await server.rows(CLOSED) == [
        ("buy", Decimal(1), Decimal("1.1"), Decimal("1.102"), Decimal(200)),
        ("sell", Decimal("0.5"), Decimal("1.102"), Decimal("1.101"), Decimal(50)),
    ]
    assert await server.rows("SELECT position, side, lots FROM open_trades") == []
    assert await server.differences() == []


async def test_vector_c_a_position_of_several_deals(follow: Following) -> None:
    server, account = await ready(follow, "mt5-2018", "eur")
    server.broker.rate = lambda currency, account: Decimal(1)  # noqa: ARG005 - the vector is in dollars
    still(server, "1.10000").open(account, "EURUSD", "buy", "0.50")
    still(server, "1.10200").open(account, "EURUSD", "buy", "0.50")
    still(server, "1.10300").open(account, "EURUSD", "sell", "1.00")
    await server.load()
    assert await server.rows(CLOSED) == [("buy", Decimal(1), Decimal("1.101"), Decimal("1.103"), Decimal(200))]
    assert await server.differences() == []


async def test_vector_d_money_of_a_cross_is_the_servers(follow: Following) -> None:
    server, account = await ready(follow, "mt5-2023")
    position = still(server, "0.85000", "EURGBP").open(account, "EURGBP", "buy", "1.00")
    deal = still(server, "0.85100", "EURGBP").close(account, position)
    row = server.broker.rows["mt5_deals"][deal]
    assert (row["ProfitRaw"], row["RateProfit"]) == (Decimal(100), Decimal("1.25"))
    await server.load()
    assert await server.row("SELECT profit FROM closed_trades") == (Decimal(125),)


async def test_vector_e_a_rollover_on_paper_is_money_and_no_trade(follow: Following) -> None:
    server, account = await ready(follow, "mt5-2023")
    position = still(server, "1.10000").open(account, "EURUSD", "buy", "1.00")
    still(server, "1.10300").reopen(account, position)
    still(server, "1.10200").close(account, position)
    await server.load()
    assert await server.rows("SELECT side, lots, profit FROM closed_trades") == [("buy", 1, Decimal(-100))]
    assert await server.row("SELECT sum(amount) FROM daily_costs") == (Decimal("296.50"),)
    assert await server.differences() == []


async def test_a_trade_whose_opening_is_missing_has_no_invented_price(follow: Following) -> None:
    server, account = await ready(follow, "mt5-2023")
    position = server.broker.open(account, "EURUSD", "buy", "1.00")
    opening = ("mt5_deals", server.broker.last)
    server.broker.wait(hours=1)
    deal = server.broker.close(account, position)
    server.broker.rows["mt5_deals"][deal]["PricePosition"] = Decimal(0)
    await server.double.flush()
    await faults.lose(server.double, opening)
    await server.load()
    assert await server.rows("SELECT opened_at, open_price FROM closed_trades") == [(None, None)]
    await faults.restore(server.double, opening)
    await server.sweep()
    assert await server.differences() == []


async def test_a_position_opened_last_year_is_whole(follow: Following) -> None:
    server = await follow("mt5-2023", now=utc("2026-12-31 20:00:00"))
    account = server.broker.account("usd")
    position = server.broker.open(account, "EURUSD", "buy", "1.00")
    server.broker.wait(hours=4)
    server.broker.close(account, position)
    await server.load()
    assert {"mt5_deals_2026", "mt5_deals_2027"} <= server.double.exporter.made
    assert await server.differences() == []


@pytest.mark.parametrize("generation", BOTH)
async def test_what_closed_while_nobody_looked_is_closed_and_not_merely_gone(
    follow: Following, generation: Generation
) -> None:
    server, account = await ready(follow, generation)
    position = server.broker.open(account, "EURUSD", "buy", "1.00")
    await server.load()
    await server.follower.forget()
    server.broker.wait(hours=5)
    server.broker.close(account, position)
    await server.restart()
    await server.step()
    assert await server.differences() == []
    events = await server.events(account.number)
    assert events.count("trade.closed") == 1
    assert "trade.gone" not in events


async def test_times_of_deals_have_milliseconds(follow: Following) -> None:
    server, account = await ready(follow, "mt5-2023")
    server.broker.wait(milliseconds=123)
    position = server.broker.open(account, "EURUSD", "buy", "1.00")
    server.broker.wait(milliseconds=59_877)
    server.broker.close(account, position)
    await server.load()
    held = await server.row("SELECT extract(epoch FROM closed_at - opened_at) FROM closed_trades")
    assert held == (Decimal("59.877"),)


@pytest.mark.parametrize("generation", MT4)
async def test_an_archived_history_leaves_one_balance(follow: Following, generation: Generation) -> None:
    server, account = await ready(follow, generation)
    for _ in range(3):
        server.broker.walk(["EURUSD"])
        server.broker.close(account, server.broker.open(account, "EURUSD", "buy", "1.00"))
    await server.load()
    server.broker.wait(days=40)
    server.broker.archive(account)
    await server.step()
    await server.sweep()
    assert await server.conn.value("SELECT count(*) FROM movements WHERE ticket > 0") == 1
    assert await server.differences() == []
