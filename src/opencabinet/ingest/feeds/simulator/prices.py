"""Prices of a market that never was: what one is at a moment follows from the seed, the symbol and the moment alone."""

from collections import OrderedDict
from decimal import Decimal
from math import floor
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from opencabinet.ingest.feeds.simulator import noise
from opencabinet.ingest.feeds.simulator.calendar import Calendar, Span
from opencabinet.ingest.feeds.simulator.symbols import SYMBOLS, Symbol
from opencabinet.ingest.model import Side

MINUTE: Final = 60
DAY: Final = 86_400
DAYS_KEPT: Final = 64
DAYS_TOGETHER: Final = 7
NEWS: Final = (48_600, 54_000, 66_600)
"""The seconds of a day of UTC at which figures are published, now and then."""
NEWS_MINUTES: Final = 90
"""How long a market takes to forget them."""
WIDE_MINUTES: Final = 10
"""How long sellers and buyers keep away from each other then."""
SHOCK_SECONDS: Final = 6 * 3600
CROSSED: Final = "USD"
"""What money is counted in where two currencies are not traded against each other."""


class Shock(Struct, frozen=True):
    """A jump of all prices, or of one, at a moment: a part of their level, that they find back from in some hours."""

    at: int
    size: float
    symbol: str = ""

    def left(self, at: int) -> float:
        """Return what is left of it at a moment."""
        past = at - self.at
        return self.size * (1.0 - past / SHOCK_SECONDS) if 0 <= past < SHOCK_SECONDS else 0.0


class Tick(Struct, frozen=True):
    """A price: what a seller gets, what a buyer pays, and since when."""

    bid: Decimal
    ask: Decimal
    at: int


class Day(Struct, frozen=True):
    """A symbol's day of UTC: its path at every minute, with the next midnight, and the spread of each minute."""

    path: noise.Floats
    line: list[float]
    wide: NDArray[np.int64]
    spreads: list[int]


