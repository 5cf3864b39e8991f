"""One turn of an invented trader: a trade, two that close each other, or an order that waits."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from opencabinet.ingest.model import OrderType, Side
from opencabinet.kernel.money import exponent, nearest
from opencabinet.samples.market import RATES, WEEKEND, Instrument, entry, leaving
from opencabinet.samples.trading import Exit, Pending, Trip

SIGNS: Final[dict[Side, int]] = {"buy": 1, "sell": -1}
CENT: Final = Decimal("0.01")
"""The smallest volume."""


class Terms(Struct, frozen=True, kw_only=True):
    """What trading costs an account, in dollars for a lot going in and coming out, and when its story ends."""

    currency: str
    entering: Decimal = Decimal(0)
    leaving: Decimal = Decimal(0)
    until: datetime

    def cost(self, lots: Decimal, rate: Decimal) -> Decimal:
        """Return what `rate` dollars for a lot are on `lots`, in the account's money."""
        return nearest(-rate * lots / Decimal(RATES[self.currency]), exponent(self.currency))


def trip(known: Instrument, terms: Terms, at: datetime, lots: Decimal, chance: Random) -> Trip:
    """Return a trade opened at a moment; a stop or a target may end it before the trader does."""
    side: Side = chance.choice(("buy", "sell"))
    start = entry(known, side, at)
    away = [known.price(known.step * chance.randint(*reach)) * SIGNS[side] for reach in ((5, 18), (6, 24))]
    made = Trip(
        symbol=known.name,
        side=side,
        lots=lots,
        opened_at=at,
        open_price=start,
        stop_loss=start - away[0] if chance.random() < 0.6 else None,  # noqa: PLR2004 - most are careful
        take_profit=start + away[1] if chance.random() < 0.5 else None,  # noqa: PLR2004 - half know what they want
        commission=terms.cost(lots, terms.entering),
    )
    hours = chance.randint(1, 8) if chance.random() < 0.5 else chance.randint(20, 260)  # noqa: PLR2004 - half are quick
    return ended(made, known, terms, monday(at + timedelta(hours=hours, seconds=chance.randint(0, 3599))))


def ended(made: Trip, known: Instrument, terms: Terms, planned: datetime) -> Trip:
    """Return a trade with its end: a level that was met, the trader's own, or none before the story's."""
    at, price, mark = met(made, known, min(planned, terms.until))
    last = leave(made, known, terms, Exit(at=at, lots=made.lots, price=price, profit=Decimal(0), mark=mark))
    if at < terms.until:
        return replace(made, exits=(last,))
    # A commission that was charged on entering is not charged again on what is still open.
    return replace(made, current=replace(last, commission=Decimal(0)) if terms.entering else last)


def met(made: Trip, known: Instrument, until: datetime) -> tuple[datetime, Decimal, str]:
    """Return when a trade ended, at what price, and the mark of a level that was met; looking once an hour."""
    sign = SIGNS[made.side]
    at = made.opened_at + timedelta(hours=1)
    while at < until:
        price = leaving(known, made.side, at)
        for level, mark, way in ((made.stop_loss, "[sl]", -sign), (made.take_profit, "[tp]", sign)):
            if level is not None and (price - level) * way >= 0 and at.weekday() < WEEKEND:
                return at, level, mark
        at += timedelta(hours=1)
    return until, leaving(known, made.side, until), ""


def leave(made: Trip, known: Instrument, terms: Terms, exit_: Exit) -> Exit:
    """Return an exit with what it brings and costs."""
    move = (exit_.price - made.open_price) * SIGNS[made.side]
    return replace(
        exit_,
        commission=terms.cost(exit_.lots, terms.leaving),
        swap=known.swap(made.side, exit_.lots, (made.opened_at, exit_.at), terms.currency),
        profit=known.worth(move, exit_.lots, terms.currency),
    )


def parted(made: Trip, known: Instrument, terms: Terms) -> Trip:
    """Return a trade of which half was closed on the way, if its volume and the weekend allow."""
    half = (made.lots / 2).quantize(CENT)
    for last in made.exits:
        at = made.opened_at + timedelta(seconds=int((last.at - made.opened_at).total_seconds()) // 2)
        if CENT <= half < made.lots and at.weekday() < WEEKEND:
            price = leaving(known, made.side, at)
            first = Exit(at=at, lots=half, price=price, profit=Decimal(0))
            exits = (first, replace(last, lots=made.lots - half))
            return replace(made, exits=tuple(leave(made, known, terms, each) for each in exits))
    return made


def hedged(known: Instrument, terms: Terms, at: datetime, lots: Decimal, pair: int) -> Iterator[Trip]:
    """Give two opposite trades that closed each other: the first takes the whole profit, the other none."""
    second, closed_at = monday(at + timedelta(hours=3)), monday(at + timedelta(hours=9))
    legs: tuple[tuple[Side, datetime], ...] = (("buy", at), ("sell", second))
    prices = [entry(known, side, moment) for side, moment in legs]
    for (side, moment), price, other in zip(legs, prices, reversed(prices), strict=True):
        made = Trip(
            symbol=known.name,
            side=side,
            lots=lots,
            opened_at=moment,
            open_price=price,
            commission=terms.cost(lots, terms.entering),
        )
        last = leave(made, known, terms, Exit(at=closed_at, lots=lots, price=other, profit=Decimal(0), pair=pair))
        yield replace(made, exits=(last if side == "buy" else replace(last, profit=Decimal(0)),))


def pending(known: Instrument, at: datetime, until: datetime, chance: Random) -> Pending:
    """Return an order below or above the market, given up after some days unless the story ends first."""
    kind: OrderType = chance.choice(("buy limit", "sell limit", "buy stop", "sell stop"))
    side: Side = "buy" if kind.startswith("buy") else "sell"
    below = kind in {"buy limit", "sell stop"}
    away = known.price(known.step * chance.randint(15, 60))
    price = entry(known, side, at) - (away if below else -away)
    done = monday(at + timedelta(hours=chance.randint(20, 300)))
    return Pending(
        symbol=known.name,
        kind=kind,
        lots=CENT * chance.randint(1, 20),
        price=price,
        stop_loss=price - away * SIGNS[side],
        take_profit=price + 2 * away * SIGNS[side] if chance.random() < 0.5 else None,  # noqa: PLR2004 - half of them
        placed_at=at,
        done_at=done if done < until else None,
    )


def monday(at: datetime) -> datetime:
    """Return `at`, or the same hour of Monday if the market is closed then."""
    return at + timedelta(days=max(0, 7 - at.weekday()) if at.weekday() >= WEEKEND else 0)
