"""The rows MetaTrader 5 keeps of a trade: orders, deals, closings and what is still open."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from msgspec import Struct

from opencabinet.ingest.model import Closing, Deal, Moved, Opened, Ordered, Side
from opencabinet.samples.trading import Exit, Pending, Trip

OTHER: Final[dict[Side, Side]] = {"buy": "sell", "sell": "buy"}
NOTHING: Final = Decimal(0)


class Leg(Struct, frozen=True, kw_only=True):
    """An exit, the position it belongs to, and the numbers it was given."""

    position: int
    trip: Trip
    exit: Exit
    order: int
    deal: int
    comment: str


def moved(move: Moved) -> Deal:
    """Return the deal of money in or out; credit is said to go in even when it is taken back."""
    return Deal(
        deal=move.ticket,
        order=None,
        position=None,
        symbol="",
        type=move.kind,
        direction="" if move.kind == "balance" else "in",
        lots=NOTHING,
        price=None,
        dealt_at=move.moved_at,
        commission=NOTHING,
        fee=NOTHING,
        swap=NOTHING,
        profit=move.amount,
        balance=None,
        comment=move.comment,
    )


def entry(position: int, trip: Trip, deal: int) -> Deal:
    """Return the deal that opened a position."""
    return Deal(
        deal=deal,
        order=position,
        position=position,
        symbol=trip.symbol,
        type=trip.side,
        direction="in",
        lots=trip.lots,
        price=trip.open_price,
        dealt_at=trip.opened_at,
        commission=trip.commission,
        fee=NOTHING,
        swap=NOTHING,
        profit=NOTHING,
        balance=None,
        comment=trip.comment,
    )


def left(leg: Leg) -> Deal:
    """Return the deal of an exit."""
    return Deal(
        deal=leg.deal,
        order=leg.order,
        position=leg.position,
        symbol=leg.trip.symbol,
        type=OTHER[leg.trip.side],
        direction="out" if leg.exit.pair is None else "out by",
        lots=leg.exit.lots,
        price=leg.exit.price,
        dealt_at=leg.exit.at,
        commission=leg.exit.commission,
        fee=leg.exit.fee,
        swap=leg.exit.swap,
        profit=leg.exit.profit,
        balance=None,
        comment=leg.comment,
    )


def closing(leg: Leg) -> Closing:
    """Return the closing of an exit, under the number of its deal."""
    return Closing(
        ticket=leg.deal,
        position=leg.position,
        symbol=leg.trip.symbol,
        side=leg.trip.side,
        lots=leg.exit.lots,
        opened_at=leg.trip.opened_at,
        open_price=leg.trip.open_price,
        closed_at=leg.exit.at,
        close_price=leg.exit.price,
        stop_loss=leg.trip.stop_loss,
        take_profit=leg.trip.take_profit,
        commission=leg.exit.commission,
        fee=leg.exit.fee,
        swap=leg.exit.swap,
        profit=leg.exit.profit,
        comment=leg.comment or leg.trip.comment,
    )


def still(position: int, trip: Trip, current: Exit) -> Opened:
    """Return the position that is still open; its commission was charged when it opened."""
    return Opened(
        position=position,
        symbol=trip.symbol,
        side=trip.side,
        lots=current.lots,
        opened_at=trip.opened_at,
        open_price=trip.open_price,
        current_price=current.price,
        stop_loss=trip.stop_loss,
        take_profit=trip.take_profit,
        swap=current.swap,
        profit=current.profit,
        comment=trip.comment,
    )


def asked_in(position: int, trip: Trip) -> Ordered:
    """Return the order that opened a position, at the market's price."""
    return Ordered(
        order=position,
        symbol=trip.symbol,
        type=trip.side,
        lots=trip.lots,
        filled_lots=trip.lots,
        stop_loss=trip.stop_loss,
        take_profit=trip.take_profit,
        state="filled",
        reason="filled",
        placed_at=trip.opened_at,
        done_at=trip.opened_at,
        comment=trip.comment,
    )


def asked_out(legs: Iterable[Leg]) -> Iterator[Ordered]:
    """Give the order of each exit, of two that closed each other only one; a stop or a target has its price."""
    for leg in {leg.order: leg for leg in reversed([*legs])}.values():
        yield Ordered(
            order=leg.order,
            symbol=leg.trip.symbol,
            type=OTHER[leg.trip.side] if leg.exit.pair is None else "close by",
            lots=leg.exit.lots,
            filled_lots=leg.exit.lots,
            price=leg.exit.price if leg.comment else None,
            state="filled",
            reason="filled",
            placed_at=leg.exit.at,
            done_at=leg.exit.at,
            comment=leg.comment,
        )


def wish(pending: Pending, number: int) -> Ordered:
    """Return a pending order: cancelled, or still working."""
    return Ordered(
        order=number,
        symbol=pending.symbol,
        type=pending.kind,
        lots=pending.lots,
        price=pending.price,
        stop_loss=pending.stop_loss,
        take_profit=pending.take_profit,
        state="cancelled" if pending.done_at else "working",
        reason="canceled" if pending.done_at else "",
        placed_at=pending.placed_at,
        done_at=pending.done_at,
        comment=pending.comment,
    )
