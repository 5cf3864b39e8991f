"""Coherence: what is held is never older than it may be, and nothing is told while changes cannot be heard of."""

import asyncio
import time

import httpx

from opencabinet import access
from opencabinet.db import Connection
from opencabinet.db.announcing import Listening
from opencabinet.edge.answers import Answers
from opencabinet.edge.coherence import MOST_HEARD, Coherence
from opencabinet.edge.counting import Counts
from opencabinet.edge.front import Edge
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests import make
from tests.doors.v1.asking import path, signed_in
from tests.doors.v1.policies import saved
from tests.edge.holding import Gate, Watched, until
from tests.edge.test_held import opened

KILL = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
 WHERE query LIKE '%%opencabinet_beats%%' AND pid <> pg_backend_pid()
"""


class Connected(Listening):
    """What seems to listen."""

    @property
    def connected(self) -> bool:
        """Whether there is a connection."""
        return True


async def test_what_was_read_before_a_change_is_not_kept_after_it(
    gate: Gate, whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account = await opened(committed, whole)
    where, watched = path(account.login, "trades/closed"), Watched(whole)
    gate.after.clear()
    asking = asyncio.create_task(held.get(where))
    await until(lambda: gate.asked)
    await asyncio.sleep(0.2)
    await make.closed_trade(committed, account.login)
    await whole.coherence.catch_up()
    gate.after.set()

    old = (await asking).json()["data"]

    assert watched() == {"misses": 1}
    assert len((await held.get(where)).json()["data"]) == len(old) + 1


async def test_nothing_is_told_while_nothing_is_heard(
    whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account = await opened(committed, whole)
    where, watched = path(account.login, "trades/closed"), Watched(whole)
    listening = whole.coherence.listening
    assert listening
    assert [(await held.get(where)).status_code for _ in range(2)] == [200, 200]
    assert watched()["hits"] == 1
    listening.url = "postgresql://127.0.0.1:1/nothing"

    assert await committed.value(KILL) >= 1
    await until(lambda: not listening.connected)
    heard_until = listening.heard_until
    await access.close_account(committed, account.login)
    closed_at = time.monotonic()
    await refused_within_a_second(held, where, closed_at)
    await asyncio.sleep(heard_until + 2.1 - time.monotonic())
    await access.open_account(committed, account.login)
    watched()

    assert [(await held.get(where)).status_code for _ in range(3)] == [200, 200, 200]
    assert watched() == {"misses": 3, "silent": 3}


async def test_a_silent_connection_is_as_good_as_none(
    whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account = await opened(committed, whole)
    listening = whole.coherence.listening
    assert listening
    assert listening._conn  # noqa: SLF001 - it is silenced here
    where = path(account.login, "trades/closed")
    await held.get(where)
    asyncio.get_running_loop().remove_reader(listening._conn.fileno())  # noqa: SLF001
    await access.close_account(committed, account.login)
    closed_at = time.monotonic()

    await refused_within_a_second(held, where, closed_at)
    await until(lambda: not listening.connected, 3)  # it is given up, and another is made
    await until(lambda: listening.connected)
    assert (await held.get(where)).status_code == 401


async def test_what_a_process_changes_counts_from_its_next_request_while_it_hears_nothing(
    whole: Edge, held: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    """For a second after the connection is lost, what is held is told: but not what this process changed itself."""
    account = await opened(committed, whole)
    own = await signed_in(held, committed, account.login, settings)
    where, watched = path(account.login, "trades/closed"), Watched(whole)
    listening = whole.coherence.listening
    assert listening
    assert (await held.get(where)).status_code == 200
    listening.url = "postgresql://127.0.0.1:1/nothing"
    await committed.value(KILL)
    await until(lambda: not listening.connected)
    watched()
    assert (await held.get(where)).status_code == 200
    assert watched() == {"hits": 1}

    changed = await saved(held, account, own, {"default": {"level": "password"}})

    assert changed.status_code == 200
    assert (await held.get(where)).status_code == 401


async def test_a_lost_connection_forgets_all(whole: Edge, held: httpx.AsyncClient, committed: Connection) -> None:
    account = await opened(committed, whole)
    await held.get(path(account.login))
    assert len(whole.answers) == 1
    await committed.value(KILL)
    await until(lambda: not len(whole.answers))


async def test_a_flood_of_questions_takes_bounded_room(
    whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account = await opened(committed, whole)
    hot = path(account.login, "closed-lots")
    assert (await held.get(hot)).status_code == 200
    for number in range(400):
        await held.get(path(account.login, f"trades/closed?symbol=S{number}"))
        assert whole.answers.size <= whole.answers.room
        assert (await held.get(hot)).status_code == 200

    assert whole.counts.evicted > 100
    assert whole.counts.hits == 400
    assert whole.answers.size == sum(each.size for each in whole.answers._held.values())  # noqa: SLF001
    whole.answers.clear()
    assert (whole.answers.size, len(whole.answers), whole.answers._keys) == (0, 0, {})  # noqa: SLF001


def test_what_was_asked_longer_ago_than_is_remembered_counts_as_changed() -> None:
    coherence = Coherence(Answers(1000, Counts()))
    coherence.listening = Connected("", coherence.hear)
    coherence.hear("1")
    since = coherence.count
    assert coherence.unchanged(Login(1), since)
    assert not coherence.unchanged(Login(1), since - 1)
    assert coherence.unchanged(Login(11), since - 1)

    coherence.hear("7,11,13")
    assert [each for each in (1, 3, 7, 11, 13) if coherence.unchanged(Login(each), since)] == [1, 3]
    for _ in range(MOST_HEARD - 1):
        coherence.hear("2")
    assert coherence.unchanged(Login(3), since)
    coherence.hear("2")
    assert not coherence.unchanged(Login(3), since)
    assert coherence.unchanged(Login(3), coherence.count)

    coherence.hear("*")
    assert not coherence.unchanged(Login(3), coherence.count - 1)


async def refused_within_a_second(held: httpx.AsyncClient, where: str, closed_at: float) -> None:
    """Ask until it is refused; the machine may pause between an answer and its arrival, so its beginning counts."""
    asked_at = time.monotonic()
    while (await held.get(where)).status_code == 200:
        assert asked_at - closed_at < 1
        asked_at = time.monotonic()
