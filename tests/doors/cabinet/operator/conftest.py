"""What the tests of the operator's area share."""

import httpx
import pytest

from opencabinet.access.operators import Role
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.doors.cabinet.browser import Browser
from tests.doors.cabinet.operator.working import World, operator, world
from tests.partners.rewards.programme import caught_up


@pytest.fixture
async def here(committed: Connection, settings: Settings, database: str) -> World:
    """A world to work in."""
    return await world(committed, settings, lambda: caught_up(database))


@pytest.fixture
async def admin(committed: Connection, settings: Settings, site: httpx.AsyncClient, here: World) -> Browser:
    """A browser where an administrator is signed in."""
    del here
    return await operator(committed, settings, site, Role.ADMINISTRATOR)
