"""Statements of accounts that could be: small, random, and consistent in themselves."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count

from hypothesis import strategies as st
from msgspec.structs import replace

from opencabinet.ingest.model import Moved, OrderType, Platform, Side, Snapshot, Statement
from opencabinet.kernel.money import exponent
from opencabinet.samples import deals, tickets
from opencabinet.samples.market import OPENS
from opencabinet.samples.trading import Exit, Pending, Tale, Trip

DIGITS = {"EURUSD": 5, "USDJPY": 3, "XAUUSD": 2, "US500_m": 1, "B&Q.c": 0}
WORDS = st.text("aZ09 éя金<>&\"'[]{}%.", max_size=24).map(lambda text: " ".join(text.split()))
LOTS = st.integers(1, 500).map(lambda lots: Decimal(lots).scaleb(-2))
KINDS: dict[Platform, list[str]] = {
    "mt4": ["balance", "balance", "credit"],
    "mt5": ["balance", "balance", "credit", "bonus", "charge", "correction"],
}
SIDES: tuple[Side, ...] = ("buy", "sell")
PENDING: tuple[OrderType, ...] = ("buy limit", "sell limit", "buy stop", "sell stop")
MOST_TRIPS = 8


class Chance:
    """What a statement is drawn from: figures of its currency, and moments that never come twice."""

    def __init__(self, draw: st.DrawFn, platform: Platform, currency: str) -> None:
        self.draw, self.platform, self.places = draw, platform, exponent(currency)
        self.seconds = iter(range(1, 3600))
        self.numbers = count(1)

    def later(self, hour: int) -> tuple[int, datetime]:
        """Give an hour at or after `hour`, and a moment within it."""
        hour += self.draw(st.integers(1, 400))
        return hour, OPENS + timedelta(hours=hour, seconds=next(self.seconds))

    def money(self, least: int, most: int) -> Decimal:
        """Give an amount between `least` and `most`."""
        return Decimal(self.draw(st.integers(least * 100, most * 100))).scaleb(-2).quantize(Decimal(10) ** -self.places)

    def price(self, symbol: str) -> Decimal:
        """Give a price in the digits of `symbol`, which may have a suffix."""
        return Decimal(self.draw(st.integers(1, 2_000_000))).scaleb(-DIGITS[symbol.partition("#")[0]])

    def level(self, symbol: str) -> Decimal | None:
        """Give a stop or a target, or none."""
        return self.price(symbol) if self.draw(st.booleans()) else None


@st.composite
def statements(draw: st.DrawFn, platforms: tuple[Platform, ...] = ("mt4", "mt5")) -> Statement:
    """Give a statement with its whole history, of at most some forty rows.

    Its balance is what came in and what trading brought; no two things happened at the same second. Of MetaTrader 4 it
    has lower-case symbols, as that prints them, and no company, which its rows do not hold.
    """
    platform = draw(st.sampled_from(platforms))
    currency = draw(st.sampled_from(("USD", "EUR", "JPY")))
    chance = Chance(draw, platform, currency)
    tale = Tale(
        head=head(chance, currency),
        moves=tuple(moves(chance)),
        trips=tuple(trip for _ in range(draw(st.integers(0, MOST_TRIPS))) for trip in turn(chance)),
        pendings=tuple(pending(chance) for _ in range(draw(st.integers(0, 3)))),
    )
    return tickets.told(tale) if platform == "mt4" else deals.told(tale)


def head(chance: Chance, currency: str) -> Statement:
    """Give a statement without rows."""
    newer = chance.platform == "mt5"
    return Statement(
        platform=chance.platform,
        kind="history" if newer else "statement",
        number=chance.draw(st.integers(1, 10**12)),
        name=chance.draw(WORDS),
        company=chance.draw(WORDS) if newer else "",
        currency=currency,
        leverage=None if newer else chance.draw(st.none() | st.integers(1, 3000)),
        mode="hedging" if newer else None,
        written_at=OPENS + timedelta(minutes=chance.draw(st.integers(0, 600_000))),
        snapshot=Snapshot(balance=Decimal(0), margin=chance.money(0, 9000)),
    )


def moves(chance: Chance) -> Iterator[Moved]:
    """Give a first deposit, before anything else, and what came and went later."""
    yield Moved(ticket=0, kind="balance", amount=chance.money(1, 90_000), moved_at=OPENS, comment=chance.draw(WORDS))
    for _ in range(chance.draw(st.integers(0, 3))):
        kind = chance.draw(st.sampled_from(KINDS[chance.platform]))
        _, at = chance.later(0)
        yield Moved(ticket=0, kind=kind, amount=chance.money(-5000, 5000), moved_at=at, comment=chance.draw(WORDS))


def turn(chance: Chance) -> list[Trip]:
    """Give a trade: closed at once or in parts, still open, or with another that it was closed by."""
    way = chance.draw(st.sampled_from((whole, parts, still, by)))
    return way(chance)


def whole(chance: Chance) -> list[Trip]:
    """Give a trade that was closed at once."""
    made, hour = trip(chance)
    return [replace(made, exits=(leave(chance, made, chance.later(hour)[1], made.lots),))]


def parts(chance: Chance) -> list[Trip]:
    """Give a trade that was closed in parts.

    Its symbol is its own: a report does not say which parts make a position, so two of a kind may be taken for each
    other.
    """
    volumes = chance.draw(st.lists(LOTS, min_size=2, max_size=3))
    made, hour = trip(chance, suffix=f"#{next(chance.numbers)}")
    exits = []
    for lots in volumes:
        hour, at = chance.later(hour)
        exits.append(leave(chance, made, at, lots))
    return [replace(made, lots=sum(volumes, Decimal(0)), exits=tuple(exits))]


def still(chance: Chance) -> list[Trip]:
    """Give a trade that is still open; MetaTrader 5 shows no commission of it."""
    made, hour = trip(chance)
    now = leave(chance, made, chance.later(hour)[1], made.lots)
    if chance.platform == "mt5":
        now = replace(now, commission=Decimal(0), fee=Decimal(0))
    return [replace(made, current=replace(now, mark=""))]


def by(chance: Chance) -> list[Trip]:
    """Give two opposite trades that closed each other."""
    first, hour = trip(chance)
    second, later = trip(chance)
    _, at = chance.later(max(hour, later))
    other: Side = "sell" if first.side == "buy" else "buy"
    second = replace(second, symbol=first.symbol, side=other, lots=first.lots, open_price=chance.price(first.symbol))
    second = replace(second, stop_loss=chance.level(first.symbol), take_profit=chance.level(first.symbol))
    pair = next(chance.numbers)
    ends = [replace(leave(chance, made, at, made.lots), mark="", pair=pair) for made in (first, second)]
    return [replace(made, exits=(end,)) for made, end in zip((first, second), ends, strict=True)]


def trip(chance: Chance, suffix: str = "") -> tuple[Trip, int]:
    """Give a trade without its end, and the hour at which it opened."""
    symbol = chance.draw(st.sampled_from(sorted(DIGITS))) + suffix
    hour, at = chance.later(0)
    made = Trip(
        symbol=symbol,
        side=chance.draw(st.sampled_from(SIDES)),
        lots=chance.draw(LOTS),
        opened_at=at,
        open_price=chance.price(symbol),
        stop_loss=chance.level(symbol),
        take_profit=chance.level(symbol),
        commission=chance.money(-20, 0) if chance.platform == "mt5" else Decimal(0),
        comment=chance.draw(WORDS),
    )
    return made, hour


def leave(chance: Chance, made: Trip, at: datetime, lots: Decimal) -> Exit:
    """Give an exit of a trade."""
    return Exit(
        at=at,
        lots=lots,
        price=chance.price(made.symbol),
        commission=chance.money(-20, 0),
        fee=chance.money(-5, 0),
        swap=chance.money(-30, 10),
        profit=chance.money(-3000, 3000),
        mark=chance.draw(st.sampled_from(("", "", "[sl]", "[tp]"))),
    )


def pending(chance: Chance) -> Pending:
    """Give an order that was given up, or still waits."""
    symbol = chance.draw(st.sampled_from(sorted(DIGITS)))
    hour, at = chance.later(0)
    return Pending(
        symbol=symbol,
        kind=chance.draw(st.sampled_from(PENDING)),
        lots=chance.draw(LOTS),
        price=chance.price(symbol),
        stop_loss=chance.level(symbol),
        take_profit=chance.level(symbol),
        placed_at=at,
        done_at=chance.later(hour)[1] if chance.draw(st.booleans()) else None,
        comment=chance.draw(WORDS),
    )
