"""Where an account stands, as the old wires tell it: money and trades as of one moment."""

from decimal import Decimal

from msgspec import Struct

from opencabinet import accounts, trades
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.trades import Totals


class Standing(Struct, frozen=True, kw_only=True):
    """An account as last reported, and what its trades add up to."""

    account: Account
    open: Totals
    closed: Totals

    @property
    def free_margin(self) -> Decimal:
        """What may still be used as margin."""
        return self.account.worth - self.account.used_margin

    @property
    def floating(self) -> Decimal:
        """The result of the open trades as reported, else what the equity has beyond balance and credit."""
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


async def standing(conn: Connection, login: Granted) -> Standing:
    """Return where an account stands; the statements are made to be of one moment.

    Raises:
        NoSuchAccount: if there is none.
    """
    async with conn.snapshot():
        return Standing(
            account=await accounts.existing(conn, login),
            open=await trades.open_totals(conn, login),
            closed=await trades.closed_totals(conn, login),
        )
