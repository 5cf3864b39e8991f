"""Trades in groups come to what all trades come to."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given

from opencabinet import statistics
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.statistics import DIALECTS, Dialect, Grouping, measured
from opencabinet.statistics.breakdown import grouped
from tests import make
from tests.statistics.histories import START, history, move, rich, told, trade
from tests.statistics.test_rules import Told

GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)


@pytest.mark.parametrize("by", GROUPINGS)
@given(rows=told())
def test_groups_add_up_to_the_whole(by: Grouping, rows: Told) -> None:
    whole = history(*rows)
    groups = grouped(whole, by, "myfxbook")
    figures = {name: each.value for name, each in measured(whole, "myfxbook").values.items()}

    assert sum(group.trades for group in groups) == figures["total_trades"]
    assert sum((group.net for group in groups), Decimal(0)) == figures["total_net_profit"]
    assert sum((group.gross_profit for group in groups), Decimal(0)) == figures["gross_profit"]
    assert sum((group.gross_loss for group in groups), Decimal(0)) == figures["gross_loss"]
    assert sum((group.lots for group in groups), Decimal(0)) == figures["lots"]
    assert sum(group.longs_won + group.shorts_won for group in groups) == figures["profit_trades"]
    assert len({group.key for group in groups}) == len(groups)
    assert not groups or sum((group.share for group in groups), Decimal(0)) == pytest.approx(Decimal(100))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("by", ["day", "month"])
def test_groups_in_time_chain_to_the_gain_of_all(by: Grouping, dialect: Dialect) -> None:
    chained = Decimal(1)
    for group in grouped(rich(), by, dialect):
        assert group.gain is not None
        chained *= 1 + group.gain / 100

    gain = measured(rich(), dialect).values["gain"].value
    assert isinstance(gain, Decimal)
    assert chained == pytest.approx(1 + gain / 100, abs=Decimal("1e-10"))


def test_durations_have_names() -> None:
    lengths = [timedelta(seconds=59), timedelta(minutes=1), timedelta(hours=23), timedelta(days=6), timedelta(days=7)]
    rows = [trade(n, 1, opened_at=START + n * timedelta(hours=1) - length) for n, length in enumerate(lengths, 1)]
    groups = grouped(history([*rows, trade(9, 1, opened_at=None)], [move(-1, 100)]), "duration", "mt5")

    assert [(group.key, group.trades) for group in groups] == [
        *(("under a minute", 1), ("minutes", 1), ("hours", 1), ("days", 1), ("weeks", 1), ("unknown", 1))
    ]


def test_many_long_trades_are_held_as_long_as_one() -> None:
    years = timedelta(days=3650)
    rows = [trade(n, 1, opened_at=START - years, closed_at=START + years) for n in range(1, 20_001)]
    whole = history(rows, [move(-1, 100)])

    assert grouped(whole, "side", "mt5")[0].holding == 2 * years.total_seconds()
    assert measured(whole, "mt5").values["average_holding_time"].value == 2 * years.total_seconds()


async def test_weekdays_hours_days_and_months_are_those_of_the_servers_clock(conn: Connection) -> None:
    login = Granted((await make.account(conn)).login)
    late = datetime(2026, 2, 28, 22, 30, tzinfo=UTC)  # a Saturday; half past one on Sunday, three hours ahead
    await make.closed_trade(
        conn, login, opened_at=late - timedelta(hours=2), opened_offset=180, closed_at=late, closed_offset=180
    )

    keys = {by: [group.key for group in await statistics.breakdown(conn, login, by, "mt5")] for by in GROUPINGS}

    assert keys == {
        "weekday": ["Sunday"],
        "hour": ["23"],
        "day": ["2026-03-01"],
        "month": ["2026-03"],
        "symbol": ["EURUSD"],
        "side": ["buy"],
        "duration": ["hours"],
    }


async def test_symbols_keep_their_names_and_money(conn: Connection) -> None:
    login = Granted((await make.account(conn)).login)
    for number, symbol in enumerate(["XAUUSD", "EURUSD", "audusd.", "EURUSD", "日経225"], 1):
        await make.closed_trade(conn, login, symbol=symbol, profit=Decimal(number), swap=Decimal(0))

    groups = await statistics.breakdown(conn, login, "symbol", "mt5")

    assert {group.key: (group.trades, group.net) for group in groups} == {
        "XAUUSD": (1, Decimal(1)),
        "EURUSD": (2, Decimal(6)),
        "audusd.": (1, Decimal(3)),
        "日経225": (1, Decimal(5)),
    }
    assert [group.key for group in groups] == sorted(group.key for group in groups)


@pytest.mark.parametrize("by", GROUPINGS)
def test_without_trades_there_are_no_groups(by: Grouping) -> None:
    assert grouped(history([], [move(0, 100)]), by, "mt5") == []


def test_a_month_without_a_balance_tells_no_gain() -> None:
    group = grouped(history([-50, -50, 30], [move(-1, 100)]), "month", "mt5")[0]

    assert (group.gain, group.drawdown, group.balance) == (None, None, Decimal(30))


def test_what_is_unknown_of_a_group_is_none() -> None:
    group = grouped(history([trade(1, 5, open_price=None, opened_at=None)], [move(-1, 100)]), "side", "mt5")[0]

    assert (group.pips, group.holding, group.holding_short, group.reward_to_risk) == (None, None, None, None)
    assert (group.won, group.lost, group.share) == (1, 0, Decimal(100))
