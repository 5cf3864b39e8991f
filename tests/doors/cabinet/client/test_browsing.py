"""Clients' pages in a real browser: signing in, reading, filtering, downloading, and saying that it was not oneself."""

from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from tests import make
from tests.access.people.person import PASSWORD, Someone
from tests.clients.serving import Server
from tests.doors.cabinet.browsing import LOOKS, WIDER, look, picture, violations
from tests.doors.cabinet.client.reading import place
from tests.doors.promo.fragments.browsing import Browser
from tests.doors.promo.fragments.foreign import strangers

PAGES: Final = ("", "/open", "/closed", "/orders", "/lots", "/movements", "/charts", "/statistics", "/statements")
MORE: Final = ("/bonuses", "/history", "/history/not-me", "/statistics/profit_factor")
LOADED: Final = "() => !document.querySelector('[aria-busy=true], .skeleton, .about .bone, .bones')"
SIZES: Final = """() => Promise.all([...document.scripts].map(
  async (each) => (await (await fetch(each.src)).blob()).size))"""
MOST_SCRIPT: Final = 150_000


async def entered(looking: Browser, server: Server, ann: Someone, **given: Any) -> Any:
    """Return a page on which she is signed in."""
    page = await looking.page(**{"width": 1200, **given})
    await page.goto(f"{server.url}/cabinet/sign-in")
    await page.fill("#email", ann.email)
    await page.fill("#password", PASSWORD)
    await page.click("main form button")
    await page.wait_for_url(f"{server.url}/cabinet")
    return page


async def loaded(page: Any, where: str) -> None:
    """Open a page, and wait until each of its parts is there."""
    await page.goto(where)
    await page.wait_for_function(LOADED)


async def tickets(page: Any) -> list[str]:
    """Return the tickets that are shown."""
    shown: list[str] = await page.locator("#rows tbody th").all_inner_texts()
    return shown


@pytest.fixture
async def gold(committed: Connection, account: Account) -> Account:
    """The account, with thirty trades in gold besides."""
    for number in range(30):
        at = make.NOW - (number + 10) * make.HOUR
        await make.closed_trade(committed, account.login, symbol="XAUUSD", closed_at=at, ticket=9_000 + number)
    return account


async def test_a_client_signs_in_reads_filters_and_goes_back(
    looking: Browser, server: Server, ann: Someone, gold: Account
) -> None:
    page = await entered(looking, server, ann)
    await page.click(f"a[href='{place(gold.login)}']")
    await page.click("nav a[href$='/closed']")
    await page.wait_for_selector("#rows tbody")
    assert len(await tickets(page)) == 33

    await page.fill("#symbol", "xauusd")
    await page.select_option("#limit", "25")
    await page.click(".filters button")
    await page.wait_for_url("**/closed?symbol=xauusd&limit=25")
    first = await tickets(page)
    assert first == [str(9_000 + number) for number in range(25)]
    await page.click("a[rel=next]")
    await page.wait_for_url("**cursor=*")
    assert await tickets(page) == [str(9_025 + number) for number in range(5)]

    await page.go_back()
    await page.wait_for_url("**/closed?symbol=xauusd&limit=25")
    await page.wait_for_selector("#rows tbody")
    assert await tickets(page) == first
    assert await page.input_value("#symbol") == "xauusd"
    assert looking.complaints() == []
    assert strangers(looking, server.url) == []


async def test_a_client_downloads_a_statement(
    looking: Browser, server: Server, ann: Someone, account: Account, tmp_path: Path
) -> None:
    page = await entered(looking, server, ann)
    await loaded(page, f"{server.url}{place(account.login, '/statements?from=2026-01-01')}")

    async with page.expect_download() as waiting:
        await page.click("a[href*='/statements/csv']")
    download = await waiting.value
    await download.save_as(tmp_path / "statement.csv")

    assert download.suggested_filename == f"statement-{account.login}-from-2026-01-01.csv"
    assert (tmp_path / "statement.csv").read_text("utf-8-sig").startswith("kind,time,")


async def test_live_figures_change_in_place(
    looking: Browser, server: Server, committed: Connection, ann: Someone, account: Account
) -> None:
    page = await entered(looking, server, ann)
    await loaded(page, f"{server.url}{place(account.login, '/open')}")
    row = page.locator("#rows tbody tr").first
    key = await row.get_attribute("data-key")
    await page.evaluate("() => { document.querySelector('#rows tbody tr').mine = true; }")
    before = await row.locator("td[data-label^=Swap]").inner_text()
    position = int((key or "").rpartition("/")[2])

    await committed.execute(
        "UPDATE open_trades SET swap = swap - %s WHERE login = %s AND position = %s",
        [Decimal("7.77"), account.login, position],
    )
    await page.wait_for_function(
        "(before) => document.querySelector('#rows td[data-label^=Swap]').innerText !== before", arg=before
    )

    assert await page.evaluate("() => document.querySelector('#rows tbody tr').mine"), "It is the row it was."
    assert looking.complaints() == []


async def test_a_client_who_says_that_it_was_not_them_is_signed_out_and_told(
    looking: Browser, server: Server, ann: Someone, account: Account
) -> None:
    page = await entered(looking, server, ann)
    await loaded(page, f"{server.url}{place(account.login, '/history')}")
    await page.click("a.danger")
    await page.click("button.danger")
    await page.wait_for_url("**/cabinet/signed-out")

    assert "signed out on all devices" in await page.inner_text("main")
    await page.goto(f"{server.url}/cabinet")
    assert "/cabinet/sign-in" in page.url


@pytest.mark.torture  # the walk through every page sees them, too, in one look
@pytest.mark.parametrize("name", LOOKS)
async def test_nothing_on_any_page_keeps_anybody_out(
    looking: Browser, server: Server, ann: Someone, gold: Account, name: str
) -> None:
    await entered(looking, server, ann)
    page = await look(looking, server, "/cabinet", name)
    found = {}
    for where in ("/cabinet", *(place(gold.login, rest) for rest in (*PAGES, *MORE))):
        await loaded(page, server.url + where)
        await picture(page, f"client-{name}-{where.rpartition('/')[2]}")
        wider = ["It is wider than the screen."] if await page.evaluate(WIDER) > 0 else []
        found[where] = [*await violations(page), *wider]

    assert {where: each for where, each in found.items() if each} == {}
    assert looking.complaints() == []


async def test_an_explanation_opens_where_its_figure_stands(
    looking: Browser, server: Server, ann: Someone, account: Account
) -> None:
    page = await entered(looking, server, ann)
    await loaded(page, f"{server.url}{place(account.login, '/statistics')}")

    await page.click("details.metric:has([hx-get*='/profit_factor']) summary")
    await page.wait_for_selector("details[open] .formula")

    assert await page.inner_text("details[open] .formula")
    assert looking.complaints() == []


async def test_pages_take_little_script(looking: Browser, server: Server, ann: Someone, account: Account) -> None:
    page = await entered(looking, server, ann)
    await loaded(page, f"{server.url}{place(account.login, '/closed')}")

    sizes = await page.evaluate(SIZES)

    assert 0 < sum(sizes) < MOST_SCRIPT
