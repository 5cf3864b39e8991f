"""An owner who has just proved who she is."""

import pytest

from opencabinet.db import Connection
from tests.doors.cabinet.browser import Browser


@pytest.fixture
async def proved(hers: Browser, committed: Connection) -> Browser:
    """A browser where she is signed in, and has just proved once more that it is her."""
    await committed.run("UPDATE sessions SET stepped_up_at = now()")
    return hers
