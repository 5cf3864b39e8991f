"""Pages that mean no good: they frame what is not for them, and send what nobody asked for."""

import asyncio

import httpx
import pytest

from opencabinet.db import Connection
from tests import make
from tests.doors.promo.fragments.browsing import Browser
from tests.doors.widgets.private.scene import EMBED, FRAME, SANDBOX, Scene, Site, figures, own, typed

FIGURE = "1,000"
HEARD = "window.heard = []; addEventListener('message', ({data, origin}) => heard.push([origin, data]))"
LISTENING = f"<script>{HEARD}</script>"
JUNK = """async ([ticket, token]) => {
  const frame = document.querySelector("iframe").contentWindow;
  const said = [
    null, 7, "", "opencabinet:height", "opencabinet:close", {opencabinet: "height", height: 1}, {ticket}, {token},
    {opencabinet: "token", token}, {opencabinet: "ticket", ticket}, {type: "setToken", access_token: token},
    {opencabinet: "height?", height: 99999}, [1, [2]], {constructor: {prototype: {source: "//evil.example"}}},
    {__proto__: {session: token}}, new ArrayBuffer(8), new Map([["password", "x"]]),
  ];
  for (const each of said) frame.postMessage(each, "*");
  await new Promise((done) => setTimeout(done, 300));
}"""


async def nothing_of(page: Browser, scene: Scene) -> None:
    """See that the frame of a page shows nothing, and asks for no password."""
    frame = own(page)
    assert await frame.locator("input").count() == 0
    assert "OpenCabinet" not in await frame.content()
    assert not frame.url.startswith(scene.server.url), "The browser did not let it in."


async def test_a_page_that_the_owner_did_not_name_is_shown_nothing(looking: Browser, scene: Scene, evil: Site) -> None:
    page = await looking.page()
    for address in (scene.address(), scene.address(key=""), await scene.ticketed()):
        await page.goto(evil.frame(address))
        await page.wait_for_timeout(200)
        await nothing_of(page, scene)
    assert any("frame-ancestors" in each for each in looking.said)


async def test_a_frame_within_a_named_page_within_another_is_shown_nothing(
    looking: Browser, scene: Scene, evil: Site
) -> None:
    named = scene.site.frame(scene.address())
    page = await looking.page()
    await page.goto(evil.put(f'<iframe name="outer" src="{named}"></iframe>'))
    await page.wait_for_timeout(300)
    await nothing_of(page, scene)


async def test_without_a_key_it_stands_alone(looking: Browser, scene: Scene) -> None:
    page = await looking.page()
    await page.goto(scene.site.frame(scene.address(key="")))
    await page.wait_for_timeout(200)
    await nothing_of(page, scene)
    await page.goto(scene.address(key=""))
    await typed(page, scene.password)
    assert FIGURE in await figures(page)


@pytest.mark.parametrize("which", ["forged", "server", "other account", "other widget", "revoked", "none"])
async def test_a_key_that_is_not_for_this_names_no_page(scene: Scene, committed: Connection, which: str) -> None:
    key, login, name = scene.key, scene.login, "balance"
    if which == "forged":
        key = key[:-1] + ("0" if key[-1] != "0" else "1")
    if which == "server":
        key = scene.secret
    if which == "other account":
        login = (await make.account(committed)).login
    if which == "other widget":
        name = "statistics"
    if which == "revoked":
        await committed.run("UPDATE tokens SET revoked_at = now() WHERE kind = 'publishable'")
    answer = await scene.client.get(scene.address(name, login, key=key if which != "none" else "x"))

    assert answer.status_code == 200
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "private, no-store"
    assert scene.site.origin not in answer.text


async def test_a_page_of_a_ticket_asks_for_no_password_whoever_frames_it(
    looking: Browser, scene: Scene, evil: Site
) -> None:
    ticket = await scene.ticket()
    page = await looking.page()
    await page.goto(evil.frame(f"{scene.address(on=evil.origin)}#ticket={ticket}"))
    frame = own(page)
    await frame.locator("#said:not(:empty)").wait_for()

    assert await frame.locator("input").count() == 0
    assert FIGURE not in await frame.content()
    history = await scene.client.get(
        f"/v1/accounts/{scene.login}/authorizations", headers={"Authorization": f"Bearer {scene.bearer}"}
    )
    assert "the ticket is not good on pages of this origin" in history.text


