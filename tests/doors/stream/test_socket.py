"""The WebSocket: whoever is let in hears of their account and of quotes, within bounds."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from opencabinet import accounts, market
from opencabinet.accounts import Account
from opencabinet.db import Connection, outbox
from opencabinet.doors.stream import conversation
from opencabinet.doors.stream.words import Close
from opencabinet.market import Quote
from tests.doors.stream.talking import follow, shown, talking
from tests.doors.stream.test_tickets import ticket

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("way", ["header", "message", "ticket", "ticket message"])
async def test_whoever_shows_a_credential_hears_what_comes(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str, way: str
) -> None:
    made = await ticket(site, account, bearer) if "ticket" in way else ""
    headers = shown(bearer) if way == "header" else {}
    async with talking(site, f"ticket={made}" if way == "ticket" else "", **headers) as heard:
        if way == "message":
            heard.say({"type": "auth", "token": bearer})
        if way == "ticket message":
            heard.say({"type": "auth", "ticket": made})
        await heard.until(lambda: heard.named("authenticated"))
        await follow(heard, account)
        number = await outbox.append(committed, account.login, "trade.closed", profit="1.50")
        await heard.until(lambda: heard.ids)

    assert heard.named("authenticated") == [{"type": "authenticated", "login": account.login}]
    [told] = heard.named("event")
    assert told["event"]["id"] == f"evt_{account.login}_{number}"
    assert told["event"]["data"] == {"profit": "1.50"}


async def test_what_was_missed_comes_first_and_nothing_comes_twice(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    for _ in range(450):
        await outbox.append(committed, account.login, "trade.closed")

    async def write_on() -> None:
        for _ in range(50):
            await outbox.append(committed, account.login, "trade.closed")

    writing = asyncio.create_task(write_on())
    async with talking(site, **shown(bearer)) as heard:
        await follow(heard, account, since=f"evt_{account.login}_3")
        await writing
        await heard.until(lambda: len(heard.ids) >= 497)
        await asyncio.sleep(0.1)

    assert heard.ids == [f"evt_{account.login}_{number}" for number in range(4, 501)]
    kinds = [each["type"] for each in heard.heard]
    assert kinds[:3] == ["authenticated", "subscribed", "event"]


async def test_a_gap_is_told_and_types_are_chosen(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    for kind in ("trade.closed", "trade.closed", "order.placed", "trade.opened"):
        await outbox.append(committed, account.login, kind)
    await committed.run("DELETE FROM events WHERE number = 1")
    async with talking(site, **shown(bearer)) as heard:
        await follow(heard, account, since=f"evt_{account.login}_0", types=["trade.*"])
        await heard.until(lambda: len(heard.ids) == 2)

    assert heard.named("gap") == [{"type": "gap", "oldest_event_id": f"evt_{account.login}_2"}]
    assert heard.ids == [f"evt_{account.login}_{number}" for number in (2, 4)]


async def test_the_latest_quote_of_a_symbol_wins(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    await committed.run("INSERT INTO servers VALUES ('Example-Demo', 'UTC')")
    await committed.run(
        "INSERT INTO sources (server, number, since, login) VALUES ('Example-Demo', 7, '-infinity', %(login)s)",
        login=account.login,
    )
    assert (await accounts.home(committed, account.login)) is not None

    async def quote(symbol: str, bid: str, seconds: int) -> None:
        at = NOW + timedelta(seconds=seconds)
        row = Quote(server="Example-Demo", symbol=symbol, bid=Decimal(bid), ask=None, quoted_at=at, told_by="operator")
        async with committed.transaction():
            await market.save_quotes(committed, [row])
            await committed.run("SELECT pg_notify('opencabinet_quotes', 'Example-Demo')")

    await quote("EURUSD", "1.10", 0)
    async with talking(site, **shown(bearer)) as heard:
        heard.say({"type": "subscribe", "topics": ["quotes:eurusd", "quotes:XAUUSD"]})
        await heard.until(lambda: heard.named("quote"))
        for turn in range(1, 60):
            await quote("EURUSD", f"1.1{turn:02}", turn)
            await quote("GBPUSD", "1.3", turn)
        await heard.until(lambda: heard.named("quote")[-1]["bid"] == "1.159")
        heard.say({"type": "unsubscribe", "topics": ["quotes:eurusd"]})
        await heard.until(lambda: heard.named("unsubscribed"))
        many = len(heard.named("quote"))
        await quote("EURUSD", "1.2", 100)
        await asyncio.sleep(0.4)

    quotes = heard.named("quote")
    assert quotes[0] == {
        "type": "quote", "symbol": "EURUSD", "bid": "1.1", "ask": None, "quoted_at": "2026-11-02T12:00:00.000Z"
    }  # fmt: skip
    assert {each["symbol"] for each in quotes} == {"EURUSD"}
    assert (len(quotes), many < 60) == (many, True)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "subscribe", "topics": ["account:1"]},
        {"type": "subscribe", "topics": []},
        {"type": "subscribe", "topics": ["quotes:EURUSD"]},
        {"type": "subscribe", "topics": ["account:{login}"], "since": "evt_{login}_99"},
        {"type": "subscribe", "topics": ["account:{login}"], "since": "7"},
        {"type": "subscribe", "topics": ["account:{login}"], "types": ["*"]},
        {"type": "subscribe", "topics": [f"quotes:{number}" for number in range(101)]},
        {"type": "subscribe", "topics": ["quotes:\x00"]},
        {"type": "subscribe", "topics": ["account:{login}"], "more": 1},
        {"type": "auth", "token": "again"},
        {"type": "nothing"},
        "{",
        "[" * 5000,
        "\ud800",
        "null",
    ],
)
async def test_what_cannot_be_done_is_a_problem_and_the_conversation_goes_on(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str, message: Any
) -> None:
    text = message if isinstance(message, str) else None
    async with talking(site, **shown(bearer)) as heard:
        if text is None:
            filled = {
                name: value.replace("{login}", str(account.login))
                if isinstance(value, str)
                else [each.replace("{login}", str(account.login)) for each in value]
                if isinstance(value, list)
                else value
                for name, value in message.items()
            }
            heard.say(filled)
        else:
            heard.say(text)
        await heard.until(lambda: heard.named("problem"))
        await follow(heard, account)
        await outbox.append(committed, account.login, "trade.closed")
        await heard.until(lambda: heard.ids)

    assert heard.named("problem")[0]["code"] == "malformed"
    assert bearer not in str(heard.heard)


@pytest.mark.parametrize(
    ("message", "code"),
    [("x" * 9000, Close.TOO_LARGE), (b"x" * 9000, Close.TOO_LARGE), (b"{}", Close.MALFORMED)],
)
async def test_messages_out_of_bounds_close(
    site: httpx.AsyncClient, account: Account, bearer: str, message: str | bytes, code: Close
) -> None:
    del account
    async with talking(site, **shown(bearer)) as heard:
        heard.say(message)
        await heard.until(lambda: heard.closed)
    assert heard.closed == code


async def test_too_many_messages_close(site: httpx.AsyncClient, account: Account, bearer: str) -> None:
    del account
    async with talking(site, **shown(bearer)) as heard:
        for _ in range(conversation.MESSAGES + 1):
            heard.say({"type": "ping"})
        await heard.until(lambda: heard.closed)
    assert heard.closed == Close.BREACH


async def test_who_is_slow_is_closed_and_told_where_to_go_on(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    async with talking(site, **shown(bearer)) as heard:
        await follow(heard, account)
        heard.reading.clear()
        async with committed.transaction():
            for _ in range(700):
                await outbox.append(committed, account.login, "trade.closed")
        await asyncio.sleep(0.5)
        heard.reading.set()
        await heard.until(lambda: heard.closed)
    [slow] = heard.named("slow")
    assert (heard.closed, slow["dropped"] > 100) == (Close.SLOW, True)
