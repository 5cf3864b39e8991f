"""What a trade that nobody has made would come to: the value of a pip, and the margin that it would take."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from opencabinet.kernel.problem import Conflict
from opencabinet.market import Instrument, Side
from opencabinet.valuations import margin
from opencabinet.valuations.model import LARGEST
from opencabinet.valuations.rates import Prices

Missing = Literal["size", "currency", "rate", "price", "margin"]


class Uncountable(Conflict):
    """Too little is known of the market, or a figure is too large, to count this; `missing` names what is not known."""

    def __init__(self, missing: Missing) -> None:
        super().__init__()
        self.missing: Missing = missing


class Sketch(Struct, frozen=True, kw_only=True):
    """A trade that nobody has made: so many lots of a symbol, at a price or else at the last quote."""

    symbol: str
    side: Side
    lots: Decimal
    price: Decimal | None = None


class PipValue(Struct, frozen=True, kw_only=True):
    """What one pip of a trade is worth: in the symbol's currency of profit, and by `rate` in the account's."""

    pip: Decimal
    worth: Decimal
    worth_currency: str
    rate: Decimal
    value: Decimal


class Margin(Struct, frozen=True, kw_only=True):
    """What a trade would take: `taken` in the margin currency, by `rate` `value` in the account's; at a price."""

    price: Decimal
    units: Decimal | None
    taken: Decimal
    taken_currency: str
    rate: Decimal
    value: Decimal


class Leg(Struct, frozen=True, kw_only=True):
    """A sketch as margin is counted of it."""

    lots: Decimal
    contract_size: Decimal | None
    open_price: Decimal


def pip_value(sketch: Sketch, currency: str, known: Prices, at: datetime) -> PipValue:
    """Return what one pip of a trade is worth in an account's currency, at the rates of a moment.

    Raises:
        Uncountable: if too little is known.
    """
    instrument = known.instruments.get(sketch.symbol)
    if instrument is None or instrument.profit_currency is None:
        raise Uncountable("currency")
    worth = instrument.worth(instrument.pip, sketch.lots)
    if worth is None:
        raise Uncountable("size")
    rate = converting(known, instrument.profit_currency, currency, sketch.side, at)
    return PipValue(
        pip=instrument.pip,
        worth=bounded(worth),
        worth_currency=instrument.profit_currency,
        rate=rate,
        value=bounded(worth * rate),
    )


def needed(sketch: Sketch, currency: str, leverage: int, known: Prices, at: datetime) -> Margin:
    """Return what a trade would take of an account as margin, at the rates of a moment.

    Raises:
        Uncountable: if too little is known.
    """
    instrument = known.instruments.get(sketch.symbol)
    if instrument is None:
        raise Uncountable("margin")
    price = sketch.price or last(sketch, known)
    leg = Leg(lots=sketch.lots, contract_size=instrument.contract_size, open_price=price)
    taken, counted_in = margin.alone(leg, instrument, leverage), margin.currency(instrument)
    if taken is None or counted_in is None:
        raise Uncountable("margin")
    rate = exchange(instrument, counted_in, currency, price) or converting(known, counted_in, currency, sketch.side, at)
    return Margin(
        price=price,
        units=instrument.units(sketch.lots),
        taken=bounded(taken),
        taken_currency=counted_in,
        rate=rate,
        value=bounded(taken * rate),
    )


def last(sketch: Sketch, known: Prices) -> Decimal:
    """Return the price that a trade would open at now: what is bought at the ask, what is sold at the bid."""
    quote = known.quotes.get(sketch.symbol)
    price = None if quote is None else (quote.ask if sketch.side == "buy" else quote.bid)
    if price is None:
        raise Uncountable("price")
    return price


def exchange(instrument: Instrument, source: str, target: str, price: Decimal) -> Decimal | None:
    """Return the price of a pair of currencies as the rate that it is, None where it is another pair's."""
    pair = instrument.calculation in margin.FOREX
    return price if pair and (instrument.base_currency, instrument.profit_currency) == (source, target) else None


def converting(known: Prices, source: str, target: str, side: Side, at: datetime) -> Decimal:
    """Return a rate of exchange."""
    rate = known.rate(source, target, side, at)
    if rate is None:
        raise Uncountable("rate")
    return rate


def bounded(amount: Decimal) -> Decimal:
    """Return an amount that an account can hold."""
    if abs(amount) >= LARGEST:
        raise Uncountable("size")
    return amount