class Prices:
    """The prices of a seed, on a calendar."""

    def __init__(self, seed: int, calendar: Calendar) -> None:
        self.seed, self.calendar = seed, calendar
        self.shocks: list[Shock] = []
        self._waves = {
            name: tuple(noise.key(seed, name, "wave", wave) for wave in range(noise.WAVES)) for name in SYMBOLS
        }
        self._fine = {name: noise.key(seed, name, "within a minute") for name in SYMBOLS}
        self._blocks: dict[str, tuple[int, noise.Floats]] = {}
        self._days: OrderedDict[tuple[str, int], Day] = OrderedDict()
        self._last: dict[str, tuple[int, Tick]] = {}

    def shock(self, shock: Shock) -> None:
        """Let prices jump; what they have long found back from is forgotten."""
        self._last.clear()
        self.shocks = [one for one in self.shocks if one.at > shock.at - SHOCK_SECONDS - 4 * DAY] + [shock]

    def open(self, symbol: Symbol, at: int) -> bool:
        """Tell whether a symbol is traded at a moment."""
        return self.calendar.open(symbol.session, at)

    def tick(self, symbol: Symbol, at: int) -> Tick:
        """Return the price of a moment; while the market is closed, the last one."""
        known = self._last.get(symbol.name)  # every trade that is held is valued at one and the same
        if known is None or known[0] != at:
            known = self._last[symbol.name] = at, self._tick(symbol, self.calendar.last(symbol.session, at))
        return known[1]

    def _tick(self, symbol: Symbol, at: int) -> Tick:
        bid = self.points(symbol, at)
        return Tick(symbol.price(bid), symbol.price(bid + self.spread(symbol, at)), at)

    def points(self, symbol: Symbol, at: int) -> int:
        """Return what a seller gets at a moment, in points."""
        line, place, past = self._day(symbol, at // DAY).line, at % DAY // MINUTE, at % MINUTE
        path = line[place] + (line[place + 1] - line[place]) * (past / MINUTE)
        path += noise.tremble(self._fine[symbol.name], at) * symbol.pace
        return floor(symbol.level * (1.0 + path + self._shocked(symbol, at)) + 0.5)

    def spread(self, symbol: Symbol, at: int) -> int:
        """Return how many points a buyer pays more than a seller gets."""
        return self._day(symbol, at // DAY).spreads[at % DAY // MINUTE]

    def rate(self, source: str, target: str, at: int, side: Side = "buy") -> Decimal:
        """Return what a unit of one money is worth in another: at bids for what is bought, at asks for what is sold."""
        if source == target:
            return Decimal(1)
        symbol = SYMBOLS.get(source + target) or SYMBOLS.get(target + source)
        if symbol is None:
            return self.rate(source, CROSSED, at, side) * self.rate(CROSSED, target, at, side)
        tick = self.tick(symbol, at)
        price = tick.bid if side == "buy" else tick.ask
        return price if symbol.base == source else 1 / price

    def first(self, symbol: Symbol, span: Span, price: Decimal, *, falling: bool, buyer: bool) -> int | None:
        """Return the first second of a span, both ends excluded, at which a price is reached, or None.

        What a buyer pays counts, or else what a seller gets. The span is within one day of the server.
        """
        opens, closes = self.calendar.span(symbol.session, span[1] - 1)
        since, until = max(span[0] + 1, opens), min(span[1], closes)
        level = symbol.points(price)
        for minute in self._near(symbol, (since, until), level, falling=falling, buyer=buyer):
            now = self._minute(symbol, minute) + (self.spread(symbol, minute * MINUTE) if buyer else 0)
            met = np.flatnonzero(now <= level if falling else now >= level) + minute * MINUTE
            if len(met := met[(met >= since) & (met < until)]):
                return int(met[0])
        return None

    def _minute(self, symbol: Symbol, minute: int) -> noise.Floats:
        """Return what `points` gives for each second of a minute."""
        moments = minute * MINUTE + np.arange(MINUTE)
        line, place = self._day(symbol, minute // noise.DAY_MINUTES).line, minute % noise.DAY_MINUTES
        path = line[place] + (line[place + 1] - line[place]) * (np.arange(MINUTE) / MINUTE)
        path += noise.trembles(self._fine[symbol.name], minute) * symbol.pace
        return np.floor(symbol.level * (1.0 + path + self._shocked_line(symbol, moments)) + 0.5)

    def line(self, symbol: Symbol, minutes: NDArray[np.int64]) -> noise.Floats:
        """Return what a seller gets at the start of minutes in a row, roughly; the last price while it is closed."""
        moments = minutes * MINUTE
        opens, closes = self.calendar.span(symbol.session, int(moments[-1]))
        last = self.calendar.last(symbol.session, int(moments[0]))
        moments = np.where(moments < opens, last, np.minimum(moments, max(closes - 1, last)))
        days, places = moments // DAY, moments % DAY // MINUTE
        path = np.concatenate(
            [self._day(symbol, day).path[places[days == day]] for day in range(int(days[0]), int(days[-1]) + 1)]
        )
        return (1.0 + path + self._shocked_line(symbol, moments)) * float(symbol.level) * 10.0**-symbol.digits

    def _near(self, symbol: Symbol, span: Span, level: int, *, falling: bool, buyer: bool) -> list[int]:
        """Return the minutes of a span at which a price may be reached."""
        since, until = span
        found: list[int] = []
        reach = noise.FINE_HEIGHT * symbol.pace + 2.0 / symbol.level
        for day in range(since // DAY, (until - 1) // DAY + 1) if since < until else ():
            first, last = max(since - day * DAY, 0) // MINUTE, min(until - 1 - day * DAY, DAY - 1) // MINUTE
            known = self._day(symbol, day)
            path = known.path[first : last + 2]
            if self.shocks:
                path = path + self._shocked_line(symbol, day * DAY + np.arange(first, last + 2) * MINUTE)
            goal = (level - (known.wide[first : last + 1] if buyer else 0)) / symbol.level - 1.0
            if falling:
                near = np.minimum(path[:-1], path[1:]) - reach <= goal
            else:
                near = np.maximum(path[:-1], path[1:]) + reach >= goal
            for shock in self.shocks:
                if day * DAY + first * MINUTE <= shock.at < day * DAY + (last + 1) * MINUTE:
                    near[shock.at % DAY // MINUTE - first] = True
            found += (np.flatnonzero(near) + first + day * noise.DAY_MINUTES).tolist()
        return found

    def _shocked(self, symbol: Symbol, at: int) -> float:
        return sum(shock.left(at) for shock in self.shocks if shock.symbol in {"", symbol.name})

    def _shocked_line(self, symbol: Symbol, moments: NDArray[np.int64]) -> noise.Floats:
        shocked = np.zeros(len(moments))
        for shock in self.shocks:
            if shock.symbol in {"", symbol.name}:
                past = moments - shock.at
                shocked += np.where(
                    (past >= 0) & (past < SHOCK_SECONDS), shock.size * (1.0 - past / SHOCK_SECONDS), 0.0
                )
        return shocked

    def _day(self, symbol: Symbol, day: int) -> Day:
        asked = symbol.name, day
        if (known := self._days.get(asked)) is None:
            known = self._days[asked] = self._made(symbol, day)
            if len(self._days) > DAYS_KEPT:
                self._days.popitem(last=False)
        return known

    def _wandered(self, symbol: Symbol, day: int) -> noise.Floats:
        """Return a day's path, cut out of one of several days: they are made together in little more time."""
        block, place = day // DAYS_TOGETHER, day % DAYS_TOGETHER * noise.DAY_MINUTES
        known = self._blocks.get(symbol.name)
        if known is None or known[0] != block:
            made = noise.wander(self._waves[symbol.name], block * DAYS_TOGETHER, DAYS_TOGETHER)
            known = self._blocks[symbol.name] = block, made
        return known[1][place : place + noise.DAY_MINUTES + 1].copy()

    def _made(self, symbol: Symbol, day: int) -> Day:
        path = self._wandered(symbol, day)
        busy = np.floor((noise.chances(self._fine[symbol.name], day * noise.DAY_MINUTES, noise.DAY_MINUTES) + 1) * 2)
        spreads = symbol.spread * (4 + busy) / 4
        for second in self.news(day):
            first = second // MINUTE
            size = 24.0 * noise.chance(self._fine[symbol.name], day * DAY + second)
            fading = size * (1.0 - np.arange(NEWS_MINUTES) / NEWS_MINUTES)
            path[first + 1 : first + 1 + NEWS_MINUTES] += fading
            spreads[first : first + WIDE_MINUTES] *= 4
        midnight = self.calendar.midnight(self.calendar.today(day * DAY + DAY // 2 + DAY // 4)) % DAY // MINUTE
        spreads[midnight : midnight + 2 * WIDE_MINUTES] *= 3
        path *= symbol.pace
        wide = spreads.astype(np.int64)
        return Day(path, path.tolist(), wide, wide.tolist())

    def news(self, day: int) -> list[int]:
        """Return the seconds of a day of UTC at which figures are published."""
        if (day + 3) % 7 >= 5:  # noqa: PLR2004 - days since 1970, a Thursday: nothing is published on weekends
            return []
        return [second for second in NEWS if noise.chance(self.seed, day * DAY + second) > 0.2]  # noqa: PLR2004
