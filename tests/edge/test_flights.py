"""Single flight: of equal questions that come at once one is asked, and nobody can keep the others waiting."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
import pytest

from opencabinet.db import Connection
from opencabinet.edge.answers import LARGEST
from opencabinet.edge.flights import Flights
from opencabinet.edge.front import Edge
from opencabinet.edge.refusing import say
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import BALANCE, CLOSED, come_from
from tests.doors.v1.asking import path
from tests.edge.holding import Gate, Watched, until
from tests.edge.test_coherence import KILL
from tests.edge.test_held import opened

CROWD: Final = 200


async def test_equal_questions_at_once_are_asked_once(
    gate: Gate, whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account = await opened(committed, whole)
    where, watched = path(account.login, "trades/closed"), Watched(whole)
    gate.before.clear()
    asking = [asyncio.create_task(held.get(where)) for _ in range(200)]
    await asyncio.sleep(0.2)
    gate.before.set()

    answers = await asyncio.gather(*asking)

    assert {(each.status_code, each.content) for each in answers} == {(200, answers[0].content)}
    assert gate.asked == 1
    assert watched() == {"misses": 1, "joined": 199, "hits": 199, "stored": 1}


async def test_those_who_wait_for_nothing_ask_by_themselves(
    gate: Gate, whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account, watched = await make.account(committed), Watched(whole)
    gate.before.clear()
    asking = [asyncio.create_task(held.get(path(account.login, "trades/closed"))) for _ in range(10)]
    await asyncio.sleep(0.1)
    gate.before.set()

    assert {each.status_code for each in await asyncio.gather(*asking)} == {401}
    assert gate.asked == 10
    assert len(whole.answers) == 0
    assert watched()["misses"] == 10, "Each is counted once, whether it waited or not."


async def test_whoever_leaves_leads_nobody_astray(
    gate: Gate, whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account = await opened(committed, whole)
    gate.before.clear()
    first, *others = await strangers(held, path(account.login, "trades/closed"))
    await asyncio.sleep(0.3)
    first.cancel()
    gate.before.set()

    assert {each.status_code for each in await asyncio.gather(*others)} == {200}
    assert gate.asked == 2


def crowd(site: httpx.AsyncClient, where: str, **headers: str) -> list[asyncio.Task[httpx.Response]]:
    """Let many ask the same at once."""
    return [asyncio.create_task(site.get(where, headers=headers)) for _ in range(CROWD)]


async def strangers(site: httpx.AsyncClient, where: str) -> list[asyncio.Task[httpx.Response]]:
    """Let a hundred ask the same, each from an address of its own."""
    asking = []
    for address in range(1, 101):
        come_from(site, f"192.0.2.{address}")
        asking.append(asyncio.create_task(site.get(where)))
        await asyncio.sleep(0)
    return asking


@asynccontextmanager
async def changing(gate: Gate, whole: Edge, login: int) -> AsyncIterator[None]:
    """Let an account change whenever it is being read, and each read take its time."""
    inner = gate.inner

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.02)
        whole.coherence.hear(str(login))
        await inner(scope, receive, send)

    gate.inner = slow
    yield
    gate.inner = inner


async def test_a_crowd_is_answered_by_two_questions_where_the_account_changes_meanwhile(
    gate: Gate, whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account, watched = await opened(committed, whole), Watched(whole)
    async with changing(gate, whole, account.login):
        answers = await asyncio.gather(*crowd(held, path(account.login, "trades/closed")))

    assert {(each.status_code, each.content) for each in answers} == {(200, answers[0].content)}
    assert gate.asked == 2, "Who waited for the second question had asked before it was asked."
    assert watched()["hits"] == CROWD - 2
    assert len(whole.answers) == 0


async def test_a_crowd_shares_what_is_too_long_to_be_held(
    gate: Gate, whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account = await opened(committed, whole)
    await make.closed_trade(committed, account.login, comment="x" * LARGEST)
    await whole.coherence.catch_up()

    answers = await asyncio.gather(*crowd(held, path(account.login, "trades/closed")))

    assert {(each.status_code, each.content) for each in answers} == {(200, answers[0].content)}
    assert len(answers[0].content) > LARGEST
    assert gate.asked <= 2
    assert len(whole.answers) == 0


async def test_what_is_shared_is_of_after_the_question(
    gate: Gate, whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    """The first is asked, then something changes, then the others come: they must see it."""
    account = await opened(committed, whole)
    where = path(account.login, "trades/closed")
    gate.after.clear()
    first = asyncio.create_task(held.get(where))
    await until(lambda: gate.asked)
    await asyncio.sleep(0.2)
    await make.closed_trade(committed, account.login)
    await whole.coherence.catch_up()
    others = crowd(held, where)
    await asyncio.sleep(0.1)
    gate.after.set()

    before = len((await first).json()["data"])
    assert {len(each.json()["data"]) for each in await asyncio.gather(*others)} == {before + 1}


async def test_what_is_shared_is_judged_for_each_who_waits(
    gate: Gate, whole: Edge, held: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    """A credential's first use from each network is told to the history, though others asked the same with it."""
    account = await make.account(committed)
    shown = {"passkey": await make.token(committed, account.login, settings)}
    await whole.coherence.catch_up()
    asking = []
    async with changing(gate, whole, account.login):
        for network in range(10):
            for host in range(1, 4):
                come_from(held, f"198.51.{network}.{host}")
                asking.append(asyncio.create_task(held.get(BALANCE.format(account.login), headers=shown)))
                await asyncio.sleep(0)
        assert {each.status_code for each in await asyncio.gather(*asking)} == {200}

    kept = "SELECT count(DISTINCT network) FROM authorizations WHERE login = %(login)s AND action = 'use'"
    assert await committed.value(kept, login=account.login) == 10


