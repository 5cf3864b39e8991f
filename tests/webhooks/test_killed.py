"""A worker that is killed at any moment: every event is delivered, and nothing is queued twice."""

import asyncio
import random
import signal
import sys
from pathlib import Path

from opencabinet.db import Connection, outbox
from tests.webhooks.delivering import listening, states, until
from tests.webhooks.receiving import Receiver

KILLS = 6
EVENTS = 60


async def worker(database: str, pem: Path) -> asyncio.subprocess.Process:
    """Start a worker."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.webhooks.program", database, str(pem), cwd=Path(__file__).parents[2]
    )


async def came(receiver: Receiver, heard: int, writing: "asyncio.Task[None]") -> None:
    """Wait until more was heard, or there is no more to hear."""

    async def more() -> bool:
        return len(receiver.heard) > heard or writing.done()

    await until(more)


async def test_a_worker_that_is_killed_at_any_moment_delivers_everything(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    chance = random.Random(20261126)  # noqa: S311 - chance, no secret
    receiver.statuses["/turns"] = [200, 500, 200, 200, 503, 200]
    made = [await listening(committed, receiver.url(path)) for path in ("/200", "/slow", "/turns")]

    async def write() -> None:
        for number in range(EVENTS):
            await outbox.append(committed, made[number % len(made)].endpoint.login, "trade.closed", ticket=number)
            await asyncio.sleep(0.03)

    writing = asyncio.create_task(write())
    for _ in range(KILLS):
        process = await worker(database, pem)
        heard = len(receiver.heard)
        await came(receiver, heard, writing)
        await asyncio.sleep(chance.uniform(0, 0.4))
        process.send_signal(signal.SIGKILL)
        await process.wait()
    await writing
    process = await worker(database, pem)

    async def over() -> bool:
        return {each.split()[1] for each in await states(committed)} == {"delivered"}

    try:
        await until(over)
    finally:
        process.kill()
        await process.wait()

    wanted = {outbox.event_id(each.endpoint.login, n) for each in made for n in range(1, EVENTS // len(made) + 1)}
    assert {each.headers["webhook-id"] for each in receiver.heard} == wanted
    assert len(await states(committed)) == EVENTS
