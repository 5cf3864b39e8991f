"""Rebuilding the closings of positions whose deals changed."""

from collections.abc import Sequence
from itertools import groupby

from opencabinet.db import Connection
from opencabinet.ingest.feeds.rebuilding import store
from opencabinet.ingest.feeds.rebuilding.fold import fold
from opencabinet.kernel.ids import Login


async def rebuild(conn: Connection) -> None:
    """Stage the closings of every staged position: what its deals, as they are kept now, have closed."""
    await store.make_simple(conn)
    await fold_others(conn)


async def rebuild_all(conn: Connection, logins: Sequence[Login]) -> None:
    """Stage the closings of every position of accounts."""
    await store.make_pairs(conn, logins)
    await rebuild(conn)


async def fold_others(conn: Connection) -> None:
    """Stage the closings of staged positions that are not simple."""
    deals = await store.others(conn)
    positions = groupby(deals, key=lambda deal: (deal.login, deal.position))
    made = [closing for _, of_position in positions for closing in fold(of_position)]
    if made:
        await store.stage(conn, made)
