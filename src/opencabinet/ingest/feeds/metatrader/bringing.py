"""Bringing in what a look has found: one transaction with its cursor, its rows and its events."""

from datetime import UTC, datetime

from msgspec import structs
from psycopg import DataError, IntegrityError

from opencabinet import market
from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import store as feeds_store
from opencabinet.ingest.feeds.metatrader import store
from opencabinet.ingest.feeds.metatrader.clocks import stretches
from opencabinet.ingest.feeds.metatrader.memory import Look
from opencabinet.ingest.feeds.metatrader.model import Feed
from opencabinet.ingest.feeds.metatrader.mt4 import store as mt4
from opencabinet.ingest.feeds.metatrader.mt5 import store as mt5
from opencabinet.ingest.feeds.model import Applied, Batch, FeedRefused, State
from opencabinet.kernel.clock import Clock


async def bring(conn: Connection, feed: Feed, clock: Clock, look: Look, state: State) -> Applied:
    """Keep all of a look or nothing.

    Raises:
        FeedRefused: if a row cannot be kept; it says why, and nothing of the row.
    """
    try:
        return await brought(conn, feed, clock, look, state)
    except (DataError, IntegrityError) as misfit:
        raise FeedRefused(f"A row cannot be kept: {misfit.diag.message_primary}.") from None


async def brought(conn: Connection, feed: Feed, clock: Clock, look: Look, state: State) -> Applied:
    """Keep a look."""
    as_of = look.as_of or datetime.now(UTC)
    words = store.words(feed, stretches(clock.rule), as_of, clock.at(as_of).offset) | {"first": look.first}
    async with conn.transaction():
        if look.groups is not None:
            await store.groups(conn, look.groups)
        if look.accounts:
            await store.copy(conn, "read_accounts", look.accounts.values())
            look.forget_buckets |= await store.coming(conn, words) and state != "loading"
            await store.accounts(conn, words)
        for table, rows in look.lines.items():
            await store.copy(conn, table, rows.values())
            await (mt4.stage(conn, words) if table == "read_trades" else mt5.stage(conn, table, words))
        for family, keys in look.gone.items():
            await store.vanish(conn, family, sorted(keys))
        told = await told_of_market(conn, look)
        applied = await settled(conn, feed, look, told)
        await keep_place(conn, feed, look, state)
    return applied


async def told_of_market(conn: Connection, look: Look) -> int:
    """Keep instruments and quotes, and return how many those are."""
    if look.instruments:
        await market.save_instruments(conn, look.instruments)
    if look.quotes:
        await market.save_quotes(conn, look.quotes)
    return len(look.instruments) + len(look.quotes)


async def settled(conn: Connection, feed: Feed, look: Look, told: int) -> Applied:
    """Take what is staged into the records, if there is anything, and count what was told of the market with it."""
    batch = Batch(
        server=feed.server,
        cursor=look.cursor,
        as_of=look.as_of,
        bulk=look.bulk,
        first=look.first,
        reconciled_later=look.cursor["phase"] == "loading",
    )
    applied = await feeds.settle(conn, batch)
    if told:
        await feeds_store.told(conn, feed.server, told)
    return structs.replace(applied, rows=applied.rows + told)


async def keep_place(conn: Connection, feed: Feed, look: Look, state: State) -> None:
    """Keep what the sweep has compared, and how the feed is."""
    if look.forget_buckets:
        await store.forget_buckets(conn, feed.server)
    for source, bucket, rows, print_ in look.buckets if not look.forget_buckets else ():
        await store.save_bucket(conn, feed.server, source, bucket, rows, print_)
    await store.stand(conn, feed.server, state, None, look.as_of)
