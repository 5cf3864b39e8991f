"""Lists of an account in the browser: v1's rows, filtered as the address says, page by page to the last row."""

from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors import turn, within
from opencabinet.doors.cabinet.client import listing
from opencabinet.settings import Settings
from tests import make
from tests.doors.cabinet.browser import Browser
from tests.doors.cabinet.client.reading import attribute, keys, link, part, place, rows
from tests.doors.v1.asking import asked, path, signed_in

LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "/open": ("trades/open", "position"),
    "/closed": ("trades/closed", "ticket"),
    "/orders": ("orders", "ticket"),
    "/movements": ("movements", "ticket"),
    "/history": ("authorizations", "id"),
}
OLDER: Final = "a[rel=next]"


@pytest.fixture
async def own(hers: Browser, committed: Connection, account: Account, settings: Settings) -> dict[str, str]:
    """The header that shows a bearer of the account, to compare with what v1 says."""
    return await signed_in(hers.site, committed, account.login, settings)


@pytest.mark.parametrize("rest", LISTS)
async def test_rows_are_those_of_v1(hers: Browser, account: Account, own: dict[str, str], rest: str) -> None:
    ask, key = LISTS[rest]
    given = await asked(hers.site, path(account.login, ask), own)

    await part(hers, place(account.login, rest))

    known = [str(row[key]) for row in given["data"]]
    assert known
    assert [each for each in keys(hers) if each in known] == known


async def test_figures_are_v1s_as_people_read_them(hers: Browser, account: Account, own: dict[str, str]) -> None:
    [row, *_] = (await asked(hers.site, path(account.login, "trades/closed"), own))["data"]

    await part(hers, place(account.login, "/closed"))

    shown = rows(hers)[0]
    assert shown["Ticket"] == str(row["ticket"])
    assert shown["Symbol"] == row["symbol"]
    assert Decimal(shown["Lots"]) == Decimal(row["volume"]["lots"])
    assert Decimal(shown["Result, USD"].replace(",", "")) == Decimal(row["net"]).quantize(Decimal("0.01"))
    assert row["closed_at_broker"].replace("T", " ") in attribute(hers, "td.time [title]", "title")


async def test_the_whole_period_adds_up_in_words(hers: Browser, account: Account, own: dict[str, str]) -> None:
    receipt = (await asked(hers.site, path(account.login, "closed-lots"), own))["receipt"]

    await part(hers, place(account.login, "/closed"))

    for name in ("opening_balance", "movements", "results", "costs", "closing_balance"):
        said = hers.text(f".sum-{name} dd").replace(",", "").removesuffix(" USD")
        assert Decimal(said) == Decimal(receipt[name]).quantize(Decimal("0.01")), name
    assert "3 trades" in hers.text("header .soft")


async def test_an_account_whose_rows_explain_not_all_says_so(
    hers: Browser, committed: Connection, account: Account
) -> None:
    await committed.execute("UPDATE accounts SET complete = false WHERE login = %s", [account.login])

    await part(hers, place(account.login, "/closed"))

    assert "does not add up" in hers.text(".receipt")


@pytest.mark.parametrize("rest", ["/open", "/closed", "/orders", "/movements"])
async def test_pages_follow_one_another_to_the_last_row(
    hers: Browser, committed: Connection, account: Account, own: dict[str, str], rest: str
) -> None:
    for number in range(60):
        at = make.NOW - (number + 10) * make.HOUR
        await make.closed_trade(committed, account.login, closed_at=at)
        await make.open_trade(committed, account.login, opened_at=at)
    ask, key = LISTS[rest]
    every = [str(row[key]) for row in (await asked(hers.site, path(account.login, ask), own, limit=500))["data"]]

    found, where = [], place(account.login, f"{rest}?limit=25")
    for _ in range(5):
        await part(hers, where)
        found += keys(hers)
        if not (where := link(hers, OLDER)):
            break

    assert found == every
    assert not where, "The last page leads no further."


async def test_filters_choose_what_v1_chooses(hers: Browser, committed: Connection, account: Account) -> None:
    for number, (symbol, side, comment) in enumerate(
        (("XAUUSD", "sell", "robot one"), ("XAUUSD", "buy", "by hand"), ("EURUSD", "sell", "Robot two"))
    ):
        at = make.NOW + number * make.HOUR
        await make.closed_trade(
            committed, account.login, symbol=symbol, side=side, comment=comment, closed_at=at, opened_at=at - make.HOUR
        )

    async def chosen(**given: Any) -> list[str]:
        await part(hers, place(account.login, "/closed"), **given)
        return [row["Comment"] for row in rows(hers)]

    assert await chosen(symbol="xauusd") == ["by hand", "robot one"]
    assert await chosen(side="sell", comment="robot") == ["Robot two", "robot one"]
    assert await chosen(symbol="xauusd", comment="robot", time_field="open") == ["robot one"]
    assert await chosen(comment="nothing of the kind") == []
    assert hers.page.css_first(".empty") is not None
    day = make.NOW.date().isoformat()
    assert len(await chosen(**{"from": day, "to": day})) >= 3, "The last day is one of the period."
    assert await chosen(**{"from": "2031-01-01"}) == []


