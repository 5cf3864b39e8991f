"""What a currency is worth in another, by the quotes of one server.

A trade is converted on the side that it closes at, as MetaTrader does: one bought at bids, one sold at asks.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from msgspec import Struct

from opencabinet.market import Instrument, Pair, Quote, Side

PIVOTS: Final = ("USD", "EUR")
"""Currencies that nearly every other is quoted against: a rate may lead over one of them."""

LASTS: Final = timedelta(days=4)
"""A rate may be so much older than the price that it converts: over a weekend and a holiday the last one holds."""


class Prices(Struct, frozen=True):
    """What is known of a server's market: instruments and quotes by their symbols, and pairs of currencies."""

    instruments: Mapping[str, Instrument] = {}
    quotes: Mapping[str, Quote] = {}
    pairs: Sequence[Pair] = ()

    def rate(self, source: str, target: str, side: Side, at: datetime) -> Decimal | None:
        """Return what one `source` is worth in `target`: by a pair of them, or over a third currency."""
        direct = self.straight(source, target, side, at)
        if direct is not None:
            return direct
        return next(self.over(source, target, side, at), None)

    def over(self, source: str, target: str, side: Side, at: datetime) -> Iterator[Decimal]:
        """Give the rates that lead over a third currency."""
        for pivot in PIVOTS:
            first = self.straight(source, pivot, side, at)
            second = None if first is None else self.straight(pivot, target, side, at)
            if first is not None and second is not None:
                yield first * second

    def straight(self, source: str, target: str, side: Side, at: datetime) -> Decimal | None:
        """Return a rate by one pair of currencies, of several the one quoted last."""
        if source == target:
            return Decimal(1)
        found = [
            (pair.quoted_at, -len(pair.symbol), pair.symbol, price if pair.base_currency == source else 1 / price)
            for pair in self.pairs
            if {pair.base_currency, pair.profit_currency} == {source, target}
            and pair.quoted_at > at - LASTS
            and (price := pair.bid if side == "buy" else pair.ask)
        ]
        return max(found)[-1] if found else None
