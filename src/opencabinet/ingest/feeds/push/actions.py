"""Taking a delivery: all of it with its number, in one transaction, or nothing."""

from opencabinet import access
from opencabinet.access import Feeder
from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds.model import Applied, Batch, OtherFeed
from opencabinet.ingest.feeds.push import store
from opencabinet.ingest.feeds.push.model import Delivery, Place, Receipt, SequenceGap


async def foresee(conn: Connection, feeder: Feeder, sequence: int) -> Receipt | None:
    """Return what a delivery of this number would be answered if it was taken before, without looking into it.

    It may be one too early, while the one before it is on its way.

    Raises:
        SequenceGap, OtherFeed: as `take`.
    """
    try:
        return judged(await store.look(conn, feeder.server), feeder.server, sequence)[1]
    except SequenceGap as gap:
        if sequence > gap.expected + 1:
            raise
        return None


async def take(conn: Connection, feeder: Feeder, delivery: Delivery) -> Receipt:
    """Take a delivery of whoever was let in to bring it; one that was taken before changes nothing.

    Raises:
        SequenceGap: if one before it was not taken.
        OtherFeed: if the server's rows come by another feed.
        FeedRefused: if a row cannot be kept.
        AccessDenied: if the key was revoked meanwhile.
    """
    await feeds.prepare(conn)
    async with conn.transaction():
        held = await store.hold(conn, feeder.server)
        await access.keep_feeding(conn, feeder)
        place, replayed = judged(held, feeder.server, delivery.sequence)
        if replayed:
            return replayed
        receipt = await taken(conn, place, delivery)
        await access.keep_feeding(conn, feeder)  # rows may have taken long
        return receipt


def judged(place: Place | None, server: str, sequence: int) -> tuple[Place, Receipt | None]:
    """Return where a feed stands, and the receipt of a number that was taken before."""
    if place is None or place.kind != "push":
        raise OtherFeed(f"The rows of {server!r} come by another feed.")
    if place.sequence is None or sequence == place.sequence + 1:
        return place, None
    if sequence > place.sequence:
        raise SequenceGap(place.sequence + 1)
    return place, Receipt(server=server, sequence=sequence, applied=Applied(), as_of=place.as_of, replayed=True)


async def taken(conn: Connection, place: Place, delivery: Delivery) -> Receipt:
    """Keep a delivery that is the next."""
    batch = Batch(
        server=place.server,
        rows=delivery.rows,
        cursor={"sequence": delivery.sequence},
        as_of=delivery.as_of,
        whole=delivery.whole,
        bulk=delivery.bulk,
    )
    applied = await feeds.apply(conn, batch)
    await store.heard(conn, place.server, "loading" if delivery.bulk else "live")
    as_of = max(filter(None, (place.as_of, delivery.as_of)), default=None)
    return Receipt(server=place.server, sequence=delivery.sequence, applied=applied, as_of=as_of)
