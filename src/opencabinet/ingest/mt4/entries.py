"""The entries of a statement, in our words."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from opencabinet.ingest.model import SIDES, Closing, Moved, Opened, Ordered, OrderState, UnreadableRow
from opencabinet.ingest.mt4.commands import PENDING
from opencabinet.ingest.mt4.sections import Entry
from opencabinet.ingest.words import amount, comment, cost, lots, moment, price, symbol

ENDS: Final[tuple[tuple[str, OrderState], ...]] = (("deleted", "rejected"), ("expir", "expired"), ("", "cancelled"))
"""How an order ended, by what its row says: `deleted [no money]`, `expiration [2024.01.31 00:00]`, `cancelled`."""


def closing(entry: Entry, positions: Mapping[int, int]) -> Closing:
    """Return a closed trade; `positions` leads from a part's ticket to the position's."""
    row = entry.row
    columns = row.columns()
    return Closing(
        ticket=entry.ticket,
        position=positions.get(entry.ticket, entry.ticket),
        open_price=price(columns[5], row),
        closed_at=moment(columns[8], row),
        close_price=amount(columns[9], row),
        **traded(entry),
    )


def opened(entry: Entry) -> Opened:
    """Return a trade that is still open, at its current price; its position is the number the terminal shows."""
    row = entry.row
    columns = row.columns()
    if not entry.is_trade():
        raise UnreadableRow(row.number, f"{columns[2]!r} stands among the open trades.")
    return Opened(
        position=entry.ticket,
        open_price=amount(columns[5], row),
        current_price=amount(columns[9], row),
        **traded(entry),
    )


def traded(entry: Entry) -> dict[str, Any]:
    """Return what closed and open trades print in the same columns; taxes are a fee."""
    row = entry.row
    (_, opened_at, side, size, item, _, stop, take, _, _, commission, taxes, swap, profit) = row.columns()
    return {
        "symbol": symbol(item, row),
        "side": SIDES[side],
        "lots": lots(size, row),
        "opened_at": moment(opened_at, row),
        "stop_loss": price(stop, row),
        "take_profit": price(take, row),
        "commission": cost(commission, row),
        "fee": cost(taxes, row),
        "swap": cost(swap, row),
        "profit": amount(profit, row),
        "comment": entry.comment,
    }


def working(entry: Entry) -> Ordered:
    """Return an order that waits for its price."""
    row = entry.row
    (_, placed_at, command, size, item, wanted, stop, take, *_) = row.columns()
    if not entry.is_order():
        raise UnreadableRow(row.number, f"{command!r} stands among the working orders.")
    return Ordered(
        order=entry.ticket,
        symbol=symbol(item, row),
        type=PENDING[command],
        lots=lots(size, row),
        price=price(wanted, row),
        stop_loss=price(stop, row),
        take_profit=price(take, row),
        state="working",
        placed_at=moment(placed_at, row),
        comment=entry.comment,
    )


def ended(entry: Entry) -> Ordered:
    """Return a pending order of the closed transactions: none of them was filled, and each row says why."""
    (*_, done_at, _, reason, _, _, _) = entry.row.columns()
    return replace(
        working(entry),
        state=next(state for word, state in ENDS if word in reason.lower()),
        reason=comment(reason),
        done_at=moment(done_at, entry.row),
        comment=entry.comment.removesuffix(reason).strip(),
    )


def moved(entry: Entry) -> Moved:
    """Return money in or out."""
    row = entry.row
    (_, moved_at, kind, text, *_, change) = row.columns()
    return Moved(
        ticket=entry.ticket,
        kind=kind,
        amount=amount(change, row),
        moved_at=moment(moved_at, row),
        comment=comment(text) or entry.comment,
    )
