"""A line of a report as a record: an order, a deal, an open position, or a closed one."""

from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, TypeVar, get_args

from msgspec import Struct

from opencabinet.ingest.model import SIDES, Deal, Opened, Ordered, OrderState, OrderType, Side, UnreadableRow
from opencabinet.ingest.mt5.table import Line
from opencabinet.ingest.words import MOMENT, amount, comment, cost, lots, moment, price, symbol, whole

STATES: Final[dict[str, OrderState]] = {
    "started": "working",
    "placed": "working",
    "partial": "partial",
    "filled": "filled",
    "canceled": "cancelled",
    "cancelled": "cancelled",
    "expired": "expired",
    "rejected": "rejected",
}
TYPES: Final[dict[str, OrderType]] = {word: word for word in get_args(OrderType)}
DIRECTIONS: Final[dict[str, Literal["in", "out", "in/out", "out by", ""]]] = {
    "in": "in",
    "out": "out",
    "in/out": "in/out",
    "out by": "out by",
    "": "",
}


class Position(Struct, frozen=True, kw_only=True):
    """A position that was closed: the sum of its closings, the last time, the price weighted by volume."""

    position: int
    symbol: str
    side: Side
    lots: Decimal
    opened_at: datetime
    open_price: Decimal
    stop_loss: Decimal | None
    take_profit: Decimal | None
    closed_at: datetime
    close_price: Decimal
    swap: Decimal
    profit: Decimal
    comment: str


Word = TypeVar("Word")
Record = Ordered | Deal | Opened | Position


def record(line: Line) -> Record:
    """Return the record that a line holds; how many headings its table has tells which.

    Raises:
        UnreadableRow: for a line of a table no report has, or with a word it cannot hold.
    """
    match len(line.fields):
        case 11:
            return order(line)
        case 12:
            return opened(line)
        case 13 if MOMENT.fullmatch(line.fields[8]):
            return position(line)
        case 13 | 14:
            return deal(line)
        case other:
            raise UnreadableRow(line.row.number, f"No report has a table of {other} columns.")


def order(line: Line) -> Ordered:
    """Return an order: one that ended says when, a working one shows the market's price in that place."""
    at, number, name, kind, volume, asked, stop, take, ended, state, note = line.fields
    volumes = sorted(lots(part, line.row) for part in volume.split(" / ", 1))
    done = moment(ended, line.row) if MOMENT.fullmatch(ended) else None
    return Ordered(
        order=whole(number, line.row),
        symbol=symbol(name, line.row),
        type=known(kind, TYPES, line),
        lots=volumes[-1],  # the larger: builds differ in which of `asked / filled` stands first
        filled_lots=volumes[0] if volumes[1:] else Decimal(0),
        price=price(asked, line.row) if any(map(str.isdigit, asked)) else None,  # the word `market` in any language
        stop_loss=price(stop, line.row),
        take_profit=price(take, line.row),
        state=known(state, STATES, line) if done else "working",
        reason=comment(state) if done else "",
        placed_at=moment(at, line.row),
        done_at=done,
        comment=comment(note),
    )


def opened(line: Line) -> Opened:
    """Return a position that is still open."""
    at, number, name, side, volume, start, stop, take, market, swap, profit, note = line.fields
    return Opened(
        position=whole(number, line.row),
        symbol=symbol(name, line.row),
        side=known(side, SIDES, line),
        lots=lots(volume, line.row),
        opened_at=moment(at, line.row),
        open_price=amount(start, line.row),
        current_price=amount(market, line.row),
        stop_loss=price(stop, line.row),
        take_profit=price(take, line.row),
        swap=cost(swap, line.row),
        profit=amount(profit, line.row),
        comment=comment(note),
    )


def position(line: Line) -> Position:
    """Return a closed position; its comment stands in a hidden cell."""
    at, number, name, side, volume, start, stop, take, ended, end, _, swap, profit = line.fields
    return Position(
        position=whole(number, line.row),
        symbol=symbol(name, line.row),
        side=known(side, SIDES, line),
        lots=lots(volume, line.row),
        opened_at=moment(at, line.row),
        open_price=amount(start, line.row),
        stop_loss=price(stop, line.row),
        take_profit=price(take, line.row),
        closed_at=moment(ended, line.row),
        close_price=amount(end, line.row),
        swap=cost(swap, line.row),
        profit=amount(profit, line.row),
        comment=comment(line.note),
    )


def deal(line: Line) -> Deal:
    """Return a deal: of a trade, or a movement of money, which has neither symbol nor volume."""
    at, number, name, kind, direction, volume, paid, source, commission, *fee, swap, profit, balance, note = line.fields
    trade = kind in SIDES
    if trade and not direction:
        raise UnreadableRow(line.row.number, "The deal does not say whether it opens or closes.")
    return Deal(
        deal=whole(number, line.row),
        order=whole(source, line.row) if source else None,
        position=None,
        symbol=symbol(name, line.row) if trade else comment(name),
        type=comment(kind),
        direction=known(direction, DIRECTIONS, line),
        lots=lots(volume, line.row) if volume or trade else Decimal(0),
        price=amount(paid, line.row) if trade else price(paid, line.row),
        dealt_at=moment(at, line.row),
        commission=cost(commission, line.row),
        fee=cost("".join(fee), line.row),
        swap=cost(swap, line.row),
        profit=cost(profit, line.row),
        balance=amount(balance, line.row) if balance else None,
        comment=comment(note),
    )


def known(text: str, words: dict[str, Word], line: Line) -> Word:
    """Return what `text` means, where it is one of `words`."""
    if text not in words:
        raise UnreadableRow(line.row.number, f"{text[:40]!r} is none of the words that stand here.")
    return words[text]
