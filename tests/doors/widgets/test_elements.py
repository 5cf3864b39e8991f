"""Widgets as elements on a page of somebody else that allows nothing but them, with third-party cookies blocked."""

import json
from pathlib import Path
from typing import Final

import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from tests.clients.serving import Server
from tests.doors.promo.fragments.browsing import NOTHING, WRITTEN, Browser
from tests.doors.promo.fragments.foreign import strangers
from tests.doors.widgets.pages import SHIFTS, element, put, shown

EQUITY: Final = "[data-key='figures/equity']"
RICHER: Final = "UPDATE accounts SET balance = 1100, equity = 1100 WHERE login = %(login)s"
EVENTS: Final = """() => {
  window.heard = [];
  for (const name of ["cabinet-load", "cabinet-error"]) {
    addEventListener(name, ({ type, detail }) => {
      window.heard.push([type, detail.widget, detail.status ?? detail.as_of]);
    });
  }
}"""
NAMES: Final = ("balance", "summary", "open-trades", "closed-trades", "closed-lots", "statistics", "monthly")
HOSTILE: Final = [
    "article",
    {"class": "oc-widget", "data-state": "shown", "onclick": "document.title = 'ran'", "style": "color: red"},
    [
        ["script", {}, ["document.title = 'ran'"]],
        ["img", {"src": "https://elsewhere.example/a.png", "onerror": "document.title = 'ran'"}, []],
        ["iframe", {"srcdoc": "<script>parent.document.title = 'ran'</script>"}, []],
        ["a", {"href": "javascript:document.title = 'ran'", "class": "link"}, ["A link"]],
        ["a", {"href": "data:text/html,a", "class": "link"}, ["Another"]],
        [
            "svg",
            {},
            [
                ["script", {}, ["document.title = 'ran'"]],
                ["use", {"href": "#a"}, []],
                ["path", {"fill": "url(https://elsewhere.example/a)"}, []],
            ],
        ],
        ["form", {"action": "https://elsewhere.example/"}, [["input", {"name": "password"}, []]]],
        ["p", {"id": "text"}, ["<img src=x onerror=\"document.title = 'ran'\">"]],
    ],
]


