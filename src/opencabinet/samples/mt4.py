"""A statement as MetaTrader 4 prints it: the detailed statement, in HTML."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial

from msgspec import Struct

from opencabinet.ingest.model import Closing, Moved, Ordered, Statement
from opencabinet.ingest.mt4.head import MONTHS
from opencabinet.kernel.money import exponent
from opencabinet.samples.curve import Curve, Step
from opencabinet.samples.figures import digits, fixed, spaced, total
from opencabinet.samples.pages import PAGES
from opencabinet.samples.performance import performance


class Summary(Struct, frozen=True, kw_only=True):
    """What the rows of a statement add up to, and what the account holds."""

    deposits: Decimal
    credit: Decimal
    closed: Decimal
    floating: Decimal
    margin: Decimal
    balance: Decimal
    equity: Decimal


def layout(statement: Statement) -> bytes:
    """Write `statement` as a detailed statement of MetaTrader 4; letters outside ASCII as character references."""
    done = performance(statement.closings)
    page = PAGES.get_template("mt4.html").render(
        statement=statement,
        closed=list(closed(statement)),
        working=[order for order in statement.orders if order.state == "working"],
        summary=summary(statement),
        done=done,
        curve=Curve(start(statement), [Step(closing.result) for closing in done.closings]),
        digits=digits(statement),
        money=partial(spaced, places=exponent(statement.currency)),
        figure=spaced,
        fixed=fixed,
        written=dated(statement.written_at) if statement.written_at else "",
        total=total,
    )
    return page.encode("ascii", "xmlcharrefreplace")


def closed(statement: Statement) -> Iterator[Closing | Ordered | Moved]:
    """Give what the section of closed transactions lists, in the order it happened."""
    ended = [order for order in statement.orders if order.state != "working"]
    rows: list[Closing | Ordered | Moved] = [*statement.closings, *statement.moves, *ended]
    for _, _, place in sorted((*happened(row), place) for place, row in enumerate(rows)):
        yield rows[place]


def happened(row: Closing | Ordered | Moved) -> tuple[datetime, int]:
    """Return when a row of the closed transactions came to its end, and its ticket."""
    match row:
        case Closing():
            return row.closed_at, row.ticket
        case Moved():
            return row.moved_at, row.ticket
        case Ordered():
            return row.done_at or row.placed_at, row.order


def summary(statement: Statement) -> Summary:
    """Return the figures of the Summary block."""
    held = statement.snapshot
    floating = total(trade.result for trade in statement.opened)
    return Summary(
        deposits=total(move.amount for move in statement.moves if move.kind == "balance"),
        credit=total(move.amount for move in statement.moves if move.kind == "credit"),
        closed=total(closing.result for closing in statement.closings),
        floating=floating,
        margin=held.margin or Decimal(0),
        balance=held.balance,
        equity=held.balance + held.credit + floating if held.equity is None else held.equity,
    )


def start(statement: Statement) -> Decimal:
    """Return the balance the curve starts from: what came in until the first close, else what trading found."""
    first = min((closing.closed_at for closing in statement.closings), default=None)
    before = [move.amount for move in statement.moves if first is None or move.moved_at <= first]
    if before:
        return total(before)
    known = summary(statement)
    return known.balance - known.closed - known.deposits


def dated(moment: datetime) -> str:
    """Write the day and the minute of the report in words, whatever language the machine speaks."""
    return f"{moment.year} {MONTHS[moment.month - 1]} {moment.day}, {moment:%H:%M}"
