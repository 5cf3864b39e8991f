"""Gathering what a statement says before its rows, and reading rows of several kinds as one list."""

import heapq
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, aclosing
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar, get_args

from msgspec import structs

from opencabinet import balances, ledger, market
from opencabinet.accounts import NoSuchAccount
from opencabinet.db import Connection
from opencabinet.reports import store
from opencabinet.reports.layouts import Sums
from opencabinet.reports.model import Known, Outline, Section
from opencabinet.reports.rows import BATCH, Source
from opencabinet.reports.store import Summed

T = TypeVar("T")


async def outline(source: Source, made_at: datetime) -> Outline:
    """Return what is known of an account without reading its rows; to be called within a snapshot.

    Raises:
        NoSuchAccount: if there is no such account.
    """
    head = await store.head(source.conn, source.login)
    if head is None:
        raise NoSuchAccount
    receipt = await balances.between(source.conn, source.login, source.period)
    return Outline(head=head, period=source.period, made_at=made_at, receipt=receipt)


async def gather(source: Source, about: Outline) -> Known:
    """Return what its rows add up to, too, for which all of them are read."""
    head = about.head
    summed = {row.section: added(row) for row in await store.sums(source)}
    if not about.current:
        summed |= {"opened": Sums(), "working": Sums()}
    sums: dict[Section, Sums] = {section: summed[section] for section in get_args(Section)}
    digits = await store.digits(source)
    return Known(
        **structs.asdict(about),
        moved=await ledger.totals(source.conn, source.login, source.period),
        sums=sums,
        credit=trimmed(head.credit - await store.credit_since(source)),
        digits=digits,
        sizes=await sizes(source.conn, head.server, list(digits)),
    )


async def sizes(conn: Connection, server: str | None, symbols: Sequence[str]) -> dict[str, Decimal]:
    """Return the contract sizes that the market of a server knows."""
    known = await market.instruments(conn, server, symbols) if server else {}
    return {name: trimmed(each.contract_size) for name, each in known.items() if each.contract_size}


def added(row: Summed) -> Sums:
    """Return the sums of a section, nothing for none."""
    amounts = (row.commission, row.fee, row.swap, row.profit)
    commission, fee, swap, profit = (trimmed(amount or Decimal(0)) for amount in amounts)
    return Sums(count=row.count, commission=commission, fee=fee, swap=swap, profit=profit)


def trimmed(number: Decimal) -> Decimal:
    """Return a figure with no more decimals than it needs."""
    return number.normalize() + 0


async def merged(
    sources: Sequence[AsyncGenerator[Sequence[T], None]], key: Callable[[T], Any]
) -> AsyncGenerator[list[T], None]:
    """Give the rows of several ordered sources as one, in the order of `key`, some at a time."""
    async with AsyncExitStack() as stack:
        heads: list[tuple[Any, int, T]] = []
        waiting: list[Iterator[T]] = [iter(()) for _ in sources]

        async def draw(place: int) -> None:
            row = next(waiting[place], None)
            while row is None and (batch := await anext(sources[place], None)) is not None:
                waiting[place] = iter(batch)
                row = next(waiting[place], None)
            if row is not None:
                heapq.heappush(heads, (key(row), place, row))

        for place, source in enumerate(sources):
            await stack.enter_async_context(aclosing(source))
            await draw(place)
        rows: list[T] = []
        while heads:
            _, place, row = heapq.heappop(heads)
            rows.append(row)
            await draw(place)
            if len(rows) == BATCH or not heads:
                yield rows
                rows = []
