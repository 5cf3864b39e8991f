"""Frames on a foreign page: how high, how strictly kept, and that a broken promise is found out."""

from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import pytest

from tests.clients.serving import PLAIN, Server
from tests.doors.promo.fragments.browsing import NOTHING, Browser
from tests.doors.promo.fragments.foreign import PAGE, put, strangers, written
from tests.doors.promo.fragments.stocking import CODE

TWIN: Final = """<!doctype html><title>Twin</title><link rel="icon" href="data:,">
<img src="http://127.0.0.2:9/seen.png"><script>localStorage.setItem("a", "b"); document.cookie = "c=d"</script>"""
OURS: Final = "https://cabinet.example"


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
