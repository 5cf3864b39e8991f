"""Candles of ticks in any order: when they begin, what counts in them, and how they are read."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opencabinet import market
from opencabinet.db import Connection, Upserted
from opencabinet.kernel.clock import clock
from opencabinet.kernel.period import Period
from opencabinet.market import Quote
from opencabinet.market.quotes import STEPS, Step, jobs
from opencabinet.market.quotes.candles import begins, ends
from tests.market.ticks import SERVER, built, pieces, prices, tick

pytestmark = pytest.mark.usefixtures("server")
NIGHT = datetime(2020, 1, 30, 21, 58, tzinfo=UTC)
"""Two minutes before the trading day ends in New York, in winter."""


@pytest.mark.parametrize(
    ("step", "moment", "start", "end"),
    [
        ("M1", "2026-03-02T09:30:59.999", "2026-03-02T09:30", "2026-03-02T09:31"),
        ("M5", "2026-03-02T09:34", "2026-03-02T09:30", "2026-03-02T09:35"),
        ("M15", "2026-03-02T09:44", "2026-03-02T09:30", "2026-03-02T09:45"),
        ("M30", "2026-03-02T09:59", "2026-03-02T09:30", "2026-03-02T10:00"),
        ("H1", "2026-03-02T09:59", "2026-03-02T09:00", "2026-03-02T10:00"),
        # 17:00 in New York is midnight of the server: 22:00 UTC in winter, 21:00 in summer.
        ("H4", "2026-03-02T23:30", "2026-03-02T22:00", "2026-03-03T02:00"),
        ("D1", "2026-03-02T21:59", "2026-03-01T22:00", "2026-03-02T22:00"),
        ("D1", "2026-07-02T21:00", "2026-07-02T21:00", "2026-07-03T21:00"),
        ("D1", "2026-03-08T12:00", "2026-03-07T22:00", "2026-03-08T21:00"),  # of 23 hours
        ("W1", "2026-03-05T12:00", "2026-02-28T22:00", "2026-03-07T22:00"),
        ("MN1", "2026-03-05T12:00", "2026-02-28T22:00", "2026-03-31T21:00"),
        ("MN1", "2026-01-31T12:00", "2025-12-31T22:00", "2026-01-31T22:00"),
    ],
)
def test_a_candle_begins_and_ends_by_the_servers_clock(step: Step, moment: str, start: str, end: str) -> None:
    by = clock("NewYork+7")
    at = begins(step, datetime.fromisoformat(moment).replace(tzinfo=UTC), by)

    assert at == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert ends(step, at, by) == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_the_hour_that_a_clock_repeats_in_autumn_has_two_candles_and_its_day_one() -> None:
    by = clock("Europe/Athens")
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))

    assert by.at(first).wall() == by.at(second).wall()
    assert begins("H1", second, by) - begins("H1", first, by) == timedelta(hours=1)
    assert begins("H4", first, by) == begins("H4", second, by)
    assert begins("D1", first, by) == begins("D1", second, by)


@given(
    moment=st.integers(946_684_800, 2_208_988_800).map(lambda stamp: datetime.fromtimestamp(stamp, UTC)),
    rule=st.sampled_from(["NewYork+7", "Europe/Athens", "UTC", "+05:30", "-03:17"]),
    step=st.sampled_from(STEPS),
)
def test_every_moment_lies_in_its_candle_and_the_end_of_one_begins_another(
    moment: datetime, rule: str, step: Step
) -> None:
    by = clock(rule)
    at = begins(step, moment, by)
    end = ends(step, at, by)

    assert at <= moment < end
    assert begins(step, at, by) == at
    assert begins(step, end, by) == end


ticks = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 9), st.none() | st.integers(0, 3)),
    min_size=1,
    max_size=24,
    unique=True,
)


@given(rows=ticks, data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_the_order_and_the_batches_the_candles_are_the_same(
    conn: Connection, rows: list[tuple[int, int, int | None]], data: st.DataObject
) -> None:
    made = [
        tick(Decimal(bid), NIGHT + timedelta(seconds=at), None if spread is None else Decimal(bid + spread))
        for at, bid, spread in rows
    ]
    shuffled = data.draw(st.permutations(made))
    size = data.draw(st.integers(1, len(made)))
    found = []
    for batches in ([made], list(pieces(shuffled, size))):
        async with conn.transaction(force_rollback=True):
            for batch in batches:
                await market.save_quotes(conn, batch)
            found.append({step: await built(conn, step) for step in STEPS})

    assert found[0] == found[1]
    bids = [Decimal(bid) for _, bid, _ in rows]
    for step in STEPS:
        assert sum(each.ticks for each in found[0][step]) == len(made)
        assert max(each.high for each in found[0][step]) == max(bids)
        assert min(each.low for each in found[0][step]) == min(bids)


async def test_a_late_tick_counts_in_its_own_minute(conn: Connection) -> None:
    await market.save_quotes(
        conn, [tick("1.5", NIGHT + timedelta(seconds=70)), tick("1.2", NIGHT + timedelta(seconds=30))]
    )
    assert await market.save_quotes(conn, [tick("1.9", NIGHT + timedelta(seconds=10))]) == Upserted()

    first, second = await built(conn, "M1")
    assert (first.at, prices(first), first.ticks) == (NIGHT, tuple(map(Decimal, ("1.9", "1.9", "1.2", "1.2"))), 2)
    assert (second.ticks, second.close) == (1, Decimal("1.5"))


async def test_a_tick_told_again_counts_once(conn: Connection) -> None:
    newest = tick("1.5", NIGHT, "1.6")
    await market.save_quotes(conn, [newest, newest])
    await market.save_quotes(conn, [newest])
    await market.save_quotes(conn, [newest, tick("1.5", NIGHT, "1.7")])

    [candle] = await built(conn, "M1")
    assert (candle.ticks, candle.spread) == (2, Decimal("0.1"))


async def test_what_no_feed_tells_makes_no_candle(conn: Connection) -> None:
    await market.save_quotes(
        conn, [Quote(server=SERVER, symbol="EURUSD", bid=Decimal(1), ask=None, quoted_at=NIGHT, told_by="statement")]
    )
    await market.save_quotes(
        conn, [Quote(server=SERVER, symbol="X", bid=None, ask=Decimal(1), quoted_at=NIGHT, told_by="feed")]
    )

    assert await built(conn, "M1") == await built(conn, "M1", "X") == []


async def test_a_symbol_that_was_never_quoted_is_passed_over(conn: Connection) -> None:
    zero = tick("0", datetime(1970, 1, 1, tzinfo=UTC), "0")

    assert await market.save_quotes(conn, [zero]) == Upserted()
    assert await market.quotes(conn, SERVER, ["EURUSD"]) == {}


async def test_candles_are_read_newest_first_within_a_period_and_page_by_page(conn: Connection) -> None:
    await market.save_quotes(conn, [tick(str(1 + minute), NIGHT + timedelta(minutes=minute)) for minute in range(6)])
    period = Period(NIGHT + timedelta(minutes=1), NIGHT + timedelta(minutes=5))

    first = await market.candles(conn, SERVER, "eurUSD", "M1", period=period, limit=3)
    assert first.next is not None
    rest = await market.candles(conn, SERVER, "EURUSD", "M1", period=period, below=first.next, limit=3)
    assert [each.open for each in (*first.rows, *rest.rows)] == [5, 4, 3, 2]
    assert rest.next is None


async def test_minutes_are_forgotten_after_their_days_and_longer_steps_stay(conn: Connection) -> None:
    now = datetime.now(UTC)
    await market.save_quotes(conn, [tick("1", now - timedelta(days=31)), tick("2", now - timedelta(days=29))])
    await conn.run("SET LOCAL ROLE opencabinet_serve")

    assert await jobs.forgetting(30)(conn) == 1
    assert [each.open for each in await built(conn, "M1")] == [2]
    assert sum(each.ticks for each in await built(conn, "M5")) == 2


async def test_a_feed_may_save_quotes(conn: Connection) -> None:
    await conn.run("SET LOCAL ROLE opencabinet_feed")

    assert await market.save_quotes(conn, [tick("1", NIGHT)]) == Upserted(1, 0)
    assert await market.save_quotes(conn, [tick("2", NIGHT + timedelta(seconds=1))]) == Upserted(0, 1)
