"""Both ways in: the visitor types the API password inside the frame, or the site's server brings a ticket."""

import pytest

from opencabinet.db import Connection
from opencabinet.partners import programme
from tests.doors.promo.fragments.browsing import NOTHING, Browser
from tests.doors.promo.fragments.foreign import strangers, written
from tests.doors.widgets.private.scene import EMBED, Scene, figures, own, typed

FIGURE = "1,000"
RENEW = "(address) => document.querySelector('iframe').contentWindow.location.replace(address)"


async def test_a_visitor_who_knows_the_password_opens_the_frame_and_closes_it(looking: Browser, scene: Scene) -> None:
    page = await looking.page()
    await page.goto(scene.site.frame(scene.address(), EMBED.format(url=scene.server.url)))
    frame = own(page)
    await frame.locator("#secret").wait_for()
    assert await page.locator("input").count() == 0, "Nothing is typed into the page around."

    await typed(frame, scene.password)

    assert FIGURE in await figures(frame)
    assert await frame.locator("#open").is_hidden()
    assert await written(frame) == NOTHING
    await frame.locator("#close").click()
    await frame.locator("#secret").wait_for()
    assert FIGURE not in await frame.content()
    assert strangers(looking, scene.server.url, scene.site.origin) == []
    assert looking.complaints() == []


async def test_a_site_whose_server_made_a_ticket_shows_the_figures_at_once(looking: Browser, scene: Scene) -> None:
    page = await looking.page()
    await page.goto(scene.site.frame(await scene.ticketed()))
    frame = own(page)

    assert FIGURE in await figures(frame)
    assert await frame.locator("input").count() == 0
    assert "ticket" not in await frame.evaluate("location.href")
    assert await frame.evaluate("history.state") is None
    assert looking.complaints() == []


async def test_a_wrong_password_and_a_login_nobody_has_look_the_same(looking: Browser, scene: Scene) -> None:
    seen = []
    for login in (scene.login, 999_999_999):
        page = await looking.page()
        await page.goto(scene.address(login=login, key=""))
        await page.locator("#secret").wait_for()
        await typed(page, "ccp_" + "0" * 32)
        await page.locator("#said:not(:empty)").wait_for()
        seen.append((await page.content()).replace(str(login), ""))
    assert seen[0] == seen[1]
    assert "not the API password" in seen[0]


async def test_a_ticket_is_good_for_one_load_of_the_page(looking: Browser, scene: Scene) -> None:
    address = await scene.ticketed()
    page = await looking.page()
    await page.goto(scene.site.frame(address))
    assert FIGURE in await figures(own(page))
    await page.reload()

    await own(page).locator("#said:not(:empty)").wait_for()
    assert FIGURE not in await own(page).content()


async def test_a_page_brings_another_ticket_by_the_address_of_its_frame(looking: Browser, scene: Scene) -> None:
    page = await looking.page()
    address = await scene.ticketed()
    await page.goto(scene.site.frame(address))
    assert FIGURE in await figures(own(page))
    for forged in ("cct_" + "0" * 49, "x"):
        await page.evaluate(RENEW, f"{address.partition('#')[0]}#ticket={forged}")
    await page.wait_for_timeout(300)
    assert FIGURE in await figures(own(page)), "What is forged ends nothing."

    async with page.expect_response(lambda answer: answer.url.endswith("/exchange")) as waiting:
        await page.evaluate(RENEW, await scene.ticketed())
    assert (await waiting.value).status == 201
    assert FIGURE in await figures(own(page))
    assert await page.evaluate("history.length") <= 2, "No ticket stands in it."


async def test_what_is_open_ends_when_the_owner_revokes_it(
    looking: Browser, scene: Scene, committed: Connection
) -> None:
    page = await looking.page()
    await page.clock.install()
    await page.goto(scene.site.frame(scene.address()))
    await typed(own(page), scene.password)
    assert FIGURE in await figures(own(page))
    await committed.run("UPDATE tokens SET revoked_at = now()")

    await page.clock.fast_forward(120_000)
    await own(page).locator("#said:not(:empty)").wait_for()

    assert FIGURE not in await own(page).content()
    assert await own(page).locator("#secret").is_visible()


@pytest.mark.parametrize("widget", ["statistics", "commissions"])
async def test_a_ticket_opens_no_other_widget(looking: Browser, scene: Scene, widget: str) -> None:
    page = await looking.page()
    await page.goto(scene.site.frame(await scene.ticketed(widget)))
    await own(page).locator("#widget .oc-refused").wait_for()
    assert FIGURE not in await own(page).content()


async def test_what_is_open_is_refreshed_while_somebody_looks(looking: Browser, scene: Scene) -> None:
    page = await looking.page()
    await page.clock.install()
    await page.goto(scene.site.frame(scene.address()))
    await typed(own(page), scene.password)
    assert FIGURE in await figures(own(page))
    for _ in range(2):
        async with page.expect_response(lambda answer: answer.url.endswith("/v1/tokens")) as waiting:
            await page.clock.fast_forward(14 * 60_000 + 1000)
        assert (await waiting.value).status == 201
    assert FIGURE in await figures(own(page))
    assert await own(page).locator("#said").inner_text() == ""


async def test_what_a_ticket_opened_ends_with_its_token(looking: Browser, scene: Scene) -> None:
    page = await looking.page()
    await page.clock.install()
    await page.goto(scene.site.frame(await scene.ticketed()))
    assert FIGURE in await figures(own(page))
    await page.clock.fast_forward(15 * 60_000)
    await own(page).locator("#said:not(:empty)").wait_for()
    assert "new ticket" in await own(page).locator("#said").inner_text()
    assert FIGURE not in await own(page).content()


async def test_a_partners_widget_opens_by_the_password_as_well(
    looking: Browser, scene: Scene, committed: Connection
) -> None:
    await programme.enrol(committed, scene.login)
    page = await looking.page()
    await page.goto(scene.address("commissions", key=""))
    await typed(page, scene.password)
    await page.locator("#widget .oc-commissions").wait_for()
    assert await page.locator("#widget .oc-refused").count() == 0
