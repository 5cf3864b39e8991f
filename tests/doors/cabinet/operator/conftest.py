"""What the tests of the operator's area share."""

import pytest

from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.doors.cabinet.operator.working import World, world
from tests.partners.rewards.programme import caught_up


@pytest.fixture
async def here(committed: Connection, settings: Settings, database: str) -> World:
    """A world to work in."""
    return await world(committed, settings, lambda: caught_up(database))
