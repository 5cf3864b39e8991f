"""The worker: follows the outbox and does what has its hour. One works at a time, others wait for its lock."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

import structlog
from psycopg import OperationalError

from opencabinet.access import jobs as access_jobs
from opencabinet.access.history import Sealer
from opencabinet.access.history import jobs as history_jobs
from opencabinet.access.people import jobs as people_jobs
from opencabinet.access.throttles import jobs as throttle_jobs
from opencabinet.db import Connection, outbox, replays, store
from opencabinet.db.outbox import Event
from opencabinet.kernel.problem import Overloaded
from opencabinet.partners import clicks, rewards
from opencabinet.partners import following as partners
from opencabinet.webhooks import Hooks, forget_old_deliveries

FOLLOWER: Final = "log"
EVENTS_AT_ONCE: Final = 500
IDLE_SECONDS: Final = 1.0
HOUR_SECONDS: Final = 3600.0
MINUTE_SECONDS: Final = 60.0
SEAL_SECONDS: Final = 1.0
SEAL_STATEMENT_SECONDS: Final = 60.0
log = structlog.get_logger(__name__)

Jobs = tuple[tuple[Callable[[Connection], Awaitable[int]], float], ...]
Followers = tuple[Callable[[str, str], Coroutine[Any, Any, None]], ...]
"""What follows the outbox by itself, on connections of its own to an address, as a role."""
JOBS: Final[Jobs] = (
    (access_jobs.forget_expired_tokens, HOUR_SECONDS),
    (access_jobs.forget_expired_tickets, MINUTE_SECONDS),
    (history_jobs.forget_old_authorizations, HOUR_SECONDS),
    (people_jobs.forget_ended_sessions, HOUR_SECONDS),
    (throttle_jobs.forget_guesses, MINUTE_SECONDS),
    (forget_old_deliveries, HOUR_SECONDS),
    (replays.forget, HOUR_SECONDS),
    (clicks.keep_months, HOUR_SECONDS),
    (clicks.forget_visitors, HOUR_SECONDS),
    (rewards.mature, MINUTE_SECONDS),
    (rewards.lapse, MINUTE_SECONDS),
)
"""What is done again and again, and after how many seconds."""


async def work(
    url: str,
    role: str = "opencabinet_serve",
    sealer: Sealer | None = None,
    hooks: Hooks | None = None,
    more: Jobs = (),
    beside: Followers = (),
) -> None:
    """Work until cancelled, and wait whenever the database is away.

    `sealer` seals the history and `hooks` sends webhooks, if there are such; `more` are jobs that follow settings, and
    `beside` what follows events by itself.
    """
    while True:
        try:
            await work_connected(url, role, sealer, hooks, more, beside)
        except* (OperationalError, Overloaded) as lost:
            log.warning("the database is away", reason=str(lost.exceptions[0]).partition("\n")[0])
        await asyncio.sleep(IDLE_SECONDS)


async def work_connected(
    url: str, role: str, sealer: Sealer | None, hooks: Hooks | None, more: Jobs, beside: Followers = ()
) -> None:
    """Work for as long as the connection lives."""
    following = await Connection.open(url, role=role)
    try:
        while not await store.alone(following):  # noqa: ASYNC110 - a lock in the database sends no event
            await asyncio.sleep(IDLE_SECONDS)
        log.info("working")
        if await outbox.rebase(following):
            log.warning("events of an older server were put before all that come")
        async with asyncio.TaskGroup() as group:
            group.create_task(follow(following))
            group.create_task(partners.work(url, role))
            for job, seconds in (*JOBS, *more):
                group.create_task(repeat(url, role, job, seconds))
            if sealer:
                group.create_task(seal(url, role, sealer))
            for follower in beside:
                group.create_task(follower(url, role))
            if hooks:
                group.create_task(hooks.work(url, role))
    finally:
        await following.close()


async def follow(conn: Connection) -> None:
    """Hand every event on, once it is certain that none can come before it, and keep how far we are."""
    await outbox.listen(conn)
    place = await outbox.place(conn, FOLLOWER)
    while True:
        events = await outbox.after(conn, place, EVENTS_AT_ONCE)
        for event in events:
            hand_on(event)
        if events:
            place = events[-1].place
            await outbox.reached(conn, FOLLOWER, place)
        else:
            await outbox.news(conn, IDLE_SECONDS)


def hand_on(event: Event) -> None:
    """Tell the log of an event; webhooks follow by themselves."""
    log.debug("event", login=event.login, number=event.number, kind=event.kind, body=event.body)


async def seal(url: str, role: str, sealer: Sealer) -> None:
    """Seal the history each second."""
    conn = await Connection.open(url, role=role, statement_seconds=SEAL_STATEMENT_SECONDS)
    try:
        await sealer.begin(conn)
        while True:
            await sealer.seal(conn)
            await asyncio.sleep(SEAL_SECONDS)
    finally:
        await conn.close()


async def repeat(url: str, role: str, job: Callable[[Connection], Awaitable[int]], seconds: float) -> None:
    """Do a job now and every so many seconds, each time on a connection of its own."""
    while True:
        conn = await Connection.open(url, role=role, statement_seconds=seconds)
        try:
            log.debug("job", name=job.__name__, rows=await job(conn))
        finally:
            await conn.close()
        await asyncio.sleep(seconds)
