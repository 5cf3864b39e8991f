"""Fragments on a page of somebody else, with third-party cookies blocked: they work, and leave nothing behind."""

from pathlib import Path
from typing import Final

import pytest

from opencabinet import content
from opencabinet.db import Connection
from tests.clients.serving import Server
from tests.doors.promo.fragments.browsing import NOTHING, Browser, browser
from tests.doors.promo.fragments.foreign import fitted, put, snippets, strangers, written
from tests.doors.promo.fragments.stocking import CODE

SVG: Final = b"""<svg xmlns="http://www.w3.org/2000/svg" width="300" height="250">
<rect width="300" height="250" fill="#0b6bcb"/></svg>"""
APPLIED: Final = "SELECT 'app_' || id || ' ' || name || ' ' || country || ' ' || code FROM applications"


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize(("scheme", "lang"), [("light", "en"), ("dark", "ar"), ("dark", "ru")])
async def test_all_fragments_show_and_fit_and_leave_nothing_behind(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], scheme: str, lang: str
) -> None:
    origin, folder = elsewhere
    put(folder, "\n".join(snippets(server, lang=lang)), scheme)
    page = await looking.page(dark=scheme == "dark")

    await page.goto(f"{origin}/page.html")
    for element in await page.query_selector_all("iframe"):
        await element.scroll_into_view_if_needed()  # they are loaded when they come into sight
        await page.wait_for_timeout(100)
    frames = await fitted(page)

    assert len(frames) == 14
    for frame in frames:
        assert await frame.evaluate("() => document.querySelector('main').innerText.trim().length") > 20, frame.url
        assert await frame.evaluate("() => document.scrollingElement.scrollWidth <= innerWidth"), frame.url
        assert await written(frame) == NOTHING, frame.url
    assert await looking.context.cookies() == []
    assert looking.complaints() == []
    assert strangers(looking, server.url, origin) == []


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize(
    "path", ["/informers", "/landings/start", "/landings/invited", "/open-account/thanks?number=1"]
)
async def test_our_own_pages_leave_nothing_behind_either(server: Server, looking: Browser, path: str) -> None:
    page = await looking.page(width=390)
    await page.goto(f"{server.url}{path}")

    assert await page.evaluate("() => document.scrollingElement.scrollWidth <= innerWidth")
    assert await written(page.main_frame) == NOTHING
    assert await looking.context.cookies() == []
    assert looking.complaints() == []
    assert strangers(looking, server.url) == []


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 24, 31)")])
async def test_a_frame_is_as_dark_as_its_visitor_likes(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], scheme: str, ground: str
) -> None:
    origin, folder = elsewhere
    put(folder, f'<iframe src="{server.url}/informers/quotes"></iframe>', scheme)
    page = await looking.page(dark=scheme == "dark")
    await page.goto(f"{origin}/page.html")

    frame = page.frames[1]
    await frame.wait_for_load_state("load")
    assert await frame.evaluate("() => getComputedStyle(document.querySelector('main')).backgroundColor") == ground


async def test_an_account_is_applied_for_within_a_frame_by_keyboard_alone(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], everything: Connection
) -> None:
    origin, folder = elsewhere
    put(folder, next(each for each in snippets(server) if "/open-account" in each))
    page = await looking.page(width=390, height=844)
    await page.goto(f"{origin}/page.html")
    (frame,) = await fitted(page)

    await frame.focus("#name")
    for typed in ("Ann Example", "ann@example.com", "Germany", "+49 30 1234567", "", ""):
        await page.keyboard.type(typed)
        await page.keyboard.press("Tab")
    for pressed in ("Space", "Tab", "Enter"):
        await page.keyboard.press(pressed)
    await frame.wait_for_url("**/open-account/thanks?**")
    await fitted(page)

    number = await frame.inner_text(".number")
    assert await everything.values(APPLIED) == [f"{number} Ann Example DE {CODE}"]
    assert await written(frame) == NOTHING
    assert await looking.context.cookies() == []
    assert looking.complaints() == []
    assert strangers(looking, server.url, origin) == []


async def test_quotes_are_renewed_while_somebody_looks(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], everything: Connection
) -> None:
    origin, folder = elsewhere
    put(folder, snippets(server)[0])
    page = await looking.page()
    await page.clock.install()
    await page.goto(f"{origin}/page.html")
    (frame,) = await fitted(page)
    assert "1.10200" in await frame.inner_text("main")

    await everything.run("UPDATE quotes SET bid = 1.2, quoted_at = now() WHERE symbol = 'EURUSD'")
    await page.clock.fast_forward(11_000)
    await frame.wait_for_selector("text=1.20000")

    assert await frame.evaluate("() => [...document.querySelectorAll('.up')].map((each) => each.innerText)") == [
        "1.20000"
    ]
    assert looking.complaints() == []


@pytest.mark.usefixtures("everything")
async def test_everything_works_without_a_script(server: Server, tmp_path: Path, elsewhere: tuple[str, Path]) -> None:
    origin, folder = elsewhere
    put(folder, next(each for each in snippets(server) if "/informers/pip" in each))
    async with browser(tmp_path / "still", script=False) as looking:
        page = await looking.page()
        await page.goto(f"{origin}/page.html")
        pip = page.frames[1]
        await pip.fill("#lots", "3")
        await pip.press("#lots", "Enter")
        await pip.wait_for_url("**lots=3**")
        assert "3.00 USD" in await pip.inner_text(".result")

        await page.goto(f"{server.url}/landings/start?code={CODE}")
        await page.click("article a")
        await page.fill("#name", "Bert Example")
        await page.fill("#email", "bert@example.com")
        await page.select_option("#country", "CH")
        await page.check("#agreed")
        await page.click("button[type=submit]")
        await page.wait_for_url("**/open-account/thanks?**")
        assert "app_" in await page.inner_text(".number")


async def test_a_banner_shows_on_a_foreign_page(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], everything: Connection
) -> None:
    origin, folder = elsewhere
    picture, _ = content.judged(SVG)
    banner = await content.add_banner(everything, picture, title="A banner", theme="light", language="en")
    put(folder, f'<img src="{server.url}/banners/{banner.id}/{CODE}.svg" alt="A banner">')
    page = await looking.page()

    await page.goto(f"{origin}/page.html")

    assert await page.evaluate("() => [document.images[0].naturalWidth, document.images[0].naturalHeight]") == [
        300,
        250,
    ]
    assert await looking.context.cookies() == []
    assert looking.complaints() == []
