"""Servers that are followed."""

from collections.abc import AsyncIterator

import pytest

from opencabinet.db import Connection
from tests.double import Server
from tests.ingest.feeds.metatrader.following import Following


@pytest.fixture
async def follow(mariadb: Server, committed: Connection) -> AsyncIterator[Following]:
    """What makes a server that is followed; all are gone after the test."""
    following = Following(mariadb, committed)
    yield following
    await following.close()
