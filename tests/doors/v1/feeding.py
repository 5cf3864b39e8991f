"""Bringing rows in over v1 as a program does."""

import json
from typing import Any, Final

import httpx

from opencabinet.access import networks
from opencabinet.access.feeding import NewFeedKey, make_feed_key
from opencabinet.db import Connection
from opencabinet.ingest import feeds

SERVER: Final = "Live-1"
WHEN: Final = "2026-03-02T09:30:00Z"
ACCOUNT: Final = {
    "row": "account",
    "number": 1001,
    "platform": "mt5",
    "name": "Ann",
    "currency": "USD",
    "balance": "100.00",
    "as_of": WHEN,
}
DEPOSIT: Final = {"row": "deal", "number": 1001, "deal": 1, "type": "balance", "profit": "100.00", "dealt_at": WHEN}
CURSOR: Final = "SELECT (cursor ->> 'sequence')::bigint FROM feeds WHERE server = %(server)s"


class Pusher:
    """A program that has a feed key."""

    def __init__(self, site: httpx.AsyncClient, key: str, number: int) -> None:
        self.site = site
        self.key = key
        self.number = number

    async def send(self, sequence: object, *rows: dict[str, Any], server: str = SERVER, **given: Any) -> httpx.Response:
        """Send rows as a batch."""
        return await self.post(lines(*rows), server=server, sequence=sequence, **given)

    async def post(self, content: Any, *, headers: dict[str, str] | None = None, **query: Any) -> httpx.Response:
        """Send a body."""
        own = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/x-ndjson"}
        given = {name: value for name, value in query.items() if value is not None}
        return await self.site.post("/v1/ingest", content=content, params=given, headers=own | (headers or {}))


def lines(*rows: dict[str, Any]) -> bytes:
    """Return rows as lines."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


async def pusher(site: httpx.AsyncClient, conn: Connection, server: str = SERVER, *, address: str = "") -> Pusher:
    """Make a feed key for a server, which becomes known."""
    listed = networks(address) if address else ()
    made = await make_feed_key(conn, NewFeedKey(name="bridge", servers=(server,), networks=listed))
    await feeds.know(conn, server, "push", "UTC")
    return Pusher(site, made.secret, made.key.id)


async def cursor(conn: Connection, server: str = SERVER) -> int | None:
    found: int | None = await conn.value(CURSOR, server=server)
    return found


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]
