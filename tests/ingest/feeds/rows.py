"""Rows of feeds, with what a test cares about said and the rest filled in."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import (
    AccountRow,
    Applied,
    Batch,
    ClosedRow,
    DealRow,
    MovementRow,
    OpenRow,
    OrderRow,
    Row,
)

SERVER = "Example-Live"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIGURES = frozenset(
    (
        *("lots", "lots_closed", "filled_lots", "contract_size"),
        *("price", "position_price", "open_price", "close_price", "current_price", "stop_loss", "take_profit"),
        *("commission", "fee", "swap", "profit", "amount", "balance", "credit", "equity", "margin", "floating"),
    )
)
ENTERING: dict[str, Any] = {"position": 7, "direction": "in", "lots": "1", "price": "1.1"}
LEAVING: dict[str, Any] = {"position": 7, "direction": "out", "type": "sell", "lots": "1", "price": "1.2"}


def at(minutes: float) -> datetime:
    """Give a moment so many minutes after the start."""
    return START + timedelta(minutes=minutes)


def given(usual: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """Return what is usual with what is said, figures from their spelling, times from minutes."""
    told = usual | said
    return {name: value(name, it) for name, it in told.items()}


def value(name: str, it: Any) -> Any:
    """Return a figure from its spelling, a time from its minutes, all else as it is."""
    if name in FIGURES and isinstance(it, str):
        return Decimal(it)
    if (name.endswith("_at") or name == "as_of") and isinstance(it, int | float):
        return at(it)
    return it


def account(number: int = 1001, **said: Any) -> AccountRow:
    """Return an account."""
    usual = {"number": number, "platform": "mt5", "name": "Ann Example", "currency": "USD", "as_of": 0}
    return AccountRow(**given(usual, said))


def deal(deal: int, **said: Any) -> DealRow:
    """Return a deal that buys, made so many minutes after the start as its number is."""
    usual = {"number": 1001, "deal": deal, "type": "buy", "dealt_at": deal, "symbol": "EURUSD", "digits": 5}
    return DealRow(**given(usual, said))


def money(deal_: int, profit: str, kind: str = "balance", **said: Any) -> DealRow:
    """Return a deal that moves money."""
    return deal(deal_, type=kind, profit=profit, symbol="", digits=None, **said)


TRADED = {"number": 1001, "symbol": "EURUSD", "side": "buy", "digits": 5, "opened_at": 1, "open_price": "1.1"}


def closed(ticket: int, **said: Any) -> ClosedRow:
    """Return a closed trade."""
    usual = TRADED | {"ticket": ticket, "lots": "1", "closed_at": 2, "close_price": "1.101", "profit": "100"}
    return ClosedRow(**given(usual, said))


def opened(ticket: int, **said: Any) -> OpenRow:
    """Return an open trade."""
    usual = TRADED | {"ticket": ticket, "lots": "1", "current_price": "1.1005", "profit": "50"}
    return OpenRow(**given(usual, said))


def order(ticket: int, **said: Any) -> OrderRow:
    """Return a working order."""
    usual = {"number": 1001, "ticket": ticket, "symbol": "EURUSD", "type": "buy limit", "lots": "1", "price": "1.09"}
    return OrderRow(**given(usual | {"state": "working", "placed_at": 1}, said))


def movement(ticket: int, amount: str, **said: Any) -> MovementRow:
    """Return money that moved."""
    usual = {"number": 1001, "ticket": ticket, "kind": "balance", "amount": amount, "moved_at": 0}
    return MovementRow(**given(usual, said))


async def say(conn: Connection, *rows: Row, **said: Any) -> Applied:
    """Bring rows of the server in."""
    return await feeds.apply(conn, Batch(server=SERVER, rows=rows, **said))


async def events(conn: Connection, after: int = 0) -> list[str]:
    """Give the kinds of the events so far, those after the first `after`."""
    kinds: list[str] = await conn.values("SELECT kind FROM events ORDER BY id")
    return kinds[after:]


async def table(conn: Connection, name: str, columns: str, order: str) -> list[tuple[Any, ...]]:
    """Give some columns of a table in an order."""
    found = await conn.execute(f"SELECT {columns} FROM {name} ORDER BY {order}")  # noqa: S608
    return list(await found.fetchall())


async def state(conn: Connection) -> tuple[Any, ...]:
    """Give the balance, the credit and whether the rows explain them."""
    [found] = await table(conn, "accounts", "balance, credit, complete", "login")
    return found
