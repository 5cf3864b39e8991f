"""What the invented broker lets people trade."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from opencabinet.ingest.feeds.model import InstrumentRow
from opencabinet.ingest.feeds.simulator.calendar import ALWAYS, CURRENCIES, INDICES, METALS, Session
from opencabinet.ingest.model import Side

WEDNESDAY: Final = 3
FRIDAY: Final = 5
"""Days as MetaTrader numbers them, from Sunday as none."""


class Symbol(Struct, frozen=True, kw_only=True):
    """An instrument. Its level, spread and the swaps of a night are in points, the smallest step of its price.

    `pace` is how far its price goes in a minute, as a part of its level. A night of `triple` counts three times.
    """

    name: str
    digits: int
    contract: Decimal
    base: str
    quote: str
    level: int
    pace: float
    spread: int
    swaps: Mapping[Side, Decimal]
    calculation: Literal["forex", "cfd leverage"]
    session: Session
    triple: int | None

    def price(self, points: int) -> Decimal:
        """Return the price of so many points."""
        return Decimal(points).scaleb(-self.digits)

    def points(self, price: Decimal) -> int:
        """Return how many points a price is."""
        return int(price.scaleb(self.digits))

    def nights(self, weekday: int) -> int:
        """Return how many nights are paid for at the end of a day, counted from Monday as none."""
        if self.triple is None:
            return 1
        if weekday >= FRIDAY:
            return 0
        return 3 if weekday == self.triple - 1 else 1

    def row(self) -> InstrumentRow:
        """Say it in the words of feeds."""
        return InstrumentRow(
            symbol=self.name,
            digits=self.digits,
            contract_size=self.contract,
            base_currency=self.base,
            profit_currency=self.quote,
            margin_currency=self.base if self.calculation == "forex" else self.quote,
            calculation=self.calculation,
            margin_hedged=self.contract,
            swap_mode="points",
            swap_long=self.swaps["buy"],
            swap_short=self.swaps["sell"],
            swap_triple_day=self.triple,
        )


def pair(*figures: int, name: str, digits: int, pace: float, swaps: tuple[str, str]) -> Symbol:
    """Return two currencies that are traded against each other, from level and spread."""
    level, spread = figures
    return Symbol(
        name=name,
        digits=digits,
        contract=Decimal(100_000),
        base=name[:3],
        quote=name[3:],
        level=level,
        spread=spread,
        pace=pace,
        swaps={"buy": Decimal(swaps[0]), "sell": Decimal(swaps[1])},
        calculation="forex",
        session=CURRENCIES,
        triple=WEDNESDAY,
    )


def other(
    *figures: int, name: str, base: str, pace: float, swaps: tuple[str, str], session: Session, contract: int = 1
) -> Symbol:
    """Return something that is traded for dollars and cents, from level and spread."""
    level, spread = figures
    return Symbol(
        name=name,
        digits=2,
        contract=Decimal(contract),
        base=base,
        quote="USD",
        level=level,
        spread=spread,
        pace=pace,
        swaps={"buy": Decimal(swaps[0]), "sell": Decimal(swaps[1])},
        calculation="cfd leverage",
        session=session,
        triple=None if session is ALWAYS else FRIDAY,
    )


SYMBOLS: Final = {
    each.name: each
    for each in (
        pair(117_200, 12, name="EURUSD", digits=5, pace=0.00004, swaps=("-6.8", "2.1")),
        pair(134_100, 16, name="GBPUSD", digits=5, pace=0.000045, swaps=("-3.9", "-1.4")),
        pair(152_400, 14, name="USDJPY", digits=3, pace=0.000045, swaps=("9.2", "-16.5")),
        pair(80_300, 15, name="USDCHF", digits=5, pace=0.00004, swaps=("5.5", "-9.7")),
        pair(87_300, 18, name="EURGBP", digits=5, pace=0.00003, swaps=("-5.9", "1.2")),
        pair(178_600, 21, name="EURJPY", digits=3, pace=0.000045, swaps=("4.6", "-12.8")),
        other(421_000, 28, name="XAUUSD", base="XAU", pace=0.00008, swaps=("-38", "17"), session=METALS, contract=100),
        other(652_000, 50, name="US500", base="USD", pace=0.00007, swaps=("-52", "12"), session=INDICES, contract=10),
        other(8_740_000, 1_500, name="BTCUSD", base="BTC", pace=0.00015, swaps=("-1900", "400"), session=ALWAYS),
    )
}
