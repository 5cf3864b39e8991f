"""Reading pages of partners whole, as browsers do that run no script."""

from typing import Any

import httpx

from tests.doors.cabinet.browser import Browser

SECTIONS = (
    *("", "/clients", "/commissions", "/statistics", "/links", "/banners", "/informers", "/payouts", "/disputes"),
    "/try",
)
"""Every page that the navigation leads to."""


def place(login: object, rest: str = "") -> str:
    """Return where a page of a partner is."""
    return f"/cabinet/partners/{login}{rest}"


async def whole(browser: Browser, login: object, rest: str = "", **given: Any) -> httpx.Response:
    """Open a page with all that is on it."""
    return await browser.open(place(login, rest), params={"whole": "yes", **given})


def cells(browser: Browser, selector: str = "tbody tr") -> list[str]:
    """Return what rows say."""
    return [" ".join(row.text(separator=" ").split()) for row in browser.page.css(selector)]


def said(browser: Browser) -> str:
    """Return what a page says, its pieces parted."""
    found = browser.page.css_first("main")
    assert found is not None
    return " ".join(found.text(separator=" ").split())


def link(browser: Browser, selector: str) -> str:
    """Return where a link of the page leads."""
    found = browser.page.css_first(selector)
    assert found is not None, browser.text()
    return found.attributes["href"] or ""
