"""A real browser at the cabinet: what it complains of, what it loads, and what it makes of a page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any, Final

from tests.doors.promo.fragments import browsing
from tests.needs import lacking

NOTING: Final = """
window.refused = [];
addEventListener("securitypolicyviolation", (event) =>
  window.refused.push([event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber].join(" ")));
"""
AXE: Final = "axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations)"
WIDTH: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
REFUSED: Final = "the server responded with a status of 4"
"""A part that is refused says so on the page."""
PHONE: Final = 360
DESK: Final = 1280


class Sight:
    """A page of the cabinet in a browser, and what was said and loaded since it was opened."""

    def __init__(self, page: Any, url: str) -> None:
        self.page = page
        self.url = url
        self.said: list[str] = []
        self.scripts: dict[str, int] = {}
        page.on("console", lambda said: self.said.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda failed: self.said.append(f"error: {failed}"))

    async def look(self, *, width: int = DESK, dark: bool = False) -> None:
        """Have the page as wide as a device, and light or dark."""
        await self.page.set_viewport_size({"width": width, "height": 800})
        await self.page.emulate_media(color_scheme="dark" if dark else "light")

    async def open(self, path: str) -> None:
        """Open a page and all of its parts."""
        self.said.clear()
        await self.page.goto(self.url + path)
        await self.page.wait_for_load_state("networkidle")

    async def sign_in(self, email: str, password: str) -> None:
        """Sign in as a person does."""
        await self.open("/cabinet/sign-in")
        await self.page.fill("#email", email)
        await self.page.fill("#password", password)
        await self.press("Sign in")

    async def press(self, name: str) -> None:
        """Press the button of the page with a name, and wait for what comes of it."""
        await self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
        await self.page.wait_for_load_state("networkidle")

    async def complaints(self) -> list[str]:
        """Return what the browser did not like: what was refused, what failed, what is wider than the page."""
        loud = [each for each in self.said if each.startswith(("error:", "warning:")) and REFUSED not in each]
        refused: list[str] = await self.page.evaluate("window.refused")
        wide = await self.page.evaluate(WIDTH)
        return [*loud, *refused, *([f"{wide} pixels too wide"] if wide > 0 else [])]

    async def barriers(self) -> list[str]:
        """Return what keeps people out, as axe finds it."""
        await self.page.evaluate(axe())
        found = await self.page.evaluate(AXE)
        return [f"{each['id']}: {node['target']} {node['html'][:120]}" for each in found for node in each["nodes"]]

    async def script_bytes(self) -> int:
        """Return how many bytes of script the page runs, as they are before they are packed."""
        addresses = await self.page.evaluate("[...document.querySelectorAll('script[src]')].map((each) => each.src)")
        loaded = "performance.getEntriesByType('resource').map((each) => each.name)"
        modules = [each for each in await self.page.evaluate(loaded) if each.partition("?")[0].endswith(".js")]
        for each in {*addresses, *modules} - set(self.scripts):
            answer = await self.page.request.get(each)
            self.scripts[each] = len(await answer.body())
        return sum(self.scripts[each] for each in {*addresses, *modules})


def axe() -> str:
    """Return axe itself."""
    try:
        return str(import_module("axe_playwright_python.base").AXE_SCRIPT)
    except ModuleNotFoundError:
        lacking("install axe-playwright-python to look for what keeps people out")


@asynccontextmanager
async def sight(browser: browsing.Browser, url: str, **options: Any) -> AsyncIterator[Sight]:
    """Give a page of a browser that forgets what it was told before."""
    await browser.context.clear_cookies()
    page = await browser.context.new_page()
    await page.add_init_script(NOTING)
    if language := options.get("language"):
        await page.set_extra_http_headers({"accept-language": language})
    try:
        yield Sight(page, url)
    finally:
        await page.close()
