"""What a layout prints beside its rows."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal, Self

from msgspec import Struct

from opencabinet.ingest.model import Closing, Deal, Opened, Side, Statement
from opencabinet.reports.layouts.details import Details
from opencabinet.reports.layouts.figures import digits, total


class Sums(Struct, frozen=True, kw_only=True):
    """What the rows of a section add up to."""

    count: int = 0
    commission: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    swap: Decimal = Decimal(0)
    profit: Decimal = Decimal(0)

    @property
    def result(self) -> Decimal:
        """What they bring, costs included."""
        return self.profit + self.swap + self.commission + self.fee

    @classmethod
    def of(cls, rows: Iterable[Closing | Opened | Deal]) -> Self:
        """Add up rows."""
        known = [*rows]
        return cls(
            count=len(known),
            commission=total(row.commission for row in known),
            fee=total(row.fee for row in known),
            swap=total(row.swap for row in known),
            profit=total(row.profit for row in known),
        )


class Position(Struct, frozen=True, kw_only=True):
    """A position of MetaTrader 5 as its row shows it: all its closings as one."""

    number: int
    symbol: str
    side: Side
    comment: str
    lots: Decimal
    opened_at: datetime | None
    open_price: Decimal | None
    stop_loss: Decimal | None
    take_profit: Decimal | None
    closed_at: datetime
    close_price: Decimal
    commission: Decimal
    swap: Decimal
    profit: Decimal


class Sheet(Struct, frozen=True, kw_only=True):
    """An account, what it holds and what its rows add up to; times are the server's wall time.

    `moved` is how much came in and out, `closed` counts every row of the closed transactions on MetaTrader 4, and
    `last_balance` is that of the last deal on MetaTrader 5. `digits` are the decimals of each symbol's prices.
    """

    number: int | None
    name: str
    company: str
    server: str
    currency: str
    leverage: int | None
    mode: Literal["hedging", "netting"] | None
    written_at: datetime | None
    balance: Decimal
    credit: Decimal
    floating: Decimal
    equity: Decimal
    margin: Decimal
    moved: Decimal
    closed: Sums
    opened: Sums
    dealt: Sums
    last_balance: Decimal
    listed: int
    working: int
    details: Details
    digits: Mapping[str, int]

    @property
    def free_margin(self) -> Decimal:
        """What could still be used."""
        return self.equity - self.margin

    @property
    def margin_level(self) -> Decimal:
        """The equity in percent of the margin; nothing where there is none."""
        return self.equity / self.margin * 100 if self.margin else Decimal(0)


def sheet(statement: Statement, details: Details, server: str = "") -> Sheet:
    """Return what is printed of a statement that is known as a whole.

    A floating result that was not reported is counted without swap on MetaTrader 5, as that prints it.
    """
    held = statement.snapshot
    opened = Sums.of(statement.opened)
    floating = opened.profit if statement.platform == "mt5" else opened.result
    return Sheet(
        number=statement.number,
        name=statement.name,
        company=statement.company,
        server=server,
        currency=statement.currency,
        leverage=statement.leverage,
        mode=statement.mode,
        written_at=statement.written_at,
        balance=held.balance,
        credit=held.credit,
        floating=floating if held.floating is None else held.floating,
        equity=held.balance + held.credit + opened.result if held.equity is None else held.equity,
        margin=held.margin or Decimal(0),
        moved=total(move.amount for move in statement.moves if move.kind == "balance"),
        closed=Sums.of(statement.closings),
        opened=opened,
        dealt=Sums.of(statement.deals),
        last_balance=(statement.deals[-1].balance if statement.deals else None) or Decimal(0),
        listed=len(statement.closings) + len(statement.moves) + sum(it.state != "working" for it in statement.orders),
        working=sum(order.state == "working" for order in statement.orders),
        details=details,
        digits=digits(statement),
    )
