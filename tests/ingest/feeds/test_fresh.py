"""Closings that nobody knows are kept apart from the rest, and nobody can tell by what is there afterwards."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from msgspec import structs

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import Applied
from opencabinet.ingest.feeds.fresh import model, store
from opencabinet.ingest.feeds.model import Batch
from opencabinet.ingest.feeds.push import Lines, Shapes
from opencabinet.kernel.ids import Login

SERVER: Final = "Example\\Live"
WHEN: Final = "2026-03-02T09:{minute:02}:00Z"
TABLES: Final = {
    **dict.fromkeys(("accounts", "closed_trades", "open_trades", "orders", "movements", "feed_rows"), "it::text"),
    **dict.fromkeys(("daily_lots", "monthly_lots", "sources"), "it::text"),
    "events": "login || kind || number || body",
    "parked_rows": "number || place || key || body",
    "feeds": "cursor::text || rows || coalesce(as_of::text, '')",
}
Story = list[list[dict[str, Any]]]


def account(number: int, **said: Any) -> dict[str, Any]:
    told = {"row": "account", "number": number, "platform": "mt4", "currency": "USD", "as_of": WHEN.format(minute=0)}
    return told | said


def closed(ticket: int, number: int = 1, **said: Any) -> dict[str, Any]:
    told = {
        "row": "closed",
        "number": number,
        "ticket": ticket,
        "position": ticket,
        "symbol": "EURUSD",
        "side": "buy",
        "lots": "0.5",
        "digits": 5,
        "profit": "3.5",
        "opened_at": WHEN.format(minute=0),
        "open_price": "1.1",
        "closed_at": WHEN.format(minute=ticket % 60),
        "close_price": "1.2",
    }
    return told | said


def opened(ticket: int) -> dict[str, Any]:
    told = closed(ticket, row="open", current_price="1.3")
    return {name: value for name, value in told.items() if not name.startswith("close")}


def movement(ticket: int, number: int = 1) -> dict[str, Any]:
    said = {"ticket": ticket, "kind": "balance", "amount": "100", "moved_at": WHEN.format(minute=1)}
    return {"row": "movement", "number": number, **said}


OWNERS: Final = [account(1), account(2, balance="100"), account(3)]
FIRST: Final = [closed(ticket, number=1 + ticket % 2) for ticket in range(10, 20)]
STORIES: Final[dict[str, tuple[Story, bool]]] = {
    "new closings": ([OWNERS, FIRST], True),
    "more of them": ([OWNERS, FIRST, [closed(20), closed(21, number=3)]], True),
    "with money": ([OWNERS, [*FIRST, movement(30), account(3, name="Ann")]], True),
    "one told twice": ([OWNERS, [*FIRST, closed(10, profit="-7")]], True),
    "times of another summer": ([OWNERS, [closed(10), closed(11, closed_at="2025-07-01T12:30:00.5Z")]], True),
    "all of them again": ([OWNERS, FIRST, FIRST], True),
    "some of them again, corrected": ([OWNERS, FIRST, [closed(10, profit="1"), closed(25)]], True),
    "the account beside them": ([[*OWNERS, *FIRST]], False),
    "an account that nobody knows": ([OWNERS, [closed(10), closed(11, number=9)], [account(9)]], False),
    "a part": ([OWNERS, [closed(10), closed(11, position=10)]], False),
    "an open trade that closes": ([OWNERS, [opened(10), opened(50)], [closed(10), closed(11)]], False),
    "an open trade beside them": ([OWNERS, [*FIRST, opened(50)]], False),
    "one that has gone": ([OWNERS, [*FIRST, {"row": "gone", "family": "trade", "key": 12}]], False),
    "a ticket that was money": ([OWNERS, [movement(10)], [closed(10), closed(11)]], False),
    "a number of two owners": (
        [
            [account(1, registered_at="2025-02-01T00:00:00Z")],
            [account(1, registered_at="2026-02-01T00:00:00Z")],
            [closed(10, closed_at="2026-01-05T00:00:00Z"), closed(11)],
        ],
        False,
    ),
    "what was before its account": (
        [[account(1, registered_at="2026-02-01T00:00:00Z")], [closed(10, closed_at="2026-01-05T00:00:00Z")]],
        False,
    ),
}


def batch(number: int, told: list[dict[str, Any]]) -> Batch:
    """Return a bulk batch as its lines are read."""
    lines = Lines(shapes=Shapes())
    lines.take("\n".join(map(json.dumps, told)).encode())
    return Batch(server=SERVER, rows=lines.end(), cursor={"sequence": number}, bulk=True)


async def told(conn: Connection, story: Story) -> tuple[list[Applied], dict[str, list[Any]]]:
    """Tell a story from its beginning, and return what was answered and what is there."""
    async with conn.transaction(force_rollback=True):
        await conn.execute("SELECT setval('given_logins', 1000000000000)")
        await feeds.know(conn, SERVER, "push", "NewYork+7")
        answers = [await feeds.apply(conn, batch(number, rows)) for number, rows in enumerate(story)]
        found = {table: await conn.values(f"SELECT {shown} FROM {table} AS it") for table, shown in TABLES.items()}  # noqa: S608
    return answers, {table: sorted(rows) for table, rows in found.items()}


@pytest.mark.parametrize(("story", "apart"), STORIES.values(), ids=STORIES)
async def test_what_is_kept_apart_is_kept_alike(
    conn: Connection,
    monkeypatch: pytest.MonkeyPatch,
    story: Story,
    apart: bool,  # noqa: FBT001 - given by its name
) -> None:
    copied: list[int] = []
    keep: Callable[..., Any] = store.keep

    async def keeping(conn: Connection, server: str, logins: dict[int, Login]) -> None:
        copied.extend(logins)
        await keep(conn, server, logins)

    monkeypatch.setattr(store, "keep", keeping)
    usual = await told(conn, story)
    assert not copied
    monkeypatch.setattr(model, "FEWEST", 1)

    assert await told(conn, story) == usual
    assert bool(copied) == apart


async def test_a_batch_that_is_no_load_is_never_kept_apart(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "FEWEST", 1)
    await feeds.know(conn, SERVER, "push", "UTC")
    await feeds.apply(conn, batch(1, OWNERS))

    await feeds.apply(conn, structs.replace(batch(2, FIRST), bulk=False))

    kinds = await conn.values("SELECT DISTINCT kind FROM events ORDER BY 1")
    assert "trade.closed" in kinds
    assert "trades.loaded" not in kinds
