"""Elements with a publishable key: other sites' browsers are refused, and a budget bounds the rest."""

from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Level, Policy, Rule
from opencabinet.db import Connection
from tests.doors.promo.fragments.browsing import Browser
from tests.doors.widgets.private.scene import Scene, Site

SCRIPT = '<script type="module" src="{url}/w/component.js"></script>'
ELEMENT = f'{SCRIPT}<cabinet-balance login="{{login}}" key="{{key}}"></cabinet-balance>'
TEXT = "() => document.querySelector('cabinet-balance').shadowRoot?.textContent ?? ''"
READS = 5


@pytest.fixture
async def key(scene: Scene, committed: Connection) -> str:
    """A publishable key with a small budget for what is open; everything else is closed."""
    await access.set_policy(committed, scene.login, Policy(rules={access.Function.BALANCE: Rule(level=Level.OPEN)}))
    given = {"kind": "publishable", "name": "p", "functions": ["balance"], "origins": [scene.site.origin]}
    answer = await scene.client.post(
        f"/v1/accounts/{scene.login}/keys",
        json={**given, "reads_per_minute": READS},
        headers={"Authorization": f"Bearer {scene.bearer}"},
    )
    secret: str = answer.json()["secret"]
    return secret


async def said(page: Any, word: str) -> None:
    """See that an element says something."""
    await page.wait_for_function(f"({TEXT})().includes({word!r})")


async def test_an_element_is_shown_on_pages_that_the_key_names_and_on_no_other(
    looking: Browser, scene: Scene, evil: Site, key: str
) -> None:
    page, other = await looking.page(), await looking.page()
    body = ELEMENT.format(url=scene.server.url, login=scene.login, key=key)
    await page.goto(scene.site.put(body))
    await other.goto(evil.put(body))

    await said(page, "1,000")
    await said(other, "Not shown here")
    assert "1,000" not in await other.evaluate(TEXT)


async def test_a_budget_bounds_what_pages_read(scene: Scene, key: str) -> None:
    where = f"{scene.server.url}/w/balance/{scene.login}.json"
    shown = {"Authorization": f"Bearer {key}", "Origin": scene.site.origin}
    answers = [await scene.client.get(where, headers=shown) for _ in range(READS + 2)]

    assert [each.status_code for each in answers] == [200] * READS + [429] * 2
    assert answers[0].headers["access-control-allow-origin"] == scene.site.origin
    assert "retry-after" in answers[-1].headers
    own = {"Authorization": f"Bearer {scene.bearer}"}
    assert (await scene.client.get(where, headers=own)).status_code == 200, "The owner's own reads go on."


async def test_a_key_opens_nothing_that_is_closed(scene: Scene, key: str) -> None:
    answer: httpx.Response = await scene.client.get(
        f"{scene.server.url}/w/open-trades/{scene.login}.json",
        headers={"Authorization": f"Bearer {key}", "Origin": scene.site.origin},
    )
    assert answer.status_code == 403
