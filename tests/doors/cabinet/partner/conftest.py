"""A partner with something in each of their lists, whose owner is signed in."""

import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.doors.cabinet.browser import Browser, owner
from tests.doors.v1.asking import filled
from tests.doors.v1.partnering import seeded


@pytest.fixture
async def partner(committed: Connection, settings: Settings, database: str, browser: Browser) -> Account:
    """A partner whose owner is signed in."""
    made = await filled(committed)
    await seeded(committed, made.login, database)
    ann = await owner(committed, settings, made.login)
    assert (await browser.sign_in(ann.email)).status_code == 200
    return made
