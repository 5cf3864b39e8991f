"""Getting second factors, and giving them up; passkeys are tried in a browser."""

import base64

import pyotp
import pytest

from opencabinet.access.people import factors
from opencabinet.db import Connection
from tests.access.people.person import Someone, clock, fresh
from tests.doors.cabinet.browser import Browser

SECURITY = "/cabinet/settings/security"


@pytest.fixture
async def proved(hers: Browser) -> Browser:
    """A browser where she has just proved who she is."""
    await hers.open("/cabinet/prove")
    await hers.prove()
    return hers


async def with_app(browser: Browser, conn: Connection) -> pyotp.TOTP:
    """Set an app up, as a page tells."""
    await browser.open(SECURITY)
    await browser.send(f"{SECURITY}/app")
    app = pyotp.TOTP(browser.text("#secret").replace(" ", ""))
    await browser.send(f"{SECURITY}/app/confirm", code=app.at(await clock(conn)))
    return app


async def test_an_app_counts_once_it_showed_its_first_code(
    proved: Browser, committed: Connection, ann: Someone
) -> None:
    await proved.send(f"{SECURITY}/app")
    assert proved.page.css_first(".qr svg") is not None
    answer = await proved.send(f"{SECURITY}/app/confirm", code="000000")
    assert (answer.status_code, proved.text("#code-wrong")) == (403, "This does not prove who you are.")
    assert not (await factors.ways(committed, ann.id)).any
    secret = proved.text("#secret").replace(" ", "")

    await proved.send(f"{SECURITY}/app/confirm", code=pyotp.TOTP(secret).at(await clock(committed)))

    assert (await factors.ways(committed, ann.id)).app
    assert (await proved.open(f"{SECURITY}/app")).url.path == SECURITY
    assert secret not in (proved.page.html or "")


async def test_recovery_codes_are_shown_once(proved: Browser, committed: Connection, ann: Someone) -> None:
    await with_app(proved, committed)

    await proved.send(f"{SECURITY}/codes")

    shown = [each.text() for each in proved.page.css(".codes li")]
    assert len(set(shown)) == 10
    assert (await factors.ways(committed, ann.id)).codes == 10
    again = await proved.open(SECURITY)
    assert "10 codes left" in again.text
    assert not any(each in again.text for each in shown)


async def test_no_recovery_codes_without_a_factor(proved: Browser) -> None:
    await proved.send(f"{SECURITY}/codes")

    assert proved.text("[role=status]") == "There is no such second factor."


async def test_an_app_is_given_up_after_a_proof(proved: Browser, committed: Connection, ann: Someone) -> None:
    app = await with_app(proved, committed)
    await committed.run("UPDATE sessions SET stepped_up_at = NULL")
    answer = await proved.send(f"{SECURITY}/app/remove")
    assert (answer.status_code, (await factors.ways(committed, ann.id)).app) == (403, True)
    await fresh(committed, ann.id)
    code = app.at(await clock(committed))
    await proved.send("/cabinet/prove", way="app", code=code, kept=proved.value("[name=kept]"))

    await proved.send(f"{SECURITY}/app/remove")

    assert not (await factors.ways(committed, ann.id)).any


async def test_what_is_no_passkey_is_not_kept_or_removed(proved: Browser, committed: Connection, ann: Someone) -> None:
    await proved.open(f"{SECURITY}/passkey")
    await proved.send(f"{SECURITY}/passkey/ask")

    answer = await proved.site.get(f"{SECURITY}/passkey")
    await proved.open(f"{SECURITY}/passkey")
    refused = await proved.send(f"{SECURITY}/passkey", name="Key", answer='{"id": "x"}')

    assert answer.status_code == 200
    assert (refused.status_code, proved.value("#name")) == (403, "Key")
    assert not (await factors.ways(committed, ann.id)).any
    for key in (base64.urlsafe_b64encode(b"nothing").decode(), "?", ""):
        await proved.open(SECURITY)
        gone = await proved.send(f"{SECURITY}/passkey/remove", key=key)
        assert gone.status_code in {200, 400}
