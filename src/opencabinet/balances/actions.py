"""Receipts. What they add up is read in the transaction that the rows are read in, so that both are of one moment."""

from collections.abc import Sequence
from datetime import date, datetime

from opencabinet.accounts import NoSuchAccount
from opencabinet.balances import store
from opencabinet.balances.model import FILTERED, Cut, Day, Ends, Money, Span, Standing
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.page import SMALLEST, Key, Page
from opencabinet.kernel.period import Period
from opencabinet.kernel.receipt import Receipt
from opencabinet.ledger import Movement
from opencabinet.trades import ClosedTrade, Wanted


async def between(conn: Connection, login: Granted, period: Period, *, chosen: int | None = None) -> Receipt:
    """Return the receipt of a period: its trades, and the balance at its start and its end.

    Where a filter chose some of the trades, `chosen` tells how many: they add up to no balance.
    """
    if chosen is not None:
        return unsummed(await standing(conn, login), Ends(first_id=None, last_id=None), chosen)
    ends = await store.ends(conn, login, period)
    found = await span(conn, login, Cut(Key(period.until, SMALLEST)), Cut(Key(period.since, SMALLEST)))
    return found.receipt(ends)


async def of_trades(conn: Connection, login: Granted, wanted: Wanted, page: Page[ClosedTrade]) -> Receipt:
    """Return the receipt of a page of closed trades; pages that follow one another join without a gap.

    Movements of the moment at which a page ends are counted with it, not with the page after it.
    """
    ends = Ends(
        first_id=page.rows[0].ticket if page.rows else None, last_id=page.rows[-1].ticket if page.rows else None
    )
    if wanted.some:
        return unsummed(await standing(conn, login), ends, len(page.rows))
    newer = min(wanted.below, Key(wanted.period.until, SMALLEST))
    older = page.next or Key(wanted.period.since, SMALLEST)
    found = await span(conn, login, Cut(newer, trade=newer.id), Cut(older, trade=older.id))
    return found.receipt(ends, len(page.rows))


async def of_movements(
    conn: Connection, login: Granted, below: Key, period: Period, page: Page[Movement], *, filtered: bool
) -> Receipt:
    """Return the receipt of a page of movements, the results of trades in between included."""
    ends = Ends(
        first_id=page.rows[0].ticket if page.rows else None, last_id=page.rows[-1].ticket if page.rows else None
    )
    if filtered:
        return unsummed(await standing(conn, login), ends, len(page.rows))
    newer, older = min(below, Key(period.until, SMALLEST)), page.next or Key(period.since, SMALLEST)
    found = await span(conn, login, Cut(newer, movement=newer.id), Cut(older, movement=older.id))
    return found.receipt(ends, len(page.rows))


async def before(conn: Connection, login: Granted, moment: datetime) -> Money:
    """Return the balance and the credit that there were right before a moment, counted back from those reported."""
    posted = (await store.posted(conn, login, [Cut(Key(moment, SMALLEST))]))[0]
    found = await standing(conn, login)
    credit = await store.credit_since(conn, login, moment)
    return Money(balance=found.balance - posted.total, credit=found.credit - credit)


async def daily(conn: Connection, login: Granted, since: date, until: date, limit: int) -> Sequence[Day]:
    """Return the days from `since` on and before `until` on which the balance changed, the oldest first."""
    return await store.daily(conn, login, since, until, limit)


async def span(conn: Connection, login: Granted, newer: Cut, older: Cut) -> Span:
    """Return what happened to the balance between two cuts."""
    after_newer, after_older = await store.posted(conn, login, [newer, older])
    return Span(standing=await standing(conn, login), newer=after_newer, older=after_older)


async def standing(conn: Connection, login: Granted) -> Standing:
    """Return the balance as last reported.

    Raises:
        NoSuchAccount: if there is no such account.
    """
    found = await store.standing(conn, login)
    if found is None:
        raise NoSuchAccount
    return found


def unsummed(standing: Standing, ends: Ends, count: int) -> Receipt:
    """Return the receipt of rows that a filter chose."""
    return Receipt(
        count=count,
        first_id=ends.first_id,
        last_id=ends.last_id,
        complete=standing.complete,
        reason=standing.reason or FILTERED,
    )
