"""How the builder is used: by ear, from right to left, on a phone, and without a script."""

from typing import Any

import pytest

from opencabinet import access
from opencabinet.access import Level, Policy, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection
from tests.doors.cabinet.browser import Browser
from tests.doors.widgets.private.scene import faults

WIDE = "() => document.documentElement.scrollWidth <= innerWidth"
WAYS = ("open", "key", "password", "ticket")


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.torture), "dark"])
async def test_everybody_can_use_it(
    hers_in_chromium: Any, cabinet: str, account: Account, committed: Connection, scheme: str
) -> None:
    page = hers_in_chromium
    await access.set_policy(committed, account.login, Policy(default=Rule(level=Level.OPEN)))
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": 360, "height": 800})
    for way in WAYS:
        await page.goto(f"{cabinet}/cabinet/accounts/{account.login}/widgets?widget=open-trades&way={way}")
        await page.locator(".stranger").wait_for()
        assert await faults(page, iframes=False) == [], way
        assert await page.evaluate(WIDE), way


async def test_it_speaks_arabic_from_right_to_left(hers_in_chromium: Any, cabinet: str, account: Account) -> None:
    page = hers_in_chromium
    await page.goto(f"{cabinet}/cabinet/accounts/{account.login}/widgets")
    await page.locator("#language").last.select_option("ar")
    await page.locator("html[dir=rtl]").wait_for()
    text = await page.locator("#builder").inner_text()
    assert "Who may see it" not in text
    assert await page.evaluate("getComputedStyle(document.querySelector('#snippet-html')).direction") == "ltr"


async def test_without_a_script_all_of_it_works(hers: Browser, account: Account) -> None:
    await hers.open(f"/cabinet/accounts/{account.login}/widgets?widget=balance")
    shape = hers.page.css_first("form#shape")
    assert shape is not None
    assert (shape.attributes["method"], shape.attributes["action"]) == (
        "get",
        f"/cabinet/accounts/{account.login}/widgets",
    )
    assert shape.css_first("button")
    assert hers.page.css_first(f'noscript a[href^="/cabinet/accounts/{account.login}/widgets/stranger"]')
    await hers.open(f"/cabinet/accounts/{account.login}/widgets/own?widget=balance&way=password")
    assert hers.page.css_first("html"), "A part that is asked for by itself is a page."
    assert hers.page.css_first(".ground.dark .oc-balance")
