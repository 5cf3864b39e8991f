"""What the tests of the builder share: a server whose widgets have a host of their own, and its owner's browser."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from opencabinet.settings import Settings
from tests.access.people.person import PASSWORD, Someone
from tests.clients.serving import Server, serving
from tests.doors.promo.fragments.browsing import Browser, foreign
from tests.doors.widgets.private.scene import Site


@pytest.fixture(scope="module")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    """A running server: the cabinet is on `localhost`, widgets are on `127.0.0.1`."""
    with serving(settings, home / "builder.log", widgets_host="127.0.0.1") as running:
        yield running
    assert '"event": "failed"' not in running.log.read_text()


@pytest.fixture
async def looking(shared: Browser) -> AsyncIterator[Browser]:
    """A browser that has said and asked nothing yet, where nobody is signed in."""
    shared.said.clear()
    shared.asked.clear()
    await shared.context.clear_cookies()
    yield shared
    for page in shared.context.pages[1:]:
        await page.close()


@pytest.fixture
def cabinet(server: Server) -> str:
    """Where the cabinet is."""
    return f"http://localhost:{server.port}"


@pytest.fixture
async def hers_in_chromium(looking: Browser, cabinet: str, ann: Someone) -> Any:
    """A page where the account's owner is signed in."""
    page = await looking.page(width=1280, height=900)
    await page.goto(f"{cabinet}/cabinet/sign-in")
    await page.locator("[name=email]").fill(ann.email)
    await page.locator("[name=password]").fill(PASSWORD)
    await page.locator("main form button").first.click()
    await page.wait_for_url("**/cabinet*")
    return page


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Site]:
    """The site of the owner, on a third host's origin."""
    folder = tmp_path / "ours"
    folder.mkdir()
    with foreign(folder) as origin:
        yield Site(origin, folder)
