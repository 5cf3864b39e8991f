"""How people trade: each habit looks at an account when its owner wakes, does something, and says when to wake next."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random
from typing import Final

from opencabinet.ingest.feeds.simulator.books import Book
from opencabinet.ingest.feeds.simulator.deals import Deals
from opencabinet.ingest.feeds.simulator.holdings import CENT, OTHER, SIGNS, Holding
from opencabinet.ingest.feeds.simulator.people import Habit
from opencabinet.ingest.feeds.simulator.prices import DAY
from opencabinet.ingest.feeds.simulator.symbols import SYMBOLS, Symbol
from opencabinet.ingest.feeds.simulator.tickets import halved
from opencabinet.ingest.model import Side

HOUR: Final = 3600
LOOK_BACK: Final = 300
MOST_HELD: Final = 5
PATIENCE: Final = 120
"""How many seconds an order waits on a busy day."""


class Turn:
    """A moment at which somebody looks at their account; on a busy day they come back soon."""

    def __init__(self, book: Book, at: int, chance: Random, *, busy: bool) -> None:
        self.book, self.at, self.chance, self.busy = book, at, chance, busy

    def held(self) -> list[Holding]:
        """Return what is held of what is traded now, oldest first."""
        return [one for one in self.book.holdings.values() if self.book.prices.open(one.symbol, self.at)]

    def pause(self, busy: tuple[int, int], quiet: tuple[int, int]) -> int:
        """Return when to wake next."""
        return self.at + self.chance.randint(*(busy if self.busy else quiet))

    def pick(self) -> Symbol | None:
        """Choose something that is traded now."""
        known = [SYMBOLS[name] for name in self.book.person.symbols]
        open_ = [symbol for symbol in known if self.book.prices.open(symbol, self.at)]
        return self.chance.choice(open_) if open_ else None

    def trend(self, symbol: Symbol) -> Side:
        """Return the side the price went to in the last minutes."""
        then = self.book.prices.points(symbol, self.at - LOOK_BACK)
        return "buy" if self.book.prices.points(symbol, self.at) >= then else "sell"

    def lots(self, most: Decimal | None = None) -> Decimal:
        """Choose a volume."""
        return CENT * self.chance.randint(1, int((most or self.book.person.largest) / CENT))

    def away(self, symbol: Symbol, spreads: tuple[int, int]) -> Decimal:
        """Choose a distance of so many spreads; a quarter of it on a busy day."""
        points = symbol.spread * self.chance.randint(*spreads)
        return symbol.price(max(points // 4, symbol.spread) if self.busy else points)

    def enter(
        self, symbol: Symbol, side: Side, lots: Decimal, stop: Decimal | None, target: Decimal | None
    ) -> Holding | None:
        """Open a trade with levels so far away."""
        price = self.book.entry(symbol, side, self.at)
        return self.book.open(
            *(symbol, side, lots, self.at),
            stop=None if stop is None else price - stop * SIGNS[side],
            target=None if target is None else price + target * SIGNS[side],
        )

    def brings(self, holding: Holding) -> Decimal:
        """Return what a trade brings if it closes now."""
        return self.book.profit(holding, holding.lots, self.book.leaving(holding, self.at), self.at)


def scalp(turn: Turn) -> int:
    """Small trades with the trend, quickly closed."""
    held, roll = turn.held(), turn.chance.random()
    if held and (len(held) >= MOST_HELD or roll < 0.4):  # noqa: PLR2004 - how often
        turn.book.close(turn.chance.choice(held), turn.at)
    elif held and roll < 0.55 and (last := held[-1]).stop is not None:  # noqa: PLR2004 - how often
        nearer = last.stop + last.symbol.price(last.symbol.spread) * SIGNS[last.side]
        turn.book.change(last, stop=nearer, target=last.target)
    elif (symbol := turn.pick()) is not None:
        turn.enter(symbol, turn.trend(symbol), turn.lots(), turn.away(symbol, (12, 40)), turn.away(symbol, (12, 48)))
    return turn.pause((3, 14), (HOUR // 2, 4 * HOUR))


def average_down(turn: Turn) -> int:
    """One basket, made larger each time it loses, until it pays or hurts."""
    held, book = turn.held(), turn.book
    if not held:
        if not book.holdings and (symbol := turn.pick()) is not None:
            turn.enter(symbol, turn.trend(symbol), turn.lots(), None, None)
    elif sum(map(turn.brings, held)) > book.deposited / (2_000 if turn.busy else 25):
        for one in held:
            book.close(one, turn.at)
    elif turn.chance.random() < 0.03:  # noqa: PLR2004 - now and then the first is given up
        book.close(held[0], turn.at, lots=halved(held[0].lots))
    else:
        last, worse = held[-1], turn.away(held[-1].symbol, (10, 20))
        moved = (book.leaving(last, turn.at) - last.price) * SIGNS[last.side]
        if moved < -worse:
            turn.enter(last.symbol, last.side, last.lots * 2, None, None)
    return turn.pause((6, 20), (HOUR, 6 * HOUR))


def trade_news(turn: Turn) -> int:
    """Orders on both sides of the price before figures are published, given up if nothing comes of them."""
    book, patience = turn.book, PATIENCE if turn.busy else HOUR
    for wish in [*book.wishes.values()]:
        if turn.at - wish.placed_at >= patience:
            book.cancel(wish, turn.at)
    for one in turn.held():
        if turn.at - one.opened_at >= 2 * patience:
            book.close(one, turn.at)
    coming = [each for day in range(8) for each in news(turn, turn.at // DAY + day) if each > turn.at + 2 * LOOK_BACK]
    soon = min(coming, default=turn.at + DAY) - LOOK_BACK
    if (symbol := turn.pick()) is not None and len(book.wishes) < 2 * MOST_HELD:
        straddle(turn, symbol)
    return min(turn.at + turn.chance.randint(15, 40), soon) if turn.busy else soon


def news(turn: Turn, day: int) -> list[int]:
    """Return when figures are published on a day of UTC."""
    return [day * DAY + second for second in turn.book.prices.news(day)]


def straddle(turn: Turn, symbol: Symbol) -> None:
    """Leave two orders that buy above the price and sell below it."""
    book, lots = turn.book, turn.lots()
    away, reach = turn.away(symbol, (8, 14)), turn.away(symbol, (20, 40))
    for kind, side in (("buy stop", "buy"), ("sell stop", "sell")):
        sign = 1 if side == "buy" else -1
        price = book.entry(symbol, "buy" if side == "buy" else "sell", turn.at) + away * sign
        book.place(
            symbol,
            "buy stop" if kind == "buy stop" else "sell stop",
            *(lots, price, turn.at),
            stop=price - reach * sign,
            target=price + reach * sign,
        )


def swing(turn: Turn) -> int:
    """Days with a few trades: half is taken off in profit, and now and then two opposite ones close each other."""
    held, book, roll = turn.held(), turn.book, turn.chance.random()
    best = max(held, key=turn.brings, default=None)
    if best is not None and roll < 0.25 and turn.brings(best) > 0:  # noqa: PLR2004 - how often
        book.close(best, turn.at, lots=halved(best.lots))
    elif best is not None and roll < 0.4:  # noqa: PLR2004 - how often
        book.close(held[0], turn.at)
    elif best is not None and roll < 0.5:  # noqa: PLR2004 - how often
        hedge(turn, best)
    elif len(held) < MOST_HELD and (symbol := turn.pick()) is not None:
        turn.enter(symbol, turn.trend(symbol), turn.lots(), turn.away(symbol, (60, 150)), turn.away(symbol, (60, 220)))
    return turn.pause((12, 45), (4 * HOUR, 20 * HOUR))


def hedge(turn: Turn, held: Holding) -> None:
    """Trade against what is held; if that was done before, let both close each other."""
    against = [
        one for one in turn.held() if one.symbol is held.symbol and one.side != held.side and one.lots == held.lots
    ]
    if against and isinstance(turn.book, Deals):
        turn.book.close_by(held, against[0], turn.at)
    else:
        turn.enter(held.symbol, OTHER[held.side], held.lots, None, None)


def sleep(turn: Turn) -> int:
    """Something bought and forgotten; on a busy day a level is changed now and then."""
    held = turn.held()
    if not held:
        if not turn.book.holdings and (symbol := turn.pick()) is not None:
            turn.enter(symbol, "buy", turn.lots(), None, None)
    elif turn.busy:
        reach = held[0].symbol.price(held[0].symbol.spread * turn.chance.randint(100, 200))
        turn.book.change(held[0], stop=None, target=turn.book.leaving(held[0], turn.at) + reach)
    elif turn.chance.random() < 0.2:  # noqa: PLR2004 - seldom
        turn.book.close(held[0], turn.at)
    return turn.pause((60, 180), (5 * DAY, 20 * DAY))


def copy(turn: Turn) -> int:
    """Nothing by themselves: what they copy wakes them."""
    return turn.at + DAY


HABITS: Final[Mapping[Habit, Callable[[Turn], int]]] = {
    "scalps": scalp,
    "averages down": average_down,
    "trades news": trade_news,
    "swings": swing,
    "copies": copy,
    "sleeps": sleep,
}
