"""An operator's morning in a real browser: search, hold a reward, write news, and find both in the audit."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest

from opencabinet.access import OPERATOR, operators, people
from opencabinet.access.operators import Role
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.access.people.person import PASSWORD
from tests.clients.serving import Server, serving
from tests.doors.cabinet.browser import owner
from tests.doors.cabinet.operator.working import PROVED, World, world
from tests.doors.promo.fragments.browsing import Browser, browser
from tests.needs import lacking

OLGA: Final = "olga@example.com"
TRIES: Final = 150
REWARDS: Final = 9
"""Of three trades, for three partners each."""
PHONE: Final = (360, 740)
DESK: Final = (1280, 900)
WIDTH: Final = "document.documentElement.scrollWidth"
PAGES: Final = (
    "",
    "/search?q=ann",
    "/search?q=nobody+at+all",
    "/accounts/{login}",
    "/accounts/{login}/trades",
    "/accounts/{login}/trades?state=open",
    "/accounts/{login}/policy",
    "/imports",
    "/imports/{login}",
    "/people",
    "/people/{ann}",
    "/applications",
    "/applications?state=spam",
    "/partners",
    "/partners/{partner}",
    "/plans",
    "/plans/what-if",
    "/rewards",
    "/rewards/{partner}",
    "/rewards/{partner}/{reward}",
    "/news",
    "/news/{article}",
    "/banners",
    "/audit",
    "/audit?by=operators&outcome=refused",
    "/operators",
)


@pytest.fixture(scope="module")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    """A running server on the tests' database; none of its answers may be a fault of its own."""
    with serving(settings, home / "operator.log") as running:
        yield running
    assert '"event": "failed"' not in running.log.read_text()


@pytest.fixture(scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """A browser that the tests of this module share."""
    async with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture
async def here(server: Server, committed: Connection, settings: Settings) -> World:
    """A world to work in, whose rewards the worker of the running server works out."""
    del server

    async def worked_out() -> None:
        for _ in range(TRIES):
            if await committed.value("SELECT count(*) FROM rewards") >= REWARDS:
                return
            await asyncio.sleep(0.2)
        pytest.fail("The worker works out no rewards.")

    return await world(committed, settings, worked_out)


@pytest.fixture
async def page(
    shared: Browser, server: Server, committed: Connection, settings: Settings, here: World
) -> AsyncIterator[Any]:
    """A page where an administrator is signed in who showed a second factor."""
    del here
    shared.said.clear()
    someone = await owner(committed, settings, email=OLGA)
    await operators.appoint(committed, await people.existing(committed, OLGA), [Role.ADMINISTRATOR], OPERATOR)
    await shared.context.clear_cookies()
    opened = await shared.page(width=DESK[0], height=DESK[1])
    await opened.goto(f"{server.url}/cabinet/sign-in")
    await opened.fill("input[name=email]", OLGA)
    await opened.fill("input[name=password]", PASSWORD)
    await opened.click("main button")
    await opened.wait_for_url(f"{server.url}/cabinet")
    await committed.run(PROVED, person=someone.id, level="second factor", fresh=True)
    shared.said.clear()
    yield opened
    await opened.close()
    assert shared.complaints() == []


async def test_a_morning(page: Any, server: Server, here: World) -> None:
    await page.goto(f"{server.url}/cabinet/operator")
    await page.click("main >> text=Search")
    await page.fill("#q", "ann ex")
    await page.click(f"#found >> text={here.login}")
    await page.wait_for_selector("text=What the balance is made of")

    partner = here.programme.direct
    await page.goto(f"{server.url}/cabinet/operator/rewards/{partner}")
    await page.check(f"input[value='{here.reward}']")
    await page.click("button[value=hold]")
    await page.wait_for_selector("text=The rewards are held.")

    await page.goto(f"{server.url}/cabinet/operator/news")
    await page.fill("#body", "# The bank rests\n\nUntil Monday.")
    await page.click("text=Publish >> nth=-1")
    await page.wait_for_selector("text=The news is kept.")
    assert await page.is_visible("text=The bank rests")

    await page.goto(f"{server.url}/cabinet/operator/audit?by=operators")
    told = await page.inner_text("table")
    for what in ("operator.look", "reward.hold", "news.publish"):
        assert what in told
    assert told.count(OLGA) == 3


async def test_every_page_is_accessible_on_a_desk_and_on_a_phone_light_and_dark_in_either_direction(
    page: Any, server: Server, here: World
) -> None:
    try:
        axe = import_module("axe_playwright_python.async_playwright").Axe()
    except ModuleNotFoundError:
        lacking("install axe-playwright-python to see whether pages are accessible")
    names = {
        "login": here.login,
        "partner": here.programme.direct,
        "ann": here.ann.id,
        "reward": here.reward,
        "article": here.article,
    }
    wrong, wide = [], []
    looks = [(DESK, "light", "en"), (PHONE, "dark", "ar")]
    for (width, height), scheme, language in looks:
        await page.set_viewport_size({"width": width, "height": height})
        await page.emulate_media(color_scheme=scheme)
        await page.context.add_cookies([{"name": "language", "value": language, "url": server.url}])
        for path in PAGES:
            await page.goto(f"{server.url}/cabinet/operator{path.format(**names)}")
            await page.wait_for_load_state("networkidle")
            assert await page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
            found = (await axe.run(page)).response["violations"]
            wrong += [(path, language, each["id"], each["nodes"][0]["html"][:160]) for each in found]
            wide += [(path, language)] if await page.evaluate(WIDTH) > width else []

    assert (wrong, wide) == ([], [])
