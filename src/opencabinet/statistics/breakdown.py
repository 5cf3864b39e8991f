"""What the trades of each symbol, weekday, hour, duration, side, month or day come to.

Weekday, hour, day and month are those of the server's wall clock: of the opening for hours, else of the close.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from opencabinet.statistics.facts import Basis
from opencabinet.statistics.facts.basis import SECOND, summed
from opencabinet.statistics.facts.pips import Moves, moves
from opencabinet.statistics.history import ZERO, History, Whole
from opencabinet.statistics.measuring import settled
from opencabinet.statistics.model import Dialect, Group, Grouping
from opencabinet.statistics.rules import RULES

MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LENGTHS: Final = (
    ("under a minute", 0),
    ("minutes", MINUTE),
    ("hours", HOUR),
    ("days", DAY),
    ("weeks", 7 * DAY),
    ("months", 30 * DAY),
)
"""Durations, each from a length on until the next."""
NOT_KNOWN: Final = "unknown"
IN_TIME: Final = frozenset({"month", "day"})
"""Groups that follow each other, so that growth can be told of them."""


def grouped(history: History, by: Grouping, dialect: Dialect) -> list[Group]:
    """Return a history's trades in groups, in the order of what groups them."""
    if not len(history):
        return []
    basis = Basis(history, RULES[dialect])
    numbers, name = KEYS[by](basis)
    order = np.argsort(numbers, kind="stable")
    keys, firsts = np.unique(numbers[order], return_index=True)
    moved = moves(basis)
    parts = np.split(order, firsts[1:])
    return [
        group(basis, name(int(key)), part, moved, chain=by in IN_TIME) for key, part in zip(keys, parts, strict=True)
    ]


def group(basis: Basis, key: str, part: Whole, moved: Moves, *, chain: bool) -> Group:
    """Return what some trades come to; of a `chain` also how the balance grew over them."""
    results, won, lost, buy = basis.results[part], basis.won[part], basis.lost[part], basis.column("buy")[part]
    gross_profit, gross_loss = basis.amount(results[won].sum()), basis.amount(results[lost].sum())
    costs = basis.column("commission")[part].sum() + basis.column("fee")[part].sum()
    return Group(
        key=key,
        trades=len(part),
        share=settled(Decimal(len(part) * 100) / len(basis)),
        won=int(won.sum()),
        lost=int(lost.sum()),
        longs=int(buy.sum()),
        shorts=int((~buy).sum()),
        longs_won=int((buy & won).sum()),
        shorts_won=int((~buy & won).sum()),
        lots=basis.amount(basis.column("lots")[part].sum()),
        gross_profit=gross_profit,
        gross_loss=gross_loss,
        net=basis.amount(results.sum()),
        swap=basis.amount(basis.column("swap")[part].sum()),
        commission=basis.amount(costs),
        pips=moved.sum(part[moved.known[part]]) if moved.known[part].any() else None,
        holding=held(basis, part),
        holding_long=held(basis, part[buy]),
        holding_short=held(basis, part[~buy]),
        reward_to_risk=ratio(gross_profit, int(won.sum()), gross_loss, int(lost.sum())),
        **(grown(basis, part) if chain else {"gain": None, "drawdown": None, "balance": None}),
    )


def held(basis: Basis, part: Whole) -> Decimal | None:
    """Return the mean holding time of trades whose opening is known, in seconds."""
    known = part[basis.known[part]]
    lengths = basis.column("closed_at")[known] - basis.column("opened_at")[known]
    return settled(summed(lengths) / len(lengths)) if len(lengths) else None


def ratio(profit: Decimal, won: int, loss: Decimal, lost: int) -> Decimal | None:
    """Return the mean win for each unit of the mean loss."""
    return settled((profit / won) / (-loss / lost)) if won and lost else None


def grown(basis: Basis, part: Whole) -> dict[str, Decimal | None]:
    """Return the gain over trades in a row and the largest fall of the balance within, in percent; and its end."""
    before, after = basis.actual.before[part], basis.actual.after[part]
    balance = basis.amount(after[-1])
    if (before <= 0).any():
        return {"gain": None, "drawdown": None, "balance": balance}
    with np.errstate(over="ignore", invalid="ignore"):
        points = np.concatenate([[1.0], np.cumprod(after / before)])
        fall = (1 - points / np.maximum.accumulate(points)).max()
    if not np.isfinite([points[-1], fall]).all():
        return {"gain": None, "drawdown": None, "balance": balance}
    return {"gain": percent(points[-1] - 1), "drawdown": percent(fall), "balance": balance}


def percent(part: float) -> Decimal:
    """Return a share in percent, to twelve digits: chains of floats know no more."""
    return settled(Decimal(f"{float(part):.12g}") * 100)


def wall(basis: Basis, name: str) -> Whole:
    """Return times by the server's clock."""
    shown: Whole = basis.column(f"{name}_at") + basis.column(f"{name}_offset").astype(np.int64) * MINUTE
    return shown


def by_symbol(basis: Basis) -> tuple[Whole, Callable[[int], str]]:
    """Group by symbol, in the order of their names."""
    names = basis.history.symbols
    order = sorted(range(len(names)), key=names.__getitem__)
    places = np.argsort(np.array(order, np.int64))
    return places[basis.column("symbol")], lambda place: names[order[place]]


def by_side(basis: Basis) -> tuple[Whole, Callable[[int], str]]:
    """Group by the side of the opening."""
    return (~basis.column("buy")).astype(np.int64), ("buy", "sell").__getitem__


def by_weekday(basis: Basis) -> tuple[Whole, Callable[[int], str]]:
    """Group by the weekday of the close; the zero of time was a Saturday."""
    return (wall(basis, "closed") // DAY + WEEKDAYS.index("Saturday")) % len(WEEKDAYS), WEEKDAYS.__getitem__


def by_hour(basis: Basis) -> tuple[Whole, Callable[[int], str]]:
    """Group by the hour of the opening; those not known come last."""
    hours = np.where(basis.known, wall(basis, "opened") // HOUR % 24, 24)
    return hours, lambda hour: f"{hour:02}" if hour < 24 else NOT_KNOWN  # noqa: PLR2004 - hours of a day


def by_duration(basis: Basis) -> tuple[Whole, Callable[[int], str]]:
    """Group by how long trades were held; those not known come last."""
    lengths = basis.column("closed_at") - np.where(basis.known, basis.column("opened_at"), 0)
    places = np.searchsorted([length for _, length in LENGTHS[1:]], lengths, "right")
    names = [*(name for name, _ in LENGTHS), NOT_KNOWN]
    return np.where(basis.known, places, len(LENGTHS)), names.__getitem__


def by_day(basis: Basis) -> tuple[Whole, Callable[[int], str]]:
    """Group by the day of the close."""
    return wall(basis, "closed") // DAY, lambda day: f"{ZERO + timedelta(days=day):%Y-%m-%d}"


def by_month(basis: Basis) -> tuple[Whole, Callable[[int], str]]:
    """Group by the month of the close."""
    since_1970 = (wall(basis, "closed") // DAY).astype("M8[D]") + (np.datetime64("2000-01-01") - np.datetime64(0, "D"))
    return since_1970.astype("M8[M]").astype(np.int64), lambda month: str(np.datetime64(month, "M"))


KEYS: Final[Mapping[Grouping, Callable[[Basis], tuple[Whole, Callable[[int], str]]]]] = {
    "symbol": by_symbol,
    "side": by_side,
    "weekday": by_weekday,
    "hour": by_hour,
    "duration": by_duration,
    "day": by_day,
    "month": by_month,
}
