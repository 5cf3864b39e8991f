"""What is shown in a frame leaves no trace: no log, no address, no referrer, no attribute, no storage, no cache."""

from typing import Any, Final

from opencabinet.db import Connection
from tests import make
from tests.doors.promo.fragments.browsing import NOTHING, Browser
from tests.doors.promo.fragments.foreign import written
from tests.doors.widgets.private.scene import EMBED, FRAME, SANDBOX, Scene, figures, own, typed

FIGURE: Final = "1,000"
HOSTILE: Final = (
    "<img src=x onerror=parent.postMessage('xss','*')>",
    "</textarea><script>window.hurt=1</script>",
    "<svg/onload=hurt=1>",
    '"><iframe srcdoc="<script>top.hurt=1</script>">',
)
ATTRIBUTES: Final = """() => [...document.querySelectorAll("*")].flatMap((each) =>
  [each.localName, ...each.getAttributeNames().map((name) => each.getAttribute(name))]).join(" ")"""
NAMES: Final = """() => [location.href, document.title, window.name, JSON.stringify(history.state),
  ...performance.getEntriesByType("resource").map((each) => each.name)].join(" ")"""
WORKERS: Final = "navigator.serviceWorker.getRegistrations().then((found) => found.length, () => 0)"
SECRETS: Final = """() => Object.getOwnPropertyNames(window).filter((name) => {
  try { return /cc[bprt]_[0-9A-Za-z]{20}/.test(JSON.stringify(window[name])); } catch { return false; }
})"""


class Recorded:
    """Every request that a browser makes, with all of its headers, and every answer."""

    def __init__(self, looking: Browser) -> None:
        self.requests: list[Any] = []
        self.answers: list[Any] = []
        looking.context.on("request", self.take)
        looking.context.on("response", self.take)

    def take(self, each: Any) -> None:
        """Keep a request or an answer."""
        (self.answers if hasattr(each, "status") else self.requests).append(each)

    async def shown(self) -> list[tuple[str, dict[str, str]]]:
        """Return the address of each request, and its headers."""
        return [(each.url, await each.all_headers()) for each in self.requests]

    async def tokens(self) -> set[str]:
        """Return every token that was shown or given."""
        found = {headers.get("authorization", "").removeprefix("Bearer ") for _, headers in await self.shown()}
        for each in self.answers:
            if each.request.method == "POST" and each.status == 201:
                found |= {value for name, value in (await each.json()).items() if name.endswith("_token")}
        return found - {""}


async def test_no_secret_is_left_anywhere(looking: Browser, scene: Scene) -> None:
    recorded = Recorded(looking)
    page = await looking.page()
    ticketed = await scene.ticketed()
    ticket = ticketed.partition("ticket=")[2]
    frames = FRAME.format(sandbox=SANDBOX, src=scene.address())
    frames += FRAME.format(sandbox=SANDBOX, src=ticketed).replace('name="own"', 'name="second"')
    await page.goto(scene.site.put(frames + EMBED.format(url=scene.server.url)))
    await typed(own(page), scene.password)
    second = next(frame for frame in page.frames if frame.name == "second")
    assert FIGURE in await figures(own(page))
    assert FIGURE in await figures(second)

    secrets = {scene.password, ticket, *await recorded.tokens()}
    assert len(secrets) >= 5, "A password, a ticket, two access tokens and a refresh token."
    for frame in (own(page), second):
        left = [await frame.evaluate(each) for each in (ATTRIBUTES, NAMES)]
        left += [await frame.content(), str(await written(frame))]
        assert [secret for secret in secrets if any(secret in each for each in left)] == []
        assert await frame.evaluate(SECRETS) == []
        assert await written(frame) == NOTHING
        assert await frame.evaluate(WORKERS) == 0
    around = (await page.content()).replace(ticketed, "")
    assert not any(secret in around for secret in secrets), "The page around knows but the ticket it brought."
    await looked_through(recorded, scene, secrets)


async def looked_through(recorded: Recorded, scene: Scene, secrets: set[str]) -> None:
    """See that no request told a secret but in its body or its Authorization, and that no log has one."""
    for url, headers in await recorded.shown():
        told = url.partition("#")[0] + " ".join(value for name, value in headers.items() if name != "authorization")
        assert not any(secret in told for secret in secrets), url
        assert "cookie" not in headers
        if url.startswith(f"{scene.server.url}/v1/"):
            assert "referer" not in headers, url
        assert str(scene.login) not in headers.get("referer", ""), url
    log = scene.server.log.read_text()
    assert not any(secret in log for secret in secrets)


async def test_nothing_private_is_kept_by_any_cache(looking: Browser, scene: Scene) -> None:
    recorded = Recorded(looking)
    page = await looking.page()
    await page.goto(scene.site.frame(scene.address()))
    await typed(own(page), scene.password)
    await figures(own(page))
    mine = [each for each in recorded.answers if "/w/private/" in each.url or "/v1/" in each.url]

    assert len(mine) >= 3
    for each in mine:
        headers = await each.all_headers()
        assert headers["cache-control"] == "private, no-store", each.url
        assert "etag" not in headers, each.url
        assert "set-cookie" not in headers, each.url


async def test_who_goes_back_to_what_was_open_is_asked_again(looking: Browser, scene: Scene) -> None:
    page = await looking.page()
    await page.goto(scene.address())
    await typed(page, scene.password)
    assert FIGURE in await figures(page)
    await page.goto(scene.site.put("elsewhere"))
    await page.go_back()
    await page.locator("#secret").wait_for()
    assert FIGURE not in await page.content()
    assert await page.locator("#secret").input_value() == ""


async def test_who_comes_after_somebody_on_the_same_machine_sees_nothing(looking: Browser, scene: Scene) -> None:
    address = scene.site.frame(scene.address())
    first, second = await looking.page(), await looking.page()
    await first.goto(address)
    await typed(own(first), scene.password)
    assert FIGURE in await figures(own(first))
    await second.goto(address)
    await own(second).locator("#secret").wait_for()
    assert FIGURE not in await own(second).content()
    await own(first).locator("#close").click()
    await own(first).locator("#secret").wait_for()
    await first.reload()
    await own(first).locator("#secret").wait_for()
    assert FIGURE not in await own(first).content()


async def test_a_hostile_comment_of_a_trade_stays_text(looking: Browser, scene: Scene, committed: Connection) -> None:
    for comment in HOSTILE:
        await make.open_trade(committed, scene.login, comment=comment[:64], symbol=comment[:16])
    page = await looking.page()
    heard = "<script>window.heard = []; addEventListener('message', ({data}) => heard.push(data))</script>"
    await page.goto(scene.site.frame(scene.address("open-trades"), heard))
    await typed(own(page), scene.password)
    shown = await figures(own(page))
    await page.wait_for_timeout(200)

    assert "<svg/onload=hurt" in shown.lower()
    assert await own(page).evaluate("window.hurt") is None
    assert await own(page).locator("img, script[src=x], iframe").count() == 0
    assert "xss" not in await page.evaluate("heard")
    assert looking.complaints() == []
