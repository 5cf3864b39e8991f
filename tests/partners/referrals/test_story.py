"""From a click to a client, as it goes through the doors: a link, an application, an account, and what each sees."""

from datetime import UTC, datetime

import httpx
import pytest

from opencabinet import onboarding
from opencabinet.access import Source
from opencabinet.db import Connection
from opencabinet.partners import referrals
from opencabinet.partners.referrals import Following, Rules
from opencabinet.settings import Settings
from tests.doors.promo.fragments.reading import hidden, read, text
from tests.partners.referrals.making import account, ago, click, partner
from tests.quiet import quiet

FORM = {"name": "Ann Example", "email": "ann@example.com", "country": "DE", "currency": "EUR"}


async def test_from_a_click_to_a_client(site: httpx.AsyncClient, committed: Connection, settings: Settings) -> None:
    theirs, rival = await partner(committed, "STORY"), await partner(committed)
    token = await click(committed, theirs, ago(30))

    applied = await site.post("/v1/applications", json={**FORM, "click": token, "keyword": "autumn"})
    assert applied.status_code == 201, applied.text
    where, shown = f"/v1/applications/{applied.json()['id']}", {"X-Application-Token": applied.json()["token"]}
    assert (await site.get(where, headers=shown)).json()["state"] == "received"

    [waiting] = await onboarding.listed(committed, "received", limit=10)
    assert (waiting.email, waiting.click, waiting.keyword) == ("ann@example.com", token, "autumn")
    opened = datetime.now(UTC)
    client = await account(committed, registered=opened)
    await onboarding.open_as(committed, waiting.id, client)
    following = Following(settings.attribution)
    await quiet(committed)
    while await following.step(committed) is not None:
        pass

    seen = (await site.get(where, headers=shown)).json()
    assert (seen["state"], seen["login"]) == ("opened", client)
    assert await referrals.check(committed, theirs, client, Source())
    assert not await referrals.check(committed, rival, client, Source())
    [entry] = await referrals.explain(committed, client)
    assert (entry.reason, entry.partner, entry.since) == ("last_click", theirs, opened)
    [masked] = await referrals.clients(committed, theirs, limit=10)
    assert (masked.level, masked.login, masked.country) == ("masked", None, "DE")


@pytest.mark.parametrize(("days", "found"), [(1, "last_click"), (200, "window_over")])
async def test_a_landing_page_gives_no_code_that_was_only_clicked(
    site: httpx.AsyncClient, committed: Connection, days: float, found: str
) -> None:
    token = await click(committed, await partner(committed, "STORY"), ago(days))
    form = read(await site.get(f"/landings/start?click={token}"))
    assert "STORY" in text(form, "article")

    sent = {**hidden(form), **FORM, "agreed": "yes"}
    assert (await site.post("/open-account", data=sent, headers={"Sec-Fetch-Site": "same-origin"})).status_code == 303
    [waiting] = await onboarding.listed(committed, "received", limit=10)
    client = await account(committed)
    await onboarding.open_as(committed, waiting.id, client)
    await Following(Rules()).step(committed)

    [entry] = await referrals.explain(committed, client)
    assert (entry.kind, entry.reason) == ("click", found)


async def test_after_the_window_a_click_tells_nothing(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    theirs, client = await partner(committed), await account(committed)
    window = settings.attribution.window.days
    applied = await site.post(
        "/v1/applications", json={**FORM, "click": await click(committed, theirs, ago(window + 1))}
    )
    number = int(applied.json()["id"].removeprefix("app_"))
    await onboarding.open_as(committed, number, client)

    await quiet(committed)
    await Following(Rules()).step(committed)

    [entry] = await referrals.explain(committed, client)
    assert (entry.verdict, entry.reason) == ("refused", "window_over")
    assert not await referrals.is_client(committed, theirs, client)
