"""What partners show, for examples."""

from datetime import UTC, datetime
from typing import Final

from opencabinet.db import Connection
from tests.content.pictures import banner
from tests.content.telling import news

TEXT: Final = "# Gold holds above 2,900\n\nThe metal kept what it had gained. Traders look at *Friday's* figures.\n"
PUBLISHED: Final = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


async def seeded(conn: Connection) -> None:
    """Tell news, and bring a banner in."""
    await news(conn, TEXT, category="analytics", symbols=["XAUUSD"], at=PUBLISHED)
    await banner(conn, title="Trade gold")
