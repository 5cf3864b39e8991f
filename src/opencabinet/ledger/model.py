"""Money that moved without a trade, and whether rows explain a balance."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct

from opencabinet.kernel.ids import Login, Ticket
from opencabinet.kernel.money import CREDIT
from opencabinet.kernel.page import Key

__all__ = ["CREDIT", "OPENING", "Movement", "Reconciliation", "Total"]

OPENING: Final = Ticket(-1)
"""The ticket of the one entry that stands for what the rows do not explain."""


class Movement(Struct, frozen=True, kw_only=True):
    """Money in or out. `kind` is the platform's word (balance, credit, charge …), or `opening`."""

    login: Login
    ticket: Ticket
    kind: str
    amount: Decimal
    moved_at: datetime
    moved_offset: int
    comment: str

    def key(self) -> Key:
        """Return its place among the movements."""
        return Key(self.moved_at, self.ticket)


class Total(Struct, frozen=True, kw_only=True):
    """What the movements of a kind add up to."""

    kind: str
    movements: int
    amount: Decimal


class Reconciliation(Struct, frozen=True):
    """How a balance comes about: opening + movements + results = closing."""

    opening: Decimal
    movements: Decimal
    results: Decimal
    closing: Decimal

    @property
    def complete(self) -> bool:
        """Whether movements and results alone explain the balance."""
        return not self.opening
