"""Following what happens to accounts: rewards are worked out as trades close, are corrected or removed.

Events name tickets; what is worked with are rows. How far we have come is kept with what it came to.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import structlog
from psycopg import OperationalError
from psycopg.errors import UniqueViolation

from opencabinet.db import Connection, outbox
from opencabinet.db.outbox import Event, Place
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.partners.rewards.accruing.batches import FOLLOWER, Accruing, Lines
from opencabinet.partners.rewards.accruing.model import Ask, Batch, Meanwhile
from opencabinet.partners.rewards.waiting import store as waiting

EVENTS_AT_ONCE: Final = 10_000
TRADES_AT_ONCE: Final = 100_000
"""Trades that the events of a batch tell of, at most, unless one event tells of more."""
IDLE_SECONDS: Final = 1.0
RETRY_SECONDS: Final = 60.0
WAITING_AT_ONCE: Final = 1_000
STATEMENT_SECONDS: Final = 300.0
ONE: Final = frozenset({"trade.closed", "trade.corrected"})
TABLES: Final = frozenset({"closed_trades", "deals"})
"""What closings are made of; a closing has the number of the deal that made it."""
MONEY: Final = frozenset({"movement.booked", "movement.corrected", "movements.loaded"})
log = structlog.get_logger(__name__)


async def work(url: str, role: str) -> None:
    """Work out rewards until cancelled. What fails here stops nothing else: it is told, and tried again.

    Raises:
        OperationalError: if the database is away.
    """
    while True:
        try:
            await work_connected(url, role)
        except OperationalError:
            raise
        except Exception:
            log.exception("rewards cannot be worked out")
            await asyncio.sleep(RETRY_SECONDS)


async def work_connected(url: str, role: str) -> None:
    """Work out rewards on connections of their own."""
    opened: list[Connection] = []
    try:
        while len(opened) < len(Lines.__struct_fields__):
            conn = await Connection.open(url, role=role, statement_seconds=STATEMENT_SECONDS)
            opened.append(conn)
        await follow(Following(Lines(*opened)))
    finally:
        for conn in opened:
            await conn.close()


async def follow(following: "Following") -> None:
    """Take one step after the other, and wait for news where there is none to take."""
    conn = following.accruing.lines.asking
    await outbox.listen(conn)
    while True:
        try:
            done = await following.step() or await following.retry()
        except (Meanwhile, UniqueViolation) as refused:
            log.info("worked out anew", reason=str(refused).partition("\n")[0])
            continue
        if not done:
            await outbox.news(conn, IDLE_SECONDS)


class Following:
    """Who follows, on connections of its own."""

    def __init__(self, lines: Lines, **given: Any) -> None:
        self.accruing = Accruing(lines, **given)

    async def step(self) -> bool:
        """Work out what the next events tell of; say whether there were any."""
        conn = self.accruing.lines.asking
        events = await outbox.after(conn, await outbox.place(conn, FOLLOWER), EVENTS_AT_ONCE)
        if not events:
            return False
        await self.accruing.run(batch(events))
        return True

    async def retry(self) -> bool:
        """Try what waits once more, or work one client's trades out anew; say whether anything was to be done."""
        found = await waiting.following(self.accruing.lines.asking, RETRY_SECONDS, WAITING_AT_ONCE)
        if not found:
            return False
        found = [it for it in found if it.why == "rework"][:1] or found
        asks = [Ask(it.login, it.first, it.last, it.since, it.why == "rework") for it in found]
        await self.accruing.run(Batch(asks=asks, waiting=found))
        return True


def batch(events: Iterable[Event]) -> Batch:
    """Return what events ask for, as many of them as tell of enough."""
    found, trades = Batch(), 0
    for event in events:
        add(found, event)
        found.place = Place(xid=event.xid, id=event.id)
        trades += int(event.body.get("rows", 1))
        if trades >= TRADES_AT_ONCE:
            break
    return found


def add(to: Batch, event: Event) -> None:
    """Add what an event asks for: the tickets that it names, and the client whom it tells of."""
    login, kind, body = event.login, event.kind, event.body
    if kind in ONE:
        to.asks.append(Ask(login, int(body["ticket"]), int(body["ticket"])))
    elif kind == "trade.removed":
        to.gone.add((login, Ticket(int(body["ticket"]))))
    elif kind == "trades.loaded" and body["table"] in TABLES:
        to.asks.append(Ask(login, int(body["first"]), int(body["last"])))
    elif kind == "referral.changed":
        since = datetime.fromisoformat(body["since"])
        to.anew[login] = min(since, to.anew.get(login, since))
    elif kind in MONEY:
        to.moved.add(Login(login))
