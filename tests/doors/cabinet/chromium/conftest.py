"""What the tests in a browser share: a running server, and a browser that forgets between them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from opencabinet.access.people import factors
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.access.people.person import HERE, Someone
from tests.clients.serving import Server, serving
from tests.doors.cabinet.chromium.seeing import Sight, sight
from tests.doors.promo.fragments.browsing import Browser

SECRET = "DEMONSTRATIONONLYTELLNOBODYELSE2"


@pytest.fixture(scope="module")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    """A running server on the tests' database; none of its answers may be a fault of its own."""
    with serving(settings, home / "cabinet.log", brand="Example Markets") as running:
        yield running
    assert '"event": "failed"' not in running.log.read_text()


@pytest.fixture
def address(server: Server) -> str:
    """Where the cabinet is: passkeys are of a name, not of a number."""
    return f"http://localhost:{server.port}"


@pytest.fixture
async def seen(shared: Browser, address: str, account: Account) -> AsyncIterator[Sight]:
    """A page where nobody is signed in; somebody has an account."""
    assert account
    async with sight(shared, address) as found:
        yield found


@pytest.fixture
async def with_app(committed: Connection, ann: Someone) -> Someone:
    """Her, with an authenticator app whose secret is known."""
    await factors.give_app(committed, ann.means, ann.id, SECRET, source=HERE)
    return ann
