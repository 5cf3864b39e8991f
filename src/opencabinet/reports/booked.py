"""A statement as one table for a spreadsheet: whatever changed the balance, in order, with the balance after it."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime
from decimal import Decimal
from typing import Final

from opencabinet.ledger import CREDIT, Movement
from opencabinet.paper import Cell, Rows
from opencabinet.reports.gather import merged, sizes, trimmed
from opencabinet.reports.model import Outline
from opencabinet.reports.rows import Source
from opencabinet.reports.wall import wall
from opencabinet.trades import ClosedTrade, Deal

COLUMNS: Final = (
    *("kind", "time", "time_broker", "ticket", "position", "symbol", "side", "lots", "contract_size"),
    *("opened_at", "opened_at_broker", "open_price", "close_price", "stop_loss", "take_profit"),
    *("profit", "swap", "commission", "fee", "amount", "balance", "currency", "comment"),
)
Row = ClosedTrade | Movement | Deal


class Sizes:
    """The contract sizes that the market knows: it is asked when a symbol is met that has not been met before."""

    def __init__(self, source: Source, server: str | None) -> None:
        self._source = source
        self._server = server
        self._known: dict[str, Decimal | None] = {}

    async def meet(self, batch: Sequence[Row]) -> None:
        """Know the sizes of the symbols in a batch."""
        if new := {row.symbol for row in batch if not isinstance(row, Movement)} - self._known.keys():
            found = await sizes(self._source.conn, self._server, sorted(new))
            self._known |= {symbol: found.get(symbol) for symbol in new}

    def of(self, row: ClosedTrade | Deal) -> Decimal | None:
        """Return the units of a lot: what a row tells of its own, or else the market; None where nobody does."""
        return self._known[row.symbol] if row.contract_size is None else trimmed(row.contract_size)


async def booked(about: Outline, source: Source) -> AsyncGenerator[Rows, None]:
    """Give the rows: an opening and a closing balance, and everything in between with the balance after it.

    `amount` is what a row changes the balance by; credit has an amount and leaves the balance as it is. A trade of
    MetaTrader 5 may cost something when it opens: that is a row of the kind `entry`.
    """
    balance = trimmed(about.receipt.opening_balance or Decimal(0))
    currency, known = about.head.currency, Sizes(source, about.head.server)
    yield [line({"kind": "opening balance", "time": about.since, "balance": balance, "currency": currency})]
    async with aclosing(merged([source.closed(), source.moved(), source.entered()], key=happened)) as batches:
        async for batch in batches:
            await known.meet(batch)
            lines: list[list[Cell]] = []
            for row in batch:
                told = of_movement(row) if isinstance(row, Movement) else of_trade(row, known.of(row))
                if told["kind"] not in CREDIT:
                    balance = trimmed(balance + told["amount"])  # type: ignore[operator]  # always a figure
                lines.append(line(told | {"balance": balance, "currency": currency}))
            yield lines
    end = trimmed(about.balance)
    yield [line({"kind": "closing balance", "time": about.told_at, "balance": end, "currency": currency})]


def happened(row: Row) -> tuple[datetime, int, int]:
    """Return the place of a row: money that comes in stands before the trades of the same moment."""
    match row:
        case Movement():
            return row.moved_at, 0, row.ticket
        case ClosedTrade():
            return row.closed_at, 1, row.ticket
        case Deal():
            return row.dealt_at, 1, row.deal


def of_movement(row: Movement) -> dict[str, Cell]:
    """Return the cells of a movement."""
    return {
        "kind": row.kind,
        "time": row.moved_at,
        "time_broker": wall(row.moved_at, row.moved_offset),
        "ticket": row.ticket if row.ticket > 0 else None,
        "amount": trimmed(row.amount),
        "comment": row.comment,
    }


def of_trade(row: ClosedTrade | Deal, size: Decimal | None) -> dict[str, Cell]:
    """Return the cells of a closing, or of an opening deal that cost something."""
    costs = {name: trimmed(getattr(row, name)) for name in ("profit", "swap", "commission", "fee")}
    cells: dict[str, Cell] = {
        "position": row.position,
        "symbol": row.symbol,
        "lots": trimmed(row.lots),
        "contract_size": size,
        "comment": row.comment,
        "amount": trimmed(sum(costs.values(), Decimal(0))),
        **costs,
    }
    return cells | (of_closing(row) if isinstance(row, ClosedTrade) else of_entry(row))


def of_closing(row: ClosedTrade) -> dict[str, Cell]:
    """Return the cells that a closing has."""
    prices = {name: getattr(row, name) for name in ("open_price", "close_price", "stop_loss", "take_profit")}
    return {
        "kind": "trade",
        "time": row.closed_at,
        "time_broker": wall(row.closed_at, row.closed_offset),
        "ticket": row.ticket,
        "side": row.side,
        "opened_at": row.opened_at,
        "opened_at_broker": None if row.opened_at is None else wall(row.opened_at, row.opened_offset or 0),
        **{name: None if price is None else trimmed(price) for name, price in prices.items()},
    }


def of_entry(row: Deal) -> dict[str, Cell]:
    """Return the cells that an opening deal has."""
    return {
        "kind": "entry",
        "time": row.dealt_at,
        "time_broker": wall(row.dealt_at, row.dealt_offset),
        "ticket": row.deal,
        "side": row.type,
        "open_price": None if row.price is None else trimmed(row.price),
    }


def line(cells: dict[str, Cell]) -> list[Cell]:
    """Return cells in the order of the columns."""
    return [cells.get(name) for name in COLUMNS]
