"""A browser as people have it, at pages of the cabinet: signing in, what it complains about, and whom axe helps."""

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

from tests.access.people.person import EMAIL, PASSWORD
from tests.clients.serving import Server
from tests.doors.promo.fragments.browsing import Browser

PHONE: Final = 360
LOOKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "light": {},
    "dark": {"dark": True},
    "phone": {"width": PHONE, "height": 740},
    "arabic": {"language": "ar"},
}
WIDER: Final = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
PICTURES: Final = os.environ.get("OPENCABINET_PICTURES", "")
"""A folder for pictures of what is looked at, if somebody wants to look at it, too."""


async def signed_in(browser: Browser, server: Server, email: str = EMAIL) -> Any:
    """Sign in, and return the page that is shown then."""
    page = await browser.page()
    await page.goto(f"{server.url}/cabinet/sign-in")
    await page.fill("#email", email)
    await page.fill("#password", PASSWORD)
    await page.click("main form button")
    await page.wait_for_url("**/cabinet")
    return page


async def look(browser: Browser, server: Server, path: str, name: str) -> Any:
    """Open a page in a look, and wait until all its parts are there."""
    given = dict(LOOKS[name])
    language = given.pop("language", "en")
    await browser.context.add_cookies([{"name": "language", "value": language, "url": server.url}])
    page = await browser.page(**given)
    await page.goto(server.url + path)
    await whole(page)
    return page


async def whole(page: Any) -> None:
    """Wait until all parts of a page are there."""
    await page.wait_for_selector("[aria-busy=true]", state="detached")


async def violations(page: Any) -> list[str]:
    """Return what stands in somebody's way on a page."""
    axe: Any = import_module("axe_playwright_python.async_playwright")
    found = (await axe.Axe().run(page)).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


async def picture(page: Any, name: str) -> None:
    """Take a picture of a page, if somebody wants to look at it."""
    if PICTURES:
        await page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
