"""A tale as MetaTrader 5 keeps it: an order and a deal for every entry and every exit of a position."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Final

from msgspec.structs import replace

from opencabinet.ingest.model import Deal, Opened, Snapshot, Statement
from opencabinet.reports.layouts.figures import total
from opencabinet.samples.market import OPENS
from opencabinet.samples.records import Leg, asked_in, asked_out, closing, entry, left, moved, still, wish
from opencabinet.samples.trading import Exit, Tale, Tickets, Trip

FIRST_ORDER: Final = 512_600_000
FIRST_DEAL: Final = 487_300_000
"""The numbers a server gave on the day the market opened."""


def told(tale: Tale) -> Statement:
    """Return the statement MetaTrader 5 would give of `tale`."""
    orders, deals = Tickets(FIRST_ORDER, OPENS, seconds=4), Tickets(FIRST_DEAL, OPENS, seconds=5)
    positions = {orders.at(trip.opened_at): trip for trip in sorted(tale.trips, key=lambda trip: trip.opened_at)}
    exits = legs(positions, orders, deals)
    movements = [replace(move, ticket=deals.at(move.moved_at)) for move in tale.moves]
    entries = [entry(number, trip, deals.at(trip.opened_at)) for number, trip in positions.items()]
    rows = balanced([*map(moved, movements), *entries, *map(left, exits)])
    opened = [still(number, trip, trip.current) for number, trip in positions.items() if trip.current]
    wishes = [wish(pending, orders.at(pending.placed_at)) for pending in tale.pendings]
    done = [order for order in wishes if order.state != "working"]
    asked = [*(asked_in(number, trip) for number, trip in positions.items()), *asked_out(exits), *done]
    return replace(
        tale.head,
        closings=tuple(sorted(map(closing, exits), key=lambda closing: (closing.closed_at, closing.ticket))),
        opened=tuple(opened),
        orders=(
            *sorted(asked, key=lambda order: (order.placed_at, order.order)),
            *(order for order in wishes if order.state == "working"),
        ),
        moves=tuple(sorted(movements, key=lambda move: (move.moved_at, move.ticket))),
        deals=rows,
        snapshot=snapshot(rows, opened, tale.head.snapshot.margin or Decimal(0)),
    )


def legs(positions: dict[int, Trip], orders: Tickets, deals: Tickets) -> list[Leg]:
    """Return every exit with its numbers; two that closed each other share an order, which names both positions."""
    exits = [(each, number, trip) for number, trip in positions.items() for each in trip.exits]
    pairs: dict[int | None, list[int]] = defaultdict(list)
    for each, number, _ in exits:
        pairs[each.pair].append(number)
    shared: dict[int, int] = {}
    found = []
    for each, number, trip in sorted(exits, key=lambda exit_: exit_[0].at):
        asked = orders.at(each.at) if each.pair is None else shared.setdefault(each.pair, orders.at(each.at))
        comment = marked(each) if each.pair is None else " by ".join(f"#{one}" for one in pairs[each.pair])
        found.append(Leg(position=number, trip=trip, exit=each, order=asked, deal=deals.at(each.at), comment=comment))
    return found


def marked(exit_: Exit) -> str:
    """Return the mark of a level that was met, with its price: `[sl 1.17402]`."""
    return f"{exit_.mark[:-1]} {exit_.price}]" if exit_.mark else ""


def balanced(deals: Sequence[Deal]) -> tuple[Deal, ...]:
    """Return deals in the order they happened, each with the balance after it."""
    ordered = sorted(deals, key=lambda deal: (deal.dealt_at, deal.deal))
    balances = accumulate(deal.result for deal in ordered)
    return tuple(replace(deal, balance=balance) for deal, balance in zip(ordered, balances, strict=True))


def snapshot(deals: Sequence[Deal], opened: Sequence[Opened], margin: Decimal) -> Snapshot:
    """Return the account as its rows leave it; the deals count credit into their balance, the account apart."""
    credit = total(deal.result for deal in deals if deal.type in {"credit", "bonus"})
    balance = total(deal.result for deal in deals) - credit
    equity = balance + credit + total(trade.result for trade in opened)
    floating = total(trade.profit for trade in opened)
    return Snapshot(balance=balance, credit=credit, equity=equity, margin=margin, floating=floating)
