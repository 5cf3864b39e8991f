"""Which rows: periods, pages, and the times of the trading server's clock."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as some

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.figures import LATEST
from opencabinet.doors.peanut.wire import wall
from opencabinet.kernel.clock import Moment
from opencabinet.kernel.ids import Ticket
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy import recorded
from tests.doors.peanut.asking import CLOSED, MALFORMED, OPEN, OPERATIONS, ask, told

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECONDS = int(NOON.timestamp())
NO_NUMBERS: tuple[Any, ...] = (-1, 1.0, 1e3, True, "x", "1e1", "-1", "", [], {}, "٣", 10**30, "9" * 30)


@pytest.fixture
async def account(committed: Connection) -> Account:
    """An account with five trades closed, and five movements made, a second apart: tickets 1 to 5."""
    made = await make.account(committed)
    for ticket in range(1, 6):
        at = NOON + timedelta(seconds=ticket)
        await make.closed_trade(committed, made.login, ticket=Ticket(ticket), closed_at=at, closed_offset=-90)
        row = {"amount": Decimal(ticket), "moved_at": at, "moved_offset": 180, "comment": "Wire"}
        for kind, number in (("balance", ticket), ("credit", ticket + 100), ("bonus", ticket + 200)):
            await recorded.movement(committed, made.login, number, kind=kind, **row)
    return made


@pytest.fixture
async def own(committed: Connection, account: Account, settings: Settings) -> str:
    return await make.token(committed, account.login, settings)


@pytest.mark.parametrize("path", [CLOSED, OPERATIONS])
async def test_a_page_is_what_was_asked_for(site: httpx.AsyncClient, account: Account, own: str, path: str) -> None:
    async def tickets(**asked: object) -> list[int]:
        answer = await ask(site, path, account.login, own, **asked)
        assert answer.status_code == 200, asked
        return [row["ticket"] for row in answer.json()]

    assert await tickets() == [5, 4, 3, 2, 1]
    assert await tickets(count=2) == [5, 4]
    assert await tickets(count=2, offset=1) == [4, 3]
    assert await tickets(count="2", offset="4") == [1]
    assert await tickets(offset=9_999) == []
    assert await tickets(**{"from": SECONDS + 2, "to": SECONDS + 4}) == [3, 2]
    assert await tickets(From=str(SECONDS + 4), TO=None, count=None) == [5, 4]
    assert await tickets(**{"from": SECONDS + 4, "to": SECONDS}) == []


@pytest.mark.parametrize("path", [CLOSED, OPERATIONS])
async def test_what_cannot_be_given_is_refused_and_not_cut(
    site: httpx.AsyncClient, account: Account, own: str, path: str
) -> None:
    for name in ("count", "offset", "from", "to"):
        for value in NO_NUMBERS:
            assert told(await ask(site, path, account.login, own, **{name: value})) == MALFORMED, (name, value)
    for asked in (
        {"count": 0},
        {"count": 10_001},
        {"count": 5000, "offset": 5001},
        {"offset": 10_000},
        {"to": LATEST + 1},
    ):
        assert told(await ask(site, path, account.login, own, **asked)) == MALFORMED, asked


async def test_a_list_that_has_no_pages_passes_over_what_would_choose_one(
    site: httpx.AsyncClient, account: Account, own: str
) -> None:
    assert (await ask(site, OPEN, account.login, own, count="many", offset=-1)).content == b"[]"


async def test_times_are_the_trading_servers(site: httpx.AsyncClient, account: Account, own: str) -> None:
    closed = (await ask(site, CLOSED, account.login, own, count=1)).json()
    moved = (await ask(site, OPERATIONS, account.login, own, count=1)).json()

    assert closed[0]["closeTime"] == "2026-03-02T10:30:05"
    assert moved[0]["date"] == "2026-03-02T15:00:05"


@given(some.datetimes(datetime(1970, 1, 2), datetime(2106, 1, 1)), some.integers(-840, 840))  # noqa: DTZ001 - given their zone below
def test_a_time_is_what_the_servers_clock_showed(moment: datetime, minutes: int) -> None:
    at = moment.replace(tzinfo=UTC)

    written = wall(at, minutes)

    assert datetime.fromisoformat(written) == Moment(at, minutes).wall().replace(microsecond=0)
    assert len(written) == 19
