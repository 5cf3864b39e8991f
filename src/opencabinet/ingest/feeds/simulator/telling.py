"""What the invented broker's servers tell of it: batches, each with a cursor that the world can be made anew from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from opencabinet.ingest.feeds.model import Batch, QuoteRow, Row
from opencabinet.ingest.feeds.simulator.books import moment
from opencabinet.ingest.feeds.simulator.people import PEOPLE, SERVERS, Person
from opencabinet.ingest.feeds.simulator.symbols import SYMBOLS
from opencabinet.ingest.feeds.simulator.world import Order, World

OUTAGE_SECONDS: Final = 20
MOST_ROWS: Final = 20_000
"""Rows of a batch of history, roughly."""
STRIDE: Final = 7 * 86_400
"""The time between two looks at how much there is to tell of the past."""


class Place(Struct, frozen=True, kw_only=True):
    """How far a server has told: enough to make the world anew."""

    seed: int
    began: int
    until: int
    orders: tuple[Order, ...] = ()


class Broker:
    """A world and who tells of it; what happened and is not told waits in the books."""

    def __init__(self, seed: int, began: int, orders: Sequence[Order] = (), people: Sequence[Person] = PEOPLE) -> None:
        self.world = World(seed, began, orders, people)
        self.silent_until = 0
        self._introduced: set[str] = set()

    @classmethod
    def resumed(cls, places: Sequence[Place], people: Sequence[Person] = PEOPLE) -> "Broker":
        """Return a broker that goes on after the least of what its servers told; the rest is told again."""
        until = min(place.until for place in places)
        orders = max((place.orders for place in places), key=len)
        made = cls(places[0].seed, places[0].began, orders, people)
        made.world.run(until)
        for book in made.world.books.values():
            book.told.clear()
        if until >= made.world.began:
            made._introduced.update(SERVERS.values())
        return made

    def incident(self, name: str, number: int | None = None, *, at: int | None = None) -> None:
        """Have an incident happen, in the next second unless another is named."""
        at = max(at or 0, self.world.now + 1)
        if name == "outage":
            self.silent_until = at + OUTAGE_SECONDS
        self.world.order(Order(at, name, number))

    def advance(self, until: int, *, bulk: bool = False) -> list[Batch]:
        """Let time pass, and tell what happened: a batch for each server, or nothing while they are silent."""
        if until < self.silent_until or until <= self.world.now:
            return []
        self.world.run(until)
        return [self._batch(server, until, bulk=bulk) for server in self.servers]

    def history(self, until: int) -> Iterator[Batch]:
        """Let a long time pass, and tell it in batches that are large but not too large."""
        while self.world.now < until:
            while self.world.now < until and sum(len(book.told) for book in self.world.books.values()) < MOST_ROWS:
                self.world.run(min(self.world.now + STRIDE, until))
            yield from (self._batch(server, self.world.now, bulk=True) for server in self.servers)

    @property
    def servers(self) -> list[str]:
        """The servers that anybody has an account on."""
        return list(dict.fromkeys(book.person.server for book in self.world.books.values()))

    def _batch(self, server: str, until: int, *, bulk: bool) -> Batch:
        books = [book for book in self.world.books.values() if book.person.server == server and book.deposited]
        rows: list[Row] = [book.account(until) for book in books]
        if server not in self._introduced:
            self._introduced.add(server)
            rows += [symbol.row() for symbol in SYMBOLS.values()]
        for book in books:
            rows += [*book.told.values(), *book.opened(until)]
            book.told.clear()
        rows += self._quotes(until)
        place = Place(seed=self.world.seed, began=self.world.began, until=until, orders=tuple(self.world.orders))
        return Batch(
            server=server,
            rows=rows,
            cursor=cursor(place),
            as_of=moment(until),
            whole=frozenset({"open"}),
            bulk=bulk,
            reconciled_later=bulk,
        )

    def _quotes(self, until: int) -> Iterator[QuoteRow]:
        for symbol in SYMBOLS.values():
            tick = self.world.prices.tick(symbol, until)
            yield QuoteRow(symbol=symbol.name, bid=tick.bid, ask=tick.ask, quoted_at=moment(tick.at))


def cursor(place: Place) -> Mapping[str, Any]:
    """Return a place as a feed's cursor."""
    return msgspec.to_builtins(place)  # type: ignore[no-any-return]


def place(cursor: Mapping[str, Any]) -> Place:
    """Return the place that a cursor stands for."""
    return msgspec.convert(cursor, Place)
