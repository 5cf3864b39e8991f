"""Live figures behind every door, and who does not see them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from opencabinet import access, accounts, market
from opencabinet.access import Level, Policy, Redaction, Rule
from opencabinet.accounts import Account, Origin
from opencabinet.db import Connection
from opencabinet.market import Instrument, Quote
from tests import make
from tests.doors import redactions
from tests.doors.legacy import asking as legacy
from tests.doors.redactions import YOUNG
from tests.doors.v1.asking import asked, path, refused

LATER = make.NOW + timedelta(minutes=1)
WHEN = "2026-11-02T12:01:00.000Z"


@pytest.fixture
async def account(committed: Connection) -> Account:
    """An open account with half a lot of EURUSD bought at 1.1, reported at 1.1051, and a server that quotes it."""
    made = await make.account(committed, equity=Decimal(1250), floating=Decimal(250), margin=Decimal(551))
    await accounts.know_server(committed, "S", "NewYork+7")
    await accounts.add_origin(committed, Origin(server="S", number=made.login, since=make.NOW, login=made.login))
    opened = {"open_price": Decimal("1.1"), "profit": Decimal(250), "swap": Decimal(0)}
    await make.open_trade(committed, made.login, **opened)
    await instrument(committed)
    await access.set_policy(committed, made.login, Policy(default=Rule(level=Level.OPEN)))
    return made


async def instrument(conn: Connection) -> None:
    """Let the server say what EURUSD is."""
    told = Instrument(
        server="S",
        symbol="EURUSD",
        digits=5,
        contract_size=Decimal(100_000),
        base_currency="EUR",
        profit_currency="USD",
        calculation="forex",
        told_by="feed",
    )
    await market.save_instruments(conn, [told])


async def quoted(conn: Connection, bid: str, at: datetime = LATER, symbol: str = "EURUSD") -> None:
    """Let the server quote a symbol."""
    ask = Decimal(bid) + Decimal("0.0001")
    quote = Quote(server="S", symbol=symbol, bid=Decimal(bid), ask=ask, quoted_at=at, told_by="feed")
    await market.save_quotes(conn, [quote])


async def test_open_trades_carry_the_current_price_the_floating_profit_and_the_margin(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    await quoted(committed, "1.102")

    [row] = (await asked(site, path(account.login, "trades/open")))["data"]
    [old] = (await site.get(legacy.OPEN.format(account.login))).json()

    live = {"current_price": "1.102", "profit": "100", "net": "100", "margin": "550", "pips": "20"}
    assert {name: row[name] for name in live} == live
    assert (row["priced_at"], row["priced_reason"]) == (WHEN, None)
    assert (old["CurrentPrice"], old["Profit"]) == (1.102, 100)


async def test_balance_and_summary_are_live(site: httpx.AsyncClient, committed: Connection, account: Account) -> None:
    await quoted(committed, "1.102")

    balance = await asked(site, path(account.login, "balance"))
    summary = await asked(site, path(account.login, "summary"))
    old = (await site.get(legacy.BALANCE.format(account.login))).json()
    older = (await site.get(f"/client/RequestAccountSummary/{account.login}")).json()

    live = {"equity": "1100", "floating": "100", "margin": "550", "free_margin": "550", "margin_level": "200"}
    assert {name: balance[name] for name in live} == live
    assert (balance["priced_at"], balance["as_of"]) == (WHEN, "2026-11-02T12:00:00.000Z")
    assert (balance["reasons"], balance["equity_reported"]) == ({}, True)
    assert summary["balance"] == balance
    assert (summary["open"]["profit"], summary["open"]["net"]) == ("100", "100")
    assert (old["Equity"], old["Margin"], old["FreeMargin"]) == (1100, 550, 550)
    assert (older["Equity"], older["Profit"], older["CurrentTradesCount"]) == (1100, 100, 1)


async def test_without_a_newer_price_the_report_is_given_with_its_time(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    await quoted(committed, "1.2", make.NOW)

    [row] = (await asked(site, path(account.login, "trades/open")))["data"]
    balance = await asked(site, path(account.login, "balance"))

    assert (row["current_price"], row["profit"], row["priced_at"]) == ("1.1051", "250", "2026-11-02T12:00:00.000Z")
    assert row["priced_reason"] == "No price is known that is newer than the report."
    assert (balance["equity"], balance["margin"], balance["priced_at"]) == ("1250", "551", "2026-11-02T12:00:00.000Z")


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize(
    "where",
    [
        "/v1/accounts/{}/trades/open",
        "/v1/accounts/{}/balance",
        "/v1/accounts/{}/summary",
        legacy.OPEN,
        legacy.BALANCE,
        "/client/RequestAccountSummary/{}",
    ],
)
async def test_whoever_sees_an_account_with_a_delay_sees_no_price_of_now(
    site: httpx.AsyncClient, committed: Connection, account: Account, where: str
) -> None:
    await redactions.opened(committed, account.login, YOUNG)
    before = await site.get(where.format(account.login))
    await quoted(committed, "1.102")
    after = await site.get(where.format(account.login))

    assert before.status_code == 200
    assert redactions.seen(after) == redactions.seen(before)
    assert "priced_at" not in after.text


async def test_where_symbols_are_left_out_their_prices_move_nothing_that_is_seen(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    left_out = Redaction(without_symbols=frozenset({"EURUSD"}))
    await make.open_trade(committed, account.login, symbol="GBPUSD", profit=Decimal(7), swap=Decimal(0))
    await redactions.opened(committed, account.login, left_out)
    before = await asked(site, path(account.login, "summary"))
    await quoted(committed, "1.102")
    after = await asked(site, path(account.login, "summary"))

    assert before == after
    assert after["open"]["profit"] == "7"


async def test_quotes_are_public_and_say_their_time(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    del account  # its server is what counts
    await quoted(committed, "1.102")

    answer = await asked(site, "/v1/quotes", symbols="eurusd,NOTHING,EURUSD")

    assert answer == {
        "server": "S",
        "data": [{"symbol": "EURUSD", "bid": "1.102", "ask": "1.1021", "quoted_at": WHEN}],
    }
    assert await asked(site, "/v1/quotes", symbols="EURUSD", server="S") == answer


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 400),
        ({"symbols": ""}, 400),
        ({"symbols": ","}, 400),
        ({"symbols": ",".join(map(str, range(101)))}, 422),
        ({"symbols": "x" * 65}, 400),
        ({"symbols": "EURUSD", "server": "Nowhere"}, 404),
        ({"symbols": "EURUSD", "server": "S'; DROP TABLE quotes; --"}, 404),
        ({"symbols": "EURUSD", "server": "x" * 65}, 400),
        ({"symbols": "EURUSD\x00"}, 400),
    ],
)
async def test_a_question_for_quotes_that_cannot_be_answered_is_refused(
    site: httpx.AsyncClient, account: Account, given: dict[str, Any], status: int
) -> None:
    del account
    assert (await refused(site, "/v1/quotes", **given))[0] == status


async def test_of_several_servers_one_must_be_named(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    del account
    await accounts.know_server(committed, "Other", "UTC")

    answer = await site.get("/v1/quotes", params={"symbols": "EURUSD"})
    assert (answer.status_code, answer.json()["detail"]) == (400, "There are several trading servers: say which.")
    assert "Other" not in answer.text
    assert (await asked(site, "/v1/quotes", symbols="EURUSD", server="Other"))["data"] == []


async def test_candles_are_read_page_by_page_and_the_open_one_is_marked(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    del account
    now = datetime.now(UTC)
    for days in (3, 2, 1, 0):
        await quoted(committed, f"1.{days}", now - timedelta(days=days))
    asked_for: dict[str, Any] = {"symbol": "eurusd", "step": "D1"}

    whole = await asked(site, "/v1/candles", **asked_for)
    first = await asked(site, "/v1/candles", **asked_for, limit=3)
    rest = await asked(site, "/v1/candles", **asked_for, limit=3, cursor=first["page"]["next_cursor"])

    assert [row["close"] for row in whole["data"]] == ["1", "1.1", "1.2", "1.3"]
    assert [row["complete"] for row in whole["data"]] == [False, True, True, True]
    assert first["data"] + rest["data"] == whole["data"]
    assert {row["at_broker"][10:] for row in whole["data"]} == {"T00:00:00"}
    since, until = whole["data"][2]["at"], whole["data"][0]["at"]
    within = await asked(site, "/v1/candles", **asked_for, since=since, until=until)
    assert [row["close"] for row in within["data"]] == ["1.1", "1.2"]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 400),
        ({"symbol": "EURUSD", "step": "M2"}, 400),
        ({"symbol": "EURUSD", "cursor": "AAAA"}, 400),
        ({"symbol": "EURUSD", "server": "Nowhere"}, 404),
        ({"symbol": "EURUSD", "limit": 501}, 422),
        ({"symbol": "EURUSD", "from": "2026-03-03", "to": "2026-03-02"}, 422),
        ({"symbol": "x" * 65}, 400),
    ],
)
async def test_a_question_for_candles_that_cannot_be_answered_is_refused(
    site: httpx.AsyncClient, account: Account, given: dict[str, Any], status: int
) -> None:
    del account
    assert (await refused(site, "/v1/candles", **given))[0] == status


async def test_a_cursor_of_candles_is_good_for_its_own_question_alone(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    del account
    for minutes in range(3):
        await quoted(committed, "1.1", LATER + timedelta(minutes=minutes))
    first = await asked(site, "/v1/candles", symbol="EURUSD", step="M1", limit=1)
    cursor = first["page"]["next_cursor"]

    assert len((await asked(site, "/v1/candles", symbol="EURUSD", step="M1", cursor=cursor))["data"]) == 2
    assert (await refused(site, "/v1/candles", symbol="EURUSD", step="M5", cursor=cursor))[0] == 400
