"""A page of somebody else on another origin, and a browser that blocks what third parties would keep."""

import json
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any, Final

from tests.needs import lacking

BLOCKED: Final = 1
"""Chromium's word for blocking third-party cookies."""
OPTIONS: Final = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking")
WRITTEN: Final = """async () => ({
  cookie: document.cookie, local: localStorage.length, session: sessionStorage.length,
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
})"""
"""What a frame may have written, if it may write at all."""
NOTHING: Final = {"cookie": "", "local": 0, "session": 0, "databases": 0, "caches": 0}


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def foreign(folder: Path) -> Iterator[str]:
    """Serve the pages of a folder as somebody else's site, and give its origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_port}"  # another site than 127.0.0.1
        server.shutdown()
        thread.join()


class Browser:
    """A browser with a profile of its own, and what it told and asked for."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.said: list[str] = []
        self.asked: list[str] = []

    async def page(self, *, dark: bool = False, width: int = 1000, height: int = 800) -> Any:
        """Give a new page whose words and questions are written down."""
        page = await self.context.new_page()
        await page.emulate_media(color_scheme="dark" if dark else "light")
        await page.set_viewport_size({"width": width, "height": height})
        page.on("console", lambda said: self.said.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda failed: self.said.append(str(failed)))
        page.on("request", lambda request: self.asked.append(request.url))
        return page

    def complaints(self) -> list[str]:
        """Return what the browser did not like."""
        return [each for each in self.said if not each.startswith(("log:", "info:", "debug:"))]


@asynccontextmanager
async def browser(folder: Path, *, script: bool = True) -> AsyncIterator[Browser]:
    """Give a browser that blocks third-party cookies, and runs no script unless told."""
    chromium = shutil.which("chromium") or lacking("install chromium to see the pages as a browser does")
    try:
        playwright = import_module("playwright.async_api")
    except ModuleNotFoundError:
        lacking("install playwright to use the pages as people do")
    default = folder / "profile" / "Default"
    default.mkdir(parents=True)
    kept = {"profile": {"cookie_controls_mode": BLOCKED, "block_third_party_cookies": True}}
    (default / "Preferences").write_text(json.dumps(kept))
    async with playwright.async_playwright() as driver:
        context = await driver.chromium.launch_persistent_context(
            str(folder / "profile"),
            executable_path=chromium,
            headless=True,
            args=[*OPTIONS],
            java_script_enabled=script,
        )
        context.set_default_timeout(30_000)
        yield Browser(context)
        await context.close()
