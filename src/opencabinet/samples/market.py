"""A market that never was: prices that wander around plausible levels, the same at every look."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import accumulate
from random import Random
from typing import Final

from msgspec import Struct

from opencabinet.ingest.model import Side
from opencabinet.kernel.money import exponent, nearest

OPENS: Final = datetime(2026, 1, 5)  # noqa: DTZ001 - a server's wall time
HOURS: Final = 24 * 7 * 44
"""How long prices are known: forty-four weeks."""

REVERSION: Final = 3000
"""How many hours a price takes to come back to its level."""

WEEKEND: Final = 5
"""The first day of the week, from Monday as none, on which the market is closed."""

NIGHTS: Final = (1, 1, 3, 1, 1, 0, 0)
"""How many nights are paid for on each day of the week: on Wednesday for the weekend too."""

RATES: Final = {"USD": "1", "EUR": "1.17", "GBP": "1.34", "JPY": "0.0066", "CHF": "1.25"}
"""What money is worth in dollars all year: enough for a story."""


class Instrument(Struct, frozen=True, kw_only=True):
    """What can be traded. Prices and the swaps of a night are in points, the smallest step of the price."""

    name: str
    digits: int
    contract: int = 100_000
    quote: str
    level: int
    step: int
    spread: int
    swaps: Mapping[Side, Decimal]

    def price(self, points: int) -> Decimal:
        """Return the price of so many points."""
        return Decimal(points).scaleb(-self.digits)

    def worth(self, move: Decimal, lots: Decimal, currency: str) -> Decimal:
        """Return what a move of the price brings to an account in `currency` that holds `lots`."""
        rate = Decimal(RATES[self.quote]) / Decimal(RATES[currency])
        return nearest(move * lots * self.contract * rate, exponent(currency))

    def dollars(self, lots: Decimal, price: Decimal) -> Decimal:
        """Return what so many lots are worth in dollars."""
        rate = RATES.get(self.name[:3])
        return lots * self.contract * (Decimal(rate) if rate else price)

    def swap(self, side: Side, lots: Decimal, held: tuple[datetime, datetime], currency: str) -> Decimal:
        """Return what holding `lots` between two moments brings, or costs."""
        first, last = held
        days = [first + timedelta(days=day) for day in range((last.date() - first.date()).days)]
        nights = sum(NIGHTS[day.weekday()] for day in days)
        return self.worth(nights * self.swaps[side].scaleb(-self.digits), lots, currency)


def instrument(*figures: int, name: str, digits: int, swaps: tuple[str, str], contract: int = 100_000) -> Instrument:
    """Return an instrument from its level, hourly step and spread in points, and the swaps of a buyer and a seller."""
    level, step, spread = figures
    buy, sell = map(Decimal, swaps)
    return Instrument(
        name=name,
        digits=digits,
        contract=contract,
        quote=name[3:],
        level=level,
        step=step,
        spread=spread,
        swaps={"buy": buy, "sell": sell},
    )


INSTRUMENTS: Final = {
    each.name: each
    for each in (
        instrument(117_200, 90, 12, name="EURUSD", digits=5, swaps=("-6.8", "2.1")),
        instrument(134_100, 110, 16, name="GBPUSD", digits=5, swaps=("-3.9", "-1.4")),
        instrument(152_400, 120, 14, name="USDJPY", digits=3, swaps=("9.2", "-16.5")),
        instrument(80_300, 60, 15, name="USDCHF", digits=5, swaps=("5.5", "-9.7")),
        instrument(87_300, 45, 18, name="EURGBP", digits=5, swaps=("-5.9", "1.2")),
        instrument(178_600, 140, 21, name="EURJPY", digits=3, swaps=("4.6", "-12.8")),
        instrument(421_000, 450, 28, name="XAUUSD", digits=2, swaps=("-38.0", "17.0"), contract=100),
    )
}


@cache
def walk(name: str) -> tuple[int, ...]:
    """Return the bid of an instrument at every full hour, in points."""
    known, chance = INSTRUMENTS[name], Random(name)  # noqa: S311 - a story, no secret

    def wander(points: int, hour: int) -> int:
        if (OPENS + timedelta(hours=hour)).weekday() >= WEEKEND:
            return points
        back = int((known.level - points) / REVERSION)
        return points + back + chance.randint(-known.step, known.step) + chance.randint(-known.step, known.step)

    return tuple(accumulate(range(1, HOURS), wander, initial=known.level))


def bid(known: Instrument, at: datetime) -> int:
    """Return the price a seller gets, in points: on the way from one full hour to the next."""
    hour, second = divmod(int((at - OPENS).total_seconds()), 3600)
    before, after = walk(known.name)[hour : hour + 2]
    return before + (after - before) * second // 3600


def entry(known: Instrument, side: Side, at: datetime) -> Decimal:
    """Return the price at which a trade of `side` opens: buyers pay the spread."""
    return known.price(bid(known, at) + (known.spread if side == "buy" else 0))


def leaving(known: Instrument, side: Side, at: datetime) -> Decimal:
    """Return the price at which a trade of `side` closes: who sold buys back."""
    return entry(known, "sell" if side == "buy" else "buy", at)
