"""The simulator at work: a history to begin with, then what happens each second, until it is told to stop.

All that it needs to go on is in the cursors of its servers: the seed, how far they are told, and what was asked for.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec
import structlog
from msgspec import Struct, structs
from psycopg import OperationalError

from opencabinet.db import Connection
from opencabinet.ingest.feeds.actions import apply, know
from opencabinet.ingest.feeds.model import Batch
from opencabinet.ingest.feeds.reconciling import reconcile
from opencabinet.ingest.feeds.simulator import store
from opencabinet.ingest.feeds.simulator.incidents import INCIDENTS, NoIncident
from opencabinet.ingest.feeds.simulator.people import CLOCK, PEOPLE, Person
from opencabinet.ingest.feeds.simulator.telling import Broker, place
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Conflict, Unknown

LONG_SECONDS: Final = 600
"""A time without us that is told as history, during which nobody was busy."""
MOST_ORDERS: Final = 1_000
"""Incidents of a broker's life, at most: each is kept in its cursor."""
MOST_HEARD: Final = 16
"""Incidents of a second, at most; what is beyond them is not heard."""
SHORTEST_WAIT: Final = 0.05
AGAIN_SECONDS: Final = 1.0
log = structlog.get_logger(__name__)


class NothingSimulated(Conflict):
    """Nothing is simulated here: `opencabinet demo` begins it."""


class AnotherSimulates(Conflict):
    """Another process simulates already."""


class NobodySimulates(Conflict):
    """Nobody simulates now, so nobody heard of it."""


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An incident that somebody asks for."""

    name: str
    number: int | None = None


async def founded(conn: Connection) -> bool:
    """Tell whether there is a broker, all of whose servers are told."""
    cursors = await store.cursors(conn)
    return bool(cursors) and all(cursors)


async def found(conn: Connection, seed: int, *, began: int, until: int, people: Sequence[Person] = PEOPLE) -> Broker:
    """Found a broker that has lived from one moment to another, and bring its history in; go on if that was begun."""
    broker = await resumed(conn, people) or Broker(seed, began, people=people)
    for server in broker.servers:
        await know(conn, server, "simulator", CLOCK)
    await bring(conn, broker.history(until))
    await reconcile(conn, await store.logins(conn))
    return broker


async def resumed(conn: Connection, people: Sequence[Person] = PEOPLE) -> Broker | None:
    """Return the broker as its servers told of it last, or None if there is none."""
    cursors = await store.cursors(conn)
    if not (places := [place(cursor) for cursor in cursors if cursor]):
        return None
    if not all(cursors):
        places.append(structs.replace(places[0], until=places[0].began - 1))
    return Broker.resumed(places, people)


async def catch_up(conn: Connection, broker: Broker, until: int) -> None:
    """Bring in what happened without us: calmly, unless it was a moment only."""
    if until - broker.world.now <= LONG_SECONDS:
        await bring(conn, broker.advance(until))
        return
    if broker.world.busy:
        broker.incident("calm")
    await bring(conn, broker.history(until))
    await reconcile(conn, await store.logins(conn))


async def bring(conn: Connection, batches: Iterable[Batch]) -> None:
    """Bring batches in."""
    for batch in batches:
        await apply(conn, batch)


async def simulate(url: str, *, role: str = "opencabinet_feed", now: Callable[[], float] = time.time) -> None:
    """Go on from where the servers are told, and live on second by second until cancelled.

    Raises:
        NothingSimulated: if no broker was founded here.
        AnotherSimulates: if another process is at it.
    """
    conn = await Connection.open(url, role=role)
    try:
        if not await store.alone(conn):
            raise AnotherSimulates
        if (broker := await resumed(conn)) is None:
            raise NothingSimulated
        await store.listen(conn)
        await catch_up(conn, broker, int(now()))
        if not broker.world.busy:
            broker.incident("busy")
        await store.become(conn, "live")
        log.info("simulating", seed=broker.world.seed)
        while True:
            until = int(now())
            slept = until - broker.world.now > LONG_SECONDS
            await catch_up(conn, broker, until)
            if slept:
                broker.incident("busy")
            wait = max(1.0 - now() % 1.0, SHORTEST_WAIT)
            hear(broker, await store.asked(conn, wait))
    finally:
        await conn.close()


async def simulate_again(url: str) -> None:
    """Simulate, and begin anew whenever the database was away."""
    while True:
        try:
            await simulate(url)
        except OperationalError as lost:
            log.warning("the database is away", reason=str(lost).partition("\n")[0])
        await asyncio.sleep(AGAIN_SECONDS)


def hear(broker: Broker, heard: Sequence[str]) -> None:
    """Let incidents happen that were asked for; what is none is passed over."""
    for text in heard[:MOST_HEARD]:
        try:
            asked = msgspec.json.decode(text, type=Asked)
        except msgspec.MsgspecError:
            continue
        if asked.name in INCIDENTS and len(broker.world.orders) < MOST_ORDERS:
            broker.incident(asked.name, asked.number)


async def ask(conn: Connection, name: str, login: Login | None) -> None:
    """Ask the process that simulates for an incident.

    Raises:
        NoIncident: if there is none of that name.
        Unknown: if the account is not simulated.
        NobodySimulates: if nobody would hear of it.
    """
    if name not in INCIDENTS:
        raise NoIncident(f"There is no such incident; there are {', '.join(INCIDENTS)}.")
    number = None
    if login is not None and (number := await store.number(conn, login)) is None:
        raise Unknown(f"Account {login} is not simulated.")
    if await store.alone(conn):
        raise NobodySimulates
    await store.ask(conn, msgspec.json.encode(Asked(name=name, number=number)).decode())
