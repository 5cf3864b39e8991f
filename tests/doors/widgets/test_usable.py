"""Whoever cannot see, or uses no mouse, can use widgets as well: axe finds nothing, and the keyboard reaches all."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from opencabinet.accounts import Account
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.samples import STATES
from tests.clients.serving import Server
from tests.doors.promo.fragments.browsing import Browser
from tests.doors.widgets.pages import element, put, shown

FOCUSED = """() => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at.className;
}"""


async def faults(page: Any) -> list[str]:
    """Return what axe finds."""
    axe: Any = import_module("axe_playwright_python.async_playwright").Axe()
    found = await axe.run(page)
    return [
        f"{each['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for each in found.response["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.torture  # the gallery has all of them, in fewer looks
@pytest.mark.parametrize("query", ["", "theme=dark", "lang=ar", "theme=host"])
@pytest.mark.parametrize("name", ["balance", "open-trades", "balance-chart", "monthly", "bonus"])
async def test_axe_finds_nothing_in_a_page_of_a_widget(
    server: Server, looking: Browser, account: Account, name: str, query: str
) -> None:
    page = await looking.page(width=390)
    await page.goto(f"{server.url}/w/{name}/{account.login}?{query}")
    await page.wait_for_timeout(200)

    assert await faults(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_in_elements(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account, closed: Account, theme: str
) -> None:
    origin, folder = elsewhere
    names = [name for name, each in WIDGETS.items() if each.of == "account"]
    widgets = "".join(element(name, account.login, theme=theme) for name in names)
    put(folder, server, widgets + element("balance", closed.login, theme=theme))
    page = await looking.page(height=6000)
    await page.goto(f"{origin}/page.html")
    for name in names:
        await shown(page, f"cabinet-{name}", "article[data-state=shown], article[data-state=empty]")
    await page.wait_for_timeout(1500)

    assert await faults(page) == []


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("query", ["theme=light", "theme=dark&lang=ar"])
async def test_axe_finds_nothing_in_the_gallery(server: Server, looking: Browser, state: str, query: str) -> None:
    page = await looking.page()
    await page.goto(f"{server.url}/w/gallery?state={state}&{query}")
    await page.wait_for_timeout(1700 if state == "loading" else 100)

    assert await faults(page) == []
    assert looking.complaints() == []


async def test_axe_finds_what_is_wrong(looking: Browser, elsewhere: tuple[str, Path]) -> None:
    origin, folder = elsewhere
    (folder / "wrong.html").write_text("<html><title>Wrong</title><img src='data:,'><input></html>", "utf-8")
    page = await looking.page()
    await page.goto(f"{origin}/wrong.html")

    assert len(await faults(page)) > 2


async def test_the_keyboard_reaches_what_scrolls_and_what_leads_on(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    put(folder, server, element("open-trades", account.login))
    page = await looking.page(width=360)
    await page.goto(f"{origin}/page.html")
    await shown(page, "cabinet-open-trades")

    await page.keyboard.press("Tab")
    assert await page.evaluate(FOCUSED) == "oc-scroll"
    await page.keyboard.press("ArrowRight")
    await page.wait_for_function(
        "() => document.querySelector('cabinet-open-trades').shadowRoot.querySelector('.oc-scroll').scrollLeft > 0"
    )
    await page.keyboard.press("Tab")
    assert await page.evaluate(FOCUSED) == "oc-said oc-link"


async def test_focus_stays_where_it_is_while_figures_are_renewed(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    put(folder, server, element("open-trades", account.login))
    page = await looking.page()
    await page.goto(f"{origin}/page.html")
    await shown(page, "cabinet-open-trades")
    await page.keyboard.press("Tab")

    async with page.expect_response(lambda answer: "/w/open-trades/" in answer.url):
        await page.evaluate("() => document.querySelector('cabinet-open-trades').refresh()")
    await page.wait_for_timeout(300)

    assert await page.evaluate(FOCUSED) == "oc-scroll"
