"""A report of MetaTrader 5: told by its shape, read table by table."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from msgspec import structs

from opencabinet.ingest.cells import Row
from opencabinet.ingest.model import (
    SIDES,
    Closing,
    Contradiction,
    Deal,
    Moved,
    Opened,
    Ordered,
    Snapshot,
    Statement,
    Unreadable,
)
from opencabinet.ingest.mt5 import counting, figures, head
from opencabinet.ingest.mt5.exits import Exit, exits
from opencabinet.ingest.mt5.head import Head
from opencabinet.ingest.mt5.homes import Home, Tables, homes
from opencabinet.ingest.mt5.records import DIRECTIONS, Position, record
from opencabinet.ingest.mt5.table import lines
from opencabinet.ingest.words import MOMENT

Noun = TypeVar("Noun")
FEWEST_DEAL_CELLS: Final = 12


def recognises(rows: Sequence[Row]) -> bool:
    """Whether the rows are of a history report, which has an account line, or of a test, which has deals and none."""
    return head.account(rows) is not None or any(map(is_deal, rows))


def is_deal(row: Row) -> bool:
    """Whether a row is a deal: time, number, symbol, type and direction."""
    match row.columns():
        case [at, number, _, kind, direction, *more] if len(more) + 5 >= FEWEST_DEAL_CELLS:
            deal = kind == "balance" or (direction in DIRECTIONS and kind in SIDES)
            return deal and number.isdecimal() and MOMENT.fullmatch(at) is not None
        case _:
            return False


def statement(rows: Sequence[Row]) -> Statement:
    """Return what a report says.

    Raises:
        Unreadable: if a part of it is missing or a row cannot be read.
    """
    place = head.account(rows)
    about = head.tester(rows) if place is None else head.history(rows, place)
    rest = rows[about.ends :]
    tables = read(rest, netting=about.mode == "netting")
    deals, closings = traded(tables)
    snapshot, contradictions = reckoned(about, rest, deals, closings, tables.opened)
    return Statement(
        platform="mt5",
        kind="tester" if about.deposit is not None else "history",
        number=about.number,
        name=about.name,
        company=about.company,
        currency=about.currency,
        leverage=about.leverage,
        mode=about.mode,
        written_at=about.written_at,
        closings=closings,
        opened=tables.opened,
        orders=tables.orders,
        moves=tuple(moved(deal) for deal in deals if deal.type not in SIDES),
        deals=deals,
        snapshot=snapshot,
        contradictions=contradictions,
    )


def reckoned(
    about: Head, rows: Sequence[Row], deals: Sequence[Deal], closings: Sequence[Closing], opened: Sequence[Opened]
) -> tuple[Snapshot, tuple[Contradiction, ...]]:
    """Return the account as the report shows it, and what of its figures the rows contradict.

    A test prints no account: it ends with the deposit and all that was won and lost.
    """
    if about.deposit is None:
        printed = figures.of_account(rows)
        counted = counting.account(printed, deals, closings, opened)
        snapshot = figures.snapshot(printed)
    else:
        printed = figures.of_test(rows, about.deposit)
        counted = counting.test(printed, deals, closings)
        snapshot = Snapshot(balance=counting.total(deal.result for deal in deals))
    return snapshot, counting.contradictions(printed, counted, deals)


def read(rows: Sequence[Row], *, netting: bool) -> Tables:
    """Return what the tables hold."""
    records = [record(line) for line in lines(rows)]
    return Tables(
        orders=once(((it.order, it) for it in records if isinstance(it, Ordered)), "order"),
        deals=once(((it.deal, it) for it in records if isinstance(it, Deal)), "deal"),
        positions=tuple(it for it in records if isinstance(it, Position)),
        opened=once(((it.position, it) for it in records if isinstance(it, Opened)), "open position"),
        netting=netting,
    )


def once(numbered: Iterable[tuple[int, Noun]], noun: str) -> tuple[Noun, ...]:
    """Return what was numbered.

    Raises:
        Unreadable: if a number comes twice.
    """
    found: dict[int, Noun] = {}
    for number, one in numbered:
        if number in found:
            raise Unreadable(f"The report has {noun} {number} twice.")
        found[number] = one
    return tuple(found.values())


def traded(tables: Tables) -> tuple[tuple[Deal, ...], tuple[Closing, ...]]:
    """Return the deals, each with its position, and the closings among them."""
    closing = tuple(exits(tables.deals))
    of = homes(tables, closing)
    deals = (
        structs.replace(deal, position=of[deal.deal].position) if deal.deal in of else deal for deal in tables.deals
    )
    return tuple(deals), tuple(closed(one, of.get(one.deal.deal)) for one in closing)


def closed(closing: Exit, home: Home | None) -> Closing:
    """Return a closing deal as a closing. One whose opening the report does not hold is a position of its own."""
    deal = closing.deal
    return Closing(
        ticket=deal.deal,
        position=home.position if home else deal.order or deal.deal,
        symbol=deal.symbol,
        side=closing.side,
        lots=closing.lots,
        opened_at=home.opened_at if home else None,
        open_price=home.open_price if home else None,
        closed_at=deal.dealt_at,
        close_price=closing.price,
        stop_loss=home.stop_loss if home else None,
        take_profit=home.take_profit if home else None,
        commission=deal.commission,
        fee=deal.fee,
        swap=deal.swap,
        profit=deal.profit,
        comment=deal.comment or (home.comment if home else ""),
    )


def moved(deal: Deal) -> Moved:
    """Return a deal that is not a trade as a movement of money."""
    return Moved(ticket=deal.deal, kind=deal.type, amount=deal.result, moved_at=deal.dealt_at, comment=deal.comment)
