"""Proving once more who one is: what was filled in waits, but for secrets."""

import httpx
import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.proofs import Kept
from tests.access.people.person import PASSWORD, Someone
from tests.doors.cabinet.browser import Browser

DELETION = "/cabinet/settings/data/deletion"


async def test_who_asks_for_what_is_theirs_alone_proves_it_and_comes_back(hers: Browser) -> None:
    await hers.open("/cabinet/settings/security/passkey")
    assert hers.page.css_first("#password") is not None

    answer = await hers.prove()

    assert answer.url.path == "/cabinet/settings/security/passkey"


async def test_a_wrong_proof_is_said(hers: Browser) -> None:
    await hers.open("/cabinet/prove")

    answer = await hers.send("/cabinet/prove", way="password", password="wrong")

    assert answer.status_code == 403
    assert hers.text("[role=alert]") == "This does not prove who you are."


async def test_what_was_filled_in_is_sent_again_after_the_proof(hers: Browser, committed: Connection) -> None:
    await hers.open("/cabinet/settings/data")
    answer = await hers.send(DELETION, reason='I move <to> the sea & "stay"')
    assert answer.status_code == 403
    await hers.prove(kept=hers.value("[name=kept]"))
    assert await committed.values("SELECT reason FROM deletion_requests") == []

    await hers.send(DELETION, reason=hers.value("[name=reason]"))

    assert await committed.values("SELECT reason FROM deletion_requests") == ['I move <to> the sea & "stay"']


async def test_the_proof_changes_the_cookie_and_is_told(
    hers: Browser, committed: Connection, site: httpx.AsyncClient, account: Account
) -> None:
    before = site.cookies["cabinet"]
    await hers.open("/cabinet/prove")

    await hers.prove()

    assert site.cookies["cabinet"] != before
    told = "SELECT channel FROM authorizations WHERE login = %(login)s AND action = 'session.step_up'"
    assert await committed.values(told, login=account.login) == ["cabinet"]


async def test_no_secret_is_kept_on_the_page(hers: Browser) -> None:
    await hers.open("/cabinet/settings/data")

    answer = await hers.send(DELETION, reason="plain", password="hunter", new_secret="hunter", code="hunter")

    assert "plain" in answer.text
    assert "hunter" not in answer.text


@pytest.mark.parametrize(
    "text",
    [
        '{"path": "https://evil.example/", "fields": []}',
        '{"path": "//evil.example/", "fields": []}',
        '{"path": "/v1/accounts", "fields": []}',
        '{"path": "/cabinet/../v1/tokens", "fields": []}',
        '{"path": "/cabinet/%2E%2e/v1/tokens", "fields": []}',
        '{"path": "/cabinet/look", "fields": [["form_token", "x"]]}',
        '{"path": "/cabinet/look"}',
        "[]",
        "nonsense",
    ],
)
def test_only_a_form_of_the_cabinet_waits(text: str) -> None:
    assert Kept.read(text) is None


def test_a_form_that_is_too_long_does_not_wait() -> None:
    assert Kept.of("/cabinet/look", Form({"reason": ["a" * 20_000]})) is None
    assert Kept.of("/cabinet/look", Form({"reason": ["a"]})) == Kept("/cabinet/look", [("reason", "a")])


async def test_a_proof_is_asked_for_again_after_a_while(hers: Browser, committed: Connection, ann: Someone) -> None:
    await hers.open("/cabinet/prove")
    await hers.prove()
    assert ann.id
    await committed.run("UPDATE sessions SET stepped_up_at = now() - interval '6 minutes'")

    answer = await hers.open("/cabinet/settings/security/passkey")

    assert answer.url.path == "/cabinet/prove"
    assert PASSWORD not in answer.text
