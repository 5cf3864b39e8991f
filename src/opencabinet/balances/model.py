"""Where a balance is cut, and what was posted from there on."""

from datetime import date
from decimal import Decimal
from typing import Final

from msgspec import Struct

from opencabinet.kernel.money import plain
from opencabinet.kernel.page import SMALLEST, Key
from opencabinet.kernel.receipt import Receipt

UNEXPLAINED: Final = "{amount} {currency} of the balance are not explained by the rows known."
FILTERED: Final = "A filter leaves rows out, so these add up to no balance."


class Cut(Struct, frozen=True):
    """A place in an account's history: a moment, and of what happened at it the trades and movements from a number on.

    Costs of opening deals have no number of their own: all of the moment lie after the cut.
    """

    key: Key
    trade: int = SMALLEST
    movement: int = SMALLEST


class Posted(Struct, frozen=True, kw_only=True):
    """What was posted to a balance from a cut on."""

    trades: int
    results: Decimal
    costs: Decimal
    movements: Decimal

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.results + self.costs + self.movements


class Standing(Struct, frozen=True, kw_only=True):
    """The balance as last reported, and how much of it the opening entry stands for."""

    currency: str
    balance: Decimal
    credit: Decimal
    complete: bool
    opening: Decimal

    @property
    def reason(self) -> str | None:
        """Why the account is not complete, or None if it is."""
        return None if self.complete else UNEXPLAINED.format(amount=plain(self.opening), currency=self.currency)


class Money(Struct, frozen=True, kw_only=True):
    """The balance and the credit of a moment."""

    balance: Decimal
    credit: Decimal


class Ends(Struct, frozen=True, kw_only=True):
    """The newest and the oldest trade of a period."""

    first_id: int | None
    last_id: int | None


class Span(Struct, frozen=True, kw_only=True):
    """What happened to a balance between two cuts; `newer` and `older` are what was posted from each on."""

    standing: Standing
    newer: Posted
    older: Posted

    def receipt(self, ends: Ends, count: int | None = None) -> Receipt:
        """Return the receipt of the rows between the cuts; `count` is that of the trades unless told."""
        newer, older, balance = self.newer, self.older, self.standing.balance
        return Receipt(
            count=older.trades - newer.trades if count is None else count,
            first_id=ends.first_id,
            last_id=ends.last_id,
            opening_balance=balance - older.total,
            movements=older.movements - newer.movements,
            results=older.results - newer.results,
            costs=older.costs - newer.costs,
            closing_balance=balance - newer.total,
            complete=self.standing.complete,
            reason=self.standing.reason,
        )


class Day(Struct, frozen=True, kw_only=True):
    """A day of the trading server on which a balance changed, and the balance at its end."""

    day: date
    trades: int
    lots: Decimal
    profit: Decimal
    costs: Decimal
    movements: Decimal
    credit: Decimal
    balance: Decimal
