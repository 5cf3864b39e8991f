"""Widgets in frames on pages of others: whole without a script, as high as they need to be, and hostile to nobody."""

from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from playwright.async_api import Error

from opencabinet import access
from opencabinet.access import Level, Policy, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection
from tests.clients.serving import Server
from tests.doors.promo.fragments.browsing import Browser, browser
from tests.doors.promo.fragments.foreign import strangers
from tests.doors.widgets.pages import SHIFTS, framed, put

RICHER: Final = "UPDATE accounts SET balance = 1100, equity = 1100 WHERE login = %(login)s"
HEIGHT: Final = "() => String(Math.ceil(document.documentElement.getBoundingClientRect().height))"
HEARD: Final = (
    """() => { window.heard = []; addEventListener("message", ({ data, origin }) => heard.push([origin, data])) }"""
)
HOSTILE: Final = """<!doctype html><title>Hostile</title><script>
for (const height of [9999, "9999", 1e9, -5, 0.5, NaN, null, { toString: () => "9999" }])
  parent.postMessage({ opencabinet: "height", id: null, height }, "*");
parent.postMessage("opencabinet:height?", "*"); parent.postMessage(null, "*"); parent.postMessage([9999], "*");
</script>"""


async def kept(frame: Any) -> Any:
    """Return what a frame may keep; in its sandbox it may keep nothing."""
    try:
        return await frame.evaluate("() => [document.cookie, localStorage.length]")
    except Error as refused:
        assert "sandboxed" in str(refused)  # noqa: PT017 - it is one of several refusals
        return None


async def fitted(page: Any, place: int = 0) -> Any:
    """Return a frame, once it is as high as what it shows."""
    frame = page.frames[1 + place]
    await frame.wait_for_selector("article[data-state]")
    for _ in range(100):
        element = await frame.frame_element()
        if await element.get_attribute("height") == await frame.evaluate(HEIGHT):
            return frame
        await page.wait_for_timeout(50)
    pytest.fail("It is not as high as it says.")


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("ar", "dark")])
async def test_a_frame_shows_and_fits_and_leaves_nothing_behind(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account, lang: str, scheme: str
) -> None:
    origin, folder = elsewhere
    put(folder, server, framed(server, f"/w/closed-trades/{account.login}?lang={lang}"), scheme=scheme, lang=lang)
    page = await looking.page(dark=scheme == "dark", width=390)
    await page.goto(f"{origin}/page.html")
    frame = await fitted(page)

    assert await frame.evaluate("() => document.documentElement.dir") == ("rtl" if lang == "ar" else "ltr")
    assert await frame.evaluate("() => document.scrollingElement.scrollWidth <= innerWidth")
    assert await frame.evaluate("() => document.scrollingElement.scrollHeight <= innerHeight")
    assert await kept(frame) is None
    assert await looking.context.cookies() == []
    assert looking.complaints() == []
    assert strangers(looking, server.url, origin) == []


async def test_a_frame_is_renewed_in_its_place(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account, committed: Connection
) -> None:
    origin, folder = elsewhere
    put(folder, server, framed(server, f"/w/balance/{account.login}"))
    page = await looking.page()
    await page.goto(f"{origin}/page.html")
    frame = await fitted(page)
    figure = await frame.query_selector("[data-key='figures/equity']")

    await committed.run(RICHER, login=account.login)
    await frame.wait_for_function("(each) => each.dataset.moved === 'up'", arg=figure)

    assert await figure.evaluate("(each) => [each.isConnected, each.dataset.value]") == [True, "1100"]
    assert await frame.evaluate(SHIFTS) == 0
    assert looking.complaints() == []


