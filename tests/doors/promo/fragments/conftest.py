"""What the tests of fragments share: a market, a running server, and a browser beside somebody else's site."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.clients.serving import Server, serving
from tests.doors.promo.fragments import stocking
from tests.doors.promo.fragments.browsing import Browser, foreign


@pytest.fixture
async def stock(committed: Connection) -> None:
    """A market with quotes."""
    await stocking.market_of(committed)


@pytest.fixture(scope="module")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    """A running server on the tests' database; none of its answers may be a fault of its own."""
    with serving(settings, home / "promo.log", brand="Example Markets") as running:
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


@pytest.fixture
async def everything(committed: Connection) -> Connection:
    """All that fragments can show."""
    await stocking.market_of(committed)
    await stocking.partner(committed)
    for title in ("The bank holds its rate", "Gold at a new high", "Payrolls come in stronger"):
        await stocking.told(committed, title, "Markets had expected something else, and moved within minutes.")
    return committed
