"""Write the example answers of v1 anew, as a demonstration account is answered: `python -m tests.doors.v1.examples`."""

import asyncio
import json
import re
import tempfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import httpx

from opencabinet import access, app, market
from opencabinet.access import Family, NewFeedKey, keyfile
from opencabinet.cli.demo import password
from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded
from opencabinet.doors.v1 import openapi
from opencabinet.doors.v1.operation import Operation
from opencabinet.ingest import feeds
from opencabinet.market.quotes import servers
from opencabinet.settings import Settings
from tests.demonstration import files, import_sample
from tests.doors.v1.asking import family
from tests.doors.v1.given import (
    AFTER,
    APPLICATION,
    ASKED,
    BEFORE,
    CHANGING,
    FEED,
    LOGIN,
    QUERIES,
    ROWS,
    SHOWN_ONCE,
    TICKET,
    WHEN,
)
from tests.doors.v1.partnering import seeded
from tests.living import Built, living

FILE: Final = Path(openapi.__file__).with_name("examples.json")
TICKED: Final = datetime(2025, 3, 3, 9, tzinfo=UTC)
ALWAYS: Final = {
    "at": WHEN,
    "last_at": WHEN,
    "request_id": "5f0c1b2a9d3e4f60",
    "expires_at": "2026-10-30T18:20:00.000Z",
    "refresh_expires_at": "2026-10-31T18:05:00.000Z",
    "access_token": "ccb_" + "0123456789" * 4 + "abc" + "000000",
    "refresh_token": "ccr_" + "0123456789" * 4 + "abc" + "000000",
    "ticket": "cct_" + "0123456789" * 4 + "abc" + "000000",
    "token": "clk_" + "0123456789" * 2 + "ab",
    "session": "ses_" + "0123456789abcdef" * 2,
    "created_at": WHEN,
    "received_at": WHEN,
    "deadline": "2026-11-29T18:05:00.000Z",
    "proved_at": WHEN,
    "changed_at": WHEN,
    "last_used_at": WHEN,
    "previous_until": "2026-10-31T18:05:00.000Z",
    "secret": "ccs_" + "0123456789" * 4 + "abc" + "000000",
    "x-request-id": "5f0c1b2a9d3e4f60",
    "user_agent": "reader/1.0",
    "queued_at": WHEN,
    "next_at": WHEN,
    "first_id": 1,
    "last_id": 1,
}
"""Members that are new each time, and what stands for them."""
GIVEN_ID: Final = re.compile(r"\b[0-9a-f]{16}\b")
"""What a request is called in an answer that is looked at."""
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", re.ASCII)
CURSOR: Final = "AAZfD5MFJQAAAAAAAXBIvor7D8cOHPpDVkqqlCOG0HI"


async def recorded(site: httpx.AsyncClient, built: Built, feed_key: str) -> dict[str, Any]:
    """Ask for everything there is, and return the answers by operation."""
    fed = await brought(site, feed_key)
    answered = (await site.post("/v1/tokens", json=ASKED)).json()
    site.headers["Authorization"] = f"Bearer {answered['access_token']}"
    found = {**fed, "tokens.create_token": steadied(answered), "tokens.create_token asked": ASKED}
    known = {operation.id: operation for operation in openapi.found(built.litestar)}
    for name, body in BEFORE:
        found |= await changed(site, known[name], body)
    for operation in known.values():
        if operation.verb == "GET" and operation.answer:
            found[operation.id] = await example(site, operation)
    found |= await exchanged(site, known)
    for name, body in AFTER:
        found |= await changed(site, known[name], body)
    assert {name for name, each in known.items() if each.answer} <= found.keys(), "Every operation has an example."
    return dict(sorted(found.items()))


async def brought(site: httpx.AsyncClient, feed_key: str) -> dict[str, Any]:
    """Bring rows in, and return the example of what was sent and answered."""
    headers = {"Authorization": f"Bearer {feed_key}", "Content-Type": "application/x-ndjson"}
    query = {"server": FEED, "sequence": "1", "as_of": WHEN}
    answer = await site.post("/v1/ingest", content=ROWS, params=query, headers=headers)
    answer.raise_for_status()
    return {"feeds.take_rows asked": ROWS, "feeds.take_rows": answer.json()}


async def changed(site: httpx.AsyncClient, operation: Operation, body: Any) -> dict[str, Any]:
    """Ask for a change, and return the example of what was asked and answered."""
    if site.headers.get("Authorization") is None or operation.id == "credentials.revoke_everything":
        site.headers["Authorization"] = f"Bearer {(await site.post('/v1/tokens', json=ASKED)).json()['access_token']}"
    where = operation.path.format(login=LOGIN, id=await newest(site, operation))
    given = {} if body is None else {"json": body}
    headers = {"If-Match": (await site.get(where)).headers["ETag"]} if 428 in operation.refusals else {}
    if operation.id == "access.set_policy":
        where += "?confirm=lockout"
    answer = await site.request(operation.verb, where, headers={**headers, **await shown(site, operation)}, **given)
    answer.raise_for_status()
    answered = {operation.id: steadied(answer.json()) | SHOWN_ONCE.get(operation.id, {})}
    return answered if body is None else {f"{operation.id} asked": body, **answered}


