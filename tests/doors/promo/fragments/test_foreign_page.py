"""Fragments on a page of somebody else, with third-party cookies blocked: they work, and leave nothing behind."""

from collections.abc import Iterator
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from opencabinet import content
from opencabinet.db import Connection
from tests.clients.serving import PLAIN, Server
from tests.doors.promo.fragments import stocking
from tests.doors.promo.fragments.browsing import NOTHING, WRITTEN, Browser, browser, foreign
from tests.doors.promo.fragments.stocking import CODE

PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>My page</title>
<meta name="color-scheme" content="{scheme}"><link rel="icon" href="data:,"><body>{body}</body></html>"""
TWIN: Final = """<!doctype html><title>Twin</title><link rel="icon" href="data:,">
<img src="http://127.0.0.2:9/seen.png"><script>localStorage.setItem("a", "b"); document.cookie = "c=d"</script>"""
SVG: Final = b"""<svg xmlns="http://www.w3.org/2000/svg" width="300" height="250">
<rect width="300" height="250" fill="#0b6bcb"/></svg>"""
HEIGHT: Final = "() => document.documentElement.getBoundingClientRect().height"
APPLIED: Final = "SELECT 'app_' || id || ' ' || name || ' ' || country || ' ' || code FROM applications"
TRIES: Final = 200
OURS: Final = "https://cabinet.example"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Give the origin of somebody else's site, and the folder of its pages."""
    with foreign(tmp_path) as origin:
        yield origin, tmp_path


@pytest.fixture
async def everything(committed: Connection) -> Connection:
    """All that fragments can show."""
    await stocking.market_of(committed)
    await stocking.partner(committed)
    for title in ("The bank holds its rate", "Gold at a new high", "Payrolls come in stronger"):
        await stocking.told(committed, title, "Markets had expected something else, and moved within minutes.")
    return committed


def snippets(server: Server, **given: str) -> list[str]:
    """Return the snippets of the gallery, as a partner copies them."""
    page = httpx.get(f"{server.url}/informers", params={"code": CODE, **given}).text
    return [node.text() for node in HTMLParser(page).css("textarea")]


def put(folder: Path, body: str, scheme: str = "light") -> None:
    """Put something on somebody else's page."""
    (folder / "page.html").write_text(PAGE.format(scheme=scheme, body=body), "utf-8")


async def fitted(page: Any) -> list[Any]:
    """Return the frames of a page, once each is as high as what it shows."""
    frames = [frame for frame in page.frames if frame != page.main_frame]
    for frame in frames:
        await frame.wait_for_load_state("load")
        for _ in range(TRIES):
            element = await frame.frame_element()
            if await element.get_attribute("height") == str(ceil(await frame.evaluate(HEIGHT))):
                break
            await page.wait_for_timeout(50)
        else:
            pytest.fail(f"{frame.url} is not as high as it says.")
    return frames


async def written(frame: Any) -> Any:
    """Return what a frame has written; one that may not write has written nothing."""
    try:
        return await frame.evaluate(WRITTEN)
    except Exception as refused:
        if "denied" not in str(refused):
            raise
        return NOTHING


def strangers(looking: Browser, *ours: str) -> list[str]:
    """Return who was asked besides us and the page itself."""
    return [url for url in looking.asked if not url.startswith((*ours, "data:"))]


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


@pytest.mark.usefixtures("everything")
async def test_older_pages_hear_of_the_height_in_their_own_words(
    server: Server, looking: Browser, elsewhere: tuple[str, Path]
) -> None:
    origin, folder = elsewhere
    listening = "<script>heard = []; onmessage = (event) => heard.push(event.data)</script>"
    paths = ("en/exchange_rate/run_inst2", "index.php/exchange_rate/run_inst2/id=f1")
    put(folder, listening + "".join(f'<iframe src="{server.url}/informers/{path}"></iframe>' for path in paths))
    page = await looking.page()
    await page.goto(f"{origin}/page.html")

    await page.wait_for_function("() => new Set(heard.map((each) => typeof each)).size === 2")
    heard = await page.evaluate("() => heard")
    assert min(each for each in heard if isinstance(each, int)) > 100
    assert min(int(each.removeprefix("f1_")) for each in heard if isinstance(each, str)) > 100


