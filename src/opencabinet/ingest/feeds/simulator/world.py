"""The invented broker, driven through time: the same seed and orders tell the same, however the steps are taken.

Everything that happens stands in one queue. What an account or its levels come to is looked for in the prices ahead,
a day at a time, and looked for anew whenever the account changes.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Final

import numpy as np
from msgspec import Struct

from opencabinet.ingest.feeds.simulator import incidents, money
from opencabinet.ingest.feeds.simulator.books import STOP_OUT, Book
from opencabinet.ingest.feeds.simulator.calendar import Calendar
from opencabinet.ingest.feeds.simulator.deals import Deals
from opencabinet.ingest.feeds.simulator.habits import HABITS, HOUR, Turn
from opencabinet.ingest.feeds.simulator.holdings import CENT, OTHER, SIGNS, Holding, Numbers, Signal, Wish
from opencabinet.ingest.feeds.simulator.people import CLOCK, PEOPLE, Person
from opencabinet.ingest.feeds.simulator.prices import MINUTE, Prices
from opencabinet.ingest.feeds.simulator.tickets import Tickets
from opencabinet.ingest.model import Platform, Side

FIRST_TICKETS: Final[dict[Platform, int]] = {"mt4": 20_450_000, "mt5": 70_100_000}
COPIED: Final = Decimal("0.4")
"""The part of a trade that is copied."""
DOUBT: Final = 1.04
"""How much worse than roughly counted an account may stand."""
SMALL: Final = 4.0
"""What is held is worth at most so many times the equity where no day can lead to a stop-out."""


class Order(Struct, frozen=True):
    """An incident that was asked for, or `busy` and `calm`, at a moment; without a number it is the broker's choice."""

    at: int
    name: str
    number: int | None = None


