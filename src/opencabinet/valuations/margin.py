"""What open trades take of an account as margin, by how their instruments count it.

It is counted at the price of opening, as trading servers do: it stands still while prices move, and only what is
converted from another currency follows its rate.

| calculation | of a lot, in the margin currency |
|---|---|
| forex | contract size ÷ leverage |
| forex no leverage | contract size |
| cfd | contract size × price |
| cfd leverage | contract size × price ÷ leverage |
| cfd index | contract size × price × tick value ÷ tick size |
| futures | the initial margin |

An initial margin that is told for another calculation takes the place of all but the leverage. The margin rate
multiplies whatever comes out. Of what is bought and sold of one symbol, the part that hedges the other takes the hedged
margin for each lot, the rest its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, Protocol

from opencabinet.market import Instrument
from opencabinet.market.model import CALCULATIONS
from opencabinet.valuations.model import NOTHING, Priced

LEVERED: Final = frozenset({"forex", "cfd leverage"})
FOREX: Final = frozenset({"forex", "forex no leverage"})
UNTOLD: Final = "Nobody told how the margin of this symbol is counted."
HEDGED: Final = "Nobody told the margin of hedged lots."


class Counted(Protocol):
    """What margin is counted of: an open trade, or one that nobody has made."""

    @property
    def lots(self) -> Decimal:
        """How many lots."""

    @property
    def contract_size(self) -> Decimal | None:
        """The units of one, where the trade tells it."""

    @property
    def open_price(self) -> Decimal:
        """The price of opening."""


def currency(instrument: Instrument) -> str | None:
    """Return the currency that the margin of an instrument is counted in."""
    usual = instrument.base_currency if instrument.calculation in FOREX else instrument.profit_currency
    return instrument.margin_currency or usual


def alone(trade: Counted, instrument: Instrument, leverage: int | None) -> Decimal | None:
    """Return what a trade takes if it stands alone, in the margin currency; None where something is not told."""
    lot = of_lot(trade, instrument)
    if lot is None or instrument.calculation not in CALCULATIONS:
        return None
    if instrument.calculation in LEVERED:
        if not leverage:
            return None
        lot /= leverage
    return lot * trade.lots * (1 if instrument.margin_rate is None else instrument.margin_rate)


def of_lot(trade: Counted, instrument: Instrument) -> Decimal | None:
    """Return what one lot takes without leverage."""
    if instrument.calculation == "futures" or instrument.margin_initial is not None:
        return instrument.margin_initial
    size = trade.contract_size or instrument.contract_size
    if size is None or instrument.calculation in FOREX:
        return size
    if instrument.calculation != "cfd index":
        return size * trade.open_price
    if instrument.tick_size is None or instrument.tick_value is None:
        return None
    return size * trade.open_price * instrument.tick_value / instrument.tick_size


def together(trades: Iterable[Priced], instruments: dict[str, Instrument]) -> Decimal | str:
    """Return what trades take together, in the account's money, or why that is not known."""
    by_symbol = defaultdict[str, list[Priced]](list)
    for each in trades:
        if each.margin is None:
            return each.margin_reason or UNTOLD
        by_symbol[each.trade.symbol.lower()].append(each)
    total = NOTHING
    for rows in by_symbol.values():
        taken = of_symbol(rows, instruments.get(rows[0].trade.symbol))
        if taken is None:
            return HEDGED
        total += taken
    return total


def of_symbol(rows: Sequence[Priced], instrument: Instrument | None) -> Decimal | None:
    """Return what the trades of one symbol take, None where they hedge each other and nobody told what that takes."""
    legs = [[each for each in rows if each.trade.side == side] for side in ("buy", "sell")]
    (less, of_less), (more, of_more) = sorted(
        (sum((each.trade.lots for each in leg), NOTHING), sum((each.margin or NOTHING for each in leg), NOTHING))
        for leg in legs
    )
    if not less:
        return of_more
    unit = None if instrument is None else instrument.margin_initial or rows[0].trade.contract_size
    unit = unit or (instrument.contract_size if instrument else None)
    if instrument is None or instrument.margin_hedged is None or unit is None:
        return None
    hedged = less * (of_more + of_less) / (more + less) * instrument.margin_hedged / unit
    return hedged + of_more * (more - less) / more
