"""Every page of an account: there at once, its parts after it, and nothing of it for anybody else."""

import httpx
import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.cabinet.browser import Browser, owner
from tests.doors.cabinet.client.reading import part, place

PAGES = ("", "/open", "/closed", "/orders", "/lots", "/movements", "/charts", "/statistics", "/statements", "/bonuses")
PRIVATE = ("/history", "/history/not-me")
PARTS = (
    *(f"/parts/{name}" for name in ("balance", "summary", "open-trades", "closed-trades", "balance-chart", "monthly")),
    *(f"/charts/{name}" for name in ("drawdown", "symbol", "weekday", "hour")),
    "/about",
    "/statistics/profit_factor",
)


@pytest.mark.parametrize("rest", [*PAGES, *PRIVATE])
async def test_every_page_is_there_at_once_and_whole_where_no_script_runs(
    hers: Browser, account: Account, rest: str
) -> None:
    for query in ("", "?whole=yes"):
        answer = await hers.open(place(account.login, rest) + query)

        assert answer.status_code == 200, answer.text
        assert str(account.login) in hers.text()
        assert len(hers.page.css("h1")) == 1
        assert hers.page.css_first(".failed") is None


@pytest.mark.parametrize("rest", [*PAGES[1:], *PARTS])
async def test_every_part_shows_what_there_is(hers: Browser, account: Account, rest: str) -> None:
    answer = await part(hers, place(account.login, rest))

    assert "<html" not in answer.text
    assert "oc-refused" not in answer.text
    assert hers.page.css_first(".failed") is None


@pytest.mark.parametrize("rest", [*PAGES, *PRIVATE, *PARTS, "/statements/pdf"])
async def test_nothing_of_an_account_is_there_for_who_has_it_not(
    hers: Browser, committed: Connection, settings: Settings, rest: str
) -> None:
    other = await make.account(committed, login=7_000_999)
    await owner(committed, settings, other.login, email="bob@example.com")

    for login in (other.login, 999, 0, "x", "9" * 30, "-1"):
        foreign = await hers.site.get(place(login, rest))
        assert foreign.status_code == 404
        assert "<table" not in foreign.text


async def test_there_is_no_part_that_nobody_made(hers: Browser, account: Account) -> None:
    for rest in ("/parts/quotes", "/parts/x", "/charts/x", "/statistics/A%20b", "/statistics/x", "/statements/exe"):
        assert (await hers.site.get(place(account.login, rest))).status_code == 404, rest


async def test_who_is_not_signed_in_is_led_there_and_back(site: httpx.AsyncClient, account: Account) -> None:
    answer = await site.get(place(account.login, "/closed?symbol=EURUSD"))

    assert answer.status_code == 303
    assert f"accounts%2F{account.login}%2Fclosed%3Fsymbol%3DEURUSD" in answer.headers["location"]