async def test_the_address_says_what_is_shown_and_nothing_else(hers: Browser, account: Account) -> None:
    here = "http://cabinet.test" + place(account.login, "/closed")
    given = {"symbol": "EURUSD", "side": "", "comment": "", "from": "", "to": "", "limit": "50", "period": ""}
    headers = {"hx-request": "true", "hx-current-url": here}

    answer = await hers.open(place(account.login, "/closed"), headers=headers, params=given)
    assert answer.headers["hx-push-url"] == place(account.login, "/closed?symbol=EURUSD")

    again = {"hx-request": "true", "hx-current-url": here + "?symbol=EURUSD"}
    assert "hx-push-url" not in (await hers.open(place(account.login, "/closed"), headers=again, params=given)).headers


async def test_a_page_that_is_shared_has_its_filters_filled_in(hers: Browser, account: Account) -> None:
    await hers.open(place(account.login, "/closed?symbol=EURUSD&side=sell&from=2026-03-02&limit=25"))

    assert hers.value("#symbol") == "EURUSD"
    assert hers.value("#from") == "2026-03-02"
    assert hers.value("#side option[selected]") == "sell"
    assert "symbol=EURUSD" in attribute(hers, "#rows", "hx-get")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("from", "yesterday"),
        ("to", "9999-12-31"),
        ("from", "2026-02-30"),
        ("side", "up"),
        ("limit", "100000"),
        ("period", "aeon"),
        ("symbol", "x" * 65),
        ("comment", "a\x00b"),
        ("time_field", "<script>"),
    ],
)
async def test_what_cannot_be_understood_is_said_and_asked_of_nobody(
    hers: Browser, account: Account, name: str, value: str
) -> None:
    where = place(account.login, "/closed")
    answer = await hers.site.get(where, params={name: value, "whole": "yes"})
    assert answer.status_code == 400, "The page says it by its status, too."

    await part(hers, where, **{name: value})

    assert hers.page.css_first("[role=alert]") is not None
    assert "<script>" not in answer.text
    assert rows(hers) == []


@pytest.mark.parametrize("cursor", ["x", "A" * 43, "../../etc", "%00"])
async def test_a_cursor_that_nobody_gave_leads_back_to_the_newest(hers: Browser, account: Account, cursor: str) -> None:
    await part(hers, place(account.login, "/closed"), cursor=cursor)

    assert hers.page.css_first("[role=alert]") is not None
    assert rows(hers) == []


async def test_hostile_names_stay_text(hers: Browser, committed: Connection, account: Account) -> None:
    hostile = "<img src=x onerror=alert(1)>\u202e"
    await make.closed_trade(committed, account.login, comment=hostile, closed_at=make.NOW + make.HOUR)

    answer = await part(hers, place(account.login, "/closed"))

    assert "<img" not in answer.text
    assert rows(hers)[0]["Comment"] == "<img src=x onerror=alert(1)>"


async def test_lots_are_those_of_v1_by_each_group(hers: Browser, account: Account, own: dict[str, str]) -> None:
    for group in ("symbol", "day", "month", "total"):
        given = await asked(hers.site, path(account.login, "closed-lots"), own, group=group)

        await part(hers, place(account.login, "/lots"), group=group)

        assert [row["Trades"] for row in rows(hers)] == [str(row["trades"]) for row in given["data"]], group


async def test_who_waits_for_what_others_are_answered_keeps_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAUSE", 0)
    told: list[str] = []
    place = SimpleNamespace(leave=lambda: told.append("leave"), come_back=lambda: told.append("come back"))

    async def busy(_question: str) -> within.Answer:
        told.append("ask")
        return within.Answer(503 if told.count("ask") < 3 else 200, {}, b"")

    visit: Any = SimpleNamespace(request=SimpleNamespace(scope={turn.TURN: place}), ask=busy)

    assert (await listing.patiently(visit, "/v1/accounts/1/breakdown")).good
    assert told == ["ask", "leave", "come back", "ask", "leave", "come back", "ask"]
