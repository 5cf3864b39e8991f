"""What is held by the processes of a real server: no reader of any of them sees what is older than a second."""

import asyncio
import time
from pathlib import Path
from typing import Final

import httpx
import pytest

from opencabinet import access
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.clients.serving import PLAIN, Server, serving
from tests.doors.legacy.asking import CLOSED

READERS: Final = 8
LATEST: Final = 1.0
KILL: Final = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
 WHERE query LIKE '%%opencabinet_beats%%' AND pid <> pg_backend_pid()
"""


class Readers:
    """Reads an account again and again, over connections of their own, and remembers what was answered when."""

    def __init__(self, server: Server, account: Account, shown: dict[str, str]) -> None:
        self.url = f"{server.url}{CLOSED.format(account.login)}"
        self.shown = shown
        self.answers: list[tuple[float, int, bytes]] = []
        self.over = False

    async def read(self) -> None:
        """Read until told to end."""
        async with httpx.AsyncClient(verify=PLAIN, headers=self.shown) as client:
            while not self.over:
                began = time.monotonic()
                answer = await client.get(self.url, timeout=10)
                self.answers.append((began, answer.status_code, answer.content))
                await asyncio.sleep(0.005)

    async def wait(self, seconds: float) -> None:
        """Let them read."""
        await asyncio.sleep(seconds)

    def since(self, moment: float) -> set[tuple[int, bytes]]:
        """Return what was answered to those who asked after a moment."""
        return {(status, body) for began, status, body in self.answers if began > moment}


@pytest.fixture
async def account(committed: Connection) -> Account:
    """An account that is open."""
    made = await make.account(committed)
    await access.open_account(committed, made.login)
    return made


async def test_no_reader_is_told_what_is_older_than_a_second(
    committed: Connection, settings: Settings, account: Account, tmp_path: Path
) -> None:
    with serving(settings, tmp_path / "log", workers=2, held_megabytes=8) as server:
        readers = Readers(server, account, {})
        reading = [asyncio.create_task(readers.read()) for _ in range(READERS)]
        for number in range(2):
            await make.closed_trade(committed, account.login)
            changed = time.monotonic()
            await readers.wait(LATEST + 0.5)
            [(status, body)] = readers.since(changed + LATEST)
            assert (status, body.count(b'"Ticket"')) == (200, number + 1)

            await access.close_account(committed, account.login)
            changed = time.monotonic()
            if number == 1:
                await committed.value(KILL)  # nobody hears of what comes next
            await readers.wait(LATEST + 0.5)
            assert {status for status, _ in readers.since(changed + LATEST)} == {403}

            await access.open_account(committed, account.login)
            changed = time.monotonic()
            await readers.wait(LATEST + 0.5)
            assert {status for status, _ in readers.since(changed + LATEST)} == {200}
        readers.over = True
        await asyncio.gather(*reading)
    assert len(readers.answers) > 600


async def test_a_token_that_is_revoked_is_good_nowhere_after_a_second(
    committed: Connection, settings: Settings, account: Account, tmp_path: Path
) -> None:
    await access.close_account(committed, account.login)
    shown = {"passkey": await make.token(committed, account.login, settings)}
    with serving(settings, tmp_path / "log", workers=2, held_megabytes=8) as server:
        readers = Readers(server, account, shown)
        reading = [asyncio.create_task(readers.read()) for _ in range(READERS)]
        await readers.wait(1)
        assert {status for status, _ in readers.since(0)} == {200}

        await access.revoke(committed, account.login)
        changed = time.monotonic()
        await readers.wait(LATEST + 0.5)

        assert {status for status, _ in readers.since(changed + LATEST)} == {403}
        readers.over = True
        await asyncio.gather(*reading)
