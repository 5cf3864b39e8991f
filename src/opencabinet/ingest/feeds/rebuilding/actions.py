"""Rebuilding the closings of positions whose deals changed."""

from itertools import groupby

from opencabinet.db import Connection
from opencabinet.ingest.feeds.rebuilding import store
from opencabinet.ingest.feeds.rebuilding.fold import fold


async def rebuild(conn: Connection) -> None:
    """Stage the closings of every staged position: what its deals, as they are kept now, have closed."""
    await store.make_simple(conn)
    deals = await store.others(conn)
    positions = groupby(deals, key=lambda deal: (deal.login, deal.position))
    made = [closing for _, of_position in positions for closing in fold(of_position)]
    if made:
        await store.stage(conn, made)
