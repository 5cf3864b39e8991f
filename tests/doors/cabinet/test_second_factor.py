"""Signing in with a second factor: the password alone opens nothing."""

import httpx
import pyotp
import pytest

from opencabinet.access.people import factors
from opencabinet.accounts import Account
from opencabinet.db import Connection
from tests.access.people.person import HERE, Someone, clock, fresh
from tests.doors.cabinet.browser import Browser


@pytest.fixture
async def app(committed: Connection, ann: Someone) -> pyotp.TOTP:
    """Her authenticator app, whose code of now is good."""
    await ann.sign_in()
    await ann.step_up()
    made = await ann.enrol_app()
    await fresh(committed, ann.id)
    return made


async def test_the_password_alone_opens_nothing_but_the_next_step(
    browser: Browser, ann: Someone, app: pyotp.TOTP, site: httpx.AsyncClient
) -> None:
    await browser.sign_in(ann.email)

    assert app
    assert browser.page.css_first("#app-code") is not None
    assert (await site.get("/cabinet")).headers["location"].startswith("/cabinet/sign-in")


async def test_the_code_opens_the_accounts_and_the_cookie_is_another(
    browser: Browser, ann: Someone, app: pyotp.TOTP, account: Account, committed: Connection, site: httpx.AsyncClient
) -> None:
    await browser.sign_in(ann.email)
    before = site.cookies["cabinet"]

    await browser.send("/cabinet/second-factor", way="app", code=app.at(await clock(committed)), next="/cabinet")

    assert str(account.login) in browser.text()
    assert site.cookies["cabinet"] != before


async def test_a_wrong_code_is_said_and_a_used_one_is_wrong(
    browser: Browser, ann: Someone, app: pyotp.TOTP, committed: Connection
) -> None:
    code = app.at(await clock(committed))
    for right in (True, False):
        await browser.sign_in(ann.email)
        answer = await browser.send("/cabinet/second-factor", way="app", code=code)
        assert (answer.status_code == 200) is right
        await browser.open("/cabinet") if right else None
        await browser.send("/cabinet/sign-out") if right else None

    assert browser.text("[role=alert]") == "This does not prove who you are."


async def test_a_recovery_code_stands_in_once(
    browser: Browser, ann: Someone, app: pyotp.TOTP, committed: Connection
) -> None:
    assert app
    session = await ann.step_up(factors.AppCode(app.at(await clock(committed))))
    [code, *_] = await factors.new_recovery_codes(committed, ann.means, session, HERE)
    for status in (200, 403):
        await browser.sign_in(ann.email)
        answer = await browser.send("/cabinet/second-factor", way="recovery", code=code.upper())
        assert answer.status_code == status
        if status == 200:
            await browser.send("/cabinet/sign-out")


async def test_who_is_not_half_signed_in_has_no_second_step(browser: Browser) -> None:
    answer = await browser.open("/cabinet/second-factor")

    assert answer.url.path == "/cabinet/sign-in"


async def test_after_the_second_step_one_comes_where_one_wanted(
    browser: Browser, ann: Someone, app: pyotp.TOTP, committed: Connection
) -> None:
    await browser.open("/cabinet/settings/sessions")
    wanted = browser.value("[name=next]")
    await browser.send("/cabinet/sign-in", email=ann.email, password="kettle of nine herons", next=wanted)
    code = app.at(await clock(committed))
    answer = await browser.send("/cabinet/second-factor", way="app", code=code, next=browser.value("[name=next]"))

    assert answer.url.path == "/cabinet/settings/sessions"
