"""Figures as MetaTrader prints them: rounded half away from zero, thousands parted by a space."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from opencabinet.ingest.model import Closing, Opened, Ordered, Statement
from opencabinet.kernel.money import nearest


def spaced(number: Decimal, places: int) -> str:
    """Write a figure with `places` decimals and a space between thousands."""
    return f"{nearest(number, places):,f}".replace(",", " ")


def exact(number: Decimal, places: int) -> str:
    """Write a figure as `spaced` does, but with all the decimals it has."""
    return spaced(number, max(places, decimals(number)))


def fixed(number: Decimal | None, places: int) -> str:
    """Write a price with at least `places` decimals; none at all is zero."""
    return f"{number or 0:.{max(places, decimals(number or Decimal(0)))}f}"


def total(numbers: Iterable[Decimal]) -> Decimal:
    """Add up `numbers`, of which there may be none."""
    return sum(numbers, Decimal(0))


def decimals(number: Decimal) -> int:
    """Return how many decimals `number` was written with."""
    return max(0, -int(number.as_tuple().exponent))


def timed(moment: datetime | None) -> str:
    """Write a moment to the second, or to the millisecond where it has them."""
    if moment is None:
        return ""
    return f"{moment:%Y.%m.%d %H:%M:%S}" + (f".{moment.microsecond // 1000:03}" if moment.microsecond else "")


def digits(statement: Statement) -> dict[str, int]:
    """Return the decimals of each symbol's prices: as many as the longest of them has."""
    known: dict[str, int] = {}
    for symbol, price in prices(statement):
        if price is not None:
            known[symbol] = max(known.get(symbol, 0), decimals(price))
    return known


def prices(statement: Statement) -> Iterable[tuple[str, Decimal | None]]:
    """Give every price of a statement with its symbol."""
    for closing in statement.closings:
        yield from ((closing.symbol, price) for price in (closing.open_price, closing.close_price))
    for trade in statement.opened:
        yield from ((trade.symbol, price) for price in (trade.open_price, trade.current_price))
    rows: list[Closing | Opened | Ordered] = [*statement.closings, *statement.opened, *statement.orders]
    for row in rows:
        yield from ((row.symbol, price) for price in (row.stop_loss, row.take_profit))
    yield from ((order.symbol, order.price) for order in statement.orders)
    yield from ((deal.symbol, deal.price) for deal in statement.deals)
