"""A tale as MetaTrader 4 keeps it: a ticket for every trade, and a new one for what a partial close leaves open."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from opencabinet.ingest.model import Closing, Moved, Opened, Ordered, Snapshot, Statement
from opencabinet.reports.layouts.figures import total
from opencabinet.samples.market import OPENS
from opencabinet.samples.trading import Exit, Pending, Tale, Tickets, Trip

FIRST: Final = 20_450_000
"""The ticket a server gave on the day the market opened."""


def told(tale: Tale) -> Statement:
    """Return the statement MetaTrader 4 would give of `tale`."""
    tickets = Tickets(FIRST, OPENS, seconds=7)
    trades = [trade for trip in tale.trips for trade in chain(trip, tickets)]
    closings = [trade for trade in trades if isinstance(trade, Closing)]
    opened = [trade for trade in trades if isinstance(trade, Opened)]
    moves = [replace(move, ticket=tickets.at(move.moved_at)) for move in tale.moves]
    orders = [order(pending, tickets) for pending in tale.pendings]
    return replace(
        tale.head,
        closings=tuple(sorted(closings, key=lambda closing: (closing.closed_at, closing.ticket))),
        opened=tuple(sorted(opened, key=lambda trade: trade.opened_at)),
        orders=tuple(sorted(orders, key=lambda order: (order.state == "working", order.done_at or order.placed_at))),
        moves=tuple(sorted(moves, key=lambda move: (move.moved_at, move.ticket))),
        snapshot=snapshot(closings, opened, moves, tale.head.snapshot.margin or Decimal(0)),
    )


def chain(trip: Trip, tickets: Tickets) -> Iterator[Closing | Opened]:
    """Give the trades a trip became: every exit but the last leaves the rest under a new ticket."""
    ticket = position = tickets.at(trip.opened_at)
    origin = ""
    for exit_ in trip.exits:
        left = exit_ is not trip.exits[-1] or trip.current is not None
        rest = tickets.at(exit_.at) if left else ticket
        comment = f"to #{rest}" if left else origin + exit_.mark or trip.comment
        yield closing(trip, exit_, ticket=ticket, position=position, comment=comment)
        origin, ticket = f"from #{ticket}", rest
    if trip.current is not None:
        yield opened(trip, trip.current, position=position, comment=origin or trip.comment)


def closing(trip: Trip, exit_: Exit, *, ticket: int, position: int, comment: str) -> Closing:
    """Return the closed trade of an exit."""
    return Closing(
        ticket=ticket,
        position=position,
        symbol=trip.symbol.lower(),
        side=trip.side,
        lots=exit_.lots,
        opened_at=trip.opened_at,
        open_price=trip.open_price,
        closed_at=exit_.at,
        close_price=exit_.price,
        stop_loss=trip.stop_loss,
        take_profit=trip.take_profit,
        commission=exit_.commission,
        fee=exit_.fee,
        swap=exit_.swap,
        profit=exit_.profit,
        comment=comment,
    )


def opened(trip: Trip, current: Exit, *, position: int, comment: str) -> Opened:
    """Return the trade that is still open."""
    return Opened(
        position=position,
        symbol=trip.symbol.lower(),
        side=trip.side,
        lots=current.lots,
        opened_at=trip.opened_at,
        open_price=trip.open_price,
        current_price=current.price,
        stop_loss=trip.stop_loss,
        take_profit=trip.take_profit,
        commission=current.commission,
        fee=current.fee,
        swap=current.swap,
        profit=current.profit,
        comment=comment,
    )


def order(pending: Pending, tickets: Tickets) -> Ordered:
    """Return a pending order: cancelled, or still working."""
    return Ordered(
        order=tickets.at(pending.placed_at),
        symbol=pending.symbol.lower(),
        type=pending.kind,
        lots=pending.lots,
        price=pending.price,
        stop_loss=pending.stop_loss,
        take_profit=pending.take_profit,
        state="cancelled" if pending.done_at else "working",
        reason="cancelled" if pending.done_at else "",
        placed_at=pending.placed_at,
        done_at=pending.done_at,
        comment=pending.comment,
    )


def snapshot(closings: list[Closing], opened: list[Opened], moves: list[Moved], margin: Decimal) -> Snapshot:
    """Return the account as its rows leave it."""
    balance = total(move.amount for move in moves if move.kind == "balance")
    balance += total(closing.result for closing in closings)
    credit = total(move.amount for move in moves if move.kind == "credit")
    floating = total(trade.result for trade in opened)
    return Snapshot(
        balance=balance, credit=credit, equity=balance + credit + floating, margin=margin, floating=floating
    )
