"""Where an account stands: money and trades as of one moment, as far as the caller sees them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from litestar.connection import ASGIConnection
from msgspec import Struct, structs

from opencabinet import balances, ledger, trades
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors import lending, turn
from opencabinet.doors.priced import valued
from opencabinet.doors.view import View
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import EVER, Period
from opencabinet.summaries import Summaries, Summary
from opencabinet.trades import Lots, Totals
from opencabinet.valuations import Valued


class Standing(Struct, frozen=True, kw_only=True):
    """An account, at the last prices that are known, and what its trades add up to, as the old wires tell it."""

    account: Account
    open: Totals
    closed: Totals

    @property
    def free_margin(self) -> Decimal:
        """What may still be used as margin."""
        return self.account.worth - self.account.used_margin

    @property
    def floating(self) -> Decimal:
        """The result of the open trades, else what the equity has beyond balance and credit."""
        reported = self.account.floating
        return self.account.worth - self.account.balance - self.account.credit if reported is None else reported

    @property
    def trades(self) -> int:
        """How many trades there ever were, open ones among them."""
        return self.open.trades + self.closed.trades

    @property
    def lots(self) -> Decimal:
        """How many lots were ever traded, open ones among them."""
        return self.open.lots + self.closed.lots


async def standing(connection: ASGIConnection[Any, Any, Any, Any], login: Granted, view: View) -> Standing:
    """Return where an account stands.

    Raises:
        NoSuchAccount: if there is none.
    """
    found = await summary(connection, login, EVER, view)
    return Standing(account=found.valued.as_account, open=found.open, closed=found.closed)


async def summary(
    connection: ASGIConnection[Any, Any, Any, Any], login: Granted, period: Period, view: View
) -> Summary:
    """Return an account at a glance: of all time by a statement together with others, else by several of one moment.

    Raises:
        NoSuchAccount: if there is none.
    """
    await turn.give_way(connection)
    if period == EVER and view.whole:
        reader: Summaries = connection.app.state.summaries
        if (found := await reader.of(login)) is not None:
            return found
    async with lending.borrowed(connection) as conn, conn.snapshot():
        return await within(conn, login, period, view)


async def within(conn: Connection, login: Granted, period: Period, view: View) -> Summary:
    """Return an account at a glance within a period, as far as it is seen."""
    found = await valued(conn, login, view)
    closed, seen = await closed_totals(conn, login, period, view), view.period(period)
    chosen = closed.trades if view.without else None
    return Summary(
        valued=found,
        open=await open_totals(conn, login, view, found),
        closed=closed,
        moved=await ledger.totals(conn, login, seen),
        receipt=await balances.between(conn, login, seen, chosen=chosen),
    )


async def open_totals(conn: Connection, login: Granted, view: View, found: Valued) -> Totals:
    """Return what the open trades add up to, nothing where none are seen: then they count in no sum either."""
    if view.redaction.closed_only or view.until is not None:
        return total([])
    reported = await trades.open_totals(conn, login, without=view.without)
    if not found.live:
        return reported
    hidden = {symbol.lower() for symbol in view.without}
    shown = [each.trade.profit for each in found.trades if each.trade.symbol.lower() not in hidden]
    return structs.replace(reported, profit=sum(shown, Decimal(0)))


async def closed_totals(conn: Connection, login: Granted, period: Period, view: View) -> Totals:
    """Return what the trades that closed within a period add up to, as far as they are seen."""
    seen = view.period(period)
    if seen == EVER and not view.without:
        return await trades.closed_totals(conn, login)
    return total(await trades.closed_lots(conn, login, seen, "total", without=view.without))


def total(found: Sequence[Lots]) -> Totals:
    """Add up what closed."""
    return Totals(
        trades=sum(each.trades for each in found),
        lots=sum((each.lots for each in found), Decimal(0)),
        profit=sum((each.profit for each in found), Decimal(0)),
        swap=sum((each.swap for each in found), Decimal(0)),
        costs=sum((each.commission + each.fee for each in found), Decimal(0)),
    )
