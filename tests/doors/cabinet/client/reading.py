"""Reading pages of clients: parts as a page asks for them, and what their tables say."""

from typing import Any, Final

import httpx

from tests.doors.cabinet.browser import Browser

PART: Final = {"hx-request": "true", "sec-fetch-site": "same-origin"}


def place(login: object, rest: str = "") -> str:
    """Return where a page of an account is."""
    return f"/cabinet/accounts/{login}{rest}"


async def part(browser: Browser, path: str, **given: Any) -> httpx.Response:
    """Ask for a part as the page does that holds it."""
    answer = await browser.open(path, headers=PART, params=given or None)
    assert answer.status_code == 200, answer.text
    return answer


def rows(browser: Browser) -> list[dict[str, str]]:
    """Return what the rows of the page's first table say, by the names of their columns."""
    return [
        {cell.attributes["data-label"] or "": " ".join(cell.text().split()) for cell in row.css("[data-label]")}
        for row in browser.page.css("tbody tr")
    ]


def keys(browser: Browser) -> list[str]:
    """Return the keys of the rows."""
    return [(row.attributes["data-key"] or "").partition("/")[2] for row in browser.page.css("tbody tr[data-key]")]


def link(browser: Browser, selector: str) -> str:
    """Return where a link of the page leads, nothing where there is none."""
    return attribute(browser, selector, "href")


def attribute(browser: Browser, selector: str, name: str) -> str:
    """Return an attribute of an element of the page, nothing where there is none."""
    found = browser.page.css_first(selector)
    return (found.attributes[name] or "") if found else ""
