"""The account whose answers are recorded, byte for byte, in tests/golden/legacy and tests/golden/peanut."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from opencabinet import access, accounts, bonuses, ledger
from opencabinet.accounts import Account, Profile
from opencabinet.bonuses import Programme
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.ledger import Movement
from tests import make

FOLDER: Final = Path(__file__).parents[2] / "golden" / "legacy"
LOGIN: Final = Login(1234567)
MONDAY: Final = datetime(2026, 3, 2, 9, 30, 15, 999_000, tzinfo=UTC)

PERSON: Final = Profile(
    login=LOGIN,
    phone="+49 (30) 120-0042",
    country="Belarus",
    city="Мінск",
    address="1 Example Street",
    zip_code="ru220000",
    account_type="StandardEUR",
    swap_free=True,
    verification_level=1,
)
PROGRAMME: Final = Programme(
    name="thirty",
    title="30 % bonus",
    family="welcome",
    percent=Decimal(30),
    lots_per_unit=Decimal(3),
    factors={"EUR": Decimal("1.1")},
)


def golden(name: str, folder: Path = FOLDER) -> bytes:
    """Return a recorded body."""
    return (folder / name).read_bytes()


async def account(conn: Connection) -> Account:
    """Keep the account with its trades: figures and texts of every awkward kind. It is open."""
    figures = {"balance": Decimal("314.79"), "equity": Decimal("241.5600"), "margin": Decimal("1E+2")}
    reported = {"credit": Decimal(30), "floating": Decimal("-103.23")}
    made = await make.account(conn, LOGIN, **figures, **reported, currency="EUR")
    await access.open_account(conn, made.login)
    await accounts.describe(conn, PERSON)
    await opened(conn)
    await closed(conn)
    await moved(conn)
    return made


async def moved(conn: Connection) -> None:
    """Keep what moved: money in and out, a bonus on it, and the entry for what no row explains."""
    await bonuses.save(conn, [PROGRAMME])
    await movement(conn, LOGIN, 60, amount=Decimal(100), moved_at=MONDAY - timedelta(days=1), comment="Wire")
    bonus = {"kind": "credit", "amount": Decimal(30), "comment": "30% bonus"}
    await movement(conn, LOGIN, 61, moved_at=MONDAY - timedelta(hours=23), **bonus)
    await movement(conn, LOGIN, 62, amount=Decimal("-0.10"), moved_at=MONDAY)
    opening = {"kind": "opening", "amount": Decimal("84.89"), "comment": "not explained"}
    await movement(conn, LOGIN, -1, moved_at=MONDAY - timedelta(days=9), **opening)


async def movement(conn: Connection, login: Login, ticket: int, **given: Any) -> Movement:
    """Keep a movement."""
    usual: dict[str, Any] = {
        "kind": "balance",
        "amount": Decimal(1),
        "moved_at": MONDAY,
        "moved_offset": 120,
        "comment": "",
    }
    made = Movement(**usual | given | {"login": login, "ticket": Ticket(ticket)})
    await ledger.save(conn, [made])
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
    await make.closed_trade(conn, LOGIN, ticket=Ticket(70), contract_size=Decimal(100_000), **whole)
    untold = {"opened_at": None, "opened_offset": None, "open_price": None, "contract_size": Decimal(10_000)}
    await make.closed_trade(conn, LOGIN, ticket=Ticket(69), closed_at=MONDAY, side="sell", comment="[sl]", **untold)
