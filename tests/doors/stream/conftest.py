"""An account with a token, whose events are listened to."""

from datetime import timedelta

import pytest

from opencabinet import access
from opencabinet.access import Family, Lifetimes, keyfile
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make


@pytest.fixture
async def account(committed: Connection) -> Account:
    """An account."""
    return await make.account(committed)


@pytest.fixture
async def bearer(committed: Connection, account: Account, settings: Settings) -> str:
    """A bearer token of it, whose making left no event."""
    pepper = keyfile.load(settings.folder).pepper
    secret = await access.set_password(committed, account.login, pepper=pepper)
    session = await access.begin(
        committed,
        pepper=pepper,
        login=account.login,
        password=secret,
        family=Family.CLIENT,
        lifetimes=Lifetimes(timedelta(minutes=15), timedelta(hours=1)),
    )
    await committed.run("DELETE FROM events")
    await committed.run("DELETE FROM event_numbers")
    return session.bearer