async def exchanged(site: httpx.AsyncClient, known: dict[str, Operation]) -> dict[str, Any]:
    """Make a ticket of a widget and exchange it, and return the examples of both."""
    made = await site.post("/v1/tickets", json=TICKET)
    given = {"ticket": made.json()["ticket"], "origin": TICKET["origin"]}
    found = await changed(site, known["tokens.create_widget_ticket"], TICKET)
    found |= await changed(site, known["tokens.exchange_ticket"], given)
    return found | {"tokens.exchange_ticket asked": steadied(given)}


async def newest(site: httpx.AsyncClient, operation: Operation) -> str:
    """Return the id of the newest of what an operation is of; of tokens, of a session of its own."""
    if "{id}" not in operation.path:
        return ""
    if "applications" in operation.path:
        return await apply(site)
    if "tokens" in operation.path:
        await site.post("/v1/tokens", json=ASKED)
    path = operation.path.partition("/{id}")[0].format(login=LOGIN)
    found: str = (await site.get(path, headers=await shown(site, operation))).json()["data"][0]["id"]
    return found


async def shown(site: httpx.AsyncClient, operation: Operation) -> dict[str, str]:
    """Return what is shown for an operation in the place of what is usually: a token of its family."""
    if family(operation) is not Family.PARTNER:
        return {}
    answer = await site.post("/v1/tokens", json={**ASKED, "family": "partner"})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def apply(site: httpx.AsyncClient) -> str:
    """Apply for an account, show the application's token from now on, and return its id."""
    made = (await site.post("/v1/applications", json=APPLICATION)).json()
    site.headers["X-Application-Token"] = made["token"]
    return str(made["id"])


async def example(site: httpx.AsyncClient, operation: Operation) -> Any:
    """Return the answer of an operation."""
    path = operation.path.format(login=LOGIN, name="profit_factor", id=await newest(site, operation))
    paged = any(parameter.name == "cursor" for parameter in operation.parameters)
    query = QUERIES.get(operation.id, "?limit=1" if paged else "")
    answer = await site.get(path + query, headers=await shown(site, operation))
    answer.raise_for_status()
    given = answer.json()
    if "page" in given and given["page"]["next_cursor"]:
        given["page"]["next_cursor"] = CURSOR  # it is sealed with a key that is new each time
    return steadied(given) if operation.id in CHANGING else given


def steadied(given: Any) -> Any:
    """Replace what is new each time."""
    if isinstance(given, list):
        return [steadied(each) for each in given]
    if isinstance(given, dict):
        return {name: steady(name, value) for name, value in given.items()}
    return given


def steady(name: str, value: Any) -> Any:
    """Replace a member if it is new each time."""
    if name == "id" and value.startswith("evt_"):
        return value
    if name == "id":
        return f"{value.partition('_')[0]}_{LOGIN}_1" if value.count("_") > 1 else f"{value.partition('_')[0]}_1"
    if name == "body" and isinstance(value, str):
        return GIVEN_ID.sub(str(ALWAYS["request_id"]), value)
    if name in ALWAYS and isinstance(value, type(ALWAYS[name])):
        return ALWAYS[name]
    return WHEN if isinstance(value, str) and new(value) else steadied(value)


def new(text: str) -> bool:
    """Whether a text is a moment of today."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    return bool(MOMENT.fullmatch(text)) and datetime.fromisoformat(text) > yesterday


async def tick(conn: Connection) -> None:
    """Let a feed tell prices of two hours; they are older than what the account was reported with."""
    [server] = await servers(conn, None, limit=1)
    rows = [
        market.Quote(
            server=server.server,
            symbol="EURUSD",
            bid=Decimal(bid),
            ask=Decimal(bid) + Decimal("0.00012"),
            quoted_at=TICKED + minutes * timedelta(minutes=1),
            told_by="feed",
        )
        for minutes, bid in ((0, "1.08410"), (25, "1.08432"), (59, "1.08405"), (61, "1.08411"))
    ]
    await market.save_quotes(conn, rows)


def opened(folder: str) -> Path:
    """Let the database's user into a folder."""
    home = Path(folder)
    home.chmod(0o755)
    return home


async def write() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory(prefix="oc-") as folder:
        home = opened(folder)
        server = Embedded(home)
        server.start()
        try:
            migrations.up(server.url)
            keyfile.make(home)
            given = Settings(home=folder, database_url=server.url)
            async with await Connection.open(server.url) as conn:
                await import_sample(conn, files()[LOGIN], LOGIN)
                await tick(conn)
                await seeded(conn, LOGIN, server.url)
                await access.set_password(conn, LOGIN, pepper=keyfile.load(home).pepper, password=password(LOGIN))
                feed_key = await access.make_feed_key(conn, NewFeedKey(name="bridge", servers=(FEED,)))
                await feeds.know(conn, FEED, "push", "UTC")
            async with living(app.build(given)) as (site, built):
                found = await recorded(site, built, feed_key.secret)
        finally:
            server.stop()
    FILE.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    asyncio.run(write())
