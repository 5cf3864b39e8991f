"""The history of authorizations, and saying that it was not oneself: it asks first, and then leaves nothing open."""

import httpx

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.doors.cabinet.browser import Browser
from tests.doors.cabinet.client.reading import part, place, rows
from tests.doors.v1.asking import path, signed_in
from tests.living import settled


async def test_who_asked_is_told_with_where_from_and_the_outcome(
    hers: Browser, committed: Connection, account: Account, settings: Settings
) -> None:
    await signed_in(hers.site, committed, account.login, settings)
    await hers.site.get(path(account.login, "balance"))
    await settled(hers.site)

    await part(hers, place(account.login, "/history"))

    told = {(row["What"], row["Outcome"], row["From address"]) for row in rows(hers)}
    assert ("Signed in to the API", "Allowed", "127.0.0.1") in told
    assert ("Read without a credential", "Refused", "127.0.0.1") in told
    await part(hers, place(account.login, "/history"), **{"from": "2040-01-01"})
    assert hers.page.css_first(".empty") is not None


async def test_it_asks_first_and_says_what_it_does(hers: Browser, account: Account) -> None:
    await hers.open(place(account.login, "/history"))
    link = hers.page.css_first("a.danger")
    assert link is not None

    await hers.open(link.attributes["href"] or "")

    assert "signed out of the cabinet on all devices" in hers.text("main")
    assert (await hers.site.get("/cabinet")).status_code == 200, "Nothing is done yet."


async def test_who_says_that_it_was_not_them_leaves_nothing_open_and_is_told(
    hers: Browser, committed: Connection, account: Account, settings: Settings, site: httpx.AsyncClient
) -> None:
    own = await signed_in(hers.site, committed, account.login, settings)
    await hers.open(place(account.login, "/history/not-me"))

    answer = await hers.send(place(account.login, "/history/not-me"))

    assert answer.url.path == "/cabinet/signed-out"
    assert "Every token and key of the account is revoked" in hers.text("main")
    assert (await site.get(path(account.login, "balance"), headers=own)).status_code == 401
    assert (await site.get("/cabinet")).status_code == 303


async def test_nobody_says_it_of_an_account_of_somebody_else(hers: Browser) -> None:
    answer = await hers.send(place(7_000_999, "/history/not-me"))

    assert answer.status_code == 404
    assert (await hers.site.get("/cabinet")).status_code == 200
