"""Webhooks on pages: made with a secret that is shown once, tested, changed, and dropped."""

from typing import Any

import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection, outbox
from tests.doors.cabinet.access.filling import base, filled
from tests.doors.cabinet.browser import Browser

URL = "https://hooks.example.com/cabinet"


def form(browser: Browser, **changes: Any) -> dict[str, Any]:
    """Return the form of a webhook, filled in."""
    return filled(browser, "form.form", **{"url": URL, "name": "my bot", **changes})


async def made(browser: Browser, account: Account) -> str:
    """Make a webhook, and return where its page is."""
    await browser.open(base(account.login, "/webhooks"))
    await browser.send(base(account.login, "/webhooks"), **form(browser))
    found = browser.page.css_first(".items a")
    assert found is not None, browser.text()
    return found.attributes["href"] or ""


async def test_a_webhook_is_made_and_its_secret_shown_once(proved: Browser, account: Account) -> None:
    where = await made(proved, account)
    secret = proved.text("#secret")
    assert secret.startswith("whsec_")

    await proved.open(where)

    assert secret not in proved.text()
    assert proved.value("#url") == URL
    assert "Nothing was sent yet" in proved.text()


async def test_what_is_sent_again_is_listed_and_can_be_chosen_by_its_state(
    proved: Browser, committed: Connection, account: Account
) -> None:
    number = await outbox.append(committed, account.login, "trade.closed")
    where = await made(proved, account)
    await proved.open(where)
    await proved.send(f"{where}/replay", since_at="2020-01-01T00:00")
    assert "sent again" in proved.text("[role=status]")
    assert f"trade.closed Waiting {outbox.event_id(account.login, number)}" in proved.text(".items")
    await proved.send(f"{where}/test")
    assert "on its way" in proved.text("[role=status]")

    await committed.run("UPDATE webhook_deliveries SET state = 'failed', ended_at = now(), next_at = NULL")
    await proved.open(f"{where}?state=failed")
    assert "Send again" in proved.text(".items")
    await proved.open(f"{where}?state=delivered")
    assert "Nothing was sent yet" in proved.text()
    await proved.open(f"{where}?state=burnt")
    assert "Choose one of these" in proved.text()


async def test_a_webhook_is_changed_paused_and_given_another_secret(proved: Browser, account: Account) -> None:
    where = await made(proved, account)
    await proved.open(where)
    settings = filled(proved, "[aria-labelledby=settings] form", state="paused", types="trade.*\nmargin.low")

    await proved.send(where, **settings)

    assert "The webhook is changed" in proved.text()
    assert "trade.* margin.low" in " ".join(proved.page.css_first("#types").text().split())  # type: ignore[union-attr]
    await proved.send(f"{where}/rotate", once="abc123")
    assert proved.text("#secret").startswith("whsec_")

    await proved.send(f"{where}/drop")
    assert "No webhook yet" in proved.text()
    assert (await proved.open(where)).status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("url", "http://hooks.example.com"),
        ("url", "https://127.0.0.1/"),
        ("url", "javascript:alert(1)"),
        ("url", "https://user:pass@example.com/"),
        ("name", "x" * 200),
        ("payload", "huge"),
        ("types", "DROP TABLE"),
        ("net_over", "-1"),
        ("net_over", "NaN"),
        ("margin_level_under", "0"),
        ("symbols", "\x00"),
    ],
)
async def test_nothing_hostile_makes_a_webhook(proved: Browser, account: Account, name: str, value: str) -> None:
    await proved.open(base(account.login, "/webhooks"))
    answer = await proved.send(base(account.login, "/webhooks"), **form(proved, **{name: value}))

    assert 400 <= answer.status_code < 500, answer.text
    assert proved.page.css_first("[role=alert]") is not None
    assert "No webhook yet" in proved.text()


async def test_what_cannot_be_sent_again_is_said(proved: Browser, account: Account) -> None:
    where = await made(proved, account)
    for given in ({"event": "evt_1_1"}, {"since_at": "never"}, {"event": "<b>"}, {}):
        answer = await proved.send(f"{where}/replay", **given)
        assert 400 <= answer.status_code < 500, (given, answer.text)
        assert "<b>" not in answer.text
