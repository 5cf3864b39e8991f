"""What a statement says of an account before its rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal

from msgspec import Struct

from opencabinet.accounts import Account
from opencabinet.kernel.clock import Moment, clock
from opencabinet.kernel.period import EVER, Period
from opencabinet.kernel.problem import Malformed
from opencabinet.kernel.receipt import Receipt
from opencabinet.ledger import Total
from opencabinet.reports.layouts import Sums


class Form(StrEnum):
    """What a statement can be written as."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"
    XLSX = "xlsx"
    PDF = "pdf"


class Layout(StrEnum):
    """How a statement can be laid out: as we do, or as MetaTrader prints it."""

    NATIVE = "native"
    MT4 = "mt4"
    MT5 = "mt5"


class NoSuchLayout(Malformed):
    """The statement is not to be had in this layout."""


Section = Literal["closed", "opened", "ended", "working", "moved", "dealt", "positions", "entered"]


class Head(Account, frozen=True, kw_only=True):
    """The account as last reported, and where it is kept; `clock` is the rule of its server's clock."""

    server: str | None
    number: int | None
    clock: str | None

    def wall(self, moment: datetime) -> datetime:
        """Return what the server's clock shows at a moment; without a known rule, as it ran when it last reported."""
        known = Moment(moment, self.as_of_offset) if self.clock is None else clock(self.clock).at(moment)
        return known.wall()


class Outline(Struct, frozen=True, kw_only=True):
    """What is known of an account over a period at little cost, however many rows there are.

    If the last report of the account lies before the period's end, it is `current`: it tells what is open and what the
    account is worth.
    """

    head: Head
    period: Period
    made_at: datetime
    receipt: Receipt

    @property
    def current(self) -> bool:
        """Whether the period reaches the account's last report."""
        return self.head.as_of < self.period.until

    @property
    def balance(self) -> Decimal:
        """The balance at the end of the period."""
        return self.head.balance if self.receipt.closing_balance is None else self.receipt.closing_balance

    @property
    def since(self) -> datetime | None:
        """Where the period begins; None for the beginning of all."""
        return None if self.period.since == EVER.since else self.period.since

    @property
    def until(self) -> datetime | None:
        """Where the period ends; None where it has no end."""
        return None if self.period.until == EVER.until else self.period.until

    @property
    def told_at(self) -> datetime:
        """The moment the statement is of: the last report, or the end of a period before it."""
        return self.head.as_of if self.current else self.period.until


class Known(Outline, frozen=True, kw_only=True):
    """What is known of an account over a period before its rows are read, all as of one moment.

    `credit` is the credit at the period's end; `digits` are the decimals of each symbol's prices, `sizes` the contract
    sizes that the market knows.
    """

    moved: Sequence[Total]
    sums: Mapping[Section, Sums]
    credit: Decimal
    digits: Mapping[str, int]
    sizes: Mapping[str, Decimal]

    def size(self, symbol: str, told: Decimal | None) -> Decimal | None:
        """Return the units of a lot: what a row told of its own, or else the market; None where nobody does."""
        return self.sizes.get(symbol) if told is None else told.normalize() + 0

    @property
    def floating(self) -> Decimal | None:
        """What the open trades would bring, as reported, or else as they add up; MetaTrader 5 leaves swap apart."""
        if not self.current:
            return None
        opened = self.sums["opened"]
        return (
            (opened.profit if self.head.platform == "mt5" else opened.result)
            if self.head.floating is None
            else (self.head.floating)
        )

    @property
    def equity(self) -> Decimal | None:
        """What the account is worth, as reported, or else as its open trades make it."""
        if not self.current:
            return None
        worth = self.balance + self.credit + self.sums["opened"].result
        return worth if self.head.equity is None else self.head.equity

    @property
    def margin(self) -> Decimal | None:
        """The margin that is used, nothing where no report says."""
        return (self.head.margin or Decimal(0)) if self.current else None

    @property
    def free_margin(self) -> Decimal | None:
        """What could still be used."""
        return None if self.equity is None or self.margin is None else self.equity - self.margin


NOT_CURRENT: Final = (
    "Equity, margin and open trades are known only as last reported, and that was after this period ended."
)
