"""What an open trade and an account are worth, as of the prices that were used.

A figure is live where a price is known that is newer than the server's report; elsewhere it is the one last reported.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from msgspec import Struct, structs

from opencabinet.accounts import Account
from opencabinet.kernel.money import exponent
from opencabinet.kernel.page import Key
from opencabinet.market import Instrument
from opencabinet.trades import OpenTrade

HUNDRED: Final = Decimal(100)
PLACES: Final = Decimal("0.01")
NOTHING: Final = Decimal(0)
WIDE: Final = Context(prec=60)
"""Room for what anybody can tell: figures of a feed have 24 digits each."""

LARGEST: Final = Decimal(10) ** 16
"""No record holds an amount of so much."""

IN_PART: Final = "Not every open trade has a newer price: the others count as last reported."


class Priced(Struct, frozen=True, kw_only=True):
    """An open trade with its current price and profit, and the moment that they are of.

    `live` tells whether they follow from a price newer than the report, `reason` why not. `margin` is what the trade
    alone takes, None where it cannot be counted: then `margin_reason` says why.
    """

    trade: OpenTrade
    priced_at: datetime
    live: bool
    margin: Decimal | None
    reason: str | None = None
    margin_reason: str | None = None


class Opened(Struct, frozen=True, kw_only=True):
    """A page of an account's open trades, the key of the next, and the instruments that are known of their symbols."""

    account: Account
    trades: Sequence[Priced]
    next: Key | None
    instruments: Mapping[str, Instrument]


class Valued(Struct, frozen=True, kw_only=True):
    """An account's money, as of `priced_at`: the oldest of the prices that were used, or the server's report.

    `reasons` tell of figures that are not live, or not known, by their names.
    """

    account: Account
    floating: Decimal | None
    equity: Decimal
    margin: Decimal
    priced_at: datetime
    trades: Sequence[Priced] = ()
    reasons: Mapping[str, str] = {}

    @property
    def free_margin(self) -> Decimal:
        """What may still be used as margin."""
        return self.equity - self.margin

    @property
    def margin_level(self) -> Decimal | None:
        """The equity in percent of the margin, None where none is used, or next to none."""
        level = WIDE.divide(self.equity * HUNDRED, self.margin) if self.margin else LARGEST
        return level.quantize(PLACES, context=WIDE) if abs(level) < LARGEST - 1 else None

    @property
    def live(self) -> bool:
        """Whether anything follows from prices newer than the report."""
        return any(each.live for each in self.trades)

    @property
    def as_account(self) -> Account:
        """The account with these figures in the place of those reported."""
        if not counted(self.account, self.trades):
            return self.account
        return structs.replace(self.account, equity=self.equity, margin=self.margin, floating=self.floating)


def money(amount: Decimal, currency: str) -> Decimal:
    """Round to the places of a currency, a half away from zero, as trading servers do."""
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP, WIDE)


def counted(account: Account, trades: Sequence[Priced]) -> bool:
    """Whether an account is worth what its open trades bring: they are newer than its report, or it says nothing."""
    return any(each.live for each in trades) or (account.equity is None and bool(trades))


def sums(account: Account, trades: Sequence[Priced], margin: Decimal | None, reasons: Mapping[str, str]) -> Valued:
    """Add up what an account is worth; without a live trade it is what the server reported, if it did.

    MetaTrader 4 counts swap and commission into the floating result. MetaTrader 5 leaves the swap beside it, and has
    booked the commission of an open trade already.
    """
    if not counted(account, trades):
        return Valued(
            account=account,
            floating=account.floating,
            equity=account.worth,
            margin=account.used_margin,
            priced_at=account.as_of,
            trades=trades,
        )
    rows = [each.trade for each in trades]
    profit, swap = (sum((each.profit for each in rows), NOTHING), sum((each.swap for each in rows), NOTHING))
    newer = account.platform == "mt5"
    costs = NOTHING if newer else sum((each.commission + each.fee for each in rows), NOTHING)
    in_part = {} if all(each.live for each in trades) else {"floating": IN_PART}
    return Valued(
        account=account,
        floating=profit if newer else profit + swap + costs,
        equity=account.balance + account.credit + profit + swap + costs,
        margin=account.used_margin if margin is None else margin,
        priced_at=min(each.priced_at for each in trades),
        trades=trades,
        reasons=in_part | dict(reasons),
    )
