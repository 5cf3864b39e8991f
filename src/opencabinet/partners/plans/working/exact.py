"""Exact arithmetic: six places, cut down, and what one currency is worth in another."""

from decimal import ROUND_FLOOR, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Final

from opencabinet.partners.plans.model import PLACES, Rate, Rates

EXACT: Final = Context(prec=250, rounding=ROUND_FLOOR, traps=[InvalidOperation, DivisionByZero, Overflow])
"""No product of what is kept or told has as many digits, so that only what is divided, and what is cut, is rounded."""

STEP: Final = Decimal(1).scaleb(-PLACES)
NOTHING: Final = Decimal(0)
ONE: Final = Decimal(1)
MOST: Final = Decimal(10**15)
LEAST: Final = -MOST
"""Money of a trade is less, whatever the currency; so is every figure told of it."""

SMALLEST_RATE: Final = Decimal(1).scaleb(-12)
LONGEST_RATE: Final = 60
"""Digits of an exchange rate, at most."""


class Earnless(Exception):  # noqa: N818 - it is named for the fact
    """The trade earns nothing, for a reason of one word; `lacks` names the currencies whose rate nobody told."""

    def __init__(self, reason: str, lacks: str | None = None) -> None:
        self.reason, self.lacks = reason, lacks
        super().__init__(reason)


class Untold(Earnless):
    """The contract of the trade is not known well enough for a part of a plan."""


def cut(amount: Decimal) -> Decimal:
    """Return an amount cut down to six places.

    Raises:
        Earnless: if no account holds as much.
        InvalidOperation: if it is no number.
    """
    if not LEAST < amount < MOST:
        raise Earnless("too_large")
    return amount.quantize(STEP)


def finite(figure: Decimal) -> Decimal:
    """Return a figure that is only compared.

    Raises:
        Earnless: if it is none, or infinite.
    """
    if not figure.is_finite():
        raise Earnless("bad_figure")
    return figure


class Exchange:
    """What currencies are worth in each other, with the rates that were used.

    Each two are asked for once: what is converted and then back is converted at one rate.
    """

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._known: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
        self.used: list[Rate] = []

    def convert(self, amount: Decimal, source: str, target: str) -> Decimal:
        """Return an amount in another currency, cut down to six places.

        Raises:
            Earnless: if nobody knows what the currencies are worth, or no account holds as much.
        """
        if source == target:
            return cut(amount)
        known = self._known.get((source, target))
        times, by = self._ask(source, target) if known is None else known
        amount *= times
        return cut(amount if by is ONE else amount / by)

    def _ask(self, source: str, target: str) -> tuple[Decimal, Decimal]:
        """Ask what two currencies are worth; the answer may be the rate of the second in the first, as it is quoted."""
        found = self._rates(source, target)
        if found is None or {found.base, found.quote} != {source, target} or not usable(found.rate):
            raise Earnless("no_exchange_rate", f"{source}/{target}")
        self.used.append(found)
        self._known[found.base, found.quote] = found.rate, ONE
        self._known[found.quote, found.base] = ONE, found.rate
        return self._known[source, target]


def usable(rate: Decimal) -> bool:
    """Whether a rate is one that money can be converted by."""
    return rate.is_finite() and SMALLEST_RATE < rate < MOST and len(rate.as_tuple().digits) <= LONGEST_RATE
