from datetime import datetime, timedelta

import pytest

from opencabinet import accounts
from opencabinet.accounts import Origin
from opencabinet.accounts.actions import ALWAYS
from opencabinet.accounts.model import LoginNeeded, LoginTaken
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from tests import make

SERVER, OTHER = "Example-Live", "Example-Demo"
EARLY, LATE = make.NOW - timedelta(days=400), make.NOW - timedelta(days=30)
WEEK = timedelta(days=7)


async def resolved(
    conn: Connection,
    number: int | None,
    login: int | None = None,
    *,
    server: str = SERVER,
    first: datetime = EARLY,
) -> Origin:
    """Find the account that a statement of a week belongs to."""
    return await accounts.resolve(
        conn, server=server, number=number, login=Login(login) if login else None, first=first, last=first + WEEK
    )


async def imported(conn: Connection, number: int | None, login: int | None = None, *, first: datetime = EARLY) -> Login:
    """Import a statement of a week: find its account, and keep it if it is new."""
    origin = await resolved(conn, number, login, first=first)
    if await accounts.account(conn, origin.login) is None:
        await make.account(conn, origin.login)
        await accounts.add_origin(conn, origin)
    return origin.login


@pytest.fixture(autouse=True)
async def servers(conn: Connection) -> None:
    """Let two servers be known."""
    for name in (SERVER, OTHER):
        await accounts.know_server(conn, name, "UTC")


async def test_a_number_becomes_the_login(conn: Connection) -> None:
    assert await resolved(conn, 4711) == Origin(server=SERVER, number=4711, since=ALWAYS, login=Login(4711))


async def test_a_known_number_is_its_account_at_any_time(conn: Connection) -> None:
    await imported(conn, 4711, first=LATE)

    assert (await resolved(conn, 4711, first=EARLY)).login == 4711
    assert (await resolved(conn, 4711, 4711, first=LATE)).login == 4711


async def test_a_login_of_another_account_is_taken(conn: Connection) -> None:
    await imported(conn, 4711)

    with pytest.raises(LoginTaken, match=r"4711.*--login"):
        await resolved(conn, 4711, server=OTHER)
    with pytest.raises(LoginTaken):
        await resolved(conn, 4712, 4711)


async def test_another_login_can_be_given(conn: Connection) -> None:
    await imported(conn, 4711)

    assert (await resolved(conn, 4711, 9001, server=OTHER)).login == 9001


async def test_a_number_known_under_another_login_stays_there(conn: Connection) -> None:
    await imported(conn, 4711, 9001)

    assert (await resolved(conn, 4711, first=LATE)).login == 9001
    assert await imported(conn, 9001, 9002) == 9002


async def test_a_file_without_a_number_needs_a_login(conn: Connection) -> None:
    with pytest.raises(LoginNeeded, match="--login"):
        await resolved(conn, None)
    assert await imported(conn, None, 9001) == 9001
    assert await imported(conn, None, 9001, first=LATE) == 9001


async def test_a_number_given_to_another_person_means_them_from_then_on(conn: Connection) -> None:
    await imported(conn, 4711, first=EARLY)

    assert await imported(conn, 4711, 9001, first=LATE) == 9001

    assert (await resolved(conn, 4711, first=EARLY)).login == 4711
    assert (await resolved(conn, 4711, first=LATE - WEEK - timedelta(seconds=1))).login == 4711
    with pytest.raises(LoginTaken, match="of two people"):
        await resolved(conn, 4711, first=LATE - WEEK)
    assert (await resolved(conn, 4711, first=LATE)).login == 9001


async def test_each_person_of_a_reused_number_can_be_named(conn: Connection) -> None:
    await imported(conn, 4711, first=EARLY)
    await imported(conn, 4711, 9001, first=LATE)

    assert (await resolved(conn, 4711, 9001, first=LATE)).login == 9001
    assert (await resolved(conn, 4711, 4711, first=EARLY)).login == 4711
    with pytest.raises(LoginTaken):
        await resolved(conn, 4711, 4711, first=LATE)


async def test_origins_are_listed_by_login(conn: Connection) -> None:
    for number in (30, 10, 20):
        await imported(conn, number)

    assert [origin.login for origin in await accounts.origins(conn, 0, 100)] == [10, 20, 30]
    assert [origin.login for origin in await accounts.origins(conn, 10, 1)] == [20]
