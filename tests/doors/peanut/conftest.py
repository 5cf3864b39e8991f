"""An application, an account and its token."""

from collections.abc import AsyncIterator

import httpx
import pytest
from msgspec import structs

from opencabinet import access, app
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy import recorded
from tests.living import living


@pytest.fixture
async def account(committed: Connection) -> Account:
    """The recorded account; it is closed."""
    made = await recorded.account(committed)
    await access.close_account(committed, made.login)
    return made


@pytest.fixture
async def own(committed: Connection, account: Account, settings: Settings) -> str:
    """A client token of the account."""
    return await make.token(committed, account.login, settings)


@pytest.fixture
async def linked(settings: Settings, committed: Connection) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application in the dialect of 2021, with pages to pay in and out set."""
    del committed
    given = structs.replace(
        settings,
        peanut_dialect="2021",
        deposit_url="https://broker.example/in/{login}",
        withdrawal_url="https://broker.example/out?account={login}",
    )
    async with living(app.build(given)) as (client, _):
        yield client
