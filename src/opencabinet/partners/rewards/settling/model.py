"""Settlements and the entries that they are booked by."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from opencabinet.kernel.ids import Login

Side = Literal["house:commissions", "partner:payable", "house:payouts"]


class Settlement(Struct, frozen=True, kw_only=True):
    """Lines that were approved, of trades that closed before `until`: what they come to is paid at once.

    accrued + carried_in = amount + carried_out: the amount is rounded half to even to the currency's places, once, and
    what is left (or owed back) goes on to the next.
    """

    login: Login
    id: int
    until: datetime
    currency: str
    lines: int
    accrued: Decimal
    carried_in: Decimal
    amount: Decimal
    carried_out: Decimal
    settled_at: datetime
    state: Literal["payable", "paid"]
    entry: int | None
    paid_entry: int | None
    reference: str
    paid_at: datetime | None


class Entry(Struct, frozen=True, kw_only=True):
    """A side of an entry in the books: all sides of an entry sum to zero in each currency."""

    login: Login
    id: int
    side: Side
    currency: str
    amount: Decimal
    at: datetime


class Approved(Struct, frozen=True):
    """Lines that are approved in a currency: how many, what they come to, and what was carried on until now."""

    currency: str
    lines: int
    accrued: Decimal
    carried: Decimal
