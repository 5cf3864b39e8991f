"""Histories told in a few words: results in order, and money that moved between them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from hypothesis import strategies as st
from msgspec import structs

from opencabinet.statistics import History, Standing

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
VECTOR = (50, -20, 30, -10, -40, 60, 20, -30, 10, 40)
"""The worked example: these results, from 1000 on."""


def trade(number: int, profit: Any, **given: Any) -> SimpleNamespace:
    """Return a trade that was open for the hour before its number in hours."""
    usual = {
        "ticket": number,
        "symbol": "EURUSD",
        "side": "buy" if number % 2 else "sell",
        "lots": Decimal("0.1"),
        "open_price": Decimal("1.10000"),
        "close_price": Decimal("1.10120"),
        "profit": Decimal(str(profit)),
        "swap": Decimal(0),
        "commission": Decimal(0),
        "fee": Decimal(0),
        "opened_at": START + (number - 1) * HOUR,
        "closed_at": START + number * HOUR,
    }
    return SimpleNamespace(**usual | given)


def move(hour: float, amount: Any, kind: str = "balance", ticket: int = 10_000) -> SimpleNamespace:
    """Return a movement of money after so many hours."""
    return SimpleNamespace(ticket=ticket, kind=kind, amount=Decimal(str(amount)), moved_at=START + hour * HOUR)


def history(
    results: Sequence[Any], moves: Sequence[Any] = (), *, carried: Any = 0, days: float = 30, **given: Any
) -> History:
    """Return the history of an account with these results and movements, after `carried` was there."""
    trades = [each if isinstance(each, SimpleNamespace) else trade(n, each) for n, each in enumerate(results, 1)]
    brought = sum((each.profit + each.swap + each.commission + each.fee for each in trades), Decimal(0))
    credit = sum((each.amount for each in moves if each.kind == "credit"), Decimal(0))
    moved = sum((each.amount for each in moves), Decimal(0)) - credit
    balance = Decimal(str(carried)) + moved + brought
    told: dict[str, Any] = {
        "currency": "USD",
        "platform": "mt5",
        "balance": balance,
        "credit": credit,
        "equity": balance + 25,
        "margin": Decimal(40),
        "as_of": START + timedelta(days=days),
    }
    entered = (START, 0) if trades else None
    extra = {name: given.pop(name) for name in ("deals", "costs") if name in given}
    period = {name: given.pop(name) for name in ("since", "until") if name in given}
    whole = History.of(Standing(**told | given), trades, moves, entered=entered, **extra)
    return structs.replace(whole, **period)


def vector() -> History:
    """Return the worked example."""
    return history(VECTOR, [move(-1, 1000)])


def rich() -> History:
    """Return a history in which nothing is missing that closed trades can tell."""
    results = [Decimal(37 * n * n % 4001 - 1900) / 100 for n in range(1, 131)]
    trades = [
        trade(n, result, swap=Decimal("-0.05"), commission=Decimal("-0.07"), opened_at=START + (n - 0.5) * HOUR)
        for n, result in enumerate(results, 1)
    ]
    for each in trades[::7]:
        each.close_price = Decimal("1.09900")
    moves = [move(-2, 1000), move(30.5, 500), move(61.5, -200), move(70.5, 3, "dividend")]
    return history(trades, moves, deals=260)


RESULTS = st.decimals(-300, 300, places=2)
HALF_HOURS = st.integers(-2, 14).map(lambda half: half / 2)
MOVES = st.tuples(
    HALF_HOURS, st.decimals(-400, 900, places=2), st.sampled_from(("balance", "credit")), st.integers(0, 30)
)


@st.composite
def told(draw: st.DrawFn) -> tuple[list[SimpleNamespace], list[SimpleNamespace]]:
    """Give trades, some at one moment and some unknown in part, and movements, some at a trade's moment."""
    hours = draw(st.lists(st.integers(1, 6), min_size=0, max_size=35))
    trades = []
    for number, hour in enumerate(hours, 1):
        known = draw(st.booleans())
        trades.append(
            trade(
                number,
                draw(RESULTS | st.just(Decimal(0))),
                ticket=10 * number,
                swap=draw(st.sampled_from((Decimal(0), Decimal("-0.31")))),
                closed_at=START + hour * HOUR,
                opened_at=START + (hour - 1) * HOUR if known else None,
                open_price=Decimal("1.10000") if known else None,
            )
        )
    moves = [
        move(hour, amount, kind, 10 * place + n)
        for n, (hour, amount, kind, place) in enumerate(draw(st.lists(MOVES, max_size=5)), 1)
    ]
    return trades, moves
