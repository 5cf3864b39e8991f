"""What others wrote is text in every rendering, and turns nothing around it."""

from decimal import Decimal
from xml.etree import ElementTree as ET

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from opencabinet.access import Redaction
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.showing.definitions.cells import LONGEST, foreign
from opencabinet.doors.showing.feed import atom
from opencabinet.doors.showing.html import html, written
from opencabinet.doors.showing.tree import tree
from tests import make
from tests.content.telling import news
from tests.doors.redactions import opened
from tests.doors.shown import reading
from tests.doors.shown.asking import shown

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
TURNED = "\u202e000,1-\u202c \u2067x\u2069 \u200f\u061c"
STEERING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\ufeff")
COLUMNS = "symbol,comment,net"


@pytest.fixture
async def account(committed: Connection) -> Account:
    """An account that whoever wrote its comments would like to break."""
    made = await make.account(committed)
    for symbol, comment in (("EURUSD", SCRIPT), (IMAGE[:30], "' onmouseover='x"), ("XAUUSD", TURNED)):
        await make.closed_trade(committed, made.login, symbol=symbol, comment=comment, lots=Decimal(1))
    await opened(committed, made.login, Redaction())
    return made


async def test_markup_of_others_is_text(site: httpx.AsyncClient, account: Account) -> None:
    found = await shown(site, "closed-trades", account.login, columns=COLUMNS)

    page = reading.page(found)
    assert page.css("script, img, style, iframe, [onerror], [onmouseover], [style]") == []
    said = {each.text() for each in page.css("td, th")}
    assert {SCRIPT, "' onmouseover='x", IMAGE[:30]} <= said
    assert SCRIPT in reading.lines(found)
    assert dict(reading.in_tree(tree(found))) == reading.by_key(found)


async def test_nothing_turns_the_figures_beside_it(site: httpx.AsyncClient, account: Account) -> None:
    found = await shown(site, "closed-trades", account.login, columns=COLUMNS)

    assert not STEERING & set(str(html(found)))
    assert not STEERING & set(reading.lines(found))
    assert "000,1- x" in reading.lines(found)
    assert {each.tag for each in (cell.child for cell in reading.page(found).css("tbody td, tbody th")) if each} == {
        "bdi"
    }


async def test_a_feed_stays_well_formed(site: httpx.AsyncClient, account: Account) -> None:
    found = await shown(site, "closed-trades", account.login, columns=COLUMNS)

    root = ET.fromstring(atom(found, "cabinet.test", "http://cabinet.test/w"))  # noqa: S314 - it is ours

    texts = [each.text or "" for each in root.iter("{http://www.w3.org/2005/Atom}content")]
    assert sum(SCRIPT in each for each in texts) == 1
    assert not STEERING & set("".join(texts))


async def test_news_is_its_text_and_leads_to_the_cabinet_only(site: httpx.AsyncClient, committed: Connection) -> None:
    made = await news(committed, f"# {SCRIPT} rises\n\nIt *did* {IMAGE}\n\n[More](javascript:alert(1))\n", at=make.NOW)

    found = await shown(site, "news")

    page = LexborHTMLParser(str(html(found, base="https://cabinet.test")))
    assert page.css("script, img, [onerror]") == []
    assert [each.attributes["href"] for each in page.css(".oc-articles a")] == [f"https://cabinet.test/news/{made.id}"]
    assert made.title in page.css(".oc-headline")[0].text()


def test_what_xml_has_no_place_for_is_left_out() -> None:
    assert foreign("EUR\uffffUSD \ufffe now") == "EUR USD now"


@given(st.text())
def test_foreign_text_is_one_line_without_what_steers(given_text: str) -> None:
    found = foreign(given_text)

    assert len(found) <= LONGEST
    assert not STEERING & set(found)
    assert all(each.isprintable() or each == " " for each in found if ord(each) < 0xA0)
    assert "\n" not in found


@given(st.text(), st.text())
def test_whatever_is_text_in_a_tree_is_text_on_the_page(name: str, text: str) -> None:
    safe = "".join(each for each in text if each.isprintable())

    page = LexborHTMLParser(written(["p", {"title": name}, [safe, ["b", {}, [safe]]]]))

    [found] = page.css("p")
    assert [each.tag for each in found.css("*")][-1] == "b"
    assert len(page.css("body *")) == 2
    assert found.text() == safe * 2
