"""Widgets of partners and of nobody, and the bonus meter; and the feeds of what is news."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from msgspec import structs

from opencabinet import accounts, bonuses, ledger, market
from opencabinet.access import Hidden, Redaction
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.showing.feed import atom
from opencabinet.doors.showing.model import Chart, Meter
from opencabinet.kernel.ids import Login
from opencabinet.market import Quote
from tests import make
from tests.bonuses.rules import FIRST, money, moved
from tests.content.telling import news
from tests.doors.redactions import opened
from tests.doors.shown import reading
from tests.doors.shown.asking import shown
from tests.doors.v1.asking import asked, filled
from tests.doors.v1.partnering import seeded

ATOM = "{http://www.w3.org/2005/Atom}"
MARCH = {"from": "2026-03-01", "to": "2026-04-01"}


@pytest.fixture
async def partner(committed: Connection, database: str) -> Login:
    """A partner with clients, clicks and rewards, who shows them to everybody."""
    made = await make.account(committed)
    await seeded(committed, made.login, database)
    await opened(committed, made.login, Redaction())
    return made.login


async def test_commissions_are_the_lines_and_the_sum_of_v1(site: httpx.AsyncClient, partner: Login) -> None:
    given: Any = await asked(site, f"/v1/partners/{partner}/rewards")
    found = await shown(site, "commissions", partner)

    cells = reading.cells(found)
    assert given["data"]
    assert cells["figures/closing_total"].value == given["receipt"]["closing_total"]
    assert [cells[f"rewards/{row['id']}/amount"].value for row in given["data"]] == [
        row["amount"] for row in given["data"]
    ]
    assert found.honesty.as_of == given["as_of"]
    assert reading.page(found).css(".oc-whose")[0].text() == f"Partner {partner}"
    assert "Disputed" in reading.lines(found)


async def test_clicks_are_drawn_and_told_day_by_day(site: httpx.AsyncClient, partner: Login) -> None:
    given: Any = await asked(site, f"/v1/partners/{partner}/clicks", None, since=MARCH["from"], until=MARCH["to"])
    found = await shown(site, "clicks", partner, None, **MARCH)

    [chart] = [each for each in found.blocks if isinstance(each, Chart)]
    assert [(each.at, each.value) for each in chart.series[0].points] == [
        (row["group"], str(row["clicks"])) for row in given["data"]
    ]
    assert reading.cells(found)["figures/clicks"].value == str(given["total"]["clicks"])
    assert found.honesty.as_of is None
    assert "Counted as it comes in" in reading.lines(found)


async def bonused(conn: Connection) -> Account:
    """Keep an account with a bonus, and a trade that counts for it."""
    await bonuses.save(conn, [*FIRST.values()])
    account = await make.account(conn, credit=Decimal(550), equity=Decimal(1550))
    await accounts.know_server(conn, "S", "UTC")
    await accounts.add_origin(conn, accounts.Origin(server="S", number=1, since=make.NOW, login=account.login))
    movements = (money(1, 1, "1000"), moved(2, 2, "550", "Credit in"))
    await ledger.save(conn, [structs.replace(each, login=account.login) for each in movements])
    await make.closed_trade(
        conn,
        account.login,
        lots=Decimal(1),
        contract_size=Decimal(10_000),
        opened_at=make.NOW - timedelta(hours=9),
        closed_at=make.NOW - timedelta(hours=1),
    )
    return account


async def test_the_meter_stands_where_the_lots_are(site: httpx.AsyncClient, committed: Connection) -> None:
    account = await bonused(committed)
    await opened(committed, account.login, Redaction())

    given: Any = await asked(site, f"/v1/accounts/{account.login}/bonuses")
    found = await shown(site, "bonus", account.login)

    [programme] = [each for each in given["programmes"] if each["required_lots"] is not None]
    [meter] = [each for each in found.blocks if isinstance(each, Meter)]
    part = Decimal(programme["counted_lots"]) / Decimal(programme["required_lots"])
    assert Decimal(meter.part) == part.quantize(Decimal("0.0001")) > 0
    [bar] = reading.page(found).css("progress")
    assert (bar.attributes["value"], bar.attributes["max"]) == (meter.part, "1")
    assert reading.cells(found)["figures/remaining"].value == given["remaining"] == "550"


async def test_a_bonus_of_which_all_is_hidden_is_said_in_words(site: httpx.AsyncClient, committed: Connection) -> None:
    account = await bonused(committed)
    await opened(committed, account.login, Redaction(hide=frozenset({Hidden.MONEY, Hidden.VOLUMES})))

    found = await shown(site, "bonus", account.login)

    assert {key: each.text for key, each in reading.cells(found).items()} == {"figures/state": "Lots are owed"}


async def test_a_meter_of_hidden_lots_is_not_there(site: httpx.AsyncClient, committed: Connection) -> None:
    account = await bonused(committed)
    await opened(committed, account.login, Redaction(hide=frozenset({Hidden.VOLUMES})))

    found = await shown(site, "bonus", account.login)

    assert [each for each in found.blocks if isinstance(each, Meter)] == []
    assert "figures/left_lots" not in reading.cells(found)
    assert reading.cells(found)["figures/remaining"].value == "550"


async def test_quotes_are_of_the_moment_of_the_newest(site: httpx.AsyncClient, committed: Connection) -> None:
    await accounts.know_server(committed, "S", "UTC")
    for number, (symbol, bid, ask) in enumerate((("EURUSD", "1.1", "1.10012"), ("USDJPY", "160.055", "160.07"))):
        at = make.NOW + number * make.HOUR
        quote = Quote(server="S", symbol=symbol, bid=Decimal(bid), ask=Decimal(ask), quoted_at=at, told_by="feed")
        await market.save_quotes(committed, [quote])

    found = await shown(site, "quotes", symbols="usdjpy,EURUSD,NOTHING")

    rows = [[cell.text() for cell in row.css("td, th")] for row in reading.page(found).css("tbody tr")]
    assert [row[:3] for row in rows] == [["USDJPY", "160.055", "160.070"], ["EURUSD", "1.10000", "1.10012"]]
    assert found.honesty.as_of == "2026-11-02T13:00:00.000Z"
    assert found.login is None


async def test_news_is_a_feed(site: httpx.AsyncClient, committed: Connection) -> None:
    made = [await news(committed, at=make.NOW - number * make.HOUR) for number in range(3)]

    found = await shown(site, "news", rows="2")
    root = ET.fromstring(atom(found, "w.test", "http://w.test/w/news.atom", base="http://c.test"))  # noqa: S314 - ours

    entries = root.findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}title") for each in entries] == [each.title for each in made[:2]]
    links = [link.attrib["href"] for each in entries for link in each.findall(f"{ATOM}link")]
    assert links == [f"http://c.test/news/{each.id}" for each in made[:2]]
    assert root.findtext(f"{ATOM}updated") == found.honesty.as_of


async def test_closed_trades_are_a_feed_whose_entries_stay(site: httpx.AsyncClient, committed: Connection) -> None:
    account = await filled(committed)
    await opened(committed, account.login, Redaction())
    first = await shown(site, "closed-trades", account.login)
    await make.closed_trade(committed, account.login, closed_at=make.NOW)
    second = await shown(site, "closed-trades", account.login, columns="net,symbol")

    told = [ids(atom(each, "w.test", "http://w.test/x")) for each in (first, second)]
    assert len(told[0]) == 3
    assert len(told[1]) == 4
    assert told[0].items() <= told[1].items(), "neither what is new nor what is shown changes an entry's id or time"


def ids(feed: bytes) -> dict[str, str]:
    """Return the entries of a feed: their ids, and when they were."""
    root = ET.fromstring(feed)  # noqa: S314 - ours
    return {
        str(each.findtext(f"{ATOM}id")): str(each.findtext(f"{ATOM}updated")) for each in root.findall(f"{ATOM}entry")
    }
