"""The writer of a process: bounded, never in the way of a refusal, and waited for by a first use."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Any

import pytest
from msgspec import structs

from opencabinet import access
from opencabinet.access import History, Source
from opencabinet.access.history import BEYOND, store, writer
from opencabinet.db import Connection, Pool
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.kernel.problem import Overloaded
from tests import make

HOME = Source(channel="v1", address=ip_address("203.0.113.7"), user_agent="reader/1", request_id="abc")
ROWS = "SELECT rule || ' ' || times FROM authorizations WHERE login = %(login)s ORDER BY rule, id"
ALL = "SELECT count(*) FROM authorizations"
KEY = bytes(range(32))


@asynccontextmanager
async def telling(database: str) -> AsyncIterator[History]:
    """Give a writer, and let it end in order."""
    pool = Pool(database, role="opencabinet_serve", size=1)
    try:
        async with History(pool) as history:
            yield history
    finally:
        await pool.close()


def refuse(history: History, login: int | None, rule: str = "no", address: str = "203.0.113.7") -> None:
    """Tell of a refusal."""
    history.refused(login, structs.replace(HOME, address=ip_address(address)), action="read", rule=rule)


async def use(history: History, login: int, key: bytes = KEY) -> None:
    """Tell of a first use."""
    await history.first_use(login, HOME, key=key, action="use", rule="yes", function="balance")


async def test_equal_refusals_are_one_row_with_a_count(committed: Connection, database: str) -> None:
    login = (await make.account(committed)).login
    async with telling(database) as history:
        for address in ("203.0.113.7", "203.0.113.8", "198.51.100.1"):
            refuse(history, login, address=address)
        refuse(history, login, rule="another")
        await history.settle()
        refuse(history, login)
        await history.settle()

    rows = await committed.values(ROWS, login=login)
    # The minute may change in between; what is counted stays the same.
    assert sum(int(row.split()[-1]) for row in rows) == 5
    assert len(rows) in {3, 4}


async def test_a_refusal_that_names_the_address_equals_its_neighbours(committed: Connection, database: str) -> None:
    login = (await make.account(committed)).login
    async with telling(database) as history:
        for last in range(1, 100):
            refuse(history, login, rule=f"203.0.113.{last} is outside", address=f"203.0.113.{last}")

    assert await committed.values(ROWS, login=login) == ["the address is outside 99"]


async def test_a_refusal_is_told_within_the_time_that_is_promised(committed: Connection, database: str) -> None:
    async with telling(database) as history:
        refuse(history, 42)
        await history.settle()
        began = asyncio.get_running_loop().time()
        refuse(history, 43)
        await history.settle()
        assert asyncio.get_running_loop().time() - began < 0.05 + 0.5  # the machine may be busy

    assert await committed.value(ALL) == 2


async def test_refusals_of_known_and_unknown_logins_do_the_same(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = (await make.account(committed)).login
    done: list[list[str]] = []
    run = Connection.run

    async def noted(self: Connection, statement: Any, **given: Any) -> int:
        done[-1].append(statement)
        return await run(self, statement, **given)

    monkeypatch.setattr(Connection, "run", noted)
    for login in (known, 42, 0, -5, LARGEST + 1, 10**30, None):
        done.append([])
        async with telling(database) as history:
            refuse(history, login)

    assert done == [[store.TELL]] * 7
    assert await committed.value(ALL) == 3


async def test_guesses_at_logins_fill_no_table(committed: Connection, database: str) -> None:
    async with telling(database) as history:
        for login in range(10_000):
            refuse(history, login)
            if not login % 1_500:
                await history.settle()

    told = await committed.value("SELECT sum(times) FROM authorizations")
    assert told == 10_000
    assert await committed.value(ALL) <= 2 * 1024, "the minute may change once"


async def test_what_does_not_fit_is_counted(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MOST_REFUSALS", 10)
    async with telling(database) as history:
        for number in range(1000):
            refuse(history, 42, rule=f"reason {number}")
            refuse(history, 42, rule="reason 0")

    assert await committed.values(ROWS, login=BEYOND) == [f"{writer.TOO_MANY} 990"]
    assert await committed.value("SELECT sum(times) FROM authorizations") == 2000
    assert await committed.value("SELECT max(times) FROM authorizations WHERE login > -1025") == 1001


async def test_a_first_use_is_in_the_table_when_it_returns(committed: Connection, database: str) -> None:
    login = (await make.account(committed)).login
    async with telling(database) as history:
        await use(history, login)
        assert await committed.values(ROWS, login=login) == ["yes 1"]
        await asyncio.gather(*(use(history, login) for _ in range(100)))
        await use(history, login, bytes(32))

    assert await committed.values(ROWS, login=login) == ["yes 1", "yes 1"]


async def test_of_a_first_use_in_many_processes_there_is_one_row(committed: Connection, database: str) -> None:
    login = (await make.account(committed)).login
    async with telling(database) as one, telling(database) as two, telling(database) as three:
        await asyncio.gather(*(use(each, login) for each in (one, two, three)))

    assert await committed.values(ROWS, login=login) == ["yes 1"]


async def test_many_writers_at_once_lose_nothing(committed: Connection, database: str) -> None:
    login = (await make.account(committed)).login
    async with telling(database) as one, telling(database) as two, telling(database) as three:
        for number in range(300):
            for history in (one, two, three):
                refuse(history, login, rule=f"reason {number % 7}")
                refuse(history, number)
            await asyncio.sleep(0)

    assert await committed.value("SELECT sum(times) FROM authorizations") == 1800


async def test_it_remembers_only_so_many_uses(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MOST_TOLD", 3)
    login = (await make.account(committed)).login
    async with telling(database) as history:
        for number in range(5):
            await use(history, login, bytes([number]) * 32)
        assert len(history._told) == 3  # noqa: SLF001 - the bound
        await use(history, login, bytes(32))

    assert len(await committed.values(ROWS, login=login)) == 5


async def test_a_first_use_that_cannot_be_told_is_not_answered(committed: Connection) -> None:
    del committed
    pool = Pool("postgresql://nobody@127.0.0.1:1/nothing", role="opencabinet_serve", size=1)
    async with History(pool) as history:
        refuse(history, 42)
        with pytest.raises(Overloaded):
            await use(history, 42)
        assert history._refusals  # noqa: SLF001 - the refusal waits for the database
        history._refusals.clear()  # noqa: SLF001


async def test_more_first_uses_than_can_wait_are_refused(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MOST_USES", 5)
    login = (await make.account(committed)).login
    async with telling(database) as history:
        found = await asyncio.gather(
            *(use(history, login, bytes([number]) * 32) for number in range(9)), return_exceptions=True
        )

    assert [type(each) for each in found if each] == [Overloaded] * 4
    assert len(await committed.values(ROWS, login=login)) == 5


async def test_who_waits_no_longer_does_not_stop_it(committed: Connection, database: str) -> None:
    login = (await make.account(committed)).login
    async with telling(database) as history:
        waiting = asyncio.create_task(use(history, login))
        await asyncio.sleep(0)
        waiting.cancel()
        await use(history, login, bytes(32))

    assert len(await committed.values(ROWS, login=login)) == 2


async def test_refusals_wait_for_a_database_that_is_away(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell, tries = store.tell, []

    async def away(*given: Any) -> None:
        tries.append(given)
        if len(tries) < 3:
            raise Overloaded
        await tell(*given)

    monkeypatch.setattr(writer, "AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(store, "tell", away)
    async with telling(database) as history:
        refuse(history, 42)
        await asyncio.sleep(0.1)
        refuse(history, 42)

    assert await committed.value("SELECT sum(times) FROM authorizations") == 2


async def test_a_row_the_table_refuses_holds_up_no_other(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "AGAIN_SECONDS", 0.01)
    async with telling(database) as history:
        history.refused(42, HOME, action="NOT AN ACTION", rule="no")
        await history.settle()
        refuse(history, 43)

    assert await committed.values("SELECT rule FROM authorizations ORDER BY id") == [writer.TOO_MANY, "no"]


KILLED = """
import asyncio, os, signal, sys
from opencabinet.access import History, Source
from opencabinet.db import Pool
async def main():
    pool = Pool(sys.argv[1], role="opencabinet_serve", size=1)
    async with History(pool) as history:
        await history.first_use(42, Source(), key=bytes(32), action="use", rule="told")
        history.refused(43, Source(), action="read", rule="lost")
        use = history.first_use(42, Source(), key=bytes([1]) * 32, action="use", rule="unheard")
        waiting = asyncio.create_task(use)
        await asyncio.sleep(0)
        print("answered" if waiting.done() else "waiting", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""


async def test_a_killed_process_loses_only_what_nobody_was_answered(committed: Connection, database: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, database, stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    said, _ = await process.communicate()

    assert process.returncode == -signal.SIGKILL
    assert said == b"waiting\n"
    assert "told" in await committed.values("SELECT rule FROM authorizations")


async def test_what_is_told_of_a_use_depends_on_credential_network_function_and_day() -> None:
    def key(login: int = 1, function: str = "balance", address: str = "203.0.113.7", **given: Any) -> bytes:
        source = structs.replace(HOME, address=ip_address(address))
        return access.key_of(
            Login(login), function, source.address, given.get("shown"), anybody=given.get("anybody", False)
        )

    assert key(shown="a") == key(shown="a", function="orders", address="203.0.113.9") != key(shown="b")
    assert key(shown="a") != key(shown="a", address="198.51.100.1")
    assert key(shown="a") != key(2, shown="a")
    assert key() == key(address="203.0.113.9") != key(address="198.51.100.1")
    assert key(anybody=True) == key(anybody=True, address="198.51.100.1") != key(function="orders", anybody=True)
