"""A page's first byte waits for the database three times at most: what does not need one another is asked at once."""

from contextvars import ContextVar
from typing import Any, Final

import httpx
import pytest
from psycopg import AsyncCursor

from opencabinet.access.operators import Role
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.doors.cabinet.browser import Browser
from tests.doors.cabinet.operator.test_roles import NEEDS, filled
from tests.doors.cabinet.operator.working import World, operator

MOST = 3
BY_THEMSELVES = {"/accounts/{login}/around", "/imports/{login}/rows"}
"""Parts that are asked for once their page is there."""


class Waves:
    """Counts how often a request has waited: what was asked before anything of it was answered is one wave."""

    def __init__(self) -> None:
        self.answered = 0


COUNTED: Final[ContextVar[Waves | None]] = ContextVar("counted", default=None)
"""What is counted of the request that is under way: what goes on beside it has none."""


@pytest.fixture
def waves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count from now on."""
    execute = AsyncCursor.execute

    async def counting(cursor: Any, *given: Any, **more: Any) -> Any:
        counted = COUNTED.get()
        wave = counted.answered + 1 if counted else 0
        try:
            return await execute(cursor, *given, **more)
        finally:
            if counted:
                counted.answered = max(counted.answered, wave)

    monkeypatch.setattr(AsyncCursor, "execute", counting)


async def waited(browser: Browser, where: str) -> int:
    """Open a page, and return how often it waited for the database."""
    counted = Waves()
    token = COUNTED.set(counted)
    try:
        answer = await browser.open(where)
    finally:
        COUNTED.reset(token)
    assert answer.status_code == 200, (where, browser.text())
    return counted.answered


@pytest.mark.usefixtures("waves")
async def test_no_page_waits_for_the_database_more_than_three_times(
    committed: Connection, settings: Settings, site: httpx.AsyncClient, here: World
) -> None:
    browser = await operator(committed, settings, site, Role.ADMINISTRATOR)
    paths = [path for verb, path in NEEDS if verb == "GET" and path not in BY_THEMSELVES]
    for path in [*paths, "/search?q=ann", "/search?q=7000001"]:
        where = filled(path, here)
        await browser.open(where)  # connections are opened, and the look is told of
        counts = [await waited(browser, where) for _ in range(3)]
        assert 0 < min(counts) <= MOST, (path, counts)
