"""What is read of an account at once."""

from collections.abc import Sequence
from typing import TypeVar

from msgspec import Struct

from opencabinet.accounts import Account
from opencabinet.market import Instrument, Pair, Quote
from opencabinet.trades import OpenTrade
from opencabinet.valuations.rates import Prices

T = TypeVar("T", Instrument, Quote)


class Read(Struct, frozen=True, kw_only=True):
    """An account, where it is kept, open trades of it, and what its server's market tells of them."""

    account: Account
    server: str | None
    trades: Sequence[OpenTrade]
    instruments: Sequence[Instrument]
    quotes: Sequence[Quote]
    pairs: Sequence[Pair]

    @property
    def prices(self) -> Prices:
        """What the trades are counted by; symbols are called as the trades call them."""
        symbols = {trade.symbol for trade in self.trades}
        return Prices(named(self.instruments, symbols), named(self.quotes, symbols), self.pairs)


def named(rows: Sequence[T], symbols: set[str]) -> dict[str, T]:
    """Return rows by the symbols that name them, in whatever case."""
    known = {row.symbol.lower(): row for row in rows}
    return {symbol: known[symbol.lower()] for symbol in symbols if symbol.lower() in known}
