"""A trading account, and the server it comes from."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Conflict, Malformed, Unknown


class ClockNeeded(Malformed):
    """The server is not known yet, so its clock rule must be given."""


class OtherClock(Conflict):
    """The server runs by another clock rule than the one given."""


class LoginNeeded(Malformed):
    """The file names no account, so the login must be given."""


class LoginTaken(Conflict):
    """The login belongs to another account."""


class OtherAccount(Conflict):
    """The login's account is not the one that this comes from."""


class NoSuchAccount(Unknown):
    """There is no such account."""


class Server(Struct, frozen=True):
    """A trading server, and the rule its clock follows (`kernel.clock`)."""

    name: str
    clock: str


class Account(Struct, frozen=True, kw_only=True):
    """A trading account as its server last reported it, in the money of `currency`.

    `equity`, `margin` and `floating` are None where no report said; `complete` tells whether the rows we hold explain
    the balance.
    """

    login: Login
    name: str
    company: str
    currency: str
    leverage: int | None
    platform: Literal["mt4", "mt5"]
    mode: Literal["hedging", "netting"] | None
    balance: Decimal
    credit: Decimal
    equity: Decimal | None
    margin: Decimal | None
    floating: Decimal | None
    as_of: datetime
    as_of_offset: int
    complete: bool

    @property
    def worth(self) -> Decimal:
        """The equity as reported; without a report of it nothing is known to be open, and it is balance and credit."""
        return self.balance + self.credit if self.equity is None else self.equity

    @property
    def used_margin(self) -> Decimal:
        """The margin as reported, nothing without a report."""
        return self.margin or Decimal(0)


class Home(Struct, frozen=True, kw_only=True):
    """Where an account is kept: the trading server, its number there, and the rule of the server's clock."""

    server: str
    number: int
    clock: str


class Origin(Struct, frozen=True, kw_only=True):
    """Where an account comes from: the server, its number there, and since when that number means it."""

    server: str
    number: int
    since: datetime
    login: Login