class World:
    """A broker of a seed, from the moment it began."""

    def __init__(self, seed: int, began: int, orders: Sequence[Order] = (), people: Sequence[Person] = PEOPLE) -> None:
        self.seed, self.began, self.now = seed, began, began - 1
        self.calendar = Calendar(CLOCK)
        self.prices = Prices(seed, self.calendar)
        self.busy = False
        self.orders: list[Order] = []
        self._queue: list[tuple[int, int, int, str, int, int, int]] = []
        self._count = count()
        self._copies: dict[int, tuple[Book, Signal]] = {}
        self._steps: dict[int, incidents.Step] = {}
        numbers = {platform: Numbers(first) for platform, first in FIRST_TICKETS.items()}
        self.books = {person.number: self._entered(person, numbers[person.platform]) for person in people}
        self._chances = {number: Random(f"{seed}/{number}") for number in self.books}  # noqa: S311 - a story
        self._copied: dict[tuple[int, int], tuple[Side, Decimal]] = {}
        self._push(began, "day", 0)
        for number in self.books:
            self._push(began + HOUR * 9 + number % HOUR, "join", number)
        for order in orders:
            self.order(order)

    def _entered(self, person: Person, numbers: Numbers) -> Book:
        kind = Tickets if person.platform == "mt4" else Deals
        return kind(person, self.prices, numbers, self.began)

    def order(self, order: Order) -> None:
        """Have an incident happen at a moment that is yet to come."""
        assert order.at > self.now  # noqa: S101 - what was told cannot be told otherwise
        heappush(self._queue, (order.at, 0, len(self.orders), "order", len(self.orders), 0, 0))
        self.orders.append(order)

    def run(self, until: int) -> None:
        """Let everything happen up to a moment, that moment included."""
        while self._queue and self._queue[0][0] <= until:
            at, _, _, kind, number, key, watch = heappop(self._queue)
            touched = [*self._happen(at, kind, number, key, watch)]
            for book in touched:
                self._settle(book, at)
        self.now = max(self.now, until)

    def later(self, at: int, step: incidents.Step) -> None:
        """Have a step of an incident happen at a moment."""
        place = len(self._steps)
        self._steps[place] = step
        self._push(at, "step", place)

    def rouse(self, at: int) -> None:
        """Wake everybody soon, and look for all levels anew."""
        for number, book in self.books.items():
            book.alarm += 1
            self._push(at + 1 + number % 7, "wake", number, 0, book.alarm)
        self.forget()

    def forget(self) -> None:
        """Forget what was found in prices: they are others now."""
        for book in self.books.values():
            book.standing = None
            for one in book.waiting():
                one.watched = False

    def _push(self, at: int, kind: str, number: int, key: int = 0, watch: int = 0) -> None:
        heappush(self._queue, (at, 1 if kind == "day" else 2, next(self._count), kind, number, key, watch))

    def _happen(self, at: int, kind: str, number: int, key: int, watch: int) -> Iterator[Book]:
        """Let one thing happen, and give the books it may have changed."""
        if kind == "order":
            yield from incidents.happen(self, self.orders[number], at)
        elif kind == "step":
            yield from self._steps.pop(number)(at)
        elif kind == "day":
            yield from self._day(at)
        elif kind == "copy":
            yield from self._copy(at, key)
        elif kind == "wake":
            yield from self._wake(self.books[number], at, watch)
        elif kind == "level":
            yield from level(self.books[number], key, watch, at)
        elif kind == "margin":
            yield from self._margin(self.books[number], watch, at)
        else:
            book = self.books[number]
            money.move(book, kind, at, self._chances[number])
            if kind == "join":
                self._push(at + HOUR, "wake", number, 0, book.alarm)
            yield book

    def _day(self, at: int) -> Iterator[Book]:
        """End a day of the servers: swaps, rebates, and what will be brought and taken on the new one."""
        if at > self.began:
            money.roll(self.books, self.calendar.today(at - 1).weekday(), at)
            money.rebate(self.books, at)
            for number, book in self.books.items():
                if (kind := money.plan(book, at, self._chances[number])) is not None:
                    self._push(at + HOUR * 9 + self._chances[number].randint(0, 8 * HOUR), kind, number)
        self.forget()
        self._push(self.calendar.tomorrow(at), "day", 0)
        yield from self.books.values()

    def _wake(self, book: Book, at: int, alarm: int) -> Iterator[Book]:
        if alarm != book.alarm:
            return
        chance = self._chances[book.person.number]
        following = HABITS[book.person.habit](Turn(book, at, chance, busy=self.busy))
        if not self.busy and book.person.habit != "trades news":
            following = self._waking(following, chance)
        self._push(max(following, at + 1), "wake", book.person.number, 0, alarm)
        yield book

    def _waking(self, at: int, chance: Random) -> int:
        """Return a moment at which people trade: between eight and eight, on no weekend."""
        wall = self.calendar.wall(at)
        if not 8 <= wall.hour < 20:  # noqa: PLR2004 - said above
            at = self.calendar.midnight(self.calendar.today(at + 4 * HOUR)) + 8 * HOUR + chance.randint(0, 2 * HOUR)
        while self.calendar.today(at).weekday() >= 5:  # noqa: PLR2004 - Saturday
            at += 24 * HOUR
        return at

    def _copy(self, at: int, key: int) -> Iterator[Book]:
        """Do what a leader did, smaller."""
        book, signal = self._copies.pop(key)
        key_of = book.person.number, signal.ticket
        if signal.opened:
            lots = max((signal.part * COPIED).quantize(CENT), CENT)
            if book.open(signal.symbol, signal.side, lots, at, comment=f"copy #{signal.ticket}") is not None:
                self._copied[key_of] = signal.side, lots
        elif (known := self._copied.pop(key_of, None)) is not None:
            side, lots = known
            closing = lots if signal.part == 1 else min(max((lots * signal.part).quantize(CENT), CENT), lots)
            book.open(signal.symbol, OTHER[side], closing, at, comment=f"copy #{signal.ticket}")
            if closing < lots:
                self._copied[key_of] = side, lots - closing
        yield book

    def _margin(self, book: Book, watch: int, at: int) -> Iterator[Book]:
        if watch == book.margin_watch and (now := book.level(at)) is not None and now < STOP_OUT:
            money.stop_out(book, at)
            yield book

    def _settle(self, book: Book, at: int) -> None:
        """After a change: hand signals on, and look ahead for levels and the margin until the day ends."""
        for signal in book.signals:
            self._hand_on(book, signal, at)
        book.signals.clear()
        until = self.calendar.tomorrow(at)
        for one in book.waiting():
            if not one.watched:
                self._watch(book, one, at, until)
        if (standing := book.stand()) != book.standing:
            book.standing = standing
            book.margin_watch += 1
            if (found := self._short(book, at, until)) is not None:
                self._push(found, "margin", book.person.number, 0, book.margin_watch)

    def _hand_on(self, book: Book, signal: Signal, at: int) -> None:
        for follower in self.books.values():
            if follower.person.leader == book.person.number:
                key = next(self._count)
                self._copies[key] = follower, signal
                self._push(at + 1 + signal.ticket % 3, "copy", follower.person.number, key)

    def _watch(self, book: Book, one: Holding | Wish, at: int, until: int) -> None:
        """Find when the price reaches a level of a trade, or that of an order."""
        one.watched, one.watch = True, one.watch + 1
        found = [
            self.prices.first(one.symbol, (at, until), price, falling=falling, buyer=buyer)
            for price, falling, buyer in levels(one)
        ]
        if soonest := [moment for moment in found if moment is not None]:
            self._push(min(soonest), "level", book.person.number, one.ticket, one.watch)

    def _short(self, book: Book, at: int, until: int) -> int | None:
        """Return the first whole minute at which the margin level is below the stop-out, or None until the day ends."""
        if not book.holdings:
            return None
        minutes = np.arange(at // MINUTE + 1, (until - 1) // MINUTE + 1)
        equity = float(book.balance + book.credit)
        margin = float(book.margin(at))
        if not len(minutes) or margin * book.person.leverage < equity * SMALL:
            return None
        worth = np.full(len(minutes), equity)
        for one in book.holdings.values():
            rate = float(self.prices.rate(one.symbol.quote, book.person.currency, at) * one.symbol.contract * one.lots)
            line = self.prices.line(one.symbol, minutes)
            worth += (line - float(one.price)) * (SIGNS[one.side] * rate) + float(one.swap + one.commission)
        near = np.flatnonzero(worth - abs(worth - equity) * (DOUBT - 1) < margin * float(STOP_OUT) / 100 * DOUBT)
        for minute in minutes[near]:
            now = book.level(int(minute) * MINUTE)
            if now is not None and now < STOP_OUT:
                return int(minute) * MINUTE
        return None


def levels(one: Holding | Wish) -> Iterator[tuple[Decimal, bool, bool]]:
    """Give the prices that something waits for: whether they are reached falling, and whether a buyer's counts."""
    if isinstance(one, Wish):
        yield one.price, one.kind in {"buy limit", "sell stop"}, one.side == "buy"
        return
    bought = one.side == "buy"
    if one.stop is not None:
        yield one.stop, bought, not bought
    if one.target is not None:
        yield one.target, not bought, not bought


def level(book: Book, key: int, watch: int, at: int) -> Iterator[Book]:
    """Close a trade at the level it reached, or trade what an order waited for."""
    if (wish := book.wishes.get(key)) is not None and wish.watch == watch:
        held = book.open(*(wish.symbol, wish.side, wish.lots, at), stop=wish.stop, target=wish.target, wish=wish)
        if held is None:
            book.cancel(wish, at)
    elif (one := book.holdings.get(key)) is not None and one.watch == watch:
        price = book.leaving(one, at)
        met = one.stop is not None and (price - one.stop) * SIGNS[one.side] <= 0
        book.close(one, at, price=None if met else one.target, reason="sl" if met else "tp")
    yield book
