"""Closed lots: roll-ups follow every change of a trade, and sums over any period equal those over the rows."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from opencabinet import trades
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted, Login, Ticket
from opencabinet.kernel.period import EVER, Period
from opencabinet.trades import ClosedTrade, Grouping, Lots
from tests import make
from tests.histories import History, Stamp, dealt, few, kept, parts, sized

ROLLED_UP = """
SELECT login, day, symbol, contract_size, trades, lots, profit, swap, commission, fee, gross_profit, gross_loss
  FROM daily_lots ORDER BY 1, 2, 3, 4
"""
PLAIN = """
SELECT login, server_day(closed_at, closed_offset), symbol, coalesce(contract_size, 0), count(*), sum(lots),
       sum(profit), sum(swap), sum(commission), sum(fee),
       coalesce(sum(profit + swap + commission + fee) FILTER (WHERE profit + swap + commission + fee > 0), 0),
       coalesce(sum(profit + swap + commission + fee) FILTER (WHERE profit + swap + commission + fee < 0), 0)
  FROM closed_trades GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
MONTHLY = """
SELECT login, month, symbol, contract_size, trades, lots, profit, swap, commission, fee
  FROM monthly_lots ORDER BY 1, 2, 3, 4
"""
PLAIN_MONTHLY = """
SELECT login, date_trunc('month', day)::date, symbol, contract_size, sum(trades), sum(lots), sum(profit), sum(swap),
       sum(commission), sum(fee)
  FROM daily_lots GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
OUTSIDE_MONTHS = """
SELECT count(*) FROM daily_lots AS kept
 WHERE NOT EXISTS (SELECT FROM monthly_lots AS whole
                    WHERE (whole.login, whole.symbol, whole.contract_size)
                        = (kept.login, kept.symbol, kept.contract_size)
                      AND whole.month = date_trunc('month', kept.day)::date
                      AND whole.first_at <= kept.first_at AND kept.last_at <= whole.last_at)
"""
COSTS = "SELECT login, day, deals, amount FROM daily_costs ORDER BY 1, 2"
PLAIN_COSTS = """
SELECT login, server_day(dealt_at, dealt_offset), count(*), sum(profit + swap + commission + fee)
  FROM deals WHERE direction = 'in' AND type IN ('buy', 'sell') GROUP BY 1, 2 ORDER BY 1, 2
"""
OUTSIDE = """
SELECT count(*) FROM closed_trades AS trade
 WHERE NOT EXISTS (SELECT FROM daily_lots AS kept WHERE kept.login = trade.login
                      AND kept.day = server_day(trade.closed_at, trade.closed_offset)
                      AND kept.symbol = trade.symbol AND kept.contract_size = coalesce(trade.contract_size, 0)
                      AND trade.closed_at BETWEEN kept.first_at AND kept.last_at)
"""
OUTSIDE_COSTS = """
SELECT count(*) FROM deals
 WHERE direction = 'in' AND type IN ('buy', 'sell')
   AND NOT EXISTS (SELECT FROM daily_costs AS kept WHERE kept.login = deals.login
                      AND kept.day = server_day(dealt_at, dealt_offset) AND dealt_at BETWEEN first_at AND last_at)
