"""The position of every deal: as the tables of a report tell, or else as the deals themselves do."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from operator import attrgetter

from msgspec import Struct

from opencabinet.ingest.model import Deal, Opened, Ordered, Side
from opencabinet.ingest.mt5.exits import Exit
from opencabinet.ingest.mt5.openings import Opening, entered, settle
from opencabinet.ingest.mt5.pairing import pair, unpaired
from opencabinet.ingest.mt5.records import Position


class Tables(Struct, frozen=True, kw_only=True):
    """What the tables of a report hold. On a netting account a symbol has one position at a time."""

    orders: tuple[Ordered, ...]
    deals: tuple[Deal, ...]
    positions: tuple[Position, ...]
    opened: tuple[Opened, ...]
    netting: bool

    def rows(self) -> tuple[Position | Opened, ...]:
        """Every position that has a row."""
        return (*self.opened, *self.positions)


class Home(Struct, frozen=True, kw_only=True):
    """The position a deal belongs to."""

    position: int
    symbol: str
    side: Side
    opened_at: datetime
    open_price: Decimal
    closed_at: datetime | None = None
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    comment: str = ""


def homes(tables: Tables, closings: Sequence[Exit]) -> dict[int, Home]:
    """Return the home of every deal that has one, by the deal's number.

    A closing that fits no row goes to what the rows and the opening deals leave.
    """
    rows = {row.position: of_row(row) for row in tables.rows()}
    openings = entered(tables.deals, closings)
    joined = dict(joins(openings, rows, netting=tables.netting))
    paired = pair(tables.positions, {number: row.side for number, row in rows.items()}, closings)
    strays = {deal: opening for deal, opening in openings.items() if deal not in joined}
    left = leftovers(tables, closings, paired, [(joined[deal], openings[deal].left) for deal in joined])
    settled = settle(unpaired(closings, paired), [*strays.values(), *left])
    orders = {order.order: order for order in tables.orders}
    # Of an order that was filled in parts the first counts.
    opened = {it.position: of_opening(it, orders.get(it.position)) for it in reversed(strays.values())}
    alone = {deal: opening.position for deal, opening in (strays | settled).items()}
    known = opened | rows
    return {deal: known[number] for deal, number in (alone | joined | paired).items()}


def joins(openings: Mapping[int, Opening], rows: Mapping[int, Home], *, netting: bool) -> Iterator[tuple[int, int]]:
    """Give each opening deal of a listed position, and the position's number.

    Its order opened the position; or, on a netting account, the deal added to the one there was.
    """
    spans: dict[tuple[str, Side], list[Home]] = defaultdict(list)
    for row in sorted(rows.values(), key=attrgetter("opened_at")) if netting else ():
        spans[row.symbol, row.side].append(row)
    for deal, opening in openings.items():
        around = spans[opening.symbol, opening.side]
        last = bisect_right(around, opening.at, key=attrgetter("opened_at")) - 1
        if opening.position in rows:
            yield deal, opening.position
        elif last >= 0 and ((ended := around[last].closed_at) is None or ended > opening.at):
            yield deal, around[last].position


def leftovers(
    tables: Tables, closings: Sequence[Exit], paired: Mapping[int, int], entries: Sequence[tuple[int, Decimal]]
) -> Iterator[Opening]:
    """Give what no closing was paired with: of a closed position its volume, of an open one what it has lost since."""
    left: dict[int, Decimal] = defaultdict(Decimal)
    for number, lots in entries:
        left[number] += lots
    left.update((row.position, row.lots) for row in tables.positions)
    for still in tables.opened:
        left[still.position] -= still.lots
    for closing in closings:
        if closing.deal.deal in paired:
            left[paired[closing.deal.deal]] -= closing.lots
    for row in tables.rows():
        if left[row.position] > 0:
            yield Opening(
                position=row.position,
                symbol=row.symbol,
                side=row.side,
                at=row.opened_at,
                price=row.open_price,
                left=left[row.position],
            )


def of_row(row: Position | Opened) -> Home:
    """Return the home that a row of positions describes."""
    return Home(
        position=row.position,
        symbol=row.symbol,
        side=row.side,
        opened_at=row.opened_at,
        open_price=row.open_price,
        closed_at=row.closed_at if isinstance(row, Position) else None,
        stop_loss=row.stop_loss,
        take_profit=row.take_profit,
        comment=row.comment,
    )


def of_opening(opening: Opening, order: Ordered | None) -> Home:
    """Return the home that an opening deal made, with the stops of the order it came from."""
    return Home(
        position=opening.position,
        symbol=opening.symbol,
        side=opening.side,
        opened_at=opening.at,
        open_price=opening.price,
        stop_loss=order.stop_loss if order else None,
        take_profit=order.take_profit if order else None,
    )
