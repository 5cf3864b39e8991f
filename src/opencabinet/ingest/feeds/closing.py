"""The end of a first load: closings are made of all deals of an account at once, and its rows explain its balance."""

from collections.abc import Sequence

from opencabinet import accounts as known
from opencabinet.accounts import staged as accounts
from opencabinet.db import Connection, outbox
from opencabinet.ingest.feeds import store, telling
from opencabinet.ingest.feeds.rebuilding import rebuild_all
from opencabinet.ingest.feeds.reconciling import settle_balances
from opencabinet.ingest.feeds.staging import store as staging
from opencabinet.ingest.feeds.summing import store as summing
from opencabinet.ingest.feeds.summing.store import Dealt, Saved
from opencabinet.kernel.ids import Login
from opencabinet.trades import staged as trades


async def close(conn: Connection, server: str, logins: Sequence[Login]) -> int:
    """Do for accounts, given in their order, what a first load leaves to its end; give how many trades have closed.

    Several connections may do so for other accounts of the server at the same time.
    """
    async with conn.transaction():
        if await staging.left_over(conn):
            await staging.clear(conn, staging.WORKED_WITH)
        await store.suit(conn, large=True)
        await accounts.lock(conn, logins)
        if await store.is_closed(conn, server, logins[0]):
            return 0
        await trades.roll_up_costs(conn, logins)
        await rebuild_all(conn, logins)
        saved = await keep(conn, logins)
        dealt = await summing.dealt(conn, server, logins)
        await advance(conn, server, dealt)
        changed = await settle_balances(conn, logins)
        stated = await accounts.restate(conn, changed) if changed else []
        told = [each for it in dealt for each in it.saved()]
        events = [*telling.loaded([*told, *saved]), *(telling.account_changed(it) for it in stated)]
        await outbox.append_all(conn, events)
        await store.done(conn, server, "closed", logins[0], logins[-1])
    return sum(it.rows for it in saved)


async def advance(conn: Connection, server: str, dealt: Sequence[Dealt]) -> None:
    """Let accounts be as of their last deals."""
    clock = await known.know_server(conn, server, None)
    moments = [clock.at(it.at) for it in dealt]
    ats, offsets = [it.at for it in moments], [it.offset for it in moments]
    await accounts.advance(conn, [it.login for it in dealt], ats, offsets)


async def keep(conn: Connection, logins: Sequence[Login]) -> list[Saved]:
    """Keep the closings made; what an account had before is compared with them."""
    if await trades.any_closed(conn, logins):
        await trades.save_closed(conn)
        return await summing.saved(conn)
    await trades.add_closed(conn, logins)
    return await summing.added_closed(conn)
