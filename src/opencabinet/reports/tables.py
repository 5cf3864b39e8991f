"""The tables of a statement as a document: times by the server's clock, money with the decimals of its currency."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from opencabinet.kernel.money import exponent
from opencabinet.ledger import Movement
from opencabinet.paper import Cell, Column, Rows, Table
from opencabinet.reports.gather import trimmed
from opencabinet.reports.layouts import Sums
from opencabinet.reports.layouts.figures import decimals
from opencabinet.reports.model import Known, Section
from opencabinet.reports.rows import Source
from opencabinet.reports.wall import wall
from opencabinet.trades import ClosedTrade, Deal, OpenTrade, Order

FEWEST_LOT_PLACES: Final = 2
AMOUNTS: Final = (
    Column("Commission", "figure", 12),
    Column("Fee", "figure", 8),
    Column("Swap", "figure", 10),
    Column("Profit", "figure", 13),
    Column("Result", "figure", 13),
)
LEVELS: Final = (
    Column("Stop loss", "figure", 12, essential=False),
    Column("Take profit", "figure", 12, essential=False),
)
COMMENT: Final = Column("Comment", "text", 16, essential=False)
TRADED: Final = (
    *(Column("Ticket", "number", 11), Column("Opened", "time", 18), Column("Closed", "time", 18)),
    *(Column("Symbol", "text", 11), Column("Side", "text", 6), Column("Lots", "figure", 7)),
    *(Column("Open price", "figure", 12), Column("Close price", "figure", 12), *LEVELS, *AMOUNTS, COMMENT),
)
OPEN: Final = (
    *(Column("Position", "number", 11), Column("Opened", "time", 18), Column("Symbol", "text", 11)),
    *(Column("Side", "text", 6), Column("Lots", "figure", 7), Column("Open price", "figure", 12)),
    *(Column("Price now", "figure", 12), *LEVELS, *AMOUNTS, COMMENT),
)
WAITING: Final = (
    *(Column("Order", "number", 12), Column("Placed", "time", 18), Column("Symbol", "text", 12)),
    *(Column("Type", "text", 12), Column("Lots", "figure", 8), Column("Price", "figure", 12)),
    *(Column("Stop loss", "figure", 12), Column("Take profit", "figure", 12), Column("Comment", "text", 24)),
)
ENDED: Final = (*WAITING, Column("Ended", "time", 18), Column("State", "text", 12))
MOVED: Final = (
    *(Column("Ticket", "number", 12), Column("Time", "time", 18), Column("Kind", "text", 14)),
    *(Column("Amount", "figure", 16), Column("Comment", "text", 50)),
)
DEALT: Final = (
    *(Column("Deal", "number"), Column("Time", "time"), Column("Position", "number"), Column("Order", "number")),
    *(Column("Symbol"), Column("Type"), Column("Direction"), Column("Lots", "figure"), Column("Price", "figure")),
    *(*AMOUNTS, Column("Balance", "figure"), COMMENT),
)


def tables(known: Known, source: Source, *, deals: bool) -> list[Table]:
    """Return the tables: what is open only where the period reaches the last report, the rest for who reckons on."""
    maker = Maker(known)
    found = [maker.table("Closed trades", TRADED, "closed", source.closed(), maker.closed)]
    if known.current:
        found.append(maker.table("Open trades", OPEN, "opened", source.opened(), maker.opened))
        found.append(maker.table("Working orders", WAITING, "working", source.working(), maker.waiting))
    found.append(maker.table("Movements of money", MOVED, "moved", source.moved(), maker.movement))
    if deals:
        found.append(maker.table("Ended orders", ENDED, "ended", source.ended(), maker.ended))
    if deals and known.head.platform == "mt5":
        found.append(maker.table("Deals", DEALT, "dealt", source.deals(), maker.deal))
    return found


class Maker:
    """Makes the rows of a document from an account's own."""

    def __init__(self, known: Known) -> None:
        self.known = known

    def money(self, number: Decimal) -> Decimal:
        """Return an amount with the decimals of the account's currency, or with more where it has more."""
        return padded(number, exponent(self.known.head.currency))

    def price(self, symbol: str, level: Decimal | None) -> Decimal | None:
        """Return a price with the decimals of its symbol."""
        return None if level is None else padded(level, self.known.digits.get(symbol, 0))

    def table(
        self,
        title: str,
        columns: Sequence[Column],
        section: Section,
        batches: AsyncGenerator[Sequence[Any], None],
        row: Callable[[Any], list[Cell]],
    ) -> Table:
        """Return the table of a section."""
        of = self.known.sums[section]
        summed = any(column.title == "Result" for column in columns) and section != "dealt"
        return Table(
            title=title,
            columns=columns,
            batches=made(batches, row),
            count=of.count,
            sums=self.sums(of, columns) if summed else (),
        )

    def sums(self, of: Sums, columns: Sequence[Column]) -> list[Cell]:
        """Return the last row of a table: the sum of each amount below it."""
        values = {"Commission": of.commission, "Fee": of.fee, "Swap": of.swap, "Profit": of.profit, "Result": of.result}
        return [self.money(values[it.title]) if it.title in values else None for it in columns]

    def closed(self, row: ClosedTrade) -> list[Cell]:
        """Return a closed trade."""
        opened = None if row.opened_at is None else wall(row.opened_at, row.opened_offset or 0)
        times = [opened, wall(row.closed_at, row.closed_offset)]
        return [str(row.ticket), *times, *self.traded(row, row.close_price)]

    def opened(self, row: OpenTrade) -> list[Cell]:
        """Return an open trade."""
        return [str(row.position), wall(row.opened_at, row.opened_offset), *self.traded(row, row.current_price)]

    def traded(self, row: ClosedTrade | OpenTrade, last: Decimal) -> list[Cell]:
        """Return what closed and open trades have in common."""
        levels = (row.open_price, last, row.stop_loss, row.take_profit)
        prices = [self.price(row.symbol, level) for level in levels]
        return [row.symbol, row.side, volume(row.lots), *prices, *self.amounts(row), row.comment]

    def amounts(self, row: ClosedTrade | OpenTrade | Deal) -> list[Cell]:
        """Return the costs of a trade, its profit, and what they come to."""
        parts = (row.commission, row.fee, row.swap, row.profit)
        return [self.money(part) for part in (*parts, sum(parts, Decimal(0)))]

    def waiting(self, row: Order) -> list[Cell]:
        """Return an order that still works."""
        levels = [self.price(row.symbol, level) for level in (row.price, row.stop_loss, row.take_profit)]
        placed: datetime = wall(row.placed_at, row.placed_offset)
        return [str(row.ticket), placed, row.symbol, row.type, volume(row.lots), *levels, row.comment]

    def ended(self, row: Order) -> list[Cell]:
        """Return an order that came to an end."""
        done = None if row.done_at is None else wall(row.done_at, row.done_offset or 0)
        return [*self.waiting(row), done, row.state]

    def movement(self, row: Movement) -> list[Cell]:
        """Return a movement; the opening entry has no number."""
        ticket = str(row.ticket) if row.ticket > 0 else ""
        return [ticket, wall(row.moved_at, row.moved_offset), row.kind, self.money(row.amount), row.comment]

    def deal(self, row: Deal) -> list[Cell]:
        """Return a deal."""
        numbers = ["" if number is None else str(number) for number in (row.position, row.order_ticket)]
        balance = None if row.balance is None else self.money(row.balance)
        about = [*numbers, row.symbol, row.type, row.direction, volume(row.lots) if row.symbol else None]
        time: datetime = wall(row.dealt_at, row.dealt_offset)
        return [
            str(row.deal),
            time,
            *about,
            self.price(row.symbol, row.price),
            *self.amounts(row),
            balance,
            row.comment,
        ]


async def made(
    batches: AsyncGenerator[Sequence[Any], None], row: Callable[[Any], list[Cell]]
) -> AsyncGenerator[Rows, None]:
    """Give rows as a document has them."""
    async with aclosing(batches):
        async for batch in batches:
            yield [row(each) for each in batch]


def volume(lots: Decimal) -> Decimal:
    """Return a volume with two decimals, or with more where it has more."""
    return padded(lots, FEWEST_LOT_PLACES)


def padded(number: Decimal, places: int) -> Decimal:
    """Return a figure with at least so many decimals, and no more than it needs beyond."""
    short = trimmed(number)
    return short.quantize(Decimal(1).scaleb(-max(places, decimals(short))))
