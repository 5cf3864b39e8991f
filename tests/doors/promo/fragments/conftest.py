"""What the tests of fragments share."""

import pytest

from opencabinet.db import Connection
from tests.doors.promo.fragments import stocking


@pytest.fixture
async def stock(committed: Connection) -> None:
    """A market with quotes."""
    await stocking.market_of(committed)
