"""Web processes that are killed under load: of the clicks that were answered none is lost."""

import asyncio
import os
import random
import signal
from pathlib import Path

from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.clients.serving import Server, serving, until
from tests.partners.clicks.clicking import partner

CLICKERS = 24
KILLS = 4
ASKED = b"GET /go/%b?s1=%d HTTP/1.1\r\nHost: cabinet.test\r\nUser-Agent: Mozilla/5.0\r\n\r\n"
KEPT = "SELECT subs[1]::bigint FROM clicks"


class Clicking:
    """Those who click, again and again, whatever becomes of it; `sent_on` are the clicks that were answered well."""

    def __init__(self, server: Server, code: str) -> None:
        self.server = server
        self.code = code.encode()
        self.sent_on: list[int] = []
        self.number = 0
        self.over = False

    async def click(self) -> None:
        """Click until it is over, on a new connection whenever one is lost."""
        while not self.over:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            try:
                await self.click_on(reader, writer)
            except (OSError, asyncio.IncompleteReadError):
                pass  # it was killed
            finally:
                writer.close()

    async def click_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Click on one connection."""
        while not self.over:
            self.number += 1
            number = self.number
            writer.write(ASKED % (self.code, number))
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 302 "):
                raise ConnectionError(head)
            self.sent_on.append(number)


async def test_of_the_clicks_that_were_answered_none_is_lost(
    settings: Settings, committed: Connection, tmp_path: Path
) -> None:
    own = await partner(committed)
    chance = random.Random(20261127)  # noqa: S311 - a schedule, no secret
    with serving(settings, tmp_path / "serve.log", workers=2) as server:
        await asyncio.to_thread(until, lambda: len(server.web_workers()) == 2)
        clicking = Clicking(server, own.code)
        tasks = [asyncio.create_task(clicking.click()) for _ in range(CLICKERS)]
        killed = 0
        for _ in range(KILLS):
            before = len(clicking.sent_on)
            await asyncio.sleep(chance.uniform(0.3, 0.6))
            assert len(clicking.sent_on) > before, "Nobody was answered meanwhile."
            workers = server.web_workers()
            os.kill(chance.choice(workers), signal.SIGKILL)
            killed += 1
            await asyncio.to_thread(until, lambda gone=workers: server.web_workers() not in (gone, []))
        clicking.over = True
        await asyncio.gather(*tasks)

    kept = await committed.values(KEPT)
    assert killed == KILLS
    assert len(clicking.sent_on) > 20 * CLICKERS
    assert set(clicking.sent_on) - set(kept) == set()
    assert len(kept) == len(set(kept)), "Each is kept once."
    assert len(set(kept) - set(clicking.sent_on)) <= KILLS * CLICKERS, "What is not answered was under way."
