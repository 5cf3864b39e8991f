"""Receipts: a list or a sum shows that it is whole."""

from decimal import Decimal

from msgspec import Struct


class Receipt(Struct, frozen=True, kw_only=True):
    """What shows that rows are whole: opening balance + movements + results + costs = closing balance.

    `count`, `first_id` and `last_id` are of the rows given (a page, newest first: `first_id` is the newest). The
    balances are those right before the oldest and right after the newest of them; None for rows that move no balance,
    or that a filter chose. `complete` tells whether the rows known explain the account's balance; `reason` why not.
    """

    count: int
    first_id: int | None
    last_id: int | None
    opening_balance: Decimal | None = None
    movements: Decimal | None = None
    results: Decimal | None = None
    costs: Decimal | None = None
    closing_balance: Decimal | None = None
    complete: bool
    reason: str | None = None

    @property
    def balanced(self) -> bool:
        """Whether the sum comes out, where there is one."""
        parts = (self.opening_balance, self.movements, self.results, self.costs)
        known = [part for part in parts if part is not None]
        return self.closing_balance is None or sum(known, Decimal(0)) == self.closing_balance
