"""Making the rows of many accounts explain their balances, or labelling what they do not explain."""

from collections.abc import Sequence

from opencabinet.accounts import staged as accounts
from opencabinet.db import Connection, outbox
from opencabinet.ingest.feeds.reconciling import store
from opencabinet.ingest.feeds.telling import account_changed
from opencabinet.kernel.clock import clock
from opencabinet.kernel.ids import Login
from opencabinet.ledger import staged as ledger


async def reconcile(conn: Connection, logins: Sequence[Login]) -> None:
    """Do for accounts what a bulk load leaves to its end, in a transaction of its own."""
    async with conn.transaction():
        await accounts.lock(conn, logins)
        changed = await settle_balances(conn, logins)
        told = [account_changed(it) for it in await accounts.restate(conn, changed)]
        await outbox.append_all(conn, told)


async def settle_balances(conn: Connection, logins: Sequence[Login]) -> list[Login]:
    """Label what the rows of locked accounts do not explain; return those whose balance follows from their rows."""
    if not logins:
        return []
    found = await store.explained(conn, logins)
    changed = await settle_sums(conn, summed) if (summed := [it for it in found if it.summed]) else []
    moments = [clock(it.clock).at(it.since) for it in found]
    await ledger.save_openings(
        conn,
        [it.login for it in found],
        [it.opening for it in found],
        [moment.at for moment in moments],
        [moment.offset for moment in moments],
    )
    await accounts.mark(conn, [it.login for it in found], [not it.opening for it in found])
    return changed


async def settle_sums(conn: Connection, summed: Sequence[store.Explained]) -> list[Login]:
    """Let accounts be worth what their rows add up to; return those whose balance that changed."""
    return await accounts.settle_sums(
        conn, [it.login for it in summed], [it.moved + it.results for it in summed], [it.credited for it in summed]
    )
