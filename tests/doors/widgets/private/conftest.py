"""What the tests of private widgets share: a closed account and its keys, a server, and a browser beside a site."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.clients.serving import Server, serving
from tests.doors.promo.fragments.browsing import Browser, foreign
from tests.doors.widgets.private.scene import Scene, Site


@pytest.fixture(scope="module")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    """A running server on the tests' database; none of its answers may be a fault of its own."""
    with serving(settings, home / "private.log") as running:
        yield running
    assert '"event": "failed"' not in running.log.read_text()


@pytest.fixture
async def looking(shared: Browser) -> AsyncIterator[Browser]:
    """A browser that has said and asked nothing yet."""
    shared.said.clear()
    shared.asked.clear()
    yield shared
    for page in shared.context.pages[1:]:
        await page.close()


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Site]:
    """The site of the account's owner."""
    folder = tmp_path / "ours"
    folder.mkdir()
    with foreign(folder) as origin:
        yield Site(origin, folder)


@pytest.fixture
def evil(tmp_path: Path) -> Iterator[Site]:
    """The site of somebody who means no good."""
    folder = tmp_path / "evil"
    folder.mkdir()
    with foreign(folder) as origin:
        yield Site(origin, folder)


@pytest.fixture
async def scene(
    server: Server, committed: Connection, closed: Account, settings: Settings, ours: Site
) -> AsyncIterator[Scene]:
    """A closed account whose owner has a site."""
    password = await make.password(committed, closed.login, settings)
    async with httpx.AsyncClient(base_url=server.url) as client:
        yield await Scene.begun(client, server, closed.login, password, ours)
