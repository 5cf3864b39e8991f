"""A Strategy Tester report of MetaTrader 4: the results of a test, and what its orders did."""

from collections import ChainMap, Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from opencabinet.ingest.cells import Row
from opencabinet.ingest.model import (
    SIDES,
    Closing,
    Contradiction,
    Moved,
    Snapshot,
    Statement,
    Unreadable,
    UnreadableRow,
)
from opencabinet.ingest.mt4.figures import Figures, named
from opencabinet.ingest.words import MOMENT, amount, lots, moment, price, symbol, whole

COLUMNS: Final = 10
TOP: Final = 60
"""The first row of the orders stands within so many rows."""

DEPOSIT: Final = 0
"""The ticket of the initial deposit: orders count from one."""

RESULTS: Final = (
    (),
    (),
    ("initial_deposit",),
    ("total_net_profit", "gross_profit", "gross_loss"),
    (),
    (),
    ("total_trades", "short_positions", "long_positions"),
    ("profit_trades", "loss_trades"),
)
"""The figures checked, by their places in the rows of labelled results; the first two rows have none."""

RESULT_CELLS: Final = 6


class Step(Struct, frozen=True, kw_only=True):
    """What an order did at a moment; `balance` is there if that closed it, or a part of it."""

    row: Row
    at: datetime
    command: str
    order: int
    lots: Decimal
    price: Decimal
    stop_loss: Decimal | None
    take_profit: Decimal | None
    profit: Decimal | None
    balance: Decimal | None


def recognises(rows: Sequence[Row]) -> bool:
    """Whether the file has steps of orders: ten columns, a time in the second."""
    return any(is_step(row) for row in rows[:TOP])


def is_step(row: Row) -> bool:
    """Whether a row says what an order did."""
    columns = row.columns()
    return len(columns) == COLUMNS and bool(MOMENT.fullmatch(columns[1]))


def statement(rows: Sequence[Row]) -> Statement:
    """Return what the report says; it names neither account nor currency.

    Raises:
        Unreadable: if the results are missing or a row cannot be read.
    """
    first = next(place for place, row in enumerate(rows) if is_step(row))
    results = printed(rows[:first])
    steps = [step(row) for row in rows[first:] if any(row.texts())]
    *_, name = "", *rows[0].texts()
    tested = symbol(name.partition(" (")[0], rows[0])
    closings = tuple(closed(steps, tested))
    deposit = results["initial_deposit"]
    balance = next((step.balance for step in reversed(steps) if step.balance is not None), deposit)
    return Statement(
        platform="mt4",
        kind="tester",
        number=None,
        currency="",
        written_at=None,
        closings=closings,
        moves=(Moved(ticket=DEPOSIT, kind="balance", amount=deposit, moved_at=steps[0].at, comment="initial deposit"),),
        snapshot=Snapshot(balance=balance),
        contradictions=tuple(contradictions({**results, "balance": balance}, closings)),
    )


def printed(rows: Sequence[Row]) -> Figures:
    """Return the results that are checked."""
    results = [row for row in rows if len(row.texts()) in {RESULT_CELLS - 1, RESULT_CELLS}]
    if len(results) < len(RESULTS):
        raise Unreadable("The report lacks its results.")
    figures = [named(names, row, values(row)) for names, row in zip(RESULTS, results, strict=False)]
    return dict(ChainMap(*map(dict, figures)))


def values(row: Row) -> list[str]:
    """Return what stands behind the labels, without percentages in brackets; a row of five begins with a blank."""
    return [text.partition(" (")[0] for text in row.texts()[1 + len(row.texts()) % 2 :: 2]]


def step(row: Row) -> Step:
    """Return what a row says."""
    if len(row.columns()) != COLUMNS:
        raise UnreadableRow(row.number, f"It has {len(row.columns())} columns, not {COLUMNS}.")
    (_, at, command, order, size, level, stop, take, profit, balance) = row.columns()
    return Step(
        row=row,
        at=moment(at, row),
        command=command,
        order=whole(order, row),
        lots=lots(size, row),
        price=amount(level, row),
        stop_loss=price(stop, row),
        take_profit=price(take, row),
        profit=amount(profit, row) if profit else None,
        balance=amount(balance, row) if balance else None,
    )


def closed(steps: Sequence[Step], tested: str) -> Iterator[Closing]:
    """Give the trades of the instrument `tested`: the step that opened an order, with each that closed some of it."""
    opened: dict[int, Step] = {}
    rests: list[Step] = []
    for step in steps:
        if step.command in SIDES:
            opened[step.order] = step
        elif step.balance is not None:
            entry = opened.pop(step.order, None) or rest(rests, step)
            yield closing(entry, step, tested)
            if entry.lots > step.lots:
                rests.append(replace(entry, lots=entry.lots - step.lots))


def rest(rests: list[Step], step: Step) -> Step:
    """Take the rest of a partly closed order that `step` closes: it has a new number, and no step that opened it."""
    for place, entry in enumerate(rests):
        if entry.lots >= step.lots:
            return rests.pop(place)
    raise UnreadableRow(step.row.number, f"Order {step.order} closes, but never opened.")


def closing(entry: Step, step: Step, tested: str) -> Closing:
    """Return a trade; how it closed is its comment."""
    return Closing(
        ticket=step.order,
        position=entry.order,
        symbol=tested,
        side=SIDES[entry.command],
        lots=step.lots,
        opened_at=entry.at,
        open_price=entry.price,
        closed_at=step.at,
        close_price=step.price,
        stop_loss=step.stop_loss,
        take_profit=step.take_profit,
        profit=step.profit or Decimal(0),
        comment=step.command,
    )


def contradictions(printed: Figures, closings: Sequence[Closing]) -> Iterator[Contradiction]:
    """Give the results that the trades do not add up to: there are some, for the tester adds before it rounds."""
    wins = [row.result for row in closings if row.result >= 0]
    losses = [row.result for row in closings if row.result < 0]
    sides = Counter(row.side for row in closings)
    counted = {
        "total_net_profit": sum(wins + losses, Decimal(0)),
        "gross_profit": sum(wins, Decimal(0)),
        "gross_loss": sum(losses, Decimal(0)),
        "total_trades": Decimal(len(closings)),
        "short_positions": Decimal(sides["sell"]),
        "long_positions": Decimal(sides["buy"]),
        "profit_trades": Decimal(len(wins)),
        "loss_trades": Decimal(len(losses)),
        "balance": printed["initial_deposit"] + sum(wins + losses, Decimal(0)),
    }
    for figure, count in counted.items():
        if printed[figure] != count:
            yield Contradiction(figure=figure, printed=printed[figure], counted=count)
