"""Ticks that are told, and the candles that they make."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from operator import attrgetter

from opencabinet import market
from opencabinet.db import Connection
from opencabinet.market import Candle, Quote
from opencabinet.market.quotes import Step

SERVER = "S"


def pieces(rows: Iterable[Quote], size: int) -> Iterator[list[Quote]]:
    """Give rows in batches."""
    left = list(rows)
    yield from (left[at : at + size] for at in range(0, len(left), size))


def tick(bid: str | Decimal, at: datetime, ask: str | Decimal | None = None, symbol: str = "EURUSD") -> Quote:
    """Make a quote of a feed."""
    told = None if ask is None else Decimal(ask)
    return Quote(server=SERVER, symbol=symbol, bid=Decimal(bid), ask=told, quoted_at=at, told_by="feed")


async def built(conn: Connection, step: Step, symbol: str = "EURUSD") -> list[Candle]:
    """Give all candles of a step, oldest first."""
    found = await market.candles(conn, SERVER, symbol, step, limit=100_000)
    return sorted(found.rows, key=attrgetter("at"))


def prices(candle: Candle) -> tuple[Decimal, ...]:
    """Give the four prices of a candle."""
    return candle.open, candle.high, candle.low, candle.close
