"""A page's first byte waits for the database three times at most: what does not need one another is asked at once."""

from typing import Any

import httpx
import pytest
from psycopg import AsyncCursor

from opencabinet.access.operators import Role
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.doors.cabinet.operator.test_roles import NEEDS, filled
from tests.doors.cabinet.operator.working import World, operator

MOST = 3
BY_THEMSELVES = {"/accounts/{login}/around", "/imports/{login}/rows"}
"""Parts that are asked for once their page is there."""


class Waves:
    """Counts how often a request has waited: what was asked before anything of it was answered is one wave."""

    def __init__(self) -> None:
        self.answered = 0

    async def ask(self, execute: Any, cursor: Any, *given: Any, **more: Any) -> Any:
        """Ask something."""
        wave = self.answered + 1
        try:
            return await execute(cursor, *given, **more)
        finally:
            self.answered = max(self.answered, wave)


@pytest.fixture
def waves(monkeypatch: pytest.MonkeyPatch) -> Waves:
    """Count from now on."""
    counted, execute = Waves(), AsyncCursor.execute

    async def counting(cursor: Any, *given: Any, **more: Any) -> Any:
        return await counted.ask(execute, cursor, *given, **more)

    monkeypatch.setattr(AsyncCursor, "execute", counting)
    return counted


async def test_no_page_waits_for_the_database_more_than_three_times(
    committed: Connection, settings: Settings, site: httpx.AsyncClient, here: World, waves: Waves
) -> None:
    browser = await operator(committed, settings, site, Role.ADMINISTRATOR)
    paths = [path for verb, path in NEEDS if verb == "GET" and path not in BY_THEMSELVES]
    for path in [*paths, "/search?q=ann", "/search?q=7000001"]:
        where = filled(path, here)
        await browser.open(where)  # connections are opened, and the look is told of
        waves.answered = 0
        await browser.open(where)
        assert 0 < waves.answered <= MOST, (path, waves.answered)
