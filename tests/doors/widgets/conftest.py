"""What the tests of widgets share: an open account with something in it, a closed one, and a page of somebody else."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from opencabinet import access
from opencabinet.access import Level, Policy, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.clients.serving import Server, serving
from tests.doors.promo.fragments.browsing import Browser, foreign
from tests.doors.v1.asking import filled

OPEN = Policy(default=Rule(level=Level.OPEN))


@pytest.fixture
async def account(committed: Connection) -> Account:
    """An account with something in each of its lists, open to everybody."""
    made = await filled(committed)
    await access.set_policy(committed, made.login, OPEN)
    return made


@pytest.fixture
async def closed(committed: Connection) -> Account:
    """An account that nobody opened."""
    return await filled(committed)


@pytest.fixture(scope="module")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    """A running server whose widgets have a host of their own; none of its answers may be a fault of its own."""
    with serving(settings, home / "widgets.log", widgets_host="127.0.0.1") as running:
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
def elsewhere(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Give the origin of somebody else's site, and the folder of its pages."""
    with foreign(tmp_path) as origin:
        yield origin, tmp_path
