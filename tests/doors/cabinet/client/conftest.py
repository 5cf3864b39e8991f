"""What the tests of clients' pages share: a running server, and a browser as people have it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from opencabinet.settings import Settings
from tests.clients.serving import Server, serving
from tests.doors.promo.fragments.browsing import Browser


@pytest.fixture(scope="module")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    """A running server on the tests' database; none of its answers may be a fault of its own."""
    with serving(settings, home / "client.log", brand="Example Markets") as running:
        yield running
    assert '"event": "failed"' not in running.log.read_text()


@pytest.fixture
async def looking(shared: Browser) -> AsyncIterator[Browser]:
    """A browser that has said and asked nothing yet, and where nobody is signed in."""
    shared.said.clear()
    shared.asked.clear()
    await shared.context.clear_cookies()
    yield shared
    for page in shared.context.pages[1:]:
        await page.close()
