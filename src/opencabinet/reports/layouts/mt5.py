"""A statement as MetaTrader 5 prints it: the trade history report, in HTML, in UTF-16."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

from opencabinet.ingest.model import Closing, Deal, Opened, Ordered, Side, Statement
from opencabinet.kernel.money import exponent, nearest, plain
from opencabinet.ledger import CREDIT
from opencabinet.paper import laid_out
from opencabinet.reports.layouts.details import Details, Reckoner, Step
from opencabinet.reports.layouts.figures import decimals, exact, fixed, spaced, timed, total
from opencabinet.reports.layouts.pages import PAGES, Pieces, whole
from opencabinet.reports.layouts.sheet import Position, Sheet, sheet

ENCODING: Final = "utf-16"
OPPOSITE: Final[Mapping[str, Side]] = {"buy": "sell", "sell": "buy"}
CLOSING: Final = frozenset({"out", "out by", "in/out"})

Row = Position | Ordered | Deal | Opened


def page(on: Sheet) -> Pieces:
    """Return the page with holes for its rows: `positions`, `ended`, `deals`, `opened` and `working`."""
    return laid_out(
        PAGES.get_template("mt5.html"),
        sheet=on,
        done=on.details,
        money=partial(spaced, places=exponent(on.currency)),
        exact=partial(exact, places=exponent(on.currency)),
        figure=spaced,
        zero=Decimal(0),
    )


def filled(on: Sheet, hole: str, rows: Sequence[Row], *, odd: bool = False) -> str:
    """Return rows as they fill a hole; shades alternate, so rows after an odd number of others begin with the other."""
    return PAGES.get_template("mt5-rows.html").render(
        section=hole,
        rows=rows,
        odd=odd,
        digits=on.digits,
        exact=partial(exact, places=exponent(on.currency)),
        fixed=fixed,
        plain=plain,
        timed=timed,
    )


def layout(statement: Statement, server: str) -> bytes:
    """Write a statement that is known as a whole, of an account on `server`."""
    on = sheet(statement, details(statement.deals), server)
    rows: dict[str, Iterable[Row]] = {
        "positions": positions(statement),
        "ended": (order for order in statement.orders if order.state != "working"),
        "deals": statement.deals,
        "opened": statement.opened,
        "working": (order for order in statement.orders if order.state == "working"),
    }
    return whole(page(on), rows, partial(filled, on)).encode(ENCODING)


def positions(statement: Statement) -> Iterator[Position]:
    """Give the positions that closed, in the order they were opened."""
    entries, parts = defaultdict(list), defaultdict(list)
    for deal in statement.deals:
        if deal.direction == "in":
            entries[deal.position].append(deal)
    for closing in statement.closings:
        parts[closing.position].append(closing)
    rows = [position(closings, entries[number]) for number, closings in parts.items()]
    yield from sorted(rows, key=lambda row: (row.opened_at or row.closed_at, row.number))


def position(closings: Sequence[Closing], entries: Sequence[Deal]) -> Position:
    """Return the row of a position: what its closings and the deals it was entered by come to."""
    last = max(closings, key=lambda closing: (closing.closed_at, closing.ticket))
    return Position(
        number=last.position,
        symbol=last.symbol,
        side=last.side,
        comment=entries[0].comment if entries else "",
        lots=total(closing.lots for closing in closings),
        opened_at=last.opened_at,
        open_price=last.open_price,
        stop_loss=last.stop_loss,
        take_profit=last.take_profit,
        closed_at=last.closed_at,
        close_price=average(closings),
        commission=total(deal.commission for deal in entries) + total(closing.commission for closing in closings),
        swap=total(deal.swap for deal in entries) + total(closing.swap for closing in closings),
        profit=total(closing.profit for closing in closings),
    )


def average(closings: Sequence[Closing]) -> Decimal:
    """Return the price of several closings, each counted by its volume."""
    lots = total(closing.lots for closing in closings)
    worth = total(closing.close_price * closing.lots for closing in closings)
    return nearest(worth / lots, max(decimals(closing.close_price) for closing in closings))


def details(deals: Sequence[Deal]) -> Details:
    """Return what the closing deals come to."""
    reckoner = Reckoner(start(deals), older=False)
    for step in steps(deals):
        reckoner.add(step)
    return reckoner.details()


def start(deals: Sequence[Deal]) -> Decimal:
    """Return the balance before the first trade, credit included."""
    before = Decimal(0)
    for deal in deals:
        if deal.symbol:
            break
        before += deal.result
    return before


def steps(deals: Iterable[Deal]) -> Iterator[Step]:
    """Give what changed the balance since the first trade: closings and credit, but no deposit."""
    traded = False
    for deal in deals:
        traded = traded or bool(deal.symbol)
        if deal.direction in CLOSING and deal.symbol:
            yield Step(deal.result, OPPOSITE[deal.type])
        elif traded and deal.type in CREDIT:
            yield Step(deal.result)
