"""Taking closings that are new out of a batch, into the rooms."""

from collections.abc import Sequence
from typing import Final

from opencabinet.accounts import staged as accounts
from opencabinet.db import Connection
from opencabinet.ingest.feeds.fresh import store
from opencabinet.ingest.feeds.fresh.model import CLOSED_AT, COLUMNS, NUMBER, Closings, Kept
from opencabinet.ingest.feeds.staging import lines
from opencabinet.kernel.clock import Clock
from opencabinet.kernel.ids import Login
from opencabinet.trades import fresh

TITLES: Final = ["login", *COLUMNS[1:]]


async def take(conn: Connection, server: str, closings: Closings, clock: Clock) -> Sequence[Kept]:
    """Keep closings if none is known, and say what they come to; nothing is kept if one may be.

    The feed is held by the open transaction.
    """
    logins = await owners(conn, server, closings)
    if len(logins) < len(closings.numbers):
        return ()
    kept = list(closings.kept(logins))
    if await known(conn, server, kept):
        return ()
    rows = list(closings.rows.values())
    await fresh.copy(conn, TITLES, lines(rows, TITLES, clock, logins))
    await store.keep(conn, server, {row.key: logins[row.cells[NUMBER]] for row in rows})
    return kept


async def owners(conn: Connection, server: str, closings: Closings) -> dict[str, Login]:
    """Return the logins of the numbers that have meant one account only, all the time that is told of."""
    first = min(row.cells[CLOSED_AT][:10] for row in closings.rows.values())
    return {str(each.number): each.login for each in await store.owners(conn, server, closings.numbers, first)}


async def known(conn: Connection, server: str, kept: Sequence[Kept]) -> bool:
    """Whether anything is known that closings could touch, now that nobody else writes of their accounts."""
    logins, firsts, lasts = [it.login for it in kept], [it.first for it in kept], [it.last for it in kept]
    await accounts.lock(conn, logins)
    if await store.any_known(conn, server, min(firsts), max(lasts)):
        return True
    return await fresh.any_known(conn, logins, firsts, lasts)
