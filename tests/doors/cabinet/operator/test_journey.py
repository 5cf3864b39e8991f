"""An operator's morning in a real browser: search, hold a reward, write news, and find both in the audit."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pyotp
import pytest
from msgspec import Struct

from opencabinet.access import OPERATOR, operators, people
from opencabinet.access.operators import Role
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.access.people.person import PASSWORD, clock, fresh
from tests.clients.serving import Server, serving
from tests.doors.cabinet.browser import owner
from tests.doors.cabinet.operator.working import World, world
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


class Olga(Struct, frozen=True):
    """An operator with a page of the browser, and an authenticator app in her hand."""

    page: Any
    conn: Connection
    person: int
    app: pyotp.TOTP

    async def show_code(self) -> None:
        """Type the code of this moment where the page asks for it."""
        await fresh(self.conn, self.person)
        await self.page.fill("input[name=code] >> nth=0", self.app.at(await clock(self.conn)))
        await self.page.keyboard.press("Enter")


@pytest.fixture
async def olga(
    shared: Browser, server: Server, committed: Connection, settings: Settings, here: World
) -> AsyncIterator[Olga]:
    """An administrator who has signed in with the password and the second factor."""
    del here
    someone = await owner(committed, settings, email=OLGA)
    await operators.appoint(committed, await people.existing(committed, OLGA), [Role.ADMINISTRATOR], OPERATOR)
    await someone.sign_in()
    await someone.step_up()
    app = await someone.enrol_app()
    await shared.context.clear_cookies()
    opened = await shared.page(width=DESK[0], height=DESK[1])
    shared.said.clear()
    found = Olga(opened, committed, someone.id, app)
    await opened.goto(f"{server.url}/cabinet/sign-in")
    await opened.fill("input[name=email]", OLGA)
    await opened.fill("input[name=password]", PASSWORD)
    await opened.click("main button")
    await opened.wait_for_url("**/second-factor*")
    await found.show_code()
    await opened.wait_for_url(re.compile("/cabinet$"))
    yield found
    await opened.close()
    assert shared.complaints() == [] or all("403" in each for each in shared.complaints())


async def test_a_morning(olga: Olga, server: Server, here: World, committed: Connection) -> None:
    page = olga.page
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

    await committed.run("UPDATE sessions SET stepped_up_at = NULL")
    await page.check(f"input[value='{here.reward}']")
    await page.click("button[value=approve]")
    await page.wait_for_selector("text=What you filled in is kept meanwhile.")
    await olga.show_code()
    await page.click(f"form[action$='/rewards/{partner}/move'] button")
    await page.wait_for_selector("text=The rewards are approved.")

    await page.goto(f"{server.url}/cabinet/operator/news")
    await page.fill("#body", "# The bank rests\n\nUntil Monday.")
    await page.click("text=Publish >> nth=-1")
    await page.wait_for_selector("text=The news is kept.")
    assert await page.is_visible("text=The bank rests")

    await page.goto(f"{server.url}/cabinet/operator/audit?by=operators")
    told = await page.inner_text("table")
    for what in ("operator.look", "reward.hold", "reward.approve", "news.publish"):
        assert what in told
    assert told.count(OLGA) == 5, "Two looks, of an account and of a partner, and three acts."


@pytest.mark.torture  # the walk through every page sees them, too, in one look
async def test_every_page_is_accessible_on_a_desk_and_on_a_phone_light_and_dark_in_either_direction(
    olga: Olga, server: Server, here: World
) -> None:
    page = olga.page
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