@pytest.mark.usefixtures("everything")
async def test_a_frame_works_in_the_strictest_sandbox_that_lets_it_run(
    server: Server, looking: Browser, elsewhere: tuple[str, Path]
) -> None:
    origin, folder = elsewhere
    listening = "<script>heard = []; onmessage = (event) => heard.push([event.origin, event.data.height])</script>"
    put(folder, f'{listening}<iframe src="{server.url}/informers/quotes" sandbox="allow-scripts"></iframe>')
    page = await looking.page()
    await page.goto(f"{origin}/page.html")

    await page.wait_for_function("() => heard.length > 0")
    (told, height), *_ = await page.evaluate("() => heard")
    assert told == "null"
    assert height > 100
    assert await page.frames[1].evaluate("() => getComputedStyle(document.querySelector('main')).padding") == "12px"
    assert looking.complaints() == []


@pytest.mark.usefixtures("everything")
async def test_a_frame_shows_on_a_page_that_is_isolated_from_all_others(server: Server, looking: Browser) -> None:
    body = PAGE.format(scheme="light", body=f'<iframe src="{OURS}/informers/quotes"></iframe>')
    isolated = {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin"}
    headers = {"Content-Type": "text/html", **isolated}
    page = await looking.page()
    await page.route("https://partner.example/**", lambda route: route.fulfill(body=body, headers=headers))
    await page.route(f"{OURS}/**", partial(passed_on, server))
    await page.goto("https://partner.example/")

    assert await page.evaluate("() => crossOriginIsolated")
    await page.frame_locator("iframe").locator("text=EURUSD").wait_for()
    assert looking.complaints() == []


async def passed_on(server: Server, route: Any) -> None:
    """Let a server answer as if it was reached over https at a name of its own."""
    async with httpx.AsyncClient(verify=PLAIN) as client:
        answer = await client.get(route.request.url.replace(OURS, server.url))
    await route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize(("told", "hears"), [("https://partner.example", True), ("https://other.example", False)])
async def test_the_height_goes_behind_the_hash_of_the_page_itself_alone(
    server: Server,
    looking: Browser,
    told: str,
    hears: bool,  # noqa: FBT001
) -> None:
    form = f"{OURS}/en/partner_open_account.aspx?{urlencode({'x': CODE, 'host': told})}"
    body = PAGE.format(
        scheme="light", body=f'<iframe src="{form}" width="600" height="900" referrerpolicy="unsafe-url"></iframe>'
    )
    page = await looking.page()
    await page.route("https://partner.example/**", lambda route: route.fulfill(body=body, content_type="text/html"))
    await page.route(f"{OURS}/**", partial(passed_on, server))
    await page.goto("https://partner.example/open.html?a=b")

    await page.frame_locator("iframe").locator("#name").click()
    await page.evaluate("() => { document.querySelector('iframe').width = 300 }")
    await page.wait_for_timeout(500)

    assert page.url.startswith("https://partner.example/open.html?a=b")
    assert ("#h" in page.url) is hears


async def test_what_breaks_these_promises_is_found_out(looking: Browser, elsewhere: tuple[str, Path]) -> None:
    origin, folder = elsewhere
    (folder / "twin.html").write_text(TWIN, "utf-8")
    page = await looking.page()
    await page.goto(f"{origin}/twin.html")

    assert await written(page.main_frame) == NOTHING | {"cookie": "c=d", "local": 1}
    assert len(await looking.context.cookies()) == 1
    assert strangers(looking, origin) == ["http://127.0.0.2:9/seen.png"]
    assert looking.complaints() != []
    await looking.context.clear_cookies()


async def test_a_cookie_of_a_third_party_would_be_blocked(looking: Browser, elsewhere: tuple[str, Path]) -> None:
    origin, folder = elsewhere
    cookie = "<script>document.cookie = 'a=b; SameSite=None; Secure'</script>"
    (folder / "cookie.html").write_text(cookie, "utf-8")
    put(folder, f'<iframe src="{origin.replace("localhost", "127.0.0.1")}/cookie.html"></iframe>')
    page = await looking.page()
    await page.goto(f"{origin}/page.html")

    assert await page.frames[1].evaluate("() => document.cookie") == ""
    assert await looking.context.cookies() == []
