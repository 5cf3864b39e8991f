"""What closed, added up."""

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

Grouping = Literal["day", "month", "symbol", "total"]
"""By the trading server's day, its month (named by its first day), the symbol, or all as one."""


class Lots(Struct, frozen=True, kw_only=True):
    """Trades that closed, of one contract size (units of a lot; None where the trades do not tell it).

    `day` (a month's first) and `symbol` are None where they are not grouped by. Amounts are in the account's currency.
    """

    day: date | None
    symbol: str | None
    contract_size: Decimal | None
    trades: int
    lots: Decimal
    profit: Decimal
    swap: Decimal
    commission: Decimal
    fee: Decimal

    @property
    def result(self) -> Decimal:
        """What they brought, costs included."""
        return self.profit + self.swap + self.commission + self.fee
