"""What is heard of quotes, by others than who saved them."""

from datetime import timedelta
from decimal import Decimal

from opencabinet import accounts, market
from opencabinet.db import Connection
from opencabinet.market import Quote
from tests import make


async def test_whoever_listens_hears_a_server_once_a_transaction(committed: Connection, database: str) -> None:
    await accounts.know_server(committed, "S", "UTC")
    quotes = [
        Quote(
            server="S",
            symbol="EURUSD",
            bid=Decimal(bid),
            ask=None,
            quoted_at=make.NOW + timedelta(seconds=bid),
            told_by="feed",
        )
        for bid in (1, 2)
    ]
    async with await Connection.open(database) as listening:
        await listening.execute("LISTEN opencabinet_quotes")
        async with committed.transaction():
            for each in quotes:
                await market.save_quotes(committed, [each])
        await market.save_quotes(committed, quotes)
        heard = [each.payload async for each in listening.notifies(timeout=0.3)]

    assert heard == ["S"]
