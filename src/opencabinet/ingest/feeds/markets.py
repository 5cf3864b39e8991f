"""What feeds tell of the market belongs to a server, and to no account."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import asdict
from psycopg import DataError, IntegrityError

from opencabinet import market
from opencabinet.db import Connection
from opencabinet.ingest.feeds.model import FeedRefused, InstrumentRow, QuoteRow, Row, Told
from opencabinet.ingest.feeds.staging.fitting import fitted
from opencabinet.market import Instrument, Quote

QUOTES_AT_ONCE: Final = 5_000
"""Of one statement: each may be of a minute of its own, with candles of every step."""


async def tell_market(conn: Connection, server: str, rows: Sequence[Told]) -> int:
    """Keep the instruments among rows, of each symbol the last that was said, and all quotes; give how many those were.

    Every quote counts, for candles are built of them.

    Raises:
        FeedRefused: if one holds what no record can.
    """
    last = {row.symbol.lower(): row for row in rows if isinstance(row, InstrumentRow)}
    instruments = [Instrument(**said(server, row)) for row in last.values()]
    quotes = [Quote(**said(server, row)) for row in rows if isinstance(row, QuoteRow)]
    try:
        if instruments:
            await market.save_instruments(conn, instruments)
        for at in range(0, len(quotes), QUOTES_AT_ONCE):
            await market.save_quotes(conn, quotes[at : at + QUOTES_AT_ONCE])
    except (DataError, IntegrityError) as misfit:
        raise FeedRefused(f"A row cannot be kept: {misfit.diag.message_primary}.") from misfit
    return len(instruments) + len(quotes)


def said(server: str, row: Row) -> dict[str, Any]:
    """Return what a row says, as the market's nouns have it."""
    return {name: fitted(row, name) for name in asdict(row)} | {"server": server, "told_by": "feed"}
