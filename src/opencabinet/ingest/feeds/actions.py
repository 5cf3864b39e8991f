"""A batch is brought in by one transaction: its rows, their events, and how far its feed has come."""

from collections.abc import Sequence
from typing import Literal

from msgspec import structs
from psycopg import DataError, IntegrityError
from psycopg.pq import TransactionStatus

from opencabinet import accounts
from opencabinet.db import Connection
from opencabinet.ingest.feeds import fresh, store
from opencabinet.ingest.feeds.fresh import Closings, Kept
from opencabinet.ingest.feeds.markets import tell_market
from opencabinet.ingest.feeds.model import Applied, Batch, FeedRefused, NoSuchFeed, OtherFeed
from opencabinet.ingest.feeds.settling import Settling
from opencabinet.ingest.feeds.staging import prepare, stage
from opencabinet.ingest.feeds.staging import store as staging
from opencabinet.kernel.clock import Clock

Kind = Literal["mt4", "mt5", "push", "simulator"]


async def know(conn: Connection, server: str, kind: Kind, rule: str | None) -> None:
    """Let a server and its feed be known; a new server runs by the clock `rule`.

    Raises:
        ClockNeeded, OtherClock: if the server is new and `rule` is missing, or it is known by another rule.
        OtherFeed: if its rows come by a feed of another kind.
    """
    async with conn.transaction():
        await accounts.know_server(conn, server, rule)
        if (known := await store.know(conn, server, kind)) != kind:
            raise OtherFeed(f"The rows of {server!r} come by another feed, of the kind {known}, and not {kind}.")


async def apply(conn: Connection, batch: Batch) -> Applied:
    """Bring what we hold up to a batch, whole or not at all; to apply it again changes nothing.

    Raises:
        FeedRefused: if it has a row that cannot be kept.
        NoSuchFeed: if its server has no feed.
    """
    await prepare(conn)
    within = conn.info.transaction_status is not TransactionStatus.IDLE
    async with conn.transaction():
        if within and any((await staging.counts(conn)).values()):  # of a batch before it, in that transaction
            await staging.clear(conn, staging.TOLD)
        clock = await accounts.know_server(conn, batch.server, None)
        left, kept = await taken(conn, batch, clock)
        await stage(conn, left, clock)
        done = await settle(conn, left, kept)
        if told := await tell_market(conn, batch.server, batch.rows):
            await store.told(conn, batch.server, told)
        return structs.replace(done, rows=done.rows + told)


async def taken(conn: Connection, batch: Batch, clock: Clock) -> tuple[Batch, Sequence[Kept]]:
    """Keep closings that nobody knows; return what is left of a batch to be staged, and what was kept.

    Raises:
        FeedRefused, NoSuchFeed: as `apply`; the transaction can only be undone then.
    """
    closings = None if batch.first else Closings.of(batch)
    if closings is None:
        return batch, ()
    if not await store.lock(conn, batch.server):
        raise NoSuchFeed(f"There is no feed of the server {batch.server!r}.")
    await store.suit(conn, large=True)
    try:
        kept = await fresh.take(conn, batch.server, closings, clock)
    except (DataError, IntegrityError) as misfit:
        raise FeedRefused(f"A row cannot be kept: {misfit.diag.message_primary}.") from misfit
    return (structs.replace(batch, rows=closings.others) if kept else batch), kept


async def settle(conn: Connection, batch: Batch, kept: Sequence[Kept] = ()) -> Applied:
    """Take what is staged into the rooms, with its events and the cursor of `batch`, in the running transaction.

    What of the batch was `kept` already is told with it.

    Raises:
        FeedRefused, NoSuchFeed: as `apply`; the transaction can only be undone then.
    """
    if not await (store.share if batch.first else store.lock)(conn, batch.server):
        raise NoSuchFeed(f"There is no feed of the server {batch.server!r}.")
    if await staging.left_over(conn):
        await staging.clear(conn, staging.WORKED_WITH)
    try:
        return await Settling(conn, batch, kept).run()
    except (DataError, IntegrityError) as misfit:
        raise FeedRefused(f"A row cannot be kept: {misfit.diag.message_primary}.") from misfit
