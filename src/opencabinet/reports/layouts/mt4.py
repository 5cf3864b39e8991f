"""A statement as MetaTrader 4 prints it: the detailed statement, in HTML, with letters outside ASCII as references."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Final

from opencabinet.ingest.model import Closing, Moved, Opened, Ordered, Statement
from opencabinet.ingest.mt4.head import MONTHS
from opencabinet.ingest.mt4.sections import MAGIC
from opencabinet.kernel.money import exponent
from opencabinet.paper import laid_out
from opencabinet.reports.layouts.details import Details, Reckoner, Step
from opencabinet.reports.layouts.figures import decimals, exact, fixed, spaced, timed, total
from opencabinet.reports.layouts.pages import PAGES, Pieces, whole
from opencabinet.reports.layouts.sheet import Sheet, sheet

ENCODING: Final = "ascii"
ERRORS: Final = "xmlcharrefreplace"
FEWEST_LOT_PLACES: Final = 2

Row = Closing | Moved | Ordered | Opened


def page(on: Sheet) -> Pieces:
    """Return the page with holes for its rows: `closed`, `opened` and `working`."""
    return laid_out(
        PAGES.get_template("mt4.html"),
        sheet=on,
        done=on.details,
        written=dated(on.written_at) if on.written_at else "",
        money=partial(spaced, places=exponent(on.currency)),
        exact=partial(exact, places=exponent(on.currency)),
        figure=spaced,
    )


def filled(on: Sheet, hole: str, rows: Sequence[Row], *, odd: bool = False) -> str:
    """Return rows as they fill a hole; shades alternate, so rows after an odd number of others begin with the other."""
    return PAGES.get_template("mt4-rows.html").render(
        section=hole,
        rows=rows,
        odd=odd,
        digits=on.digits,
        exact=partial(exact, places=exponent(on.currency)),
        fixed=fixed,
        volume=volume,
        title=title,
        timed=timed,
    )


def layout(statement: Statement) -> bytes:
    """Write a statement that is known as a whole."""
    on = sheet(statement, details(statement))
    rows: dict[str, Iterable[Row]] = {
        "closed": closed(statement),
        "opened": statement.opened,
        "working": (order for order in statement.orders if order.state == "working"),
    }
    return whole(page(on), rows, partial(filled, on)).encode(ENCODING, ERRORS)


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


def details(statement: Statement) -> Details:
    """Return what the closings of a statement come to."""
    reckoner = Reckoner(start(statement), older=True)
    for closing in sorted(statement.closings, key=happened):
        reckoner.add(Step(closing.result, closing.side))
    return reckoner.details()


def start(statement: Statement) -> Decimal:
    """Return the balance the curve starts from: what came in until the first close, else what trading found."""
    first = min((closing.closed_at for closing in statement.closings), default=None)
    before = [move.amount for move in statement.moves if first is None or move.moved_at <= first]
    if before:
        return total(before)
    deposits = total(move.amount for move in statement.moves if move.kind == "balance")
    return statement.snapshot.balance - statement.results() - deposits


def title(comment: str) -> str:
    """Return the title of a ticket; a comment that would be read as an expert's magic number stands behind one."""
    return f"#0 {comment}" if MAGIC.match(comment) else comment


def volume(lots: Decimal) -> str:
    """Write a volume."""
    return spaced(lots, max(FEWEST_LOT_PLACES, decimals(lots)))


def dated(moment: datetime) -> str:
    """Write the day and the minute of the report in words, whatever language the machine speaks."""
    return f"{moment.year} {MONTHS[moment.month - 1]} {moment.day}, {moment:%H:%M}"
