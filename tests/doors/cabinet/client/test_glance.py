"""Accounts at a glance, and how soon each page begins."""

from decimal import Decimal
from typing import Any, Final

import psycopg
import pytest
from msgspec import structs

from opencabinet import app
from opencabinet.access import people
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors import within
from opencabinet.settings import Settings
from tests import make
from tests.access.people.person import HERE, Someone
from tests.doors.cabinet.browser import Browser, owner
from tests.doors.cabinet.client.reading import attribute, link, part, place
from tests.doors.cabinet.client.test_pages import PAGES, PRIVATE
from tests.doors.v1.asking import asked, path, signed_in
from tests.doors.watching import ASIDE
from tests.living import living

MOST: Final = 3
"""How many journeys to the database a page may take before its first byte."""


async def test_each_account_has_its_card_with_v1s_figures(
    hers: Browser, committed: Connection, ann: Someone, account: Account, settings: Settings
) -> None:
    second = await make.account(committed, login=7_001_000, currency="JPY", balance=Decimal(2500))
    await people.link(committed, ann.means, ann.id, second.login, HERE)

    await part(hers, "/cabinet")

    for each in (account, second):
        own = await signed_in(hers.site, committed, each.login, settings)
        given = await asked(hers.site, path(each.login, "balance"), own)
        card = f"[data-key='{each.login}']"
        shown = hers.text(f"{card} [data-key=balance] dd").replace(",", "")
        digits = Decimal(1) if each.currency == "JPY" else Decimal("0.01")
        assert Decimal(shown.split()[0]) == Decimal(given["balance"]).quantize(digits)
        assert shown.split()[1] == each.currency
        assert attribute(hers, f"{card} time", "datetime") == given["as_of"]
        assert link(hers, f"{card} h2 a") == place(each.login)


async def test_who_has_no_account_is_told_what_to_do(
    browser: Browser, committed: Connection, settings: Settings
) -> None:
    nobody = await owner(committed, settings, email="new@example.com")
    await browser.sign_in(nobody.email)

    assert "No account is yours yet" in browser.text("main")


async def test_many_accounts_are_on_several_pages(hers: Browser, committed: Connection, ann: Someone) -> None:
    for number in range(14):
        made = await make.account(committed, login=7_002_000 + number)
        await people.link(committed, ann.means, ann.id, made.login, HERE)

    found = []
    for page in ("1", "2", "3", "x", "-1", "9" * 99):
        await hers.open("/cabinet", params={"page": page})
        found.append([node.attributes["data-key"] for node in hers.page.css("li.account")])

    assert [len(each) for each in found] == [12, 3, 12, 12, 12, 12]
    assert len({*found[0], *found[1]}) == 15


async def test_many_accounts_leave_connections_to_others(
    hers: Browser, committed: Connection, ann: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(14):
        made = await make.account(committed, login=7_002_000 + number)
        await people.link(committed, ann.means, ann.id, made.login, HERE)
    under_way: list[int] = [0]
    put = within.asked

    async def counting(*given: Any) -> None:
        under_way.append(under_way[-1] + 1)
        await put(*given)
        under_way.append(under_way[-1] - 1)

    monkeypatch.setattr(within, "asked", counting)

    await part(hers, "/cabinet")

    assert len(hers.page.css("li.account [data-key=balance]")) == 12
    assert 1 < max(under_way) <= within.AT_ONCE


async def test_what_an_account_is_stands_on_its_card(hers: Browser, account: Account) -> None:
    await part(hers, place(account.login, "/about"))

    assert "MetaTrader 4" in hers.text("p")
    assert account.currency in hers.text("p")


@pytest.mark.parametrize("rest", [*PAGES, *PRIVATE, None])
async def test_a_page_begins_within_three_journeys(
    hers: Browser, account: Account, rest: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = "/cabinet" if rest is None else place(account.login, rest)
    await hers.site.get(where)
    journeys: list[str] = []
    execute: Any = psycopg.AsyncCursor.execute

    async def counted(self: Any, query: Any, *args: Any, **given: Any) -> Any:
        if not any(each in str(query) for each in ASIDE):
            journeys.append(str(query))
        return await execute(self, query, *args, **given)

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", counted)
    answer = await hers.site.get(where)

    assert answer.status_code == 200
    assert 1 <= len(journeys) <= MOST, journeys


async def test_money_is_paid_in_and_out_where_the_broker_says(
    settings: Settings, committed: Connection, account: Account, ann: Someone
) -> None:
    given = structs.replace(settings, deposit_url="https://pay.example.com/in?to={login}")
    async with living(app.build(given)) as (site, _):
        browser = Browser(site)
        await browser.sign_in(ann.email)
        for rest in ("", "/movements"):
            await browser.open(place(account.login, rest))
            found = [node.attributes["href"] for node in browser.page.css(".head .actions a")]
            assert found == [f"https://pay.example.com/in?to={account.login}"]
    assert committed
