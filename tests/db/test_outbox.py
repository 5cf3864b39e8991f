import asyncio
import json
import re
import time

import pytest

from opencabinet.db import Connection, outbox
from opencabinet.db.outbox import Event, Place
from opencabinet.kernel.ids import Login
from tests import make
from tests.db.conftest import Opening
from tests.quiet import after

START = Place(xid=0, id=0)


async def login_of(conn: Connection) -> Login:
    """Keep an account."""
    return (await make.account(conn)).login


async def following(conn: Connection, place: Place = START) -> list[tuple[Login, int]]:
    """Give the account and number of each event that can be followed."""
    return [(event.login, event.number) for event in await after(conn, place, 1000)]


async def heard(conn: Connection, seconds: float = 0.3) -> list[str]:
    """Give what is announced within a while."""
    return [notice.payload async for notice in conn.notifies(timeout=seconds)]


async def test_an_event_tells_what_changed(committed: Connection) -> None:
    login = await login_of(committed)
    assert await outbox.append(committed, login, "trade.closed", ticket=7, comment='"Ω"\n') == 1

    [event] = await after(committed, START, 10)

    assert (event.login, event.number, event.kind) == (login, 1, "trade.closed")
    assert event.body == {"ticket": 7, "comment": '"Ω"\n'}
    assert event.at.utcoffset() is not None
    assert await after(committed, event.place, 10) == []


async def test_numbers_count_for_each_account_by_itself(committed: Connection) -> None:
    one, other = await login_of(committed), await login_of(committed)

    numbers = [await outbox.append(committed, login, "told") for login in (one, other, one, one, other)]

    assert numbers == [1, 1, 2, 3, 2]


async def test_writers_at_once_leave_no_gap(committed: Connection, another: Opening) -> None:
    logins = [await login_of(committed) for _ in range(2)]

    async def write(conn: Connection, place: int) -> None:
        for turn in range(8):
            # Every third is taken back; the accounts in one order, or the writers wait for each other for ever.
            async with conn.transaction(force_rollback=(place + turn) % 3 == 0):
                for login in logins:
                    await outbox.append(conn, login, "told")

    await asyncio.gather(*[write(await another(), place) for place in range(6)])

    for login in logins:
        numbers = sorted(number for each, number in await following(committed) if each == login)
        assert numbers == list(range(1, 33))


async def test_what_is_taken_back_was_never_told(committed: Connection, another: Opening) -> None:
    login, listener = await login_of(committed), await another()
    await outbox.listen(listener)
    async with committed.transaction(force_rollback=True):
        await outbox.append(committed, login, "told")

    assert await following(committed) == []
    assert await heard(listener) == []
    assert await outbox.append(committed, login, "told") == 1


async def test_an_event_waits_for_older_transactions_that_may_still_write(
    committed: Connection, another: Opening
) -> None:
    old, young = await another(), await another()
    one, other = await login_of(committed), await login_of(committed)

    async with old.transaction():
        await old.run("SELECT pg_current_xact_id()")
        await outbox.append(young, other, "told")
        assert await following(committed) == []
        await outbox.append(old, one, "told")
        assert await following(committed) == []

    assert await following(committed) == [(one, 1), (other, 1)]


async def test_whoever_follows_step_by_step_misses_nothing(committed: Connection, another: Opening) -> None:
    old, young = await another(), await another()
    one, other = await login_of(committed), await login_of(committed)
    seen: list[Event] = []

    async def step() -> None:
        seen.extend(await after(committed, seen[-1].place if seen else START, 1))

    async with old.transaction():
        await outbox.append(old, one, "told")
        await outbox.append(young, other, "told")
        await step()
        await outbox.append(old, one, "told")
    for _ in range(4):
        await step()

    assert [(event.login, event.number) for event in seen] == [(one, 1), (one, 2), (other, 1)]


async def test_a_younger_transaction_does_not_hold_older_events_back(committed: Connection, another: Opening) -> None:
    young, login = await another(), await login_of(committed)
    await outbox.append(committed, login, "told")

    async with young.transaction():
        await young.run("SELECT pg_current_xact_id()")
        assert await following(committed) == [(login, 1)]