@pytest.mark.parametrize("status", [429, 503])
async def test_a_crowd_does_not_suffer_from_one_who_asked_too_much_or_too_soon(
    gate: Gate, whole: Edge, held: httpx.AsyncClient, committed: Connection, status: int
) -> None:
    account, inner = await opened(committed, whole), gate.inner

    async def first_refused(scope: Any, receive: Any, send: Any) -> None:
        if gate.asked > 1:
            await inner(scope, receive, send)
            return
        await asyncio.sleep(0.05)
        await say(send, status, [])

    gate.inner = first_refused
    answers = await strangers(held, path(account.login, "trades/closed"))

    assert [each.status_code for each in await asyncio.gather(*answers)] == [status, *[200] * 99]
    assert gate.asked == 2


async def test_a_crowd_from_many_networks_shares_what_is_asked_with_one_credential(
    gate: Gate, whole: Edge, held: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    """Readers whom the history knows cost no more than readers of one network."""
    account = await make.account(committed)
    shown = {"passkey": await make.token(committed, account.login, settings)}
    await whole.coherence.catch_up()
    where = CLOSED.format(account.login)
    for network in range(20):
        come_from(held, f"198.51.{network}.1")
        assert (await held.get(where, headers=shown)).status_code == 200
    assert gate.asked == 20
    whole.coherence.hear(str(account.login))

    asking = []
    for network in range(20):
        come_from(held, f"198.51.{network}.2")
        asking.append(asyncio.create_task(held.get(where, headers=shown)))
        await asyncio.sleep(0)

    assert {each.status_code for each in await asyncio.gather(*asking)} == {200}
    assert gate.asked == 21


async def test_what_is_shared_ends_with_the_credential(
    gate: Gate, whole: Edge, held: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    """The second question is asked while the token is good, and answered when it is not: only who asked has it."""
    account = await make.account(committed)
    shown = {"passkey": await make.token(committed, account.login, settings)}
    await committed.run("UPDATE tokens SET expires_at = now() + interval '3 s'")
    await whole.coherence.catch_up()
    ends, where = time.monotonic() + 3, CLOSED.format(account.login)
    gate.after.clear()
    first = asyncio.create_task(held.get(where, headers=shown))
    await until(lambda: gate.asked)
    others = [asyncio.create_task(held.get(where, headers=shown)) for _ in range(10)]
    await asyncio.sleep(0.2)
    whole.coherence.hear(str(account.login))
    gate.after.set()
    assert (await first).status_code == 200
    gate.after.clear()
    await until(lambda: gate.asked == 2)

    await asyncio.sleep(ends - time.monotonic() + 0.05)
    gate.after.set()

    assert sorted(each.status_code for each in await asyncio.gather(*others)) == [200, *[403] * 9]


async def test_nothing_is_shared_while_nothing_can_be_heard(
    gate: Gate, whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account = await opened(committed, whole)
    assert whole.coherence.listening
    whole.coherence.listening.url = "postgresql://127.0.0.1:1/nothing"
    await committed.value(KILL)
    await until(lambda: whole.coherence.silent(time.monotonic()))

    answers = await asyncio.gather(*(held.get(path(account.login, "orders")) for _ in range(10)))

    assert {each.status_code for each in answers} == {200}
    assert gate.asked == 10


async def test_a_flight_lands_once_and_lets_all_go() -> None:
    flights = Flights()
    with flights.leading("one") as flight:
        waiting = [asyncio.create_task(flight.landed()) for _ in range(3)]
        await asyncio.sleep(0)
        flight.land()
        assert flights.get("one") is None
        await asyncio.gather(*waiting)
        with flights.leading("one") as second:
            flight.land()
            assert flights.get("one") is second
    assert flights.get("one") is None