"""

numbers = st.integers(1, 5)
saved = st.lists(numbers.flatmap(sized), min_size=1, max_size=4, unique_by=lambda row: row.ticket)
entered = st.lists(numbers.flatmap(dealt), min_size=1, max_size=4, unique_by=lambda row: row.deal)
SQL = {
    "forget": "DELETE FROM closed_trades WHERE ticket = %(number)s",
    "forget deals": "DELETE FROM deals WHERE deal <= %(number)s",
    "move": "UPDATE closed_trades SET closed_at = closed_at + interval '1 day' WHERE ticket <= %(number)s",
    "set the clock": "UPDATE closed_trades SET closed_offset = -closed_offset WHERE ticket <= %(number)s",
    "size": "UPDATE closed_trades SET contract_size = 100, lots = lots + 1 WHERE ticket = %(number)s",
    "rename": "UPDATE closed_trades SET symbol = 'GBPUSD' WHERE ticket >= %(number)s",
    "turn deals in": "UPDATE deals SET direction = 'in', type = 'buy' WHERE deal <= %(number)s",
    "turn deals out": "UPDATE deals SET direction = 'out', type = 'buy' WHERE deal >= %(number)s",
    "move deals": "UPDATE deals SET dealt_at = dealt_at - interval '1 day' WHERE deal >= %(number)s",
}
changes = st.lists(
    st.tuples(st.just("save"), saved)
    | st.tuples(st.just("deals"), entered)
    | st.tuples(st.sampled_from(sorted(SQL)), numbers),
    min_size=1,
    max_size=8,
)


async def changed(conn: Connection, logins: Sequence[Login], what: str, given: Any) -> None:
    """Make one change, for every account alike."""
    if what in SQL:
        await conn.execute(SQL[what], {"number": given})
        return
    for login in logins:
        rows = [structs.replace(row, login=login) for row in given]
        await (trades.save_closed(conn, rows) if what == "save" else trades.save_deals(conn, rows))


async def rows(conn: Connection, statement: str) -> list[Any]:
    """Return the rows of a statement."""
    return await (await conn.execute(statement)).fetchall()


@given(steps=changes)
@few
async def test_roll_ups_follow_every_change(conn: Connection, steps: list[tuple[str, Any]]) -> None:
    async with conn.transaction(force_rollback=True):
        logins = [(await make.account(conn)).login for _ in range(2)]
        for what, given_rows in steps:
            await changed(conn, logins, what, given_rows)

            assert await rows(conn, ROLLED_UP) == await rows(conn, PLAIN), what
            assert await rows(conn, MONTHLY) == await rows(conn, PLAIN_MONTHLY), what
            assert await rows(conn, COSTS) == await rows(conn, PLAIN_COSTS), what
            assert await conn.value(OUTSIDE) == 0
            assert await conn.value(OUTSIDE_MONTHS) == 0
            assert await conn.value(OUTSIDE_COSTS) == 0


async def test_roll_ups_follow_parts_that_find_their_whole(conn: Connection) -> None:
    login = (await make.account(conn)).login
    part = await make.closed_trade(conn, login, ticket=Ticket(2), position=1)
    whole = structs.replace(part, ticket=Ticket(1), position=77, lots=Decimal(3))

    await trades.save_closed(conn, [whole], parts=True)

    assert await conn.values("SELECT DISTINCT position FROM closed_trades") == [77]
    assert await rows(conn, ROLLED_UP) == await rows(conn, PLAIN)


def plain(told: list[ClosedTrade], period: Period, by: Grouping, symbol: str | None) -> dict[Any, list[Any]]:
    """Add trades up by going through them."""
    found: defaultdict[Any, list[Any]] = defaultdict(
        lambda: [0, Decimal(0), Decimal(0), Decimal(0), Decimal(0), Decimal(0)]
    )
    for row in told:
        if not period.holds(row.closed_at) or (symbol and row.symbol.lower() != symbol.lower()):
            continue
        day = Stamp(row.closed_at, row.closed_offset).day
        key: dict[str, tuple[date | None, str | None]] = {
            "day": (day, None),
            "month": (day.replace(day=1), None),
            "symbol": (None, row.symbol),
            "total": (None, None),
        }
        amounts = (1, row.lots, row.profit, row.swap, row.commission, row.fee)
        sums = found[*key[by], row.contract_size]
        sums[:] = [one + more for one, more in zip(sums, amounts, strict=True)]
    return dict(found)


def told_by(found: Sequence[Lots]) -> dict[Any, list[Any]]:
    """Return what was found in the same shape."""
    return {
        (each.day, each.symbol, each.contract_size): [
            *(each.trades, each.lots, each.profit, each.swap, each.commission, each.fee)
        ]
        for each in found
    }


@given(part=parts(), symbol=st.sampled_from([None, None, "eurUSD", "none"]))
@few
async def test_any_period_is_what_its_trades_add_up_to(
    conn: Connection, part: tuple[History, Period], symbol: str | None
) -> None:
    told, period = part
    groupings: tuple[Grouping, ...] = ("day", "month", "symbol", "total")
    async with kept(conn, told) as found:
        for by in groupings:
            lots = await trades.closed_lots(conn, found.login, period, by, symbol=symbol)

            assert told_by(lots) == plain(found.closed, period, by, symbol)
            assert [(each.day, each.symbol) for each in lots] == sorted(
                [(each.day, each.symbol) for each in lots], key=lambda key: (key[0] or date.min, key[1] or "")
            )


@pytest.mark.parametrize("symbols", [("EURUSD",) * 3, ("EURUSD", "GBPUSD", "XAUUSD")])
async def test_an_edge_is_exact_to_the_microsecond(conn: Connection, symbols: tuple[str, ...]) -> None:
    login = (await make.account(conn)).login
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    closed_at = [noon + timedelta(hours=hours) for hours in range(3)]
    for symbol, moment in zip(symbols, closed_at, strict=True):
        await make.closed_trade(conn, login, symbol=symbol, closed_at=moment)

    for edge in (moment + timedelta(microseconds=micros) for moment in closed_at for micros in (-1, 0, 1)):
        before = await trades.closed_lots(conn, login, Period(EVER.since, edge), "total")
        after = await trades.closed_lots(conn, login, Period(edge, EVER.until), "total")
        assert sum(each.trades for each in before) == sum(moment < edge for moment in closed_at), edge
        assert sum(each.trades for each in after) == sum(moment >= edge for moment in closed_at), edge


async def test_a_size_that_trades_do_not_tell_is_taken_from_the_symbols(conn: Connection) -> None:
    login = (await make.account(conn)).login
    for symbol in ("EURUSD", "XAUUSD"):
        await make.closed_trade(conn, login, symbol=symbol)

    found = await trades.closed_lots(conn, login, EVER, "symbol", sizes={"XAUUSD": Decimal(100)})

    assert [(each.symbol, each.contract_size) for each in found] == [("EURUSD", None), ("XAUUSD", Decimal(100))]


async def test_no_more_groups_are_given_than_asked_for(conn: Connection) -> None:
    login = (await make.account(conn)).login
    for days in range(3):
        await make.closed_trade(conn, login, closed_at=make.NOW - timedelta(days=days))

    assert len(await trades.closed_lots(conn, login, EVER, "day", limit=2)) == 2
    assert len(await trades.closed_lots(conn, login, EVER, "day")) == 3


SEED = """
INSERT INTO closed_trades
SELECT %(login)s, n, n, (ARRAY['EURUSD', 'GBPUSD', 'XAUUSD'])[1 + n %% 3], 'buy', 0.5,
       (ARRAY[100000, 10000, NULL])[1 + n %% 3], 5, NULL, NULL, NULL,
       timestamptz '2016-01-01 00:00+00' + n * interval '26 minutes', 120, 1, NULL, NULL, -1, 0, 0, 5, ''
  FROM generate_series(1, 200000) AS n