async def test_a_frame_tells_its_height_to_the_page_around_it_and_nothing_else(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    put(folder, server, framed(server, f"/w/balance/{account.login}"))
    page = await looking.page()
    await page.add_init_script(f"({HEARD})()")
    await page.goto(f"{origin}/page.html")
    await fitted(page)

    heard = await page.evaluate("() => window.heard")
    assert heard != []
    for told, data in heard:
        assert told == "null", "It is in a sandbox."
        assert set(data) == {"opencabinet", "id", "height"}
        assert (data["opencabinet"], data["id"]) == ("height", None)
        assert isinstance(data["height"], int)


async def test_the_height_is_told_to_the_origin_around_alone(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    put(folder, server, framed(server, f"/w/balance/{account.login}"))
    page = await looking.page()
    await page.goto(f"{origin}/page.html")
    frame = await fitted(page)

    assert await frame.evaluate("() => [...location.ancestorOrigins]") == [origin]


async def test_wordpress_hears_of_the_height_in_its_own_words(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    put(
        folder,
        server,
        f'<iframe src="{server.url}/w/balance/{account.login}#?secret=AbC123" sandbox="allow-scripts"></iframe>',
    )
    page = await looking.page()
    await page.add_init_script(f"({HEARD})()")
    await page.goto(f"{origin}/page.html")
    await page.wait_for_function("() => window.heard.some(([, data]) => data.message === 'height')")

    said = [data for _, data in await page.evaluate("() => window.heard") if data.get("message") == "height"]
    assert said[0]["secret"] == "AbC123"
    assert said[0]["value"] > 150


async def test_hostile_messages_size_no_frame(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    """Another frame on the page, and the page itself, say what only ours may say."""
    origin, folder = elsewhere
    (folder / "hostile.html").write_text(HOSTILE, "utf-8")
    hostile = "".join(
        f'<iframe src="{where}/hostile.html" data-opencabinet height="77"{box}></iframe>'
        for where in (origin, origin.replace("localhost", "127.0.0.1"))
        for box in ("", ' sandbox="allow-scripts"')
    )
    page = await looking.page()
    await page.add_init_script(f"({HEARD})()")
    put(folder, server, framed(server, f"/w/balance/{account.login}") + hostile)
    text = (
        (folder / "page.html")
        .read_text("utf-8")
        .replace("frame-src", f"frame-src {origin} {origin.replace('localhost', '127.0.0.1')}")
    )
    (folder / "page.html").write_text(text, "utf-8")
    await page.goto(f"{origin}/page.html")
    frame = await fitted(page)
    await page.wait_for_function("() => window.heard.filter(([, data]) => data?.height === 9999).length === 4")
    await page.evaluate("""() => postMessage({ opencabinet: "height", id: null, height: 9999 }, "*")""")
    await page.wait_for_timeout(300)

    heights = await page.locator("iframe").evaluate_all("(all) => all.map((each) => each.height)")
    assert heights == [await frame.evaluate(HEIGHT), "77", "77", "77", "77"]


async def test_a_frame_of_ours_cannot_ask_for_absurd_room(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    put(folder, server, framed(server, f"/w/balance/{account.login}"))
    page = await looking.page()
    await page.goto(f"{origin}/page.html")
    frame = await fitted(page)
    for height in ("1e9", "20001", "-1", "0", "1.5", "'600'", "null", "[600]"):
        await frame.evaluate(f"() => parent.postMessage({{ opencabinet: 'height', id: null, height: {height} }}, '*')")
    await page.wait_for_timeout(200)
    element = await frame.frame_element()
    assert await element.get_attribute("height") == await frame.evaluate(HEIGHT)

    await frame.evaluate("() => parent.postMessage({ opencabinet: 'height', id: null, height: 600 }, '*')")
    await page.wait_for_function("() => document.querySelector('iframe').height === '600'")


async def test_a_page_without_scripts_has_all_figures(
    server: Server, tmp_path: Path, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    path = f"/w/balance/{account.login}"
    inside = f'<noscript>{framed(server, path)}<img src="{server.url}{path}.png" alt="Balance"></noscript>'
    put(folder, server, f'<cabinet-balance login="{account.login}">{inside}</cabinet-balance>')
    async with browser(tmp_path / "still", script=False) as looking:
        page = await looking.page()
        await page.goto(f"{origin}/page.html")
        frame = page.frames[1]
        assert "1,000.00" in await frame.inner_text("[data-key='figures/equity']")
        assert int(await page.locator("iframe").get_attribute("height") or 0) >= 300
        assert await page.locator("img").evaluate("(each) => each.naturalWidth") == 960
        assert looking.complaints() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_white_box_stands_in_a_dark_page(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account, scheme: str
) -> None:
    origin, folder = elsewhere
    put(folder, server, framed(server, f"/w/balance/{account.login}"), scheme=scheme)
    page = await looking.page(dark=scheme == "dark")
    await page.goto(f"{origin}/page.html")
    frame = await fitted(page)

    card = await frame.evaluate("() => getComputedStyle(document.querySelector('article')).backgroundColor")
    assert card == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 24, 31)"}[scheme]
    box = await page.locator("iframe").bounding_box()
    corner = await page.screenshot(clip={"x": box["x"] + box["width"] - 2, "y": box["y"], "width": 2, "height": 2})
    beside = await page.screenshot(clip={"x": 2, "y": 2, "width": 2, "height": 2})
    assert corner == beside, "Behind its round corners the page shows."


@pytest.mark.parametrize("path", ["/w/balance/{}", "/w/balance/{}?theme=pink", "/w/balance/404404", "/w/nothing"])
def test_pages_that_stand_in_frames_may_do_nothing_else(server: Server, account: Account, path: str) -> None:
    headers = httpx.get(server.url + path.format(account.login)).headers
    policy = dict(each.strip().partition(" ")[::2] for each in headers["content-security-policy"].split(";"))

    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "https: http:",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert headers["referrer-policy"] == "strict-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "set-cookie" not in headers
    assert "x-frame-options" not in headers


def test_a_picture_is_sandboxed_where_it_is_opened_by_itself(server: Server, account: Account) -> None:
    for ending in ("svg", "png"):
        headers = httpx.get(f"{server.url}/w/balance/{account.login}.{ending}").headers
        assert headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        assert headers["cross-origin-resource-policy"] == "cross-origin"


async def test_whoever_goes_back_to_a_closed_account_does_not_go_on_seeing_it(
    server: Server, looking: Browser, account: Account, committed: Connection
) -> None:
    """A browser that goes back shows what it kept, and asks nobody whether that is still good."""
    page = await looking.page()
    await page.goto(f"{server.url}/w/monthly/{account.login}")
    await page.locator("article[data-state=shown]").wait_for()
    await page.goto(f"{server.url}/w/quotes")
    await access.set_policy(committed, account.login, Policy(default=Rule(level=Level.PASSWORD)))

    await page.go_back()
    await page.locator("article[data-state=refused]").wait_for(timeout=10_000)
