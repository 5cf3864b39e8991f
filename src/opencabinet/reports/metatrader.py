"""A statement in MetaTrader's own layouts, row by row."""

import asyncio
import codecs
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime
from decimal import Decimal
from functools import partial
from types import ModuleType
from typing import Any, Final

from opencabinet.ledger import Movement
from opencabinet.reports import store
from opencabinet.reports.gather import merged, trimmed
from opencabinet.reports.layouts import Details, Reckoner, Sheet, mt4, mt5
from opencabinet.reports.model import Known
from opencabinet.reports.rows import Source
from opencabinet.reports.store import OPENING
from opencabinet.reports.wall import printed
from opencabinet.trades import ClosedTrade, Order

Holes = dict[str, Callable[[], AsyncGenerator[list[Any], None]]]
NOTHING: Final = Decimal(0)


async def metatrader4(known: Known, source: Source) -> AsyncGenerator[bytes, None]:
    """Give the detailed statement of MetaTrader 4."""
    sheet = await laid(known, source, deals=False)
    holes: Holes = {
        "closed": lambda: merged([source.closed(), listed(source.moved()), source.ended()], key=happened),
        "opened": source.opened,
        "working": source.working,
    }
    encoder = codecs.getincrementalencoder(mt4.ENCODING)(mt4.ERRORS)
    async with aclosing(filled(mt4, sheet, holes)) as texts:
        async for text in texts:
            yield encoder.encode(text)


async def metatrader5(known: Known, source: Source) -> AsyncGenerator[bytes, None]:
    """Give the history report of MetaTrader 5."""
    sheet = await laid(known, source, deals=True)
    holes: Holes = {
        "positions": source.positions,
        "ended": partial(source.ended, as_placed=True),
        "deals": source.deals,
        "opened": source.opened,
        "working": source.working,
    }
    encoder = codecs.getincrementalencoder(mt5.ENCODING)()
    async with aclosing(filled(mt5, sheet, holes)) as texts:
        async for text in texts:
            yield encoder.encode(text)


async def filled(layout: ModuleType, sheet: Sheet, holes: Holes) -> AsyncGenerator[str, None]:
    """Give a page with the rows in its holes, each batch made aside so that nobody has to wait for it."""
    for piece in await asyncio.to_thread(layout.page, sheet):
        if isinstance(piece, str):
            yield piece
            continue
        done = 0
        async with aclosing(holes[piece.name]()) as batches:
            async for batch in batches:
                rows = [row if piece.name == "positions" else printed(row) for row in batch]
                yield await asyncio.to_thread(partial(layout.filled, sheet, piece.name, rows, odd=done % 2 == 1))
                done += len(rows)


async def listed(moved: AsyncGenerator[list[Movement], None]) -> AsyncGenerator[list[Movement], None]:
    """Give the movements that a platform would list: the opening entry is ours."""
    async with aclosing(moved) as batches:
        async for batch in batches:
            yield [row for row in batch if row.ticket != OPENING]


def happened(row: ClosedTrade | Movement | Order) -> tuple[datetime, int]:
    """Return when a row of the closed transactions came to its end, and its ticket."""
    match row:
        case ClosedTrade():
            return row.closed_at, row.ticket
        case Movement():
            return row.moved_at, row.ticket
        case Order():
            return row.done_at or row.placed_at, row.ticket


async def laid(known: Known, source: Source, *, deals: bool) -> Sheet:
    """Return what is printed beside the rows; of a period before the last report nothing was open, as far as known."""
    head, sums = known.head, known.sums
    opening = sum(1 for total in known.moved if total.kind == "opening")
    return Sheet(
        number=head.number or head.login,
        name=head.name,
        company=head.company,
        server=head.server or head.company,
        currency=head.currency,
        leverage=head.leverage,
        mode=head.mode,
        written_at=head.wall(known.told_at),
        balance=trimmed(known.balance),
        credit=known.credit,
        floating=known.floating or NOTHING,
        equity=trimmed(known.balance + known.credit if known.equity is None else known.equity),
        margin=known.margin or NOTHING,
        moved=deposited(known),
        closed=sums["closed"],
        opened=sums["opened"],
        dealt=sums["dealt"],
        last_balance=await store.last_balance(source) or NOTHING,
        listed=sums["closed"].count + sums["moved"].count + sums["ended"].count - opening,
        working=sums["working"].count,
        details=await details(known, source, deals=deals),
        digits=known.digits,
    )


def deposited(known: Known) -> Decimal:
    """Return what came in and went out by rows called balance."""
    return trimmed(sum((total.amount for total in known.moved if total.kind == "balance"), NOTHING))


async def details(known: Known, source: Source, *, deals: bool) -> Details:
    """Return what the closings of the period come to, counted in one pass.

    Where the rows do not tell the balance before them, it is what is left of the balance after them.
    """
    start = await store.start(source, deals=deals)
    left = known.balance - known.sums["closed"].result - deposited(known)
    reckoner = Reckoner(left if start is None else start, older=not deals)
    async with aclosing(source.steps(deals=deals)) as batches:
        async for batch in batches:
            for step in batch:
                reckoner.add(step)
    return reckoner.details()
