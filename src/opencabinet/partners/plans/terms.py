"""What holds of a part for a trade: the rate of its symbol, group and month, and no other. Explanations hold these."""

from decimal import Decimal

from msgspec import Struct


class Term(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part as it holds for a trade.

    `reached` is from how many lots of the month on the rate holds, and `below` until how many.
    """

    kind: str
    share: Decimal
    rate: Decimal | None = None
    lot_units: Decimal | None = None
    reached: Decimal | None = None
    below: Decimal | None = None
    pips: Decimal | None = None
    points: Decimal | None = None
    percent: Decimal | None = None
    most: Decimal | None = None
    of: str | None = None
    negative: str | None = None

    @property
    def fraction(self) -> Decimal:
        """Which part of the whole is paid: the percent of the share."""
        percent = Decimal(1) if self.percent is None else self.percent.scaleb(-2)
        return percent * self.share.scaleb(-2)
