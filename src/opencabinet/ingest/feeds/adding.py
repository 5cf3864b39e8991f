"""A page of a first load: its deals are kept by themselves, and all that follows from them waits for `close`.

Pages of a server may be added side by side: they lock no accounts, and the feed only to say how far it has come.
"""

from opencabinet.db import Connection
from opencabinet.ingest.feeds import store
from opencabinet.ingest.feeds.model import Applied, Batch
from opencabinet.ingest.feeds.parked import store as parked
from opencabinet.ingest.feeds.placing import store as placing
from opencabinet.ledger import staged as movements
from opencabinet.trades import staged as trades


async def add(conn: Connection, batch: Batch, rows: dict[str, int]) -> Applied | None:
    """Keep what is staged if it is deals alone, none of which is known; give None, with nothing kept, if it is not."""
    many = rows["staged_deals"]
    if not many or sum(rows.values()) != many or batch.whole:
        return None
    only = {**dict.fromkeys(rows, 0), "staged_deals": many}
    await store.once_each(conn, only)
    await store.own(conn, batch.server, only)
    if await placing.deals_known(conn, batch.server) or await trades.any_dealt(conn):
        return None
    waiting = await parked.park(conn, batch.server)
    await trades.add_deals(conn)
    await movements.save(conn)
    await placing.keep_deals(conn, batch.server)
    if added := await placing.span(conn):
        await store.done(conn, batch.server, "added", *added)
    await store.reached(conn, batch.server, batch.cursor, batch.as_of, many)
    return Applied(rows=many, new=many - waiting, parked=waiting)
