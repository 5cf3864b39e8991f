"""The account whose answers are recorded, byte for byte, in tests/golden/legacy."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from opencabinet import access
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login, Ticket
from tests import make

FOLDER: Final = Path(__file__).parents[2] / "golden" / "legacy"
LOGIN: Final = Login(1234567)
MONDAY: Final = datetime(2026, 3, 2, 9, 30, 15, 999_000, tzinfo=UTC)


def golden(name: str) -> bytes:
    """Return a recorded body."""
    return (FOLDER / name).read_bytes()


async def account(conn: Connection) -> Account:
    """Keep the account with its trades: figures and texts of every awkward kind. It is open."""
    figures = {"balance": Decimal("314.79"), "equity": Decimal("241.5600"), "margin": Decimal("1E+2")}
    made = await make.account(conn, LOGIN, **figures, currency="EUR")
    await access.open_account(conn, made.login)
    await opened(conn)
    await closed(conn)
    return made


async def opened(conn: Connection) -> None:
    """Keep its open trades."""
    await make.open_trade(conn, LOGIN, position=71, opened_at=MONDAY, take_profit=Decimal("1.112"))
    await make.open_trade(
        conn,
        LOGIN,
        position=72,
        opened_at=MONDAY,
        symbol="#BITCOIN",
        side="sell",
        lots=Decimal(100),
        open_price=Decimal("0.00000001"),
        current_price=Decimal("1E+5"),
        stop_loss=Decimal("120000.5"),
        profit=Decimal("-0.00"),
        swap=Decimal(0),
        digits=2,
        comment='Grüße "tp" \\ \x7f 😀 </script>',
    )


async def closed(conn: Connection) -> None:
    """Keep its closed trades, one of which no report told the opening of."""
    whole = {"opened_at": MONDAY, "closed_at": MONDAY.replace(hour=15), "take_profit": Decimal("1.112")}
    await make.closed_trade(conn, LOGIN, ticket=Ticket(70), **whole)
    untold = {"opened_at": None, "opened_offset": None, "open_price": None}
    await make.closed_trade(conn, LOGIN, ticket=Ticket(69), closed_at=MONDAY, side="sell", comment="[sl]", **untold)
