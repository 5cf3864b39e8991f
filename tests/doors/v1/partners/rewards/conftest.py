"""Two levels of partners, and a client who closed five trades."""

from datetime import timedelta

import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.partners import programme
from tests import make
from tests.partners.making import LONG_AGO, accrued, enrolled, planned, referred, traded

TWO_LEVELS = b"""
[[plans]]
name = "default"
currency = "USD"
parts = [{ kind = "per_lot", rates = [{ rate = 5 }] }]
rebate = 10

[[plans]]
name = "master"
currency = "USD"
parts = [{ kind = "per_lot", rates = [{ rate = 7 }] }]
"""


@pytest.fixture
async def master(committed: Connection) -> Account:
    """A partner who is paid seven dollars a lot, and is above another."""
    await planned(committed, TWO_LEVELS)
    made = await enrolled(committed)
    await programme.follow_plan(committed, made.login, "master", LONG_AGO)
    return made


@pytest.fixture
async def partner(committed: Connection, master: Account) -> Account:
    """A partner who is paid five, a tenth of which is the client's."""
    made = await enrolled(committed)
    await programme.place(committed, made.login, master.login, LONG_AGO)
    return made


@pytest.fixture
async def client(committed: Connection, partner: Account, database: str) -> Account:
    """A client who closed five trades of a lot."""
    made = await referred(committed, partner.login)
    for number in range(5):
        await traded(committed, made.login, closed_at=make.NOW - number * timedelta(days=1, hours=5))
    await accrued(database)
    return made
