"""What the tests of access share."""

from collections.abc import AsyncIterator

import pytest

from opencabinet.db import Connection
from tests.access.sealing import Sealed, history


@pytest.fixture
async def sealed(committed: Connection) -> AsyncIterator[Sealed]:
    """Give a history of three batches, each of three changes and three refusals."""
    async with history(committed) as made:
        yield made
