"""What partners see: their clients masked, every reward with its arithmetic, and what leads to more."""

from typing import Any

import httpx
import pytest

from opencabinet.access import Source
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.partners import referrals
from opencabinet.settings import Settings
from tests import make
from tests.doors.cabinet.browser import Browser, owner
from tests.doors.cabinet.partner.reading import SECTIONS, cells, link, place, said, whole
from tests.doors.v1.partnering import CLIENT, CODE

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


@pytest.mark.parametrize("section", SECTIONS)
async def test_every_page_is_there_at_once_and_whole_where_no_script_runs(
    browser: Browser, partner: Account, section: str
) -> None:
    shell = await browser.open(place(partner.login, section))
    assert shell.status_code == 200
    assert browser.page.css_first("h1") is not None
    current = browser.page.css_first(".menu [aria-current=page]")
    assert current is not None
    assert current.attributes["href"] == place(partner.login, section)

    assert (await whole(browser, partner.login, section)).status_code == 200
    assert browser.page.css_first(".skeleton") is None
    assert browser.page.css_first(".failed") is None, browser.text()


async def test_the_overview_says_what_came_of_a_period(browser: Browser, partner: Account) -> None:
    await whole(browser, partner.login, **MARCH)

    told = said(browser)
    assert "1 client in all" in told
    assert "10.50 USD" in told
    assert len(browser.page.css("figure.oc-chart")) == 3
    assert CODE in told


async def test_a_client_is_masked_until_they_consent(browser: Browser, committed: Connection, partner: Account) -> None:
    await whole(browser, partner.login, "/clients")
    assert [row.split()[0] for row in cells(browser)] == [str(CLIENT)]

    await referrals.consent(committed, CLIENT, "masked", Source(channel="v1"))
    await whole(browser, partner.login, "/clients")

    [row] = cells(browser)
    assert row.startswith("…002")
    assert str(CLIENT) not in browser.text()


async def test_a_reward_is_explained_by_its_arithmetic_and_can_be_doubted(browser: Browser, partner: Account) -> None:
    await whole(browser, partner.login, "/commissions")
    assert len(cells(browser)) == 3
    assert "The lines add up." in browser.text("#rows")
    where = link(browser, "tbody tr:nth-child(1) a")

    await browser.open(f"{where}?whole=yes")

    told = said(browser)
    assert "Money for each lot 7.00 USD × 0.5 lots" in told
    assert "default , version 1" in told
    assert "Its plan pays 3.50 USD" in told
    await browser.send(f"{where}/dispute", text="It was <b>two</b> lots.", once="abc1")
    assert "The operator is told" in browser.text()
    await browser.open(f"{where}?whole=yes")
    assert "Disputed" in browser.text()
    await whole(browser, partner.login, "/disputes")
    assert len(cells(browser)) == 2
    assert "It was <b>two</b> lots." in browser.text()

    again = await browser.send(f"{where}/dispute", text="Again.", once="abc2")
    assert again.status_code == 409
    assert "Again." in browser.page.css_first("#text").text()  # type: ignore[union-attr]


async def test_lists_are_read_page_by_page_with_what_is_filtered_kept(browser: Browser, partner: Account) -> None:
    await whole(browser, partner.login, "/commissions", limit="25", **MARCH)
    assert len(cells(browser)) == 3
    await whole(browser, partner.login, "/commissions", **{"from": "2026-03-03", "to": "2026-03-03"})
    assert len(cells(browser)) == 1
    await whole(browser, partner.login, "/statistics", group="country", **MARCH)
    assert "New clients" in browser.text("thead")
    assert "DE 1 1 0 0 0 0 0.00 0.00 0 0.00" in cells(browser)
    await whole(browser, partner.login, "/commissions", **{"from": "2020-01-01", "to": "2020-02-01"})
    assert "Nothing was earned" in browser.text()


async def test_a_link_is_made_shown_with_its_picture_and_retired(browser: Browser, partner: Account) -> None:
    await whole(browser, partner.login, "/links")
    given = {"destination": "open-account", "campaign": "spring", "keywords": "gold, silver", "own_name": "SPRING"}

    await browser.send(place(partner.login, "/links"), once="l1", **given)

    assert "The link is made" in browser.text()
    picture = browser.page.css_first("img.qr")
    assert picture is not None
    answer = await browser.site.get(picture.attributes["src"] or "")
    assert answer.headers["content-type"].startswith("image/svg")
    await browser.open(place(partner.login, "/links/SPRING"), params={"k": "gold", "s1": "a b"})
    assert browser.page.css_first("#address").text() == "http://cabinet.test/go/SPRING?k=gold&s1=a+b"  # type: ignore[union-attr]

    again = await browser.send(place(partner.login, "/links"), once="l2", **given)
    assert again.status_code == 409
    assert browser.value("#campaign") == "spring"

    await whole(browser, partner.login, "/links")
    retire = [each.attributes["action"] or "" for each in browser.page.css("form") if "retire" in str(each.attributes)]
    await browser.send(retire[-1])
    assert "leads nowhere any more" in browser.text()


