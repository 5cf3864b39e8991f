"""A server of the accounts that are valued."""

import pytest

from opencabinet import accounts
from opencabinet.db import Connection


@pytest.fixture
async def server(conn: Connection) -> None:
    """Know a server."""
    await accounts.know_server(conn, "S", "UTC")
