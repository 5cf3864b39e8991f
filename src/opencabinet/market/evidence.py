"""What closed trades prove of their symbol: how many units a lot has.

Profit is move × lots × units of a lot, if it is counted in the account's own money, and it is rounded. So each closing
leaves the units between two bounds, and what is common to all of them is nearly a point.
"""

from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, Decimal
from typing import Final

from msgspec import Struct

from opencabinet.kernel.money import exponent
from opencabinet.market.model import Side, moved

ENOUGH: Final = 3
"""So many closings must agree."""

NARROW: Final = Decimal("0.01")
"""How far apart the bounds may be, as a share of the size."""

MOST_DIGITS: Final = 3
"""Significant digits that a contract size may have: 100,000; 12,500; 5."""


class Fill(Struct, frozen=True, kw_only=True):
    """A closing, as far as it proves something: `profit` is without costs, in the money of the account."""

    side: Side
    lots: Decimal
    open_price: Decimal
    close_price: Decimal
    profit: Decimal


def contract_size(fills: Iterable[Fill], currency: str) -> Decimal | None:
    """Return the units of a lot that closings of one symbol prove, or None if they prove none.

    The symbol's profit must be counted in `currency`, the account's own. The closings prove a size if at least three
    moved, all of them allow it once their profits are rounded to the currency's places, and they leave less than a
    hundredth of doubt; of the numbers then left it is the only one with the fewest digits, at most three.
    """
    bounds = list(allowed(fills, Decimal(1).scaleb(-exponent(currency)) / 2))
    if len(bounds) < ENOUGH:
        return None
    low, high = max(low for low, _ in bounds), min(high for _, high in bounds)
    if not 0 < low <= high or high - low > low * NARROW:
        return None
    return roundest(low, high)


def allowed(fills: Iterable[Fill], rounding: Decimal) -> Iterator[tuple[Decimal, Decimal]]:
    """Give the least and the most units of a lot that each closing allows, those apart whose price stood still."""
    for fill in fills:
        size = moved(fill.open_price, fill.close_price, fill.side) * fill.lots
        if size:
            ends = (fill.profit - rounding) / size, (fill.profit + rounding) / size
            yield min(ends), max(ends)


def roundest(low: Decimal, high: Decimal) -> Decimal | None:
    """Return the number from `low` to `high` with the fewest significant digits, None if there are several or none."""
    for digits in range(MOST_DIGITS):
        step = Decimal(1).scaleb(high.adjusted() - digits)
        first = (low / step).to_integral_value(ROUND_CEILING) * step
        if first <= high:
            return Decimal(f"{first:f}") if first + step > high else None
    return None
