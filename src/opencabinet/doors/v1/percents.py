"""Percents in the place of money: where money is hidden, results are told as parts of the balance."""

from decimal import Decimal, localcontext
from typing import Any, Final, Self

from msgspec import Struct

from opencabinet.access import Hidden
from opencabinet.accounts import Account
from opencabinet.doors.v1.words import figure
from opencabinet.doors.view import View

HUNDRED: Final = Decimal(100)
PLACES: Final = Decimal("0.01")
NO_BALANCE: Final = "The balance is not above zero."
SYMBOLS: Final = "The balance holds the results of symbols that are left out."


def percent(part: Decimal, whole: Decimal) -> str:
    """Write a part in percent, rounded half to even to two decimals."""
    with localcontext(prec=60):
        return figure((part / whole * HUNDRED).quantize(PLACES))


class Percents(Struct, frozen=True):
    """What stands for results: nothing while money is shown, else their parts of `balance`, or why there are none."""

    shown: bool
    balance: Decimal
    reason: str | None

    @classmethod
    def of(cls, account: Account, view: View) -> Self:
        """Return what stands for an account's results."""
        reason = SYMBOLS if view.without else None if account.balance > 0 else NO_BALANCE
        return cls(view.hides(Hidden.MONEY), account.balance, reason)

    def net(self, result: Decimal) -> dict[str, Any]:
        """Return the members that stand for a result."""
        if not self.shown:
            return {}
        share = percent(result, self.balance) if self.reason is None else None
        return {"net_percent": share, "net_percent_reason": self.reason}

    def equity(self, worth: Decimal) -> dict[str, Any]:
        """Return the member that stands for the equity."""
        if not self.shown:
            return {}
        return {"equity_percent": percent(worth, self.balance) if self.reason is None else None}
