"""A page that shows a publishable key reads what the key opens there; another page reads nothing."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Function, Level, Policy, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.clients.serving import Server
from tests.doors.promo.fragments.browsing import Browser
from tests.doors.v1.asking import signed_in
from tests.doors.v1.keyed import bearing, made
from tests.doors.widgets.pages import element, put, shown

PAGE = "https://www.example.com"


@pytest.fixture
async def key(site: httpx.AsyncClient, account: Account, committed: Connection, settings: Settings) -> str:
    """A publishable key for the balance of an account, good on one page."""
    own = await signed_in(site, committed, account.login, settings)
    given: dict[str, Any] = {"kind": "publishable", "name": "page", "functions": ["balance"], "origins": [PAGE]}
    secret: str = (await made(site, account.login, own, **given))["secret"]
    return secret


async def test_a_page_asks_first_whether_it_may_show_a_key(site: httpx.AsyncClient) -> None:
    for path in ("/w/balance/1.json", "/w/balance/404404.json", "/w/quotes.json", "/w/nothing.json"):
        asked = {
            "Origin": PAGE,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization",
        }
        answer = await site.options(path, headers=asked)

        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "Authorization" in answer.headers["access-control-allow-headers"]
        assert answer.headers["access-control-allow-methods"] == "GET"
        assert "access-control-allow-credentials" not in answer.headers


async def test_a_key_is_good_on_its_page_alone(site: httpx.AsyncClient, account: Account, key: str) -> None:
    here = await site.get(f"/w/balance/{account.login}.json", headers=bearing(key, Origin=PAGE))
    elsewhere = await site.get(
        f"/w/balance/{account.login}.json", headers=bearing(key, Origin="https://elsewhere.example")
    )
    other = await site.get(f"/w/open-trades/{account.login}.json", headers=bearing(key, Origin=PAGE))

    assert (here.status_code, here.headers["access-control-allow-origin"]) == (200, PAGE)
    assert "Origin" in here.headers["vary"]
    for refused in (elsewhere, other):
        assert refused.status_code in {401, 403}
        assert "figures" not in refused.json()
        assert refused.headers["cache-control"] == "private, no-store"


async def test_a_key_in_an_address_is_refused_and_not_said_again(
    site: httpx.AsyncClient, account: Account, key: str
) -> None:
    for ending in ("", ".json", ".png"):
        answer = await site.get(f"/w/balance/{account.login}{ending}", params={"key": key})
        assert answer.status_code == 400
        assert key.encode() not in answer.content


async def test_an_element_shows_its_key_in_a_header(
    server: Server,
    looking: Browser,
    elsewhere: tuple[str, Path],
    account: Account,
    committed: Connection,
    settings: Settings,
) -> None:
    origin, folder = elsewhere
    rule = Rule(level=Level.PASSWORD)
    async with httpx.AsyncClient(base_url=server.url) as site:
        own = await signed_in(site, committed, account.login, settings)
        given: dict[str, Any] = {"kind": "publishable", "name": "page", "functions": ["balance"], "origins": [origin]}
        secret = (await made(site, account.login, own, **given))["secret"]
    put(
        folder,
        server,
        element("balance", account.login, key=secret) + element("open-trades", account.login, key=secret),
    )
    page = await looking.page()
    await page.goto(f"{origin}/page.html")
    await shown(page, "cabinet-balance")
    await shown(page, "cabinet-open-trades", "article[data-state=refused]")
    assert not any(secret in each for each in looking.asked)

    await access.set_policy(
        committed, account.login, Policy(default=Rule(level=Level.OPEN), rules={Function.BALANCE: rule})
    )
    await page.evaluate("() => document.querySelector('cabinet-balance').refresh()")
    await shown(page, "cabinet-balance", "article[data-state=refused]")
