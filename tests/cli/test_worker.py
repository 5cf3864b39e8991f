import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from opencabinet import access, worker
from opencabinet.access import Family
from opencabinet.access.history import Sealer, seals
from opencabinet.access.history.verify import verify
from opencabinet.db import Connection, outbox
from opencabinet.db.outbox import Event, Place
from opencabinet.kernel.ids import Login
from tests import make
from tests.quiet import after

FOLLOWING = """
SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
LOCKED = f"SELECT count(*) FROM ({FOLLOWING}) AS following"  # noqa: S608 - ours
OLDER = "9000000000000"
"""A transaction's number that a new server reaches in some thousand years."""
PATIENCE = 15


@asynccontextmanager
async def working(database: str) -> AsyncIterator["asyncio.Task[None]"]:
    """Let a worker work meanwhile."""
    task = asyncio.create_task(worker.work(database))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, BaseExceptionGroup):
            await task


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # noqa: ASYNC110 - the database sends no event
            await asyncio.sleep(0.05)


async def told(conn: Connection, login: Login) -> Event:
    """Tell of an account, and give the event."""
    place = await newest(conn)
    await outbox.append(conn, login, "told")
    [event] = await after(conn, place, 10)
    return event


async def newest(conn: Connection) -> Place:
    """Give the place of the newest event."""
    events = await after(conn, Place(xid=0, id=0), 1000)
    return events[-1].place if events else Place(xid=0, id=0)


async def reached(conn: Connection, place: Place) -> None:
    """Wait until the worker has come to a place."""

    async def there() -> bool:
        return await outbox.place(conn, worker.FOLLOWER) == place

    await until(there)


async def test_it_follows_what_is_told_before_and_meanwhile(database: str, committed: Connection) -> None:
    login = (await make.account(committed)).login
    before = await told(committed, login)

    async with working(database):
        await reached(committed, before.place)
        await reached(committed, (await told(committed, login)).place)


async def test_it_goes_on_where_it_was(database: str, committed: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[int] = []
    monkeypatch.setattr(worker, "hand_on", lambda event: handed.append(event.number))
    login = (await make.account(committed)).login

    for _ in range(3):
        event = await told(committed, login)
        async with working(database):
            await reached(committed, event.place)

    assert handed == [1, 2, 3]


async def test_one_works_at_a_time_and_the_next_takes_over(
    database: str, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[int] = []
    monkeypatch.setattr(worker, "hand_on", lambda event: handed.append(event.number))
    login = (await make.account(committed)).login

    async with AsyncExitStack() as first, AsyncExitStack() as second:
        await first.enter_async_context(working(database))
        await reached(committed, (await told(committed, login)).place)
        await second.enter_async_context(working(database))
        await asyncio.sleep(0.2)
        assert await committed.value(LOCKED) == 1
        await first.aclose()
        await reached(committed, (await told(committed, login)).place)

    assert handed == [1, 2]


async def test_expired_tokens_are_forgotten(database: str, committed: Connection) -> None:
    login = (await make.account(committed)).login
    pepper = b"p" * 32
    password = await access.set_password(committed, login, pepper=pepper)
    for days in (-2, 1):
        lifetime = timedelta(days=days)
        await access.issue(
            committed, pepper=pepper, login=login, password=password, family=Family.CLIENT, lifetime=lifetime
        )

    async def one_left() -> bool:
        return bool(await committed.value("SELECT count(*) = 1 FROM tokens"))

    async with working(database):
        await until(one_left)
    assert await access.live(committed, login) == 1


async def test_it_waits_while_the_database_is_away(database: str, committed: Connection) -> None:
    login = (await make.account(committed)).login

    async def working_at_all() -> bool:
        return bool(await committed.value(LOCKED))

    async with working(database) as task:
        await until(working_at_all)
        await committed.run(f"SELECT pg_terminate_backend(pid) FROM ({FOLLOWING}) AS following")  # noqa: S608 - ours
        await reached(committed, (await told(committed, login)).place)
        assert not task.done()


async def test_it_goes_on_in_a_server_younger_than_the_one_the_data_came_from(
    database: str, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[int] = []
    monkeypatch.setattr(worker, "hand_on", lambda event: handed.append(event.number))
    login = (await make.account(committed)).login
    event = await told(committed, login)
    await committed.run("UPDATE events SET xid = %(xid)s::xid8", xid=OLDER)
    await outbox.reached(committed, worker.FOLLOWER, Place(xid=int(OLDER), id=event.id))
    await outbox.append(committed, login, "told")

    async def has_come_to_the_newest() -> bool:
        latest = await committed.value("SELECT max(id) FROM events")
        return bool(latest == (await outbox.place(committed, worker.FOLLOWER)).id)

    async with working(database):
        await until(has_come_to_the_newest)
    assert event.number + 1 in handed


async def test_it_seals_the_history_and_tells_the_witness(committed: Connection, database: str, tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    sealer = Sealer(key, tmp_path / "witness")
    login = (await make.account(committed)).login
    await access.open_account(committed, login)
    task = asyncio.create_task(worker.work(database, sealer=sealer))
    try:
        await until(lambda: committed.value("SELECT number FROM seals"))
        await access.close_account(committed, login)
        await until(lambda: committed.value("SELECT number FROM seals WHERE number = 2"))
        await until(lambda: asyncio.to_thread(lambda: len(sealer.path.read_bytes().splitlines()) == 2))
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, BaseExceptionGroup):
            await task

    report = await verify(committed, {seals.public(key)}, sealer.path)
    assert (report.wrong, report.rows, report.witnessed) == (0, 2, 2)
