"""Signing in at the cabinet: by the password, on a page of the cabinet's own, and for one's own accounts only."""

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Level, Policy, Rule, people
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.access.people.person import HERE, Someone
from tests.doors.cabinet.browser import OWN, Browser, owner


async def test_whoever_knows_the_password_sees_their_accounts(hers: Browser, account: Account) -> None:
    assert str(account.login) in hers.text()


async def test_a_wrong_password_is_said_and_what_was_typed_stays(browser: Browser, ann: Someone) -> None:
    answer = await browser.sign_in(ann.email, "not it, not it at all")

    assert answer.status_code == 403
    assert browser.page.css_first("[role=alert]") is not None
    assert browser.value("#email") == ann.email
    assert "set-cookie" not in answer.headers


async def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(browser: Browser, ann: Someone) -> None:
    await browser.open("/cabinet?which=this")
    answer = await browser.send(
        "/cabinet/sign-in", email=ann.email, password="correct horse battery", next="https://evil.example"
    )
    assert answer.url.host == "cabinet.test"

    assert browser.page.css_first("#password") is not None


async def test_a_form_of_another_site_or_of_no_session_does_nothing(hers: Browser, site: httpx.AsyncClient) -> None:
    for headers in ({}, {"origin": "https://evil.example"}, {**OWN, "sec-fetch-site": "cross-site"}):
        token = hers.value("[name=form_token]")
        answer = await site.post("/cabinet/sign-out", data={"form_token": token}, headers=headers)
        assert answer.status_code == 403
    assert (await hers.send("/cabinet/sign-out", token="0" * 64)).status_code == 403
    assert (await site.get("/cabinet")).status_code == 200


async def test_who_signs_out_is_signed_out(hers: Browser, site: httpx.AsyncClient) -> None:
    await hers.send("/cabinet/sign-out")

    assert (await site.get("/cabinet")).status_code == 303


async def test_what_strangers_are_refused_the_owner_sees(
    hers: Browser, committed: Connection, account: Account
) -> None:
    await access.set_policy(committed, account.login, Policy(default=Rule(level=Level.OFF)))

    shown = await hers.open("/cabinet?whole=yes")

    assert f"{account.balance:,.2f}" in shown.text


async def test_who_has_an_account_no_longer_sees_it_no_longer(
    hers: Browser, committed: Connection, ann: Someone, account: Account
) -> None:
    await people.unlink(committed, ann.means, ann.id, account.login, HERE)

    assert str(account.login) not in (await hers.open("/cabinet")).text


@pytest.mark.usefixtures("hers")
async def test_a_session_opens_in_v1_nothing_from_outside(site: httpx.AsyncClient, account: Account) -> None:
    token = dict(site.cookies)["cabinet"]
    answer = await site.get(f"/v1/accounts/{account.login}/balance", headers={"authorization": f"Bearer {token}"})

    assert answer.status_code == 401


async def test_nobody_sees_accounts_of_others(hers: Browser, committed: Connection, settings: Settings) -> None:
    other = await make.account(committed, login=7_000_999)
    await owner(committed, settings, other.login, email="bob@example.com")

    assert "7000999" not in (await hers.open("/cabinet")).text