async def test_elements_work_on_a_page_that_allows_nothing_else(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    put(folder, server, "".join(element(name, account.login) for name in NAMES))
    page = await looking.page(height=4000)
    await page.goto(f"{origin}/page.html")
    for name in NAMES:
        await shown(page, f"cabinet-{name}")

    assert await page.locator(f"cabinet-balance {EQUITY}").inner_text() == "1,000.00\u00a0USD"
    assert await page.locator("cabinet-open-trades tbody tr").count() == 3
    assert await page.evaluate(WRITTEN) == NOTHING
    assert await looking.context.cookies() == []
    assert looking.complaints() == []
    assert strangers(looking, server.url, origin) == []


async def test_nothing_below_moves_while_elements_come_and_are_renewed(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account, committed: Connection
) -> None:
    origin, folder = elsewhere
    put(folder, server, "".join(element(name, account.login) for name in ("balance", "summary", "open-trades")))
    page = await looking.page(height=2000)
    await page.goto(f"{origin}/page.html")
    for name in ("balance", "summary", "open-trades"):
        await shown(page, f"cabinet-{name}")
    figure = page.locator(f"cabinet-balance {EQUITY}")
    before = await figure.element_handle()

    await committed.run(RICHER, login=account.login)
    await page.wait_for_function(
        "(element) => element.dataset.moved === 'up' && element.innerText.startsWith('1,100')", arg=before
    )

    assert await before.evaluate("(element) => element.isConnected"), "It is the very element that was there before."
    assert await figure.get_attribute("data-value") == "1100"
    assert await page.evaluate(SHIFTS) == 0
    assert looking.complaints() == []


async def test_something_that_moves_is_seen_to_move(looking: Browser, elsewhere: tuple[str, Path]) -> None:
    origin, folder = elsewhere
    late = "setTimeout(() => document.body.prepend(Object.assign(new Image(), { height: 300, width: 300 })), 100)"
    (folder / "moving.html").write_text(f"<!doctype html><title>a</title><p>Below</p><script>{late}</script>", "utf-8")
    page = await looking.page()
    await page.goto(f"{origin}/moving.html")
    await page.wait_for_timeout(300)

    assert await page.evaluate(SHIFTS) > 0


async def test_many_elements_that_show_the_same_ask_once(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    put(folder, server, element("balance", account.login) * 5 + element("balance", account.login, theme="dark"))
    page = await looking.page(height=3000)
    await page.goto(f"{origin}/page.html")
    await page.locator("cabinet-balance article[data-state=shown]").nth(5).wait_for()

    assert sum("/w/balance/" in each for each in looking.asked) == 2
    assert sum("component" in each for each in looking.asked) == 1


async def test_an_element_tells_what_happens(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account, closed: Account
) -> None:
    origin, folder = elsewhere
    put(folder, server, element("balance", account.login) + element("summary", closed.login))
    page = await looking.page()
    await page.add_init_script(f"({EVENTS})()")
    await page.goto(f"{origin}/page.html")
    await shown(page, "cabinet-summary", "article[data-state=refused]")
    await shown(page, "cabinet-balance")

    assert sorted(await page.evaluate("() => window.heard")) == [
        ["cabinet-error", "summary", 401],
        ["cabinet-load", "balance", "2026-11-02T12:00:00.000Z"],
    ]


async def test_what_stands_inside_is_shown_where_there_are_no_figures(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], closed: Account
) -> None:
    origin, folder = elsewhere
    blank = "\n  <noscript>Without a script</noscript>\n"
    put(
        folder,
        server,
        element("balance", closed.login, "<a href='/b'>My balance</a>") + element("summary", closed.login, blank),
    )
    page = await looking.page()
    await page.goto(f"{origin}/page.html")

    await shown(page, "cabinet-summary", "article[data-state=refused]")
    await page.locator("cabinet-balance a").wait_for()
    assert await page.locator("cabinet-balance article").count() == 0
    assert "closed" in await page.locator("cabinet-summary article").inner_text()


async def test_attributes_are_options_and_may_change(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    put(folder, server, element("open-trades", account.login, columns="symbol,lots", rows=1, heading="hide", level=4))
    page = await looking.page()
    await page.goto(f"{origin}/page.html")
    await shown(page, "cabinet-open-trades")
    assert await page.locator("thead th").all_inner_texts() == ["Symbol", "Lots"]
    assert await page.locator("tbody tr").count() == 1

    await page.evaluate("() => { document.querySelector('cabinet-open-trades').setAttribute('columns', 'symbol') }")
    await page.wait_for_function(
        "() => document.querySelector('cabinet-open-trades').shadowRoot.querySelectorAll('thead th').length === 1"
    )
    assert looking.complaints() == []


async def test_an_element_takes_the_language_and_the_direction_of_its_page(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    put(folder, server, element("balance", account.login) + element("summary", account.login, lang="en-GB"), lang="ar")
    page = await looking.page()
    await page.goto(f"{origin}/page.html")
    arabic, english = await shown(page, "cabinet-balance"), await shown(page, "cabinet-summary")

    assert await arabic.evaluate("(each) => [each.lang, getComputedStyle(each).direction]") == ["ar", "rtl"]
    assert await english.evaluate("(each) => [each.lang, getComputedStyle(each).direction]") == ["en", "ltr"]


@pytest.mark.parametrize(
    ("theme", "scheme", "ground", "ink"),
    [
        ("auto", "light", "rgb(255, 255, 255)", "rgb(21, 33, 44)"),
        ("auto", "dark", "rgb(18, 24, 31)", "rgb(232, 237, 242)"),
        ("light", "dark", "rgb(255, 255, 255)", "rgb(21, 33, 44)"),
        ("dark", "light", "rgb(18, 24, 31)", "rgb(232, 237, 242)"),
        ("host", "dark", "rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"),
        ("host", "light", "rgba(0, 0, 0, 0)", "rgb(0, 0, 0)"),
    ],
)
async def test_an_element_is_light_dark_or_as_its_page(
    server: Server,
    looking: Browser,
    elsewhere: tuple[str, Path],
    account: Account,
    theme: str,
    scheme: str,
    ground: str,
    ink: str,
) -> None:
    origin, folder = elsewhere
    put(folder, server, element("balance", account.login, theme=theme), scheme=scheme)
    page = await looking.page(dark=scheme == "dark")
    await page.goto(f"{origin}/page.html")
    card = await shown(page, "cabinet-balance")

    found = await card.evaluate("(each) => [getComputedStyle(each).backgroundColor, getComputedStyle(each).color]")
    assert found == [ground, ink]


async def test_an_accent_is_legible_on_either_ground(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    themes = ("light", "dark")
    put(folder, server, "".join(element("balance", account.login, theme=each, accent="ffff00") for each in themes))
    page = await looking.page(height=2000)
    await page.goto(f"{origin}/page.html")
    await page.locator("article[data-state=shown]").nth(1).wait_for()

    links = await page.locator(".oc-link").evaluate_all("(all) => all.map((each) => getComputedStyle(each).color)")
    lightness = [float(each.removeprefix("oklch(").split()[0]) for each in links]
    assert lightness[0] <= 0.52
    assert lightness[1] >= 0.72
    assert looking.complaints() == []


async def test_no_answer_however_hostile_runs_on_the_page(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    """The answer comes from our own host; if that were ever taken, pages of others should not be."""
    origin, folder = elsewhere
    put(folder, server, element("balance", account.login))
    page = await looking.page()
    body = json.dumps({"tree": HOSTILE, "login": "1", "as_of": None, "refresh_seconds": 5, "said": None})
    allowed = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"}
    await page.route("**/w/balance/*.json*", lambda route: route.fulfill(body=body, headers=allowed))
    await page.goto(f"{origin}/page.html")
    card = await shown(page, "cabinet-balance")
    await card.click(position={"x": 5, "y": 5})

    assert await page.title() == "My page"
    assert await card.evaluate(
        """(each) => [...each.querySelectorAll("*")].flatMap((one) => [one.localName, ...one.getAttributeNames()])"""
    ) == ["a", "class", "a", "class", "svg", "path", "p", "id"]
    assert await card.evaluate("(each) => each.getAttributeNames().sort()") == ["class", "data-state"]
    assert "onerror" in await card.locator("#text").inner_text()
    assert strangers(looking, server.url, origin) == []