async def test_a_banner_has_the_code_to_paste_and_looking_at_it_here_counts_nothing(
    browser: Browser, partner: Account
) -> None:
    await whole(browser, partner.login, "/banners")

    snippets = [each.text() for each in browser.page.css("textarea")]
    assert any(f"http://cabinet.test/go/{CODE}?b=" in each for each in snippets)
    pictures = [each.attributes["src"] or "" for each in browser.page.css(".picture img")]
    assert pictures
    for each in pictures:
        assert CODE not in each
        assert (await browser.site.get(each)).status_code == 200
    await whole(browser, partner.login, "/banners", size="728x90", theme="dark", language="xx")
    assert "No such banner" in browser.text() or "cannot" in browser.text()


async def test_informers_and_feeds_name_the_partner(browser: Browser, partner: Account) -> None:
    await whole(browser, partner.login, "/informers")

    assert f"/informers?code={CODE}" in str(browser.page.html)
    feed = browser.page.css_first("#feed-1")
    assert feed is not None
    assert feed.text() == f"http://cabinet.test/feeds/news.rss?code={CODE}"


async def test_a_trade_can_be_tried(browser: Browser, partner: Account) -> None:
    await browser.open(place(partner.login, "/try"))
    given = {"symbol": "EURUSD", "side": "buy", "lots": "2", "contract_size": "100000", "digits": "5"}

    await browser.send(place(partner.login, "/try"), open_price="1.085", close_price="1.086", level="0", **given)

    assert "+14.00 USD" in browser.text().replace("\u00a0", " ")
    assert "7.00 USD × 2 lots" in browser.text().replace("\u00a0", " ")


async def test_an_account_that_is_no_partner_is_told_how_it_becomes_one(hers: Browser, account: Account) -> None:
    await hers.open(place(account.login))

    assert "Become a partner" in hers.text("h1")
    for section in SECTIONS[1:]:
        assert (await hers.open(place(account.login, section))).status_code == 404


async def test_a_partner_of_somebody_else_is_not_there(
    browser: Browser, committed: Connection, settings: Settings, partner: Account
) -> None:
    bob = await make.account(committed, login=7_000_998)
    await owner(committed, settings, bob.login, email="bob@example.com")
    other = httpx.AsyncClient(transport=browser.site._transport, base_url="http://cabinet.test")  # noqa: SLF001
    theirs = Browser(other)
    await theirs.sign_in("bob@example.com")
    for section in (*SECTIONS, "/links/HARBR", f"/commissions/rwd_{partner.login}_1"):
        answer = await theirs.open(place(partner.login, section), params={"whole": "yes"})
        assert answer.status_code == 404, section


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    ("/claims", {"account": "<b>", "evidence": "x"}),
    ("/claims", {"account": "9" * 19, "evidence": ""}),
    ("/claims", {"account": "1001002", "evidence": "y" * 4000}),
    ("/links", {"destination": "'; DROP TABLE links", "campaign": "x"}),
    ("/links", {"destination": "open-account", "own_name": "<script>"}),
    ("/links", {"destination": "open-account", "keywords": ",".join(f"k{n}" for n in range(9))}),
    ("/links", {"destination": "open-account", "campaign": "\x00"}),
    ("/try", {"symbol": "<script>alert(1)</script>", "lots": "1"}),
    ("/try", {"symbol": "EURUSD", "lots": "NaN", "open_price": "1", "close_price": "1"}),
    ("/try", {"symbol": "EURUSD", "lots": "1", "open_price": "1", "close_price": "1", "digits": "٣"}),
    ("/try", {"symbol": "EURUSD", "lots": "1", "open_price": "1", "close_price": "1", "level": "99"}),
    ("/commissions/rwd_1_1/dispute", {"text": "x"}),
    ("/links/lnk_1_1/retire", {}),
    ("/links/..%2F..%2Fkeys/retire", {}),
]


@pytest.mark.parametrize(("rest", "given"), HOSTILE)
async def test_nothing_hostile_is_done_or_breaks_a_page(
    browser: Browser, partner: Account, rest: str, given: dict[str, Any]
) -> None:
    await browser.open(place(partner.login, "/try"))
    answer = await browser.send(place(partner.login, rest), **given)

    assert 400 <= answer.status_code < 500, answer.text
    assert "<script>alert" not in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize("section", SECTIONS[:-1])
async def test_what_an_address_asks_and_cannot_be_understood_is_said(
    browser: Browser, partner: Account, section: str
) -> None:
    hostile = {"from": "<b>", "limit": "1e9", "cursor": "AAAA<b>", "group": "x", "size": "1", "code": "'\"><b>"}
    answer = await whole(browser, partner.login, section, **hostile)

    assert answer.status_code < 500
    assert "<b>" not in answer.text
