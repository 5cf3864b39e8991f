"""Lists of v1: rows, where the next page begins, and the receipt that shows they are whole."""

from typing import Any, Generic, Self, TypeVar

from msgspec import Struct

from opencabinet.accounts import Account
from opencabinet.doors.v1.operation import Call
from opencabinet.doors.v1.words import Currency, Figure, Time, figure_or_none, time
from opencabinet.kernel import receipt
from opencabinet.kernel.page import Key
from opencabinet.kernel.period import EVER, Period

T = TypeVar("T")


class PageInfo(Struct, frozen=True):
    """Where a page stands: the cursor of the next one, null at the end."""

    next_cursor: str | None
    has_more: bool
    limit: int


class Interval(Struct, frozen=True, rename={"since": "from", "until": "to"}):
    """The period that was read, its end excluded; null where it is open. `time_field` is the time that lies within."""

    since: Time | None
    until: Time | None
    time_field: str

    @classmethod
    def of(cls, period: Period, time_field: str) -> Self:
        """Say a period."""
        return cls(
            None if period.since == EVER.since else time(period.since),
            None if period.until == EVER.until else time(period.until),
            time_field,
        )


class Receipt(Struct, frozen=True, kw_only=True):
    """Shows that the rows are whole: opening_balance + movements + results + costs = closing_balance.

    The ids are those of the newest and the oldest row given. Sums are null where rows move no balance, or a filter
    chose them. `complete` tells whether the rows known explain the account's balance, `reason` why not.
    """

    count: int
    first_id: int | None
    last_id: int | None
    opening_balance: Figure | None
    movements: Figure | None
    results: Figure | None
    costs: Figure | None
    closing_balance: Figure | None
    currency: Currency
    complete: bool
    reason: str | None

    @classmethod
    def of(cls, given: receipt.Receipt, currency: str) -> Self:
        """Say a receipt."""
        return cls(
            count=given.count,
            first_id=given.first_id,
            last_id=given.last_id,
            opening_balance=figure_or_none(given.opening_balance),
            movements=figure_or_none(given.movements),
            results=figure_or_none(given.results),
            costs=figure_or_none(given.costs),
            closing_balance=figure_or_none(given.closing_balance),
            currency=currency,
            complete=given.complete,
            reason=given.reason,
        )


class Listing(Struct, Generic[T], frozen=True, kw_only=True):
    """A page of a list."""

    data: list[T]
    page: PageInfo
    period: Interval
    receipt: Receipt
    as_of: Time


class Newest(Struct, Generic[T], frozen=True, kw_only=True):
    """The newest of what the account has; `has_more` tells that there are older ones."""

    data: list[T]
    has_more: bool


def listing(
    call: Call,
    rows: list[Any],
    *,
    account: Account,
    receipt: receipt.Receipt,
    next_key: Key | None,
    time_field: str,
) -> Listing[Any]:
    """Return a page of a list."""
    return Listing(
        data=rows,
        page=PageInfo(call.seal(next_key), next_key is not None, call.query["limit"]),
        period=Interval.of(call.period, time_field),
        receipt=Receipt.of(receipt, account.currency),
        as_of=time(account.as_of),
    )


def plain_receipt(ids: list[int], account: Account, reason: str | None = None) -> receipt.Receipt:
    """Return the receipt of rows that move no balance."""
    return receipt.Receipt(
        count=len(ids),
        first_id=ids[0] if ids else None,
        last_id=ids[-1] if ids else None,
        complete=account.complete,
        reason=reason,
    )
