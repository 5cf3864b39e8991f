"""What the tests of v1 share: an account and its owner, servers, a program that feeds, and a client with limits."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from msgspec import structs

from opencabinet import app
from opencabinet.access import Family
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.clients.serving import Server, serving
from tests.doors.v1.asking import filled, signed_in
from tests.doors.v1.feeding import Pusher, pusher
from tests.doors.v1.spending import still
from tests.living import living


@pytest.fixture
async def account(committed: Connection) -> Account:
    """An account with something in each of its lists; it is closed."""
    return await filled(committed)


@pytest.fixture
async def own(site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings) -> dict[str, str]:
    """The header that shows a bearer of the account."""
    return await signed_in(site, committed, account.login, settings)


@pytest.fixture
async def each_own(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> dict[Family, dict[str, str]]:
    """The headers that show a bearer of the account, by the family of what it opens."""
    secret, found = await make.password(committed, account.login, settings), {}
    for family in (Family.CLIENT, Family.PARTNER):
        shown = {"login": account.login, "password": secret, "family": family}
        answer = await site.post("/v1/tokens", json=shown)
        found[family] = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    return found


@pytest.fixture(scope="module")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    """A running server on the tests' database; none of its answers may be a fault of its own."""
    with serving(settings, home / "v1.log") as running:
        yield running
    assert '"event": "failed"' not in running.log.read_text()


@pytest.fixture
async def other_site(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A second process of the server, on the same database."""
    async with living(app.build(settings)) as (client, _):
        yield client


@pytest.fixture
async def bridge(site: httpx.AsyncClient, committed: Connection) -> Pusher:
    """A program that has a feed key for a server."""
    return await pusher(site, committed)


@pytest.fixture
async def bounded(settings: Settings, committed: Connection) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application with the usual limits, of which one process of two gives its half."""
    del committed
    usual = Settings()
    given = structs.replace(
        settings,
        workers=2,
        requests_per_credential=usual.requests_per_credential,
        requests_per_network=usual.requests_per_network,
        requests_per_open_account=usual.requests_per_open_account,
    )
    async with living(app.build(given)) as (client, _):
        still(client)
        yield client


@pytest.fixture
async def theirs(
    bounded: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> dict[str, str]:
    """The header that shows a bearer of the account."""
    return await signed_in(bounded, committed, account.login, settings)
