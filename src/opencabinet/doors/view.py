"""What a caller sees of an account: what the rule leaves out, and up to which moment it is told."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Self

from litestar.connection import ASGIConnection
from msgspec import Struct, structs
from psycopg.pq import TransactionStatus

from opencabinet import accounts, balances
from opencabinet.access import Hidden, Redaction
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors import caller
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import Period
from opencabinet.trades import Wanted

SUMMER: Final = timedelta(hours=1)
"""No trading server's clock is ever further behind than by this from what it last was."""


class View(Struct, frozen=True):
    """What is left out, and the moment that everything is told of: nothing from `until` on is; None means now."""

    redaction: Redaction = Redaction()
    until: datetime | None = None

    @classmethod
    def of(cls, left_out: Redaction, at: datetime) -> Self:
        """Return the view at a time. It moves on by whole minutes, so that an answer may be held for one."""
        minutes = left_out.delay_minutes
        whole = at.replace(second=0, microsecond=0)
        return cls(left_out, whole - timedelta(minutes=minutes) if minutes else None)

    @property
    def without(self) -> frozenset[str]:
        """The symbols that are left out."""
        return self.redaction.without_symbols

    @property
    def whole(self) -> bool:
        """Whether everything is counted, now."""
        return self.until is None and not self.without and not self.redaction.closed_only

    def hides(self, kind: Hidden) -> bool:
        """Whether a kind of figure is left out."""
        return kind in self.redaction.hide

    def period(self, asked: Period) -> Period:
        """Return what can be seen of a period."""
        if self.until is None:
            return asked
        return Period(min(asked.since, self.until), min(asked.until, self.until))

    def wanted(self, asked: Wanted) -> Wanted:
        """Return which of the rows wanted can be seen."""
        return structs.replace(asked, period=self.period(asked.period), without=self.without, as_of=self.until)

    def days(self, until: date, offset: int) -> date:
        """Return up to which day of the server's clock days can be seen: the last is over, in summer as in winter."""
        if self.until is None:
            return until
        return min(until, (self.until + timedelta(minutes=offset) - SUMMER).date())

    async def account(self, conn: Connection, login: Granted) -> Account:
        """Return the account: as last reported, or else with the balance and credit that there were.

        What only reports tell is not known of a moment that has passed.

        Raises:
            NoSuchAccount: if there is none.
        """
        if self.until is None:
            return await accounts.existing(conn, login)
        alone = conn.info.transaction_status is TransactionStatus.IDLE
        async with conn.snapshot() if alone else nullcontext():
            reported = await accounts.existing(conn, login)
            had = await balances.before(conn, login, self.until)
        gone: dict[str, Any] = {"equity": None, "margin": None, "floating": None}
        return structs.replace(reported, balance=had.balance, credit=had.credit, as_of=self.until, **gone)


WHOLE: Final = View()
"""All there is, now."""


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def seen(request: ASGIConnection[Any, Any, Any, Any]) -> View:
    """Return what the caller of a request sees, the same however often it is asked for."""
    let = caller.let(request)
    if let.view is None:
        let.view = View.of(let.redaction, now())
    found: View = let.view
    return found
