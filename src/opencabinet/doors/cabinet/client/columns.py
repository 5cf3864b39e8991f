"""The columns of a client's lists: what v1 says, as people read it, and the broker's time beside ours."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.definitions.cells import Given, Told, at
from opencabinet.doors.showing.definitions.trades import CLOSED, OPEN
from opencabinet.doors.showing.model import Cell, Kind
from opencabinet.doors.wording import Words, marked

USUAL_CLOSED: Final = (
    "ticket symbol side lots net closed_at close_price opened_at open_price pips profit swap commission comment"
)
USUAL_OPEN: Final = (
    "position symbol side lots net current_price open_price opened_at stop_loss take_profit pips swap comment"
)


def word(said: Mapping[str, str]) -> cells.Write:
    """Return what writes one of some words of v1, translated; others are shown as they come."""

    def write(words: Words, value: Any, _given: Given) -> Cell:
        text = str(value)
        return Cell(text=words.gettext(said[text]) if text in said else cells.foreign(text.replace("_", " ")))

    return write


KINDS: Final = {
    "balance": marked("Deposit or withdrawal"),
    "credit": marked("Credit"),
    "bonus": marked("Bonus"),
    "charge": marked("Charge"),
    "correction": marked("Correction"),
    "commission": marked("Commission"),
    "interest": marked("Interest"),
    "dividend": marked("Dividend"),
    "tax": marked("Tax"),
    "opening": marked("Not explained by rows"),
}
BUCKETS: Final = {"balance": marked("Balance"), "credit": marked("Credit")}
STATES: Final = {
    "working": marked("Working"),
    "filled": marked("Filled"),
    "partial": marked("Filled in part"),
    "cancelled": marked("Cancelled"),
    "expired": marked("Expired"),
    "rejected": marked("Rejected"),
}
TYPES: Final = {
    "buy": marked("Buy"),
    "sell": marked("Sell"),
    "buy_limit": marked("Buy limit"),
    "sell_limit": marked("Sell limit"),
    "buy_stop": marked("Buy stop"),
    "sell_stop": marked("Sell stop"),
    "buy_stop_limit": marked("Buy stop limit"),
    "sell_stop_limit": marked("Sell stop limit"),
}


def picked(told: Sequence[Told], names: str) -> tuple[Told, ...]:
    """Return some columns of those there are, as their names are given."""
    known = {each.name: each for each in told}
    return tuple(known[name] for name in names.split())


CLOSED_TRADES: Final = (*picked(CLOSED, USUAL_CLOSED), *picked(CLOSED, "net_percent"))
OPEN_TRADES: Final = (*picked(OPEN, USUAL_OPEN), *picked(OPEN, "net_percent"))
ORDERS: Final = (
    Told(member="ticket", label=marked("Ticket"), write=cells.plain_id),
    Told(member="symbol", label=marked("Symbol"), write=cells.symbol, kind="text"),
    Told(member="type", label=marked("Type"), write=word(TYPES), kind="text"),
    Told(member="volume.lots", label=marked("Lots"), write=cells.lots),
    Told(member="filled_lots", label=marked("Filled"), write=cells.lots),
    Told(member="price", label=marked("Price"), write=cells.price),
    Told(member="stop_loss", label=marked("Stop loss"), write=cells.price),
    Told(member="take_profit", label=marked("Take profit"), write=cells.price),
    Told(member="state", label=marked("State"), write=word(STATES), kind="text"),
    Told(member="placed_at", label=marked("Placed, UTC"), write=cells.moment, kind="time"),
    Told(member="done_at", label=marked("Ended, UTC"), write=cells.moment, kind="time"),
    Told(member="comment", label=marked("Comment"), write=cells.text, kind="text"),
)
MOVEMENTS: Final = (
    Told(member="moved_at", label=marked("Time, UTC"), write=cells.moment, kind="time"),
    Told(member="kind", label=marked("Kind"), write=word(KINDS), kind="text"),
    Told(member="bucket", label=marked("Changes"), write=word(BUCKETS), kind="text"),
    Told(member="amount", label=marked("Amount"), write=cells.change, counted=True),
    Told(member="ticket", label=marked("Ticket"), write=cells.plain_id),
    Told(member="comment", label=marked("Comment"), write=cells.text, kind="text"),
)
LOTS: Final = (
    Told(member="day", label=marked("Day"), write=cells.day, kind="time"),
    Told(member="month", label=marked("Month"), write=cells.month, kind="time"),
    Told(member="symbol", label=marked("Symbol"), write=cells.symbol, kind="text"),
    Told(member="trades", label=marked("Trades"), write=cells.number),
    Told(member="volume.lots", label=marked("Lots"), write=cells.lots),
    Told(member="net", label=marked("Result"), write=cells.change, counted=True),
    Told(member="volume.contract_size", label=marked("Contract size"), write=cells.number),
    Told(member="volume.standard_lots", label=marked("Standard lots"), write=cells.lots),
    Told(member="profit", label=marked("Profit"), write=cells.change, counted=True),
    Told(member="swap", label=marked("Swap"), write=cells.change, counted=True),
    Told(member="commission", label=marked("Commission"), write=cells.change, counted=True),
    Told(member="fee", label=marked("Fee"), write=cells.change, counted=True),
)


class Head(Struct, frozen=True):
    """The head of a column."""

    name: str
    label: str
    kind: Kind


class Shown(Struct, frozen=True):
    """A cell of a row: `hint` is the broker's time of a moment, or why there is no figure."""

    name: str
    kind: Kind
    cell: Cell
    hint: str | None


class Row(Struct, frozen=True):
    """A row; its key stays the same while its cells change."""

    key: str
    cells: tuple[Shown, ...]
    given: Given


class Grid(Struct, frozen=True):
    """Rows under the heads of their columns."""

    heads: tuple[Head, ...]
    rows: tuple[Row, ...]


def grid(words: Words, told: Sequence[Told], rows: Sequence[Given], key: str) -> Grid:
    """Return rows of v1; columns that v1 leaves out of all of them, or has nothing in, are left out."""
    shown = [each for each in told if any(at(row, each.member) not in {None, ""} for row in rows)]
    currency = cells.foreign(str(rows[0].get("currency", ""))) if rows else ""
    heads = tuple(Head(each.name, labelled(words, each, currency), each.kind) for each in shown)
    found = (Row(str(row[key]), tuple(cell(words, each, row) for each in shown), row) for row in rows)
    return Grid(heads, tuple(found))


def labelled(words: Words, told: Told, currency: str) -> str:
    """Return the name of a column, with the currency it is in."""
    label = words.gettext(told.label)
    return f"{label}, {currency}" if told.counted and currency else label


def cell(words: Words, told: Told, row: Given) -> Shown:
    """Return a cell."""
    return Shown(told.name, told.kind, told.cell(words, row), hint(words, told, row))


def hint(words: Words, told: Told, row: Given) -> str | None:
    """Return what is said of a cell: the broker's time of a moment, or why a price is not of now."""
    broker = at(row, f"{told.member}_broker")
    if broker is not None:
        said = {"utc": spelled(str(at(row, told.member))), "broker": spelled(str(broker))}
        return words.gettext("%(utc)s UTC, %(broker)s by the broker's clock") % said
    if told.member == "user_agent" and row[told.member]:
        return cells.foreign(str(row[told.member]))
    if told.member == "current_price" and row.get("priced_reason"):
        return cells.foreign(str(row["priced_reason"]))
    return None


def spelled(moment: str) -> str:
    """Write a moment exactly, to the second."""
    return moment.replace("T", " ").removesuffix("Z").removesuffix(".000")
