"""Making the rows explain the balance."""

from decimal import Decimal

from opencabinet.db import Connection
from opencabinet.kernel.clock import Moment
from opencabinet.kernel.ids import Login
from opencabinet.ledger import store
from opencabinet.ledger.model import OPENING, Movement, Reconciliation


async def reconcile(
    conn: Connection, login: Login, *, balance: Decimal, results: Decimal, since: Moment
) -> Reconciliation:
    """Label what movements and `results` do not explain of `balance` as one opening entry at `since`."""
    movements = await store.moved(conn, login)
    opening = balance - movements - results
    if opening:
        comment = "not explained by the rows known"
        entry = Movement(
            login=login,
            ticket=OPENING,
            kind="opening",
            amount=opening,
            moved_at=since.at,
            moved_offset=since.offset,
            comment=comment,
        )
        await store.save(conn, [entry])
    else:
        await store.forget_opening(conn, login)
    return Reconciliation(opening, movements, results, balance)