async def test_a_frame_hears_nothing_but_the_question_for_its_height(looking: Browser, scene: Scene) -> None:
    page = await looking.page()
    await page.goto(scene.site.frame(scene.address(), LISTENING + EMBED.format(url=scene.server.url)))
    await typed(own(page), scene.password)
    before = await figures(own(page))
    forged = ("cct_" + "0" * 49, "ccb_" + "0" * 49)

    await page.evaluate(JUNK, list(forged))
    await page.evaluate("document.querySelector('iframe').contentWindow.postMessage('opencabinet:height?', '*')")
    await page.wait_for_timeout(200)

    assert await figures(own(page)) == before
    heard = await page.evaluate("heard")
    assert heard
    for origin, said in heard:
        assert origin == scene.server.url
        assert set(said) == {"opencabinet", "id", "height"}
        assert isinstance(said["height"], int)
    assert looking.complaints() == []


async def test_siblings_and_other_windows_are_told_nothing_and_not_heard(
    looking: Browser, scene: Scene, evil: Site
) -> None:
    stranger = evil.put(f"<script>{HEARD}; parent.frames.own.postMessage('opencabinet:height?', '*')</script>")
    page = await looking.page()
    body = FRAME.format(sandbox=SANDBOX, src=scene.address()) + f'<iframe name="sibling" src="{stranger}"></iframe>'
    await page.goto(scene.site.put(LISTENING + body))
    await typed(own(page), scene.password)
    await figures(own(page))
    sibling = next(frame for frame in page.frames if frame.name == "sibling")
    asked = len(await page.evaluate("heard"))

    await sibling.evaluate("for (let i = 0; i < 20; i++) parent.frames.own.postMessage('opencabinet:height?', '*')")
    await page.wait_for_timeout(300)

    assert await sibling.evaluate("heard") == []
    assert len(await page.evaluate("heard")) == asked


async def test_a_height_that_a_stranger_claims_is_not_believed(looking: Browser, scene: Scene, evil: Site) -> None:
    claim = "setInterval(() => parent.postMessage({opencabinet: 'height', height: 9999}, '*'), 20)"
    stranger = evil.put(f"<script>{claim}</script>")
    page = await looking.page()
    body = FRAME.format(sandbox=SANDBOX, src=scene.address()) + f'<iframe src="{stranger}"></iframe>'
    await page.goto(scene.site.put(body + EMBED.format(url=scene.server.url)))
    await own(page).locator("#secret").wait_for()
    await page.wait_for_timeout(400)
    assert await page.locator("iframe[name=own]").get_attribute("height") != "9999"


async def test_guesses_in_the_frame_are_throttled(looking: Browser, scene: Scene) -> None:
    page = await looking.page()
    await page.goto(scene.site.frame(scene.address()))
    for _ in range(12):
        await typed(own(page), "ccp_" + "0" * 32)
        await own(page).locator("#said:not(:empty)").wait_for()
        await own(page).locator("#open button:not([disabled])").wait_for()
    assert "Too many tries" in await own(page).locator("#said").inner_text()


async def test_other_pages_scripts_read_nothing_with_a_token_that_leaked(
    looking: Browser, scene: Scene, evil: Site
) -> None:
    page = await looking.page()
    await page.goto(evil.put("nothing"))
    read = """async ([url, token]) => {
      const asked = {headers: {Authorization: `Bearer ${token}`}};
      return await fetch(url, asked).then((answer) => answer.text()).catch((failed) => `no: ${failed.name}`);
    }"""
    for address in (scene.address(), scene.address().replace(f"/{scene.login}?", f"/{scene.login}.json?")):
        assert await page.evaluate(read, [address, scene.bearer]) == "no: TypeError"


async def test_a_token_of_a_ticket_is_refused_on_other_pages_whatever_they_say(scene: Scene, evil: Site) -> None:
    given = {"ticket": await scene.ticket(), "origin": scene.site.origin}
    token = (await scene.client.post("/v1/tickets/exchange", json=given)).json()["access_token"]
    where = scene.address(key="", on=scene.site.origin).replace(f"/{scene.login}?", f"/{scene.login}.json?")
    shown = {"Authorization": f"Bearer {token}"}

    async def status(address: str, **headers: str) -> httpx.Response:
        return await scene.client.get(address, headers=shown | headers)

    answers = await asyncio.gather(
        status(where), status(where, Origin=evil.origin), status(where.replace("on=", "off=")), status(f"{where}x")
    )
    assert [each.status_code for each in answers] == [200, 403, 403, 403]
    assert answers[0].headers["cache-control"] == "private, no-store"
    assert not any("access-control-allow-origin" in each.headers for each in answers)
