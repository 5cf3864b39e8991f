"""What pages cost: whoever is signed in spends of a budget of their own, however many share their network."""

import httpx
import pytest
from msgspec import structs

from opencabinet import app
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.doors.cabinet.browser import Browser, owner
from tests.living import living

NETWORK, CREDENTIAL = 60, 90


@pytest.fixture
def narrow(settings: Settings) -> Settings:
    """Settings with little to spend."""
    return structs.replace(settings, workers=1, requests_per_network=NETWORK, requests_per_credential=CREDENTIAL)


async def first_refused(site: httpx.AsyncClient) -> int:
    """Return after how many pages too many were asked for."""
    for number in range(2 * CREDENTIAL):
        if (await site.get("/cabinet/settings")).status_code == 429:
            return number
    return 2 * CREDENTIAL


async def test_many_people_of_one_network_each_have_their_own(
    narrow: Settings, committed: Connection, account: Account
) -> None:
    await owner(committed, narrow, account.login)
    bob = await owner(committed, narrow, email="bob@example.com")
    async with living(app.build(narrow)) as (site, _):
        browser = Browser(site)
        await browser.sign_in("ann@example.com")
        assert NETWORK < await first_refused(site) < 2 * CREDENTIAL
        site.cookies.clear()

        await browser.sign_in(bob.email)
        assert (await site.get("/cabinet/settings")).status_code == 200


async def test_forms_of_other_sites_are_not_refused_for_nothing(narrow: Settings, committed: Connection) -> None:
    assert committed
    async with living(app.build(narrow)) as (site, _):
        answers = [await site.post("/cabinet/sign-in", headers={"origin": "http://["}) for _ in range(NETWORK + 1)]

    assert {answer.status_code for answer in answers} == {403, 429}