"""
DAY = timedelta(days=1)


async def read_of(table: str, conn: Connection, login: Login, period: Period, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many rows of a table are read to add a period up, those that are passed over among them."""
    plans: list[Any] = []

    async def explained(_: Any, statement: str, **given: Any) -> list[Any]:
        plans.extend(await conn.values(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", **given))
        return []

    with monkeypatch.context() as patched:
        patched.setattr(conn, "fetch", explained)
        await trades.closed_lots(conn, login, period, "month")
    return sum(
        rows_read(node) for plan in plans for node in nodes(plan[0]["Plan"]) if node.get("Relation Name") == table
    )


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every node of a plan."""
    return [plan, *(node for inner in plan.get("Plans", ()) for node in nodes(inner))]


def rows_read(node: dict[str, Any]) -> int:
    """Return how many rows a node read."""
    passed = sum(node.get(f"Rows Removed by {by}", 0) for by in ("Filter", "Index Recheck"))
    return int((node["Actual Rows"] + passed) * node["Actual Loops"])


async def test_ten_years_cost_their_months_and_the_trades_of_two_days(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = (await make.account(conn)).login
    await conn.execute(SEED, {"login": login})
    await conn.execute("ANALYZE closed_trades, daily_lots, monthly_lots")
    since = datetime(2016, 2, 1, 9, 30, tzinfo=UTC)
    years = Period(since, since + 9 * 365 * DAY)
    edges = "SELECT count(*) FROM closed_trades WHERE server_day(closed_at, closed_offset) = ANY (%(days)s)"
    days = [(end + timedelta(minutes=120)).date() for end in (years.since, years.until)]
    of_edges = await conn.value(edges, days=days)
    whole = Period(
        datetime(2016, 2, 1, tzinfo=UTC) - timedelta(hours=2), datetime(2025, 2, 1, tzinfo=UTC) - timedelta(hours=2)
    )

    assert sum(each.trades for each in await trades.closed_lots(conn, Granted(login), years, "total")) > 180_000
    assert 0 < await read_of("closed_trades", conn, login, years, monkeypatch) <= of_edges
    assert await read_of("closed_trades", conn, login, whole, monkeypatch) == 0
    assert await read_of("closed_trades", conn, login, EVER, monkeypatch) == 0
    assert 0 < await read_of("daily_lots", conn, login, years, monkeypatch) <= 2 * 31 * 3
    assert await read_of("daily_lots", conn, login, EVER, monkeypatch) == 0
