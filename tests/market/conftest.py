"""A server of the prices that are told."""

import pytest

from opencabinet import accounts
from opencabinet.db import Connection
from tests.market.ticks import SERVER


@pytest.fixture
async def server(conn: Connection) -> None:
    """Know a server whose day ends with New York's."""
    await accounts.know_server(conn, SERVER, "NewYork+7")
