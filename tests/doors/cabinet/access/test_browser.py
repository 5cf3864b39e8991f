"""A person at the pages of access: they change who may read, make and revoke a key, on a phone, dark, in Arabic."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from opencabinet.access import NewKey, keys, make_key
from opencabinet.access.model import Function, Kind
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.access.people.person import PASSWORD, Someone
from tests.clients.serving import Server, serving
from tests.doors.cabinet.access.filling import base
from tests.doors.cabinet.browsing import LOOKS, PHONE, WIDER, look, picture, signed_in, violations, whole
from tests.doors.promo.fragments.browsing import browser

PAGES = ("", "/keys", "/tokens", "/password", "/webhooks")


@pytest.fixture(scope="module")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    """A running server on the tests' database."""
    with serving(settings, home / "access.log") as running:
        yield running
    assert '"event": "failed"' not in running.log.read_text()


async def prove(page: Any) -> None:
    """Prove who one is, where that is asked, and go on."""
    await page.fill("#password", PASSWORD)
    await page.click("main form button")
    await page.click("main form button")


async def test_a_rule_is_changed_with_all_there_is_to_see_before_and_holds(
    server: Server, tmp_path: Path, account: Account, ann: Someone
) -> None:
    balance = f"{server.url}/v1/accounts/{account.login}/balance"
    async with browser(tmp_path) as chromium, httpx.AsyncClient() as anybody:
        page = await signed_in(chromium, server, ann.email)
        assert (await anybody.get(balance)).status_code == 401
        await page.goto(server.url + base(account.login))
        await whole(page)

        await page.click("#row-balance summary")
        await page.select_option("[id='balance.level']", "both")
        await page.fill("[id='balance.networks']", "203.0.113.0/255.255.255.0")
        await page.wait_for_selector("#masks-balance >> text=256 addresses")
        await page.click("#row-balance [data-adds]")
        await page.wait_for_selector("#masks-balance >> text=yours is one of them")
        assert "both" not in await page.inner_text("#row-balance summary")
        await page.select_option("[id='balance.level']", "open")
        assert not await page.is_visible("[id='balance.networks']")
        await page.click("text=Show what changes")
        await page.wait_for_selector("#review >> text=Some gain it")
        await page.click("text=Show what they read")
        await page.wait_for_selector("#seen >> text=They read it")
        await page.click("text=Ask the judge")
        await page.wait_for_selector("#simulated tbody tr")
        await picture(page, "access-review")

        await page.click("text=Save the rules")
        await prove(page)
        await page.wait_for_selector("text=The rules are saved")

        assert (await anybody.get(balance)).status_code == 200
        await whole(page)
        assert await page.inner_text("#row-balance .badge") == "Open"
        assert [each for each in chromium.complaints() if "status of 403" not in each] == []


async def test_a_key_is_made_copied_once_and_refused_once_it_is_revoked(
    server: Server, tmp_path: Path, account: Account, ann: Someone, committed: Connection
) -> None:
    balance = f"{server.url}/v1/accounts/{account.login}/balance"
    async with browser(tmp_path) as chromium, httpx.AsyncClient() as anybody:
        page = await signed_in(chromium, server, ann.email)
        await committed.run("UPDATE sessions SET stepped_up_at = now()")
        await page.goto(server.url + base(account.login, "/keys"))
        await page.fill("#name", "my bot")
        await page.check("[name=functions][value=balance]")
        assert not await page.is_visible("#origins")
        await page.click("text=Make the key")
        secret = await page.inner_text("#secret")
        await picture(page, "access-key")
        own = {"Authorization": f"Bearer {secret}"}
        assert (await anybody.get(balance, headers=own)).status_code == 200

        await page.goto(server.url + base(account.login, "/keys"))
        assert secret not in await page.content()
        await page.click(".sure summary")
        await page.click(".sure button.danger")
        await page.wait_for_selector("text=The key is revoked")

        assert (await anybody.get(balance, headers=own)).status_code == 401
        assert await keys(committed, account.login) == []
        assert chromium.complaints() == []


@pytest.mark.torture  # the walk through every page sees them, too, in one look
@pytest.mark.parametrize("name", LOOKS)
async def test_every_page_is_for_everybody(
    server: Server, tmp_path: Path, account: Account, ann: Someone, committed: Connection, settings: Settings, name: str
) -> None:
    await make.token(committed, account.login, settings)
    key = NewKey(kind=Kind.SERVER, name="bot", functions=frozenset({Function.BALANCE}))
    await make_key(committed, account.login, key)
    async with browser(tmp_path) as chromium:
        await signed_in(chromium, server, ann.email)
        for rest in PAGES:
            page = await look(chromium, server, base(account.login, rest), name)
            if not rest:
                await page.click("#row-default summary")
                await page.select_option("[id='default.level']", "both")
                await page.fill("[id='default.networks']", "203.0.113.0/24\n10.0.0.0/8\nnonsense")
                await page.wait_for_selector("#masks-default li:nth-child(3)")
            await picture(page, f"access{rest.replace('/', '-')}-{name}")
            assert await violations(page) == [], (rest, name)
            if LOOKS[name].get("width") == PHONE:
                assert await page.evaluate(WIDER) <= 0, rest
            await page.close()
        assert chromium.complaints() == []
