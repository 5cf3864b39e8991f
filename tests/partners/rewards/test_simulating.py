"""What if other plans had held: nothing is written, and what is approved is what was shown."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from opencabinet.db import Connection
from opencabinet.partners import rewards
from opencabinet.partners.plans.levels import Cascade
from opencabinet.partners.rewards.simulating.actions import BadPlans
from opencabinet.partners.rewards.simulating.working import Month
from tests.partners.rewards.programme import (
    CLOSED,
    Programme,
    again,
    caught_up,
    close,
    laid_out,
    lines,
    of_trade,
    per_lot,
    referred,
    remove,
    sound,
    sums,
)

MARCH = date(2026, 3, 1)
TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
ADJUSTED = "SELECT client, ticket, login, level, currency, amount FROM rewards WHERE kind = 'adjustment'"


async def counted(conn: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        table: await conn.value(f"SELECT count(*) FROM {table}")  # noqa: S608 - tables of ours
        for table in await conn.values(TABLES)
    }


async def month(conn: Connection, database: str) -> Programme:
    """Let a month go by: trades of two clients, one corrected, one removed, and one of April."""
    it = await laid_out(conn)
    other = await referred(conn, it.middle)
    first = await close(conn, it.client)
    gone = await close(conn, it.client, lots=Decimal(9))
    await close(conn, other, closed_at=CLOSED + timedelta(days=2))
    await close(conn, it.client, closed_at=CLOSED + timedelta(days=30))
    await caught_up(database)
    await close(conn, it.client, ticket=first.ticket, lots=Decimal(3))
    await remove(conn, it.client, gone.ticket)
    await caught_up(database)
    return it


async def test_the_difference_is_told_by_partner_and_no_row_is_left(committed: Connection, database: str) -> None:
    it = await month(committed, database)
    before = await counted(committed)

    found = await rewards.simulate(committed, [per_lot("default", "6")], MARCH)

    assert await counted(committed) == before
    assert (found.trades, found.lines, found.unknown) == (2, 2, 0)
    told: Any = {each.login: (each.old, each.new, each.difference, each.trades) for each in found.differences}
    assert told == {
        it.direct: (15, 18, 3, 1),
        it.middle: (6 + 14, 3 + 14, -3, 1),
        it.top: (3 + 2, 3 + 2, 0, 0),
    }


async def test_the_same_plans_change_nothing(committed: Connection, database: str) -> None:
    await month(committed, database)

    found = await rewards.simulate(committed, [per_lot("default", "5"), per_lot("master", "7")], MARCH)

    assert found.lines == 0
    assert all(each.difference == 0 for each in found.differences)


async def test_what_is_approved_is_what_was_shown_line_by_line(committed: Connection, database: str) -> None:
    it = await month(committed, database)
    wanted = [per_lot("default", "6", levels=Cascade(shares=(Decimal(20), Decimal(10))))]
    was = await sums(committed)
    shown = await rewards.simulate(committed, wanted, MARCH)

    made = await rewards.approve(committed, wanted, MARCH, shown.digest)

    assert made == shown
    now = await sums(committed)
    found = await (await committed.execute(ADJUSTED)).fetchall()
    adjusted = {row[:5]: row[5] for row in found}
    assert len(adjusted) == shown.lines
    assert adjusted == {key: now.get(key, 0) - was.get(key, 0) for key in {*was, *now} if now.get(key) != was.get(key)}
    for each in shown.differences:
        assert sum(row[5] for row in found if row[2] == each.login) == each.difference
    assert (await rewards.simulate(committed, wanted, MARCH)).lines == 0
    await sound(committed)
    before = await lines(committed)
    await again(committed, database)
    assert await lines(committed) == before
    assert now[it.client, found[0][1], it.direct, 0, "USD"] == Decimal("14.4")


async def test_nothing_is_approved_once_it_comes_to_something_else(committed: Connection, database: str) -> None:
    it = await month(committed, database)
    wanted = [per_lot("default", "6")]
    shown = await rewards.simulate(committed, wanted, MARCH)
    await close(committed, it.client)
    await caught_up(database)
    before = await counted(committed)

    with pytest.raises(rewards.OtherDigest):
        await rewards.approve(committed, wanted, MARCH, shown.digest)
    with pytest.raises(rewards.OtherDigest):
        await rewards.approve(committed, [per_lot("default", "7")], MARCH, shown.digest)

    assert await counted(committed) == before


async def test_of_two_who_approve_the_same_at_once_one_does(committed: Connection, database: str) -> None:
    await month(committed, database)
    wanted = [per_lot("default", "6")]
    shown = await rewards.simulate(committed, wanted, MARCH)

    async def approve() -> bool:
        async with await Connection.open(database, role="opencabinet_serve") as conn:
            try:
                await rewards.approve(conn, wanted, MARCH, shown.digest)
            except rewards.OtherDigest:
                return False
            return True

    assert sorted(await asyncio.gather(*(approve() for _ in range(4)))) == [False, False, False, True]
    adjusted = await (await committed.execute(ADJUSTED)).fetchall()
    for each in shown.differences:
        assert sum(row[5] for row in adjusted if row[2] == each.login) == each.difference
    assert await committed.value("SELECT count(*) FROM recalculations") == 1
    await sound(committed)


async def test_a_later_correction_is_worked_out_by_the_plan_that_was_approved(
    committed: Connection, database: str
) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    await caught_up(database)
    wanted = [per_lot("default", "6")]
    await rewards.approve(committed, wanted, MARCH, (await rewards.simulate(committed, wanted, MARCH)).digest)

    await close(committed, it.client, ticket=trade.ticket, lots=Decimal(4))
    await caught_up(database)

    given = await of_trade(committed, trade.ticket)
    assert given == {it.direct: Decimal(24), it.middle: Decimal(4), it.top: Decimal(4)}
    await sound(committed)


async def test_a_trade_that_changed_before_it_was_approved_is_counted_as_it_is(
    committed: Connection, database: str
) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    await caught_up(database)
    moved = CLOSED + timedelta(days=1)
    await close(committed, it.client, ticket=trade.ticket, lots=Decimal(3), closed_at=moved)
    wanted = [per_lot("default", "6")]

    await rewards.approve(committed, wanted, MARCH, (await rewards.simulate(committed, wanted, MARCH)).digest)
    await caught_up(database)

    assert await of_trade(committed, trade.ticket) == {it.direct: 18, it.middle: 3, it.top: 3}
    assert await committed.values("SELECT lots FROM reward_months") == [3, 3, 3]
    days = await committed.execute(
        "SELECT day, trades, lots FROM reward_days WHERE login = %s ORDER BY 1", (it.direct,)
    )
    assert await days.fetchall() == [(CLOSED.date(), 0, 0), (moved.date(), 1, 3)]
    await sound(committed)


async def test_one_partners_trades_alone(committed: Connection, database: str) -> None:
    it = await month(committed, database)

    found = await rewards.simulate(committed, [per_lot("master", "9")], MARCH, it.direct)

    assert found.trades == 1
    assert {each.login: each.difference for each in found.differences} == {
        it.direct: 0,
        it.middle: 6,
        it.top: -3,
    }


async def test_tiers_go_by_the_order_of_closing_where_none_was_recorded(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    late, early = [await close(committed, it.client, closed_at=CLOSED + timedelta(hours=hours)) for hours in (5, 1)]
    await caught_up(database)
    wanted = [per_lot("default", "5", ("2", "6"))]

    shown = await rewards.simulate(committed, wanted, MARCH)
    await rewards.approve(committed, wanted, MARCH, shown.digest)

    assert (await of_trade(committed, early.ticket))[it.direct] == 10
    assert (await of_trade(committed, late.ticket))[it.direct] == 12


async def test_plans_are_given_once_each(committed: Connection) -> None:
    for wanted in ([], [per_lot("default", "5")] * 2, [per_lot(f"p{number}", "5") for number in range(21)]):
        with pytest.raises(BadPlans):
            await rewards.simulate(committed, wanted, MARCH)


def test_a_month_ends_where_the_next_begins() -> None:
    spans = [Month(date(2026, number, 15), [], None, -1).period() for number in range(1, 13)]

    assert [since for since, _ in spans[1:]] == [until for _, until in spans[:-1]]
    assert (spans[0][0].isoformat(), spans[-1][1].isoformat()) == (
        "2026-01-01T00:00:00+00:00",
        "2027-01-01T00:00:00+00:00",
    )
