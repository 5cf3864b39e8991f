"""Statements in any order: which account they belong to, and what stays of what was known."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from opencabinet import accounts, ingest
from opencabinet.accounts.model import LoginTaken
from opencabinet.db import Connection
from opencabinet.ingest import Statement, Unreadable, formats
from opencabinet.ingest.model import Moved, Opened, Snapshot
from opencabinet.kernel.ids import Login
from tests import make
from tests.ingest import pages, reports

POSITIONS = "SELECT ticket || ' of ' || position FROM closed_trades ORDER BY ticket"
OPENINGS = "SELECT count(*) FROM closed_trades WHERE opened_at IS NULL"
DAY = timedelta(days=1)
JANUARY = datetime(2026, 1, 5, 12)  # noqa: DTZ001 - a server's wall time


def deposit(first: datetime, last: datetime | None = None, amount: int = 1000) -> Statement:
    """Make a statement of a deposit, and of another if it lasts."""
    times = [first, *([last] if last else [])]
    moves = [
        Moved(ticket=int(at.timestamp()), kind="balance", amount=Decimal(amount), moved_at=at, comment="")
        for at in times
    ]
    return Statement(
        platform="mt4",
        kind="statement",
        number=5001,
        currency="USD",
        written_at=times[-1],
        moves=tuple(moves),
        snapshot=Snapshot(balance=Decimal(amount * len(times))),
    )


async def load(conn: Connection, statement: Statement, **given: Any) -> ingest.Summary:
    return await ingest.load(conn, statement, server="S", rule="UTC", now=make.LATER, **given)


async def test_a_number_means_whoever_had_it_at_the_time(conn: Connection) -> None:
    june, march = JANUARY + 150 * DAY, JANUARY + 60 * DAY
    await load(conn, deposit(JANUARY))
    second = deposit(june)
    await load(conn, second, login=Login(6002))

    for file in (deposit(march, june + 30 * DAY), deposit(june, june + DAY)):
        with pytest.raises(LoginTaken, match="begins no later"):
            await load(conn, file, login=Login(6003))
    assert (await load(conn, second, login=Login(6002))).unchanged == 1
    assert (await load(conn, deposit(JANUARY, JANUARY + DAY))).login == 5001
    assert (await load(conn, deposit(june, june + DAY))).login == 6002


async def test_a_statement_of_a_time_to_come_is_refused_whole(conn: Connection) -> None:
    with pytest.raises(Unreadable, match="yet to come"):
        await ingest.load(conn, deposit(JANUARY), server="S", rule="UTC", now=make.NOW - 400 * DAY)

    assert await accounts.account(conn, Login(5001)) is None


async def test_two_open_rests_of_one_trade_are_two_open_trades(conn: Connection) -> None:
    rest = Opened(
        position=9,
        symbol="EURUSD",
        side="buy",
        lots=Decimal(1),
        opened_at=JANUARY,
        open_price=Decimal("1.1"),
        current_price=Decimal("1.2"),
        profit=Decimal(5),
        comment="from #5",
    )
    statement = structs.replace(deposit(JANUARY), opened=(rest, structs.replace(rest, position=10)))

    assert (await load(conn, statement)).new == 3


@pytest.mark.parametrize("order", [(0, 1, 0), (1, 0, 1), (2, 0, 2), (0, 2, 1)])
async def test_parts_of_a_trade_are_one_position_in_whatever_order_they_are_told(
    conn: Connection, order: tuple[int, ...]
) -> None:
    """The second and the third file hold what the first does not: a part of a part, and where that comes from."""
    start = pages.money(*pages.DEPOSIT)
    first, middle = pages.trade("2", title="to #3"), pages.trade("3", title="to #4")
    last = pages.trade("4", title="from #3")
    rows = ([start, first, middle], [start, last], [start, first, middle, last])
    files = [formats.parsed(pages.statement(closed=each)) for each in rows]

    for file in order:
        await load(conn, files[file])

    assert await conn.values(POSITIONS) == ["2 of 2", "3 of 2", "4 of 2"]
    assert [(await load(conn, file)).changed for file in files] == [0, 0, 0]


async def test_a_report_that_begins_later_takes_no_opening_away(conn: Connection) -> None:
    whole = formats.parsed(reports.report())
    partial = structs.replace(
        whole,
        closings=tuple(
            structs.replace(row, opened_at=None, open_price=None, position=row.ticket) for row in whole.closings
        ),
        deals=tuple(structs.replace(deal, position=None) for deal in whole.deals),
    )
    await load(conn, whole)
    before = await conn.values(POSITIONS)

    assert (await load(conn, partial)).changed == 0
    assert (await conn.values(POSITIONS), await conn.value(OPENINGS)) == (before, 0)
