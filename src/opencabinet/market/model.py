"""What can be traded and what it last cost, with the sums that follow from it.

A figure nobody told is None, and so is every sum that needs it: nothing here is guessed.
"""

from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from opencabinet.kernel.problem import Malformed

Side = Literal["buy", "sell"]
Teller = Literal["statement", "feed", "operator"]

STANDARD_LOT: Final = Decimal(100_000)
"""Units of the lot that sizes are compared in."""

FINE_DIGITS: Final = frozenset({3, 5})
"""Decimal places of a quote that shows tenths of a pip."""

METAL_PIPS: Final = {"XAU": Decimal("0.1"), "XAG": Decimal("0.01"), "XPT": Decimal("0.1"), "XPD": Decimal("0.1")}
"""The pip of a metal, whatever the digits of its quotes."""

LONGEST_SYMBOL: Final = 64

BY_SIZE: Final = frozenset({"forex", "forex no leverage", "cfd", "cfd leverage", "cfd index"})
"""Calculations whose profit is counted by the contract size, whatever ticks are told."""


class BadTable(Malformed):
    """The file cannot be read, so nothing of it was kept."""


class Instrument(Struct, frozen=True, kw_only=True):
    """What can be traded on a server: its prices have `digits` decimal places, its lot `contract_size` units.

    `tick_value` is what one lot makes of a move by `tick_size`, in the profit currency. `calculation` is by which sum
    profit and margin are counted: forex, forex no leverage, cfd, cfd leverage, cfd index, futures, or another word of
    the platform. `margin_initial` is a fixed margin of a lot, in the margin currency; `margin_rate` multiplies what
    the sum gives; `margin_hedged` is charged for a lot that is both bought and sold, in units of the contract.
    `swap_triple_day` counts from 0, Sunday.
    """

    server: str
    symbol: str
    digits: int
    contract_size: Decimal | None = None
    base_currency: str | None = None
    profit_currency: str | None = None
    tick_size: Decimal | None = None
    tick_value: Decimal | None = None
    margin_currency: str | None = None
    calculation: str | None = None
    margin_initial: Decimal | None = None
    margin_rate: Decimal | None = None
    margin_hedged: Decimal | None = None
    swap_mode: str | None = None
    swap_long: Decimal | None = None
    swap_short: Decimal | None = None
    swap_triple_day: int | None = None
    told_by: Teller
    updated_at: datetime | None = None

    @property
    def point(self) -> Decimal:
        """The smallest step of the price."""
        return Decimal(1).scaleb(-self.digits)

    @property
    def pip(self) -> Decimal:
        """Ten points of a quote with three or five digits, else a point; a metal's by table."""
        return pip_of(self.digits, self.base_currency)

    def units(self, lots: Decimal) -> Decimal | None:
        """How many units so many lots are."""
        return None if self.contract_size is None else lots * self.contract_size

    def standard_lots(self, lots: Decimal) -> Decimal | None:
        """How many lots of 100,000 units so many lots are."""
        units = self.units(lots)
        return None if units is None else units / STANDARD_LOT

    def pips(self, open_price: Decimal, close_price: Decimal, side: Side) -> Decimal:
        """How many pips a trade won, or lost."""
        return moved(open_price, close_price, side) / self.pip

    def worth(self, move: Decimal, lots: Decimal) -> Decimal | None:
        """What so many lots make of a move of the price, in the profit currency.

        By tick size and tick value where both are told, as futures are counted; else by the contract size, and so where
        the calculation is one of those that go by it.
        """
        by_size = self.calculation in BY_SIZE
        if not by_size and self.tick_size is not None and self.tick_value is not None:
            return move * lots * self.tick_value / self.tick_size
        return None if self.contract_size is None else move * lots * self.contract_size

    def floating(
        self, side: Side, lots: Decimal, open_price: Decimal, bid: Decimal | None, ask: Decimal | None
    ) -> Decimal | None:
        """What an open trade would bring if it closed now, costs apart: if bought at the bid, if sold at the ask."""
        price = bid if side == "buy" else ask
        return None if price is None else self.worth(moved(open_price, price, side), lots)


class Quote(Struct, frozen=True, kw_only=True):
    """The last quote of a symbol; a side nobody told is None."""

    server: str
    symbol: str
    bid: Decimal | None
    ask: Decimal | None
    quoted_at: datetime
    told_by: Teller


class Pair(Struct, frozen=True, kw_only=True):
    """The last quote of a symbol that is one currency priced in another."""

    symbol: str
    base_currency: str
    profit_currency: str
    bid: Decimal | None
    ask: Decimal | None
    quoted_at: datetime


def pip_of(digits: int, base_currency: str | None) -> Decimal:
    """Return the pip of prices with so many decimal places, of what is bought with this currency as its base."""
    point = Decimal(1).scaleb(-digits)
    return METAL_PIPS.get(base_currency or "", point * 10 if digits in FINE_DIGITS else point)


def moved(open_price: Decimal, close_price: Decimal, side: Side) -> Decimal:
    """Return how far a price moved in favour of a side."""
    return close_price - open_price if side == "buy" else open_price - close_price
