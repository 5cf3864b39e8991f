"""Accounts at a glance: those that are asked for at a time are read together."""

from decimal import Decimal

from opencabinet.accounts import NoSuchAccount
from opencabinet.balances import Posted, Span
from opencabinet.db import Pool, Together
from opencabinet.kernel.ids import Login
from opencabinet.ledger import CREDIT
from opencabinet.summaries import store
from opencabinet.summaries.model import Summary, Sums
from opencabinet.trades import Totals
from opencabinet.valuations import MOST, Valued, worth

NOTHING = Decimal(0)
NONE_YET = Posted(trades=0, results=NOTHING, costs=NOTHING, movements=NOTHING)


class Summaries:
    """Reads accounts at a glance."""

    def __init__(self, pool: Pool) -> None:
        self._sums: Together[None, Login, Sums | None] = Together(pool, store.sums, connections=2)

    async def of(self, login: Login) -> Summary | None:
        """Return an account at a glance, over all its time; None for one with more open trades than are read at once.

        Raises:
            NoSuchAccount: if there is none.
        """
        found = await self._sums.answer(None, login)
        if found is None:
            raise NoSuchAccount
        return None if len(found.read.trades) > MOST else summed(found)


def summed(found: Sums) -> Summary:
    """Sum up what was read."""
    closed, valued = found.closed, worth(found.read)
    moved = sum((each.amount for each in found.moved if each.kind not in CREDIT), NOTHING)
    ever = Posted(trades=closed.trades, results=closed.result, costs=found.costs, movements=moved)
    span = Span(standing=found.standing, newer=NONE_YET, older=ever)
    return Summary(
        valued=valued, open=opened(valued), closed=closed, moved=found.moved, receipt=span.receipt(found.ends)
    )


def opened(valued: Valued) -> Totals:
    """Return what open trades add up to."""
    trades = [each.trade for each in valued.trades]
    return Totals(
        trades=len(trades),
        lots=sum((each.lots for each in trades), NOTHING),
        profit=sum((each.profit for each in trades), NOTHING),
        swap=sum((each.swap for each in trades), NOTHING),
        costs=sum((each.commission + each.fee for each in trades), NOTHING),
    )
