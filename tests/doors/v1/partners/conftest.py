"""A partner, and the header that shows who it is."""

import httpx
import pytest

from opencabinet.access import Family
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.doors.v1.asking import signed_in
from tests.partners.making import enrolled


@pytest.fixture
async def partner(committed: Connection) -> Account:
    """A partner."""
    return await enrolled(committed)


@pytest.fixture
async def theirs(
    site: httpx.AsyncClient, committed: Connection, partner: Account, settings: Settings
) -> dict[str, str]:
    """The header that shows the partner's bearer."""
    return await signed_in(site, committed, partner.login, settings, Family.PARTNER)
