"""What a delay leaves out: nothing is told of what happened since its moment."""

import httpx
import pytest

from opencabinet import access
from opencabinet.db import Connection
from tests.doors import redactions
from tests.doors.legacy import asking as legacy
from tests.doors.redactions import EVERYTHING, YOUNG, Row, opened, seen, told
from tests.doors.v1.asking import asked, path

pytestmark = pytest.mark.usefixtures("still")


async def test_a_delay_ends_every_list_and_sum_at_its_moment(site: httpx.AsyncClient, committed: Connection) -> None:
    kinds = ("closed", "open", "order", "money")
    account = await told(committed, [Row(kind, age, "EURUSD") for kind in kinds for age in (29, 30, 31)])
    await opened(committed, account.login, YOUNG)

    # What closed since was open then.
    for rest, count in (("trades/closed", 1), ("trades/open", 2), ("orders", 1)):
        assert len((await asked(site, path(account.login, rest)))["data"]) == count, rest
    movements = await asked(site, path(account.login, "movements"))
    balance = await asked(site, path(account.login, "balance"))
    lots = await asked(site, path(account.login, "closed-lots"))
    later = await asked(site, path(account.login, "closed-lots"), since="2026-11-02T11:59:00Z")

    assert len(movements["data"]) == 2
    assert balance["balance"] == movements["receipt"]["closing_balance"] == "2061.8247"
    assert {"equity", "margin", "floating", "free_margin", "margin_level"} & set(balance) == set()
    assert (lots["total"]["trades"], lots["period"]["to"]) == (1, "2026-11-02T11:30:00.000Z")
    assert (later["total"]["trades"], later["period"]["from"]) == (0, "2026-11-02T11:30:00.000Z")
    assert balance["as_of"] == lots["as_of"] == "2026-11-02T11:30:00.000Z"
    assert len((await site.get(legacy.OPERATIONS.format(account.login))).json()) == 2


async def test_a_delayed_answer_says_its_moment_and_nothing_of_the_feed(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    account = await told(committed, [EVERYTHING])
    await opened(committed, account.login, YOUNG)

    answer = await site.get(path(account.login, "balance"))

    assert answer.headers["last-modified"] == "Mon, 02 Nov 2026 11:30:00 GMT"
    assert "x-feed-as-of" not in answer.headers


async def test_a_delayed_day_is_shown_once_it_is_over(site: httpx.AsyncClient, committed: Connection) -> None:
    account = await told(committed, [Row("closed", age, "EURUSD") for age in (31, 24 * 60, 48 * 60)])
    await opened(committed, account.login, YOUNG)

    series = await asked(site, path(account.login, "series/balance"))

    assert [day["day"] for day in series["data"]][-2:] == ["2026-10-31", "2026-11-01"]


async def test_an_open_trade_that_closes_within_the_delay_is_still_shown(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    account = await told(committed, [Row("open", 700, "EURUSD")])
    await opened(committed, account.login, YOUNG)
    before = await site.get(path(account.login, "trades/open"))
    await redactions.close_one(committed, account.login, 30)
    after = await site.get(path(account.login, "trades/open"))

    assert seen(after) == seen(before)
    [trade] = after.json()["data"]
    assert "current_price" not in trade
    assert trade["volume"]["lots"] == "0.73911"


@pytest.mark.parametrize(("mode", "shown"), [("netting", False), (None, False), ("hedging", True)])
async def test_a_delay_hides_what_is_added_to_a_netted_position(
    site: httpx.AsyncClient, committed: Connection, mode: str | None, *, shown: bool
) -> None:
    """A report replaces the lots and the price of the position: what they were before is not known any more."""
    account = await told(committed, [Row("open", 700, "EURUSD")], platform="mt5", mode=mode)
    await opened(committed, account.login, YOUNG)

    [trade] = (await asked(site, path(account.login, "trades/open")))["data"]
    assert {"volume" in trade, "open_price" in trade} == {shown}
    [row] = (await site.get(legacy.OPEN.format(account.login))).json()
    assert {"Volume" in row, "OpenPrice" in row} == {shown}


async def test_a_cursor_reaches_past_no_delay(site: httpx.AsyncClient, committed: Connection) -> None:
    account = await told(committed, [Row("closed", age, "EURUSD") for age in (1, 2, 31)])
    await access.open_account(committed, account.login)
    first = await asked(site, path(account.login, "trades/closed"), limit=1)
    await opened(committed, account.login, YOUNG)
    cursor = first["page"]["next_cursor"]

    page = await asked(site, path(account.login, "trades/closed"), limit=2, cursor=cursor)

    assert len(page["data"]) == 1
    assert page["receipt"]["closing_balance"] == "1061.8247"
