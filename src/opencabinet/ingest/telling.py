"""What a statement tells of the market: its symbols, and the last prices of those that are open."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from opencabinet import market
from opencabinet.db import Connection
from opencabinet.ingest.model import Closing, Opened, Statement
from opencabinet.ingest.translate import digits
from opencabinet.market import Fill, Instrument, Quote
from opencabinet.market.model import LONGEST_SYMBOL

Traded = Closing | Opened


async def tell(conn: Connection, statement: Statement, server: str, as_of: datetime) -> None:
    """Keep what a statement tells of the instruments of its server, and of their quotes at the time `as_of`."""
    await market.save_instruments(conn, list(instruments(statement, server)))
    await market.save_quotes(conn, list(quotes(statement, server, as_of)))


def instruments(statement: Statement, server: str) -> Iterator[Instrument]:
    """Give the instruments that a statement has trades of."""
    for rows in by_symbol([*statement.closings, *statement.opened]):
        symbol = rows[0].symbol
        base, profit = market.currencies(symbol) or (None, None)
        own = profit is not None and profit == statement.currency
        yield Instrument(
            server=server,
            symbol=symbol,
            digits=max(map(places, rows)),
            contract_size=market.contract_size(fills(statement, rows), statement.currency) if own else None,
            base_currency=base,
            profit_currency=profit,
            told_by="statement",
        )


def by_symbol(rows: Iterable[Traded]) -> Iterator[Sequence[Traded]]:
    """Give rows by their symbol, whatever its case; one too long for an instrument is passed over."""
    found = defaultdict(list)
    for row in rows:
        found[row.symbol.lower()].append(row)
    yield from (rows for symbol, rows in found.items() if 0 < len(symbol) <= LONGEST_SYMBOL)


def places(row: Traded) -> int:
    """Return how many decimal places the last price of a row has; the price of opening may be an average."""
    return digits(row.close_price if isinstance(row, Closing) else row.current_price)


def fills(statement: Statement, rows: Sequence[Traded]) -> Iterator[Fill]:
    """Give the closings that prove something: those that closed each other share their profit and prove nothing."""
    paired = {deal.deal for deal in statement.deals if deal.direction == "out by"}
    for row in rows:
        if isinstance(row, Closing) and row.open_price is not None and row.ticket not in paired:
            yield Fill(
                side=row.side,
                lots=row.lots,
                open_price=row.open_price,
                close_price=row.close_price,
                profit=row.profit,
            )


def quotes(statement: Statement, server: str, as_of: datetime) -> Iterator[Quote]:
    """Give the quotes at which open trades were counted: those bought at the bid, those sold at the ask."""
    for rows in by_symbol(statement.opened):
        bid, ask = last(rows, "buy"), last(rows, "sell")
        symbol = rows[0].symbol
        yield Quote(server=server, symbol=symbol, bid=bid, ask=ask, quoted_at=as_of, told_by="statement")


def last(rows: Sequence[Traded], side: str) -> Decimal | None:
    """Return the current price of the last open trade of a side: the report was written from the first to the last."""
    prices = [row.current_price for row in rows if isinstance(row, Opened) and row.side == side]
    return prices[-1] if prices else None
