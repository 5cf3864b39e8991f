"""A statement as JSON, row by row: figures are decimal strings, moments are told in UTC and as the broker's clock."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import Struct

from opencabinet.kernel.money import plain
from opencabinet.market.model import STANDARD_LOT
from opencabinet.reports.layouts import Position
from opencabinet.reports.model import NOT_CURRENT, Known
from opencabinet.reports.rows import Source
from opencabinet.reports.wall import wall

Lists = Sequence[tuple[str, AsyncGenerator[Sequence[Any], None]]]
UNTOLD: Final = frozenset({"login", "digits"})


async def json(known: Known, source: Source) -> AsyncGenerator[bytes, None]:
    """Give a statement as one object; its lists come last, so that a reader knows what to expect of them."""
    about = msgspec.json.encode({"statement": told(known), "summary": summary(known)})
    yield about[:-1]
    for name, batches in lists(known, source):
        yield f',"{name}":['.encode()
        before = b""
        async with aclosing(batches):
            async for batch in batches:
                yield before + b",".join(msgspec.json.encode(spoken(row, known)) for row in batch)
                before = b","
        yield b"]"
    yield b"}\n"


def lists(known: Known, source: Source) -> Lists:
    """Return the lists of a statement: what is open only where the period reaches the last report."""
    newer = known.head.platform == "mt5"
    present: Lists = [("open_trades", source.opened()), ("working_orders", source.working())]
    deals: Lists = [("positions", source.positions()), ("deals", source.deals())]
    return [
        ("closed_trades", source.closed()),
        ("movements", source.moved()),
        ("ended_orders", source.ended()),
        *(present if known.current else []),
        *(deals if newer else []),
    ]


def told(known: Known) -> dict[str, Any]:
    """Return what a statement says of the account and of itself."""
    head = known.head
    return {
        "login": head.login,
        "number": head.number,
        "server": head.server,
        "name": head.name,
        "company": head.company,
        "currency": head.currency,
        "leverage": head.leverage,
        "platform": head.platform,
        "mode": head.mode,
        "broker_timezone": head.clock,
        "from": None if known.since is None else utc(known.since),
        "to": None if known.until is None else utc(known.until),
        "as_of": utc(head.as_of),
        "as_of_broker": local(wall(head.as_of, head.as_of_offset)),
        "made_at": utc(known.made_at),
    }


def summary(known: Known) -> dict[str, Any]:
    """Return what the rows add up to: opening balance + movements + results + costs = closing balance."""
    receipt, closed = known.receipt, known.sums["closed"]
    return {
        "opening_balance": figure(receipt.opening_balance),
        "movements": figure(receipt.movements),
        "results": figure(receipt.results),
        "costs": figure(receipt.costs),
        "closing_balance": figure(receipt.closing_balance),
        "complete": receipt.complete,
        "reason": receipt.reason,
        "movements_by_kind": [
            {"kind": total.kind, "count": total.movements, "amount": plain(total.amount)} for total in known.moved
        ],
        "closed_trades": {"count": closed.count, "result": plain(closed.result), **amounts(closed)},
        "credit": plain(known.credit),
        "floating": figure(known.floating),
        "equity": figure(known.equity),
        "margin": figure(known.margin),
        "free_margin": figure(known.free_margin),
        "unknown_because": None if known.current else NOT_CURRENT,
    }


def amounts(sums: Struct) -> dict[str, str]:
    """Return the amounts of a section."""
    return {name: plain(getattr(sums, name)) for name in ("profit", "swap", "commission", "fee")}


def spoken(row: Any, known: Known) -> dict[str, Any]:
    """Return a row in words; lots with the units they are, where it is known how many make one."""
    given: dict[str, Any] = {}
    for name in row.__struct_fields__:
        value = getattr(row, name)
        if name in UNTOLD or name.endswith("_offset"):
            continue
        if name.endswith("_at"):
            given |= times(row, name)
        elif name == "lots":
            given |= volume(value, known.size(row.symbol, getattr(row, "contract_size", None)))
        elif name != "contract_size":
            given[name] = plain(value) if isinstance(value, Decimal) else value
    return given | result(row)


def result(row: Struct) -> dict[str, str]:
    """Return what a trade brought, costs included."""
    parts = [getattr(row, name, None) for name in ("profit", "swap", "commission", "fee")]
    known = [part for part in parts if part is not None]
    return {"result": plain(sum(known, Decimal(0)))} if len(known) == len(parts) else {}


def times(row: Struct, name: str) -> dict[str, str | None]:
    """Return a moment in UTC and as the broker's clock showed it; a position tells only the latter."""
    at: datetime | None = getattr(row, name)
    if isinstance(row, Position):
        return {f"{name}_broker": None if at is None else local(at)}
    if at is None:
        return {name: None, f"{name}_broker": None}
    offset = getattr(row, f"{name.removesuffix('_at')}_offset")
    return {name: utc(at), f"{name}_broker": local(wall(at, offset))}


def volume(lots: Decimal, contract_size: Decimal | None) -> dict[str, str | None]:
    """Return lots, and how many units and standard lots they are where the size of a lot is known."""
    units = None if contract_size is None else lots * contract_size
    return {
        "lots": plain(lots),
        "units": figure(units),
        "contract_size": figure(contract_size),
        "standard_lots": None if units is None else plain(units / STANDARD_LOT),
    }


def figure(number: Decimal | None) -> str | None:
    """Return a figure, or nothing."""
    return None if number is None else plain(number)


def utc(at: datetime) -> str:
    """Return a moment as the wire tells it."""
    return f"{at.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def local(at: datetime) -> str:
    """Return a wall time as the wire tells it."""
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")
