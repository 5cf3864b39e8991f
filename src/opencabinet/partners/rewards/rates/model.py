"""Rates as of a moment: what was asked before is remembered, what was not is asked together.

A rate leads over one pair of currencies, or over two that have a pivot in common. It is as of the last whole minute
before the moment, and at most a few days older.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal, localcontext
from typing import Final

from msgspec import Struct

from opencabinet.kernel.problem import Unknown
from opencabinet.partners.plans import Rate

PIVOTS: Final = ("USD", "EUR")
"""Currencies that nearly every other is quoted against."""
MOST_KNOWN: Final = 100_000
"""Rates that are remembered; then all are forgotten."""
PRECISION: Final = 28


class NoRate(Unknown):
    """No rate between two currencies is known as of a moment."""


class Unasked(Exception):  # noqa: N818 - it is no failure: the rate is asked, and the trade tried again
    """A rate that nobody asked for yet."""


class Wanted(Struct, frozen=True):
    """A rate that is wanted: between two currencies, as of a minute, by the quotes of a server if it has them."""

    server: str
    base: str
    quote: str
    at: datetime


class Quoted(Struct, frozen=True):
    """A pair of currencies as it was quoted: the `place` is that of the leg that it was asked for."""

    place: int
    server: str
    symbol: str
    base: str
    quote: str
    price: Decimal
    at: datetime

    def rate(self) -> Rate:
        """Return it as a rate."""
        return Rate(self.base, self.quote, self.price, f"{self.server} {self.symbol}", self.at)


class Rates:
    """The rates that were asked for until now; `missing` are those yet to be asked."""

    def __init__(self) -> None:
        self._known: dict[Wanted, Rate | None] = {}
        self.missing: set[Wanted] = set()

    def of(self, server: str, at: datetime, recorded: Mapping[tuple[str, str], Rate]) -> Callable[[str, str], Rate]:
        """Return what gives rates as of a moment; those that are recorded hold, whatever is quoted.

        It raises `Unasked` for one that was not asked for yet, and `NoRate` for one that there is not.
        """

        def rate(base: str, quote: str) -> Rate:
            if base == quote:
                return Rate(base, quote, Decimal(1), "same", None)
            if found := recorded.get((base, quote)) or recorded.get((quote, base)):
                return found
            return self._found(Wanted(server, base, quote, at.replace(second=0, microsecond=0)))

        return rate

    def _found(self, wanted: Wanted) -> Rate:
        if wanted not in self._known:
            self.missing.add(wanted)
            raise Unasked
        known = self._known[wanted]
        if known is None:
            raise NoRate(f"{wanted.base} in {wanted.quote} as of {wanted.at:%Y-%m-%d %H:%M} is not known.")
        return known

    def learn(self, asked: Iterable[tuple[Wanted, Rate | None]]) -> None:
        """Remember what was asked for."""
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        for wanted, rate in asked:
            self._known[wanted] = rate
            self.missing.discard(wanted)

    def forget_missing(self) -> None:
        """Ask anew for what there was not, when it is wanted again."""
        self._known = {wanted: rate for wanted, rate in self._known.items() if rate is not None}


def legs(wanted: Wanted) -> list[tuple[str, str]]:
    """Return the pairs of currencies that a rate may be made of: the straight one, and two over each pivot."""
    over = [pivot for pivot in PIVOTS if pivot not in {wanted.base, wanted.quote}]
    found = [(wanted.base, wanted.quote)]
    for pivot in over:
        found += [(wanted.base, pivot), (pivot, wanted.quote)]
    return found


def made(wanted: Wanted, found: Mapping[tuple[str, str], Rate]) -> Rate | None:
    """Return a rate made of those of its legs, None if it cannot be."""
    straight, *rest = legs(wanted)
    if straight in found:
        return found[straight]
    for one, other in zip(rest[::2], rest[1::2], strict=True):
        if one in found and other in found:
            return joined(wanted, found[one], found[other])
    return None


def joined(wanted: Wanted, one: Rate, other: Rate) -> Rate:
    """Return what two rates come to, one after the other."""
    with localcontext(prec=PRECISION):
        first = one.rate if one.base == wanted.base else 1 / one.rate
        second = other.rate if other.quote == wanted.quote else 1 / other.rate
        price = first * second
    times = [rate.at for rate in (one, other) if rate.at]
    return Rate(wanted.base, wanted.quote, price, f"{one.source}, {other.source}", min(times, default=None))
