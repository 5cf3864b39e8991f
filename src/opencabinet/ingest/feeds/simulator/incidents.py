"""What goes wrong, or fast, on request."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final

from opencabinet.ingest.feeds.simulator import money
from opencabinet.ingest.feeds.simulator.books import Book
from opencabinet.ingest.feeds.simulator.holdings import CENT, OTHER, SIGNS
from opencabinet.ingest.feeds.simulator.prices import Shock
from opencabinet.ingest.feeds.simulator.symbols import SYMBOLS, Symbol
from opencabinet.ingest.model import Side
from opencabinet.kernel.problem import Unknown

if TYPE_CHECKING:
    from opencabinet.ingest.feeds.simulator.world import Order, World

Step = Callable[[int], Iterator[Book]]
INCIDENTS: Final = ("stop_out", "triple_swap", "burst", "reversal", "gap", "outage", "correction", "deletion")
GAP: Final = 0.012
"""How far a gap jumps, as a part of the price."""
BURST: Final = 500
"""How many trades open and close in a second of a burst."""
ROUNDS: Final = 3
HEAVY: Final = Decimal("0.45")
"""The part of the free margin that goes into a trade that is to be stopped out."""


class NoIncident(Unknown):
    """There is no such incident."""


def happen(world: "World", order: "Order", at: int) -> Iterator[Book]:
    """Let an incident happen; `outage` is for who tells of the world, not for the world."""
    if order.name in {"busy", "calm"}:
        world.busy = order.name == "busy"
        world.rouse(at)
        yield from world.books.values()
    elif order.name == "gap":
        world.prices.shock(Shock(at, -GAP))
        world.forget()
        yield from world.books.values()
    elif order.name in CHANGES:
        for book in chosen(world, order):
            yield from CHANGES[order.name](world, book, at)


def chosen(world: "World", order: "Order") -> list[Book]:
    """Return the books that an incident is of."""
    if order.number is not None:
        return [book for number, book in world.books.items() if number == order.number]
    if order.name == "reversal":
        return [book for book in world.books.values() if book.person.mode == "netting"][:1]
    if order.name == "triple_swap":
        return list(world.books.values())
    return list(world.books.values())[:1]


def traded(book: Book, at: int) -> Symbol:
    """Return what an account trades and can be traded now; if nothing of it, what always can be."""
    names = (*book.person.symbols, "BTCUSD")
    return next(SYMBOLS[name] for name in names if book.prices.open(SYMBOLS[name], at))


def stop_out(world: "World", book: Book, at: int) -> Iterator[Book]:
    """Trade as much as the margin allows, and let the price jump against it."""
    symbol = traded(book, at)
    free = (book.equity(at) - book.margin(at)) * HEAVY
    price = book.entry(symbol, "buy", at)
    lots = (free / book.margin_of(symbol, "buy", Decimal(1), price, at)).quantize(CENT)
    book.open(symbol, "buy", max(lots, CENT), at, comment="all in")
    yield book
    world.later(at + 2, partial(crash, world, book, symbol))


def crash(world: "World", book: Book, symbol: Symbol, at: int) -> Iterator[Book]:
    """Let a price fall until an account is stopped out."""
    lost = book.equity(at) - book.margin(at) * Decimal("0.4")
    per_part = sum(
        SIGNS[one.side]
        * float(one.lots * one.symbol.contract * one.price)
        * float(book.prices.rate(one.symbol.quote, book.person.currency, at))
        for one in book.holdings.values()
        if one.symbol is symbol
    )
    if per_part > 0 and lost > 0:
        world.prices.shock(Shock(at, -float(lost) / per_part, symbol.name))
        world.forget()
    money.stop_out(book, at)
    yield from world.books.values()


def triple_swap(world: "World", book: Book, at: int) -> Iterator[Book]:
    """Book three nights at once."""
    del world
    money.roll({book.person.number: book}, 0, at, triple=True)
    yield book


def burst(world: "World", book: Book, at: int) -> Iterator[Book]:
    """Open many small trades in a second and close them in the next, some seconds long."""
    symbol = traded(book, at)
    needed = book.margin_of(symbol, "buy", CENT * BURST, book.entry(symbol, "buy", at), at) * 2
    if (lacking := needed - book.equity(at) + book.margin(at)) > 0:
        whole = book.person.deposit
        money.deposit(book, (lacking // whole + 1) * whole, at, "Deposit, card")
    yield from flood(world, book, symbol, 2 * ROUNDS, at)


def flood(world: "World", book: Book, symbol: Symbol, left: int, at: int) -> Iterator[Book]:
    """Open many trades, or close them by turns."""
    if left % 2:
        for one in [one for one in book.holdings.values() if one.comment == "burst"]:
            book.close(one, at)
    else:
        for number in range(BURST):
            book.open(symbol, "buy" if number % 2 else "sell", CENT, at, comment="burst")
    if left > 1:
        world.later(at + 1, partial(flood, world, book, symbol, left - 1))
    yield book


def reversal(world: "World", book: Book, at: int) -> Iterator[Book]:
    """Turn a position around; if there is none, one is opened first."""
    open_ = [one for one in book.holdings.values() if book.prices.open(one.symbol, at)]
    if not open_:
        book.open(traded(book, at), "buy", CENT * 5, at)
        yield book
        if book.holdings:
            world.later(at + 2, partial(reversal, world, book))
        return
    held = open_[0]
    side: Side = OTHER[held.side]
    if book.person.mode == "netting":
        book.open(held.symbol, side, held.lots * 2, at, comment="reversal")
    else:
        symbol, lots = held.symbol, held.lots
        book.close(held, at)
        book.open(symbol, side, lots, at, comment="reversal")
    yield book


def correction(world: "World", book: Book, at: int) -> Iterator[Book]:
    """Edit the trade that closed last."""
    del world
    book.correct(at)
    yield book


def deletion(world: "World", book: Book, at: int) -> Iterator[Book]:
    """Take back the trade that closed last."""
    del world
    book.delete(at)
    yield book


CHANGES: Final[dict[str, Callable[["World", Book, int], Iterator[Book]]]] = {
    "stop_out": stop_out,
    "triple_swap": triple_swap,
    "burst": burst,
    "reversal": reversal,
    "correction": correction,
    "deletion": deletion,
}
