"""Where an account stands, as the old wires tell it: money and trades as of one moment."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct, structs

from opencabinet import trades
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.priced import valued
from opencabinet.doors.view import View
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import EVER, Period
from opencabinet.trades import Lots, Totals
from opencabinet.valuations import Valued


class Standing(Struct, frozen=True, kw_only=True):
    """An account, at the last prices that are known, and what its trades add up to."""

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


async def standing(conn: Connection, login: Granted, view: View) -> Standing:
    """Return where an account stands, as far as it is seen; the statements are made to be of one moment.

    Raises:
        NoSuchAccount: if there is none.
    """
    async with conn.snapshot():
        found = await valued(conn, login, view)
        return Standing(
            account=found.as_account,
            open=await open_totals(conn, login, view, found),
            closed=await closed_totals(conn, login, EVER, view),
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
