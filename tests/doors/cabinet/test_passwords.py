"""Passwords: set by a code, and changed by whoever knows the old one."""

import httpx
import pytest

from opencabinet.access import people
from opencabinet.db import Connection
from tests.access.people.person import HERE, OTHER, PASSWORD, Someone
from tests.doors.cabinet.browser import Browser

CHANGE = "/cabinet/settings/security/password"


@pytest.fixture
async def code(committed: Connection, ann: Someone) -> str:
    """A code that sets her password."""
    return await people.password_code(committed, ann.means, ann.id, HERE)


async def test_a_code_sets_the_password_once(browser: Browser, ann: Someone, code: str) -> None:
    await browser.open("/cabinet/password")
    await browser.send("/cabinet/password", code=code, password=OTHER, repeated=OTHER)
    assert "sign in with it" in browser.text("[role=status]")
    await browser.send("/cabinet/sign-in", email=ann.email, password=OTHER)
    assert browser.text("h1") == "Your accounts"
    await browser.open("/cabinet/password")

    answer = await browser.send("/cabinet/password", code=code, password=PASSWORD, repeated=PASSWORD)

    assert answer.status_code == 403
    assert browser.text("#code-wrong") == "The code is unknown, used or expired."


@pytest.mark.parametrize(
    ("password", "repeated", "said"),
    [
        ("short", "short", "too short"),
        (OTHER, OTHER + "!", "not the same"),
        ("passwordpassword", "passwordpassword", "password"),
        ("", "", "too short"),
    ],
)
async def test_what_is_wrong_with_a_password_is_said_beside_it(
    browser: Browser, code: str, password: str, repeated: str, said: str
) -> None:
    await browser.open("/cabinet/password")

    answer = await browser.send("/cabinet/password", code=code, password=password, repeated=repeated)

    assert answer.status_code == 400
    assert said in browser.text("#password-wrong")
    assert not password or f'"{password}"' not in answer.text


async def test_who_knows_the_old_password_changes_it_and_stays_signed_in_here_alone(
    hers: Browser, ann: Someone, committed: Connection, site: httpx.AsyncClient
) -> None:
    await ann.sign_in()
    before = site.cookies["cabinet"]
    await hers.open(CHANGE)

    await hers.send(CHANGE, old=PASSWORD, password=OTHER, repeated=OTHER)

    assert "changed" in hers.text("[role=status]")
    assert site.cookies["cabinet"] != before
    assert await people.who(committed, ann.token) is None
    assert (await hers.open("/cabinet")).url.path == "/cabinet"


async def test_a_wrong_old_password_is_said_and_changes_nothing(hers: Browser, ann: Someone) -> None:
    await hers.open(CHANGE)

    answer = await hers.send(CHANGE, old=OTHER, password=OTHER, repeated=OTHER)

    assert answer.status_code == 403
    assert hers.text("#old-wrong") == "This does not prove who you are."
    await ann.sign_in(PASSWORD)
