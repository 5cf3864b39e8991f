"""Clients that press a server: slow ones, steady ones, and ones that never stop asking."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.clients.framing import statuses
from tests.clients.serving import Server
from tests.doors.legacy.asking import BALANCE, DENIED


async def drip(port: int, first: bytes, drop: bytes, seconds: float) -> list[int | str]:
    """Send something, then a drop a second, until the other side hangs up; give the statuses of its answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(first)

    async def drops() -> None:
        while True:
            await asyncio.sleep(1)
            writer.write(drop)

    dropping = asyncio.create_task(drops())
    heard: list[bytes] = []
    try:
        async with asyncio.timeout(seconds):
            while more := await reader.read(4096):
                heard.append(more)
    except ConnectionError:
        pass
    except TimeoutError:
        return [*statuses(b"".join(heard)), "still there"]
    finally:
        dropping.cancel()
        writer.close()
    return [*statuses(b"".join(heard))]


@asynccontextmanager
async def asking(server: Server) -> AsyncIterator[list[float]]:
    """Ask all the while, and note how long each answer took."""
    took = [0.0]

    async def ask() -> None:
        async with httpx.AsyncClient(base_url=server.url, timeout=10) as client:
            while True:
                began = time.monotonic()
                assert (await client.get(BALANCE.format(1))).content == DENIED
                took.append(time.monotonic() - began)
                await asyncio.sleep(0.05)

    task = asyncio.create_task(ask())
    yield took
    assert not task.done(), task.exception()
    task.cancel()


@asynccontextmanager
async def loaded(server: Server, login: int) -> AsyncIterator[list[float]]:
    """Ask with several clients; connections may break, answers may not. Note when each came."""
    answered: list[float] = []

    async def ask() -> None:
        async with httpx.AsyncClient(base_url=server.url, timeout=5) as client:
            while True:
                try:
                    answer = await client.get(BALANCE.format(login))
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
                    continue
                assert (answer.status_code, answer.json()["Login"]) == (200, login), answer.text
                answered.append(time.monotonic())
                await asyncio.sleep(0.01)

    tasks = [asyncio.create_task(ask()) for _ in range(4)]
    yield answered
    for task in tasks:
        assert not task.done(), task.exception()
        task.cancel()
