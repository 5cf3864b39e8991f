"""What the tests of the cabinet share: an account with something in it, its owner, and a browser."""

import httpx
import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.access.people.person import Someone
from tests.doors.cabinet.browser import Browser, owner
from tests.doors.v1.asking import filled


@pytest.fixture
async def account(committed: Connection) -> Account:
    """An account with something in each of its lists; it is closed."""
    return await filled(committed)


@pytest.fixture
async def ann(committed: Connection, settings: Settings, account: Account) -> Someone:
    """Whose it is."""
    return await owner(committed, settings, account.login)


@pytest.fixture
async def browser(site: httpx.AsyncClient) -> Browser:
    """A browser where nobody is signed in."""
    return Browser(site)


@pytest.fixture
async def hers(browser: Browser, ann: Someone) -> Browser:
    """A browser where she is signed in."""
    answer = await browser.sign_in(ann.email)
    assert answer.status_code == 200, answer.text
    return browser
