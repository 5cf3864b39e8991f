"""What the tests of widgets share: an open account with something in it, a closed one, and a page of somebody else."""

import pytest

from opencabinet import access
from opencabinet.access import Level, Policy, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection
from tests.doors.v1.asking import filled

OPEN = Policy(default=Rule(level=Level.OPEN))


@pytest.fixture
async def account(committed: Connection) -> Account:
    """An account with something in each of its lists, open to everybody."""
    made = await filled(committed)
    await access.set_policy(committed, made.login, OPEN)
    return made


@pytest.fixture
async def closed(committed: Connection) -> Account:
    """An account that nobody opened."""
    return await filled(committed)
