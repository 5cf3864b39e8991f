"""What feeds tell of the market belongs to a server, and to no account."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import asdict
from psycopg import DataError, IntegrityError

from opencabinet import market
from opencabinet.db import Connection
from opencabinet.ingest.feeds.model import FeedRefused, InstrumentRow, QuoteRow, Row
from opencabinet.ingest.feeds.staging.fitting import fitted
from opencabinet.ingest.feeds.staging.latest import latest
from opencabinet.market import Instrument, Quote


async def tell_market(conn: Connection, server: str, rows: Sequence[Row]) -> int:
    """Keep the instruments and quotes among rows, of each symbol the last that was said; give how many those were.

    Raises:
        FeedRefused: if one holds what no record can.
    """
    last = latest(row for row in rows if isinstance(row, InstrumentRow | QuoteRow))
    instruments = [Instrument(**said(server, row)) for row in last.get(InstrumentRow, ())]
    quotes = [Quote(**said(server, row)) for row in last.get(QuoteRow, ())]
    try:
        if instruments:
            await market.save_instruments(conn, instruments)
        if quotes:
            await market.save_quotes(conn, quotes)
    except (DataError, IntegrityError) as misfit:
        raise FeedRefused(f"A row cannot be kept: {misfit.diag.message_primary}.") from misfit
    return len(instruments) + len(quotes)


def said(server: str, row: Row) -> dict[str, Any]:
    """Return what a row says, as the market's nouns have it."""
    return {name: fitted(row, name) for name in asdict(row)} | {"server": server, "told_by": "feed"}
