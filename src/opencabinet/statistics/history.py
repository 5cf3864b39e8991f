"""An account's history as columns: amounts as whole numbers of one small unit, so that every sum is exact.

Times are microseconds since 2000-01-01 UTC, as PostgreSQL keeps them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from opencabinet.ledger import CREDIT
from opencabinet.statistics.model import AmountsTooLarge
from opencabinet.statistics.rows import Closed, Moved

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Flag = npt.NDArray[np.bool_]

ZERO: Final = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
UNKNOWN: Final = -(2**63)
"""When a trade was opened that we hold no opening of."""
PLACES: Final = 8
"""Decimal places that the database keeps of an amount."""
ROOM: Final = 2**61
"""What sums of amounts may come to, so that sums of sums still fit."""
OPENING: Final = "opening"

AMOUNTS: Final = ("lots", "profit", "swap", "commission", "fee")
TYPES: Final = {
    "ticket": "i8",
    "closed_at": "i8",
    "opened_at": "i8",
    "closed_offset": "i2",
    "opened_offset": "i2",
    "buy": "?",
    "symbol": "i8",
    "digits": "i2",
    "open_price": "f8",
    "close_price": "f8",
    "lots": "i8",
    "profit": "i8",
    "swap": "i8",
    "commission": "i8",
    "fee": "i8",
}
"""The columns of closed trades: 99 bytes a row. An open price that is not known is not a number."""


class Flow(Struct, frozen=True):
    """A movement of money. `at` is in microseconds."""

    at: int
    ticket: int
    kind: str
    amount: Decimal

    @property
    def credit(self) -> bool:
        """Whether it moved the credit, not the balance."""
        return self.kind in CREDIT


class Standing(Struct, frozen=True, kw_only=True):
    """The account as last reported; what was not reported is None."""

    currency: str
    platform: str
    balance: Decimal
    credit: Decimal = Decimal(0)
    equity: Decimal | None = None
    margin: Decimal | None = None
    as_of: datetime


class History(Struct, frozen=True, kw_only=True, eq=False):
    """Closed trades in closing order, the money that moved, and what was there before.

    `columns` are those of TYPES, amounts in units of 10 ** -`places`; `symbols` are the names of the numbers in the
    column `symbol`. `carried` is the balance before all rows, `carried_credit` the credit. `entered` is the time and
    number of the first deal of a trade (MetaTrader 5), `deals` how many there are, `costs` what opening deals cost.
    `since` and `until` are the ends of the period that was asked for, None where it is open. `pips` are those
    of symbols whose instrument is known.
    """

    standing: Standing
    columns: dict[str, Any]
    places: int
    symbols: tuple[str, ...]
    flows: tuple[Flow, ...]
    carried: Decimal
    carried_credit: Decimal
    entered: tuple[int, int] | None = None
    deals: int | None = None
    costs: Decimal = Decimal(0)
    since: datetime | None = None
    until: datetime | None = None
    pips: Mapping[str, Decimal] = {}

    @classmethod
    def of(
        cls,
        standing: Standing,
        closings: Iterable[Closed],
        movements: Iterable[Moved] = (),
        *,
        entered: tuple[datetime, int] | None = None,
        deals: int | None = None,
        costs: Decimal = Decimal(0),
    ) -> "History":
        """Return the history of rows in any order; what they do not explain of the balance was carried in.

        Raises:
            AmountsTooLarge: if the amounts cannot be added up exactly.
        """
        rows = sorted(closings, key=lambda row: (micros(row.closed_at), row.ticket))
        told = (row for row in movements if row.kind != OPENING)
        flows = sorted((Flow(micros(row.moved_at), row.ticket, row.kind, row.amount) for row in told), key=placed)
        symbols = tuple(sorted({row.symbol for row in rows}))
        moved = sum((flow.amount for flow in flows if not flow.credit), Decimal(0))
        brought = sum((row.profit + row.swap + row.commission + row.fee for row in rows), Decimal(0))
        credit = standing.credit - sum((flow.amount for flow in flows if flow.credit), Decimal(0))
        carried = standing.balance - moved - brought - costs
        sizes = (getattr(row, name) for row in rows for name in AMOUNTS)
        places = places_for(carried, credit, *(flow.amount for flow in flows), *sizes)
        return cls(
            standing=standing,
            columns=columns(rows, symbols, places),
            places=places,
            symbols=symbols,
            flows=tuple(flows),
            carried=carried,
            carried_credit=credit,
            entered=(micros(entered[0]), entered[1]) if entered else None,
            deals=deals,
            costs=costs,
        )

    def __len__(self) -> int:
        return len(self.columns["ticket"])

    def money(self, units: Any) -> Decimal:
        """Return an amount in the account's currency, or lots, from whole units."""
        return Decimal(int(units)).scaleb(-self.places)

    def units(self, amount: Decimal) -> int:
        """Return an amount in whole units."""
        return int(amount.scaleb(self.places).to_integral_value())


def columns(rows: Sequence[Closed], symbols: Sequence[str], places: int) -> dict[str, Any]:
    """Return rows as columns."""
    numbers = {symbol: number for number, symbol in enumerate(symbols)}

    def units(amount: Decimal) -> int:
        return int(amount.scaleb(places).to_integral_value())

    given: dict[str, Iterable[Any]] = {
        "ticket": (row.ticket for row in rows),
        "closed_at": (micros(row.closed_at) for row in rows),
        "opened_at": (micros(row.opened_at) if row.opened_at else UNKNOWN for row in rows),
        "closed_offset": (getattr(row, "closed_offset", 0) for row in rows),
        "opened_offset": (getattr(row, "opened_offset", 0) or 0 for row in rows),
        "buy": (row.side == "buy" for row in rows),
        "symbol": (numbers[row.symbol] for row in rows),
        "digits": (decimals(row) for row in rows),
        "open_price": (float("nan") if row.open_price is None else float(row.open_price) for row in rows),
        "close_price": (float(row.close_price) for row in rows),
        **{name: [units(getattr(row, name)) for row in rows] for name in AMOUNTS},
    }
    return {name: np.fromiter(given[name], dtype) for name, dtype in TYPES.items()}


def decimals(row: Closed) -> int:
    """Return the decimal places of a row's prices: as told, or as many as the longest has."""
    prices = [price for price in (row.open_price, row.close_price) if price is not None]
    found = max(-int(price.as_tuple().exponent) for price in prices)
    return int(getattr(row, "digits", max(0, found)))


def places_for(*amounts: Decimal) -> int:
    """Return to how many decimal places amounts of these sizes can be added up.

    Raises:
        AmountsTooLarge: if not even whole ones can.
    """
    most = sum(map(abs, amounts), Decimal(0))
    for places in range(PLACES, -1, -1):
        if most.scaleb(places) < ROOM:
            return places
    raise AmountsTooLarge


def placed(flow: Flow) -> tuple[int, int]:
    """Return the place of a flow among others and trades: by time, then by number."""
    return flow.at, flow.ticket


def micros(moment: datetime) -> int:
    """Return a time in microseconds; one without a zone is taken for UTC."""
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - ZERO) // MICROSECOND


def moment(microseconds: Any) -> datetime:
    """Return the time of so many microseconds."""
    return ZERO + int(microseconds) * MICROSECOND
