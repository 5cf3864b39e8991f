"""What a month would have come to by other plans."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Malformed


class TooMany(Malformed):
    """The month has more trades than are worked out again at once: ask for one partner's."""


class Difference(Struct, frozen=True, kw_only=True):
    """What an account was given for a month, and what it would have been; `trades` are those paid otherwise."""

    login: Login
    currency: str
    old: Decimal
    new: Decimal
    difference: Decimal
    trades: int


class Simulation(Struct, frozen=True, kw_only=True):
    """A month by other plans: how many trades were looked at, and what changes, by account and currency.

    `unknown` trades need a rate that is not known, and stay as they are. The digest is one of every line that changes:
    whoever approves it gets exactly these.
    """

    month: date
    trades: int
    unknown: int
    lines: int
    digest: str
    differences: tuple[Difference, ...]
