"""What of a period, and how many: the query of RequestClosedTrades."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from opencabinet import access
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.figures import LATEST
from opencabinet.doors.legacy.query import MOST, USUAL
from opencabinet.kernel.ids import Ticket
from tests import make
from tests.doors.legacy.asking import BALANCE, CLOSED, COMMISSIONS, OPEN

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECONDS = int(NOON.timestamp())


@pytest.fixture
async def account(committed: Connection) -> Account:
    """An account open to all, with three trades closed a second apart: tickets 1, 2 and 3."""
    made = await make.account(committed)
    await access.open_account(committed, made.login)
    for ticket in (1, 2, 3):
        closed_at = NOON + timedelta(seconds=ticket)
        await make.closed_trade(committed, made.login, ticket=Ticket(ticket), closed_at=closed_at)
    return made


async def ask(site: httpx.AsyncClient, account: Account, query: str = "") -> httpx.Response:
    return await site.get(f"{CLOSED.format(account.login)}?{query}")


async def tickets(site: httpx.AsyncClient, account: Account, query: str = "") -> list[int]:
    answer = await ask(site, account, query)
    assert answer.status_code == 200, query
    return [row["Ticket"] for row in answer.json()]


async def test_the_newest_come_first(site: httpx.AsyncClient, account: Account, committed: Connection) -> None:
    await make.closed_trade(committed, account.login, ticket=Ticket(9), closed_at=NOON + timedelta(seconds=2))

    assert await tickets(site, account) == [3, 9, 2, 1]


async def test_a_period_has_its_start_and_not_its_end(site: httpx.AsyncClient, account: Account) -> None:
    assert await tickets(site, account, f"from={SECONDS + 2}") == [3, 2]
    assert await tickets(site, account, f"to={SECONDS + 2}") == [1]
    assert await tickets(site, account, f"from={SECONDS + 2}&to={SECONDS + 3}") == [2]
    assert await tickets(site, account, f"from={SECONDS + 2}&to={SECONDS + 2}") == []
    assert await tickets(site, account, f"from={SECONDS + 3}&to={SECONDS + 1}") == []


async def test_a_fraction_of_a_second_belongs_to_its_second(
    site: httpx.AsyncClient, account: Account, committed: Connection
) -> None:
    await make.closed_trade(
        committed, account.login, ticket=Ticket(4), closed_at=NOON + timedelta(seconds=3, microseconds=999_999)
    )

    answer = await ask(site, account, f"from={SECONDS + 3}&to={SECONDS + 4}")

    assert [row["CloseTime"] for row in answer.json()] == [SECONDS + 3] * 2


async def test_the_limit_keeps_the_newest(site: httpx.AsyncClient, account: Account) -> None:
    assert await tickets(site, account, "limit=1") == [3]
    assert await tickets(site, account, f"limit={MOST}") == [3, 2, 1]
    assert await tickets(site, account, f"limit=2&to={SECONDS + 3}") == [2, 1]


async def test_nothing_given_means_everything_up_to_the_usual_number(
    site: httpx.AsyncClient, account: Account, committed: Connection
) -> None:
    for _ in range(USUAL):
        await make.closed_trade(committed, account.login)

    assert len(await tickets(site, account)) == USUAL
    assert len(await tickets(site, account, "limit=&from=&to=%20")) == USUAL
    assert len(await tickets(site, account, f"limit={USUAL + 3}")) == USUAL + 3


async def test_of_two_with_one_name_the_last_counts(site: httpx.AsyncClient, account: Account) -> None:
    assert await tickets(site, account, "limit=2&Limit=1") == [3]
    assert await tickets(site, account, f"FROM={SECONDS + 3}") == [3]


async def test_the_bounds_are_accepted(site: httpx.AsyncClient, account: Account) -> None:
    assert await tickets(site, account, f"from=0&to={LATEST}&limit=0001") == [3]


async def test_bad_values_are_refused(site: httpx.AsyncClient, account: Account) -> None:
    values = ("-1", "x", "1e1", "1.0", "0x10", "١", "%D9%A1", "1_0", "--1", "%00", "9" * 18, "9" * 19, "9" * 5000, "∞")
    bad = [f"{name}={value}" for name in ("from", "to", "limit") for value in values]

    for query in (*bad, "limit=0", f"limit={MOST + 1}", f"from={LATEST + 1}", "limit=1&limit=0"):
        answer = await ask(site, account, query)
        assert (answer.status_code, answer.content) == (400, b'"Bad request"'), query


async def test_a_limit_elsewhere_is_ignored(site: httpx.AsyncClient, account: Account) -> None:
    """A published connector sends it to every method."""
    for path in (BALANCE, OPEN, COMMISSIONS):
        for value in ("100", "many"):
            assert (await site.get(f"{path.format(account.login)}?limit={value}")).status_code == 200


async def test_a_refusal_comes_before_a_look_at_the_query(site: httpx.AsyncClient, committed: Connection) -> None:
    closed = await make.account(committed)

    assert (await ask(site, closed, "limit=many")).status_code == 403
