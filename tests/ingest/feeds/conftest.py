"""A server of each platform, with one account."""

import pytest

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from tests.ingest.feeds.rows import SERVER, account, say


@pytest.fixture
async def mt5(conn: Connection) -> Connection:
    """A server of MetaTrader 5 with one account."""
    await feeds.know(conn, SERVER, "mt5", "UTC")
    await say(conn, account())
    return conn


@pytest.fixture
async def mt4(conn: Connection) -> Connection:
    """A server of MetaTrader 4 with one account."""
    await feeds.know(conn, SERVER, "mt4", "UTC")
    await say(conn, account(platform="mt4"))
    return conn