async def test_events_come_in_portions(committed: Connection) -> None:
    login = await login_of(committed)
    for _ in range(5):
        await outbox.append(committed, login, "told")

    first = await after(committed, START, 3)
    second = await after(committed, first[-1].place, 3)

    assert [[event.number for event in portion] for portion in (first, second)] == [[1, 2, 3], [4, 5]]


async def test_a_follower_keeps_its_place(committed: Connection) -> None:
    assert await outbox.place(committed, "one") == START

    for place in (Place(xid=7, id=3), Place(xid=2**40, id=2**50)):
        await outbox.reached(committed, "one", place)
        assert await outbox.place(committed, "one") == place
    assert await outbox.place(committed, "other") == START


async def test_an_account_announces_itself_once_per_transaction(committed: Connection, another: Opening) -> None:
    one, other = await login_of(committed), await login_of(committed)
    listener = await another()
    await outbox.listen(listener)

    async with committed.transaction():
        for login in (one, one, other, one):
            await outbox.append(committed, login, "told")
    assert await heard(listener) == [str(one), str(other)]

    await outbox.append(committed, one, "told")
    assert await heard(listener) == [str(one)]


async def test_news_wakes_whoever_waits(committed: Connection, another: Opening) -> None:
    login, listener = await login_of(committed), await another()
    await outbox.listen(listener)
    began = time.monotonic()
    waiting = asyncio.create_task(outbox.news(listener, 20))
    await asyncio.sleep(0.05)
    await outbox.append(committed, login, "told")
    await waiting

    assert time.monotonic() - began < 5


async def test_waiting_for_news_ends(committed: Connection) -> None:
    await outbox.listen(committed)
    async with asyncio.timeout(5):
        await outbox.news(committed, 0.05)


async def test_nobody_can_be_told_of_who_is_not_there(committed: Connection) -> None:
    with pytest.raises(Exception, match="violates foreign key"):
        await outbox.append(committed, Login(42), "told")


async def test_an_account_is_told_what_came_after_a_number(committed: Connection) -> None:
    login, other = await login_of(committed), await login_of(committed)
    assert (await outbox.first(committed, login), await outbox.last(committed, login)) == (None, 0)
    for each in (login, other, login, login):
        await outbox.append(committed, each, "told")

    assert [event.number for event in await outbox.since(committed, login, 1, 10)] == [2, 3]
    assert [event.number for event in await outbox.since(committed, login, 0, 2)] == [1, 2]
    assert (await outbox.first(committed, login), await outbox.last(committed, login)) == (1, 3)


async def test_an_event_is_told_with_its_id_and_figures(committed: Connection) -> None:
    login = await login_of(committed)
    await outbox.append(committed, login, "trade.closed", ticket=7, profit="-1.50")
    await outbox.append(committed, login, "access.changed", rules={"default": "open"})

    first, second = map(json.loads, map(outbox.told, await outbox.since(committed, login, 0, 10)))

    assert first | {"at": None} == {
        "id": f"evt_{login}_1",
        "type": "trade.closed",
        "login": login,
        "number": 1,
        "at": None,
        "data": {"ticket": 7, "profit": "-1.50"},
    }
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first["at"])
    assert (second["type"], second["data"]) == ("access.changed", {})


@pytest.mark.parametrize(
    "text",
    [
        *("", "evt_", "evt_1", "evt_1_", "evt_01_1", "evt_1_01", "evt_1_-1", "EVT_1_1", "evt_1_1 ", "evt_1_١"),
        *("evt_0_1", f"evt_{2**63}_1", f"evt_1_{2**63}", "evt_1_1\n"),
    ],
)
def test_what_is_no_id_of_an_event_is_not_read_as_one(text: str) -> None:
    assert outbox.read_id(text) is None


def test_an_id_is_read_as_it_was_written() -> None:
    for login, number in ((1, 0), (1001001, 57), (2**63 - 1, 2**63 - 1)):
        assert outbox.read_id(outbox.event_id(login, number)) == (login, number)
