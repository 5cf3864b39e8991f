"""An account with all that partners have, so that examples and reads find rows."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from opencabinet.access import Source
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted, Login, Ticket
from opencabinet.kernel.period import EVER
from opencabinet.partners import links, programme, referrals, rewards
from opencabinet.partners.links import Destination
from tests import make
from tests.content import examples as content
from tests.partners.making import LONG_AGO, accrued, clicked, counted, enrolled, planned, referred, traded

CODE: Final = "HARBR"
CLIENT: Final = Login(2_001_002)
MASTER: Final = Login(2_001_001)
CLOSED: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OPENING: Final = Destination(
    id="open-account", url="https://www.example.com/open", title="Open an account", carries=True
)


async def seeded(conn: Connection, login: Login, database: str) -> None:
    """Let an account be a partner below another, with a client, clicks and rewards; and a client itself.

    There is something to show, too.
    """
    await content.seeded(conn)
    await links.save_destinations(conn, [OPENING])
    await planned(conn)
    await enrolled(conn, MASTER)
    await programme.enrol(conn, login, CODE, MASTER, since=LONG_AGO)
    await referrals.assign(conn, login, MASTER, since=LONG_AGO)
    made = await referred(conn, login, await make.account(conn, CLIENT))
    await referrals.consent(conn, made.login, "named", Source(channel="v1"))
    await clicked(conn, CODE, 1, country="DE")
    await counted(conn)
    await conn.execute("UPDATE click_days SET day = %s", (CLOSED.date(),))
    for number in range(3):
        closed_at = CLOSED + number * timedelta(days=1)
        held = {"opened_at": closed_at - timedelta(hours=2), "opened_offset": 0, "closed_offset": 0}
        await traded(conn, made.login, ticket=Ticket(31 + number), closed_at=closed_at, lots=Decimal("0.5"), **held)
    await accrued(database)
    await rewards.approve_until(conn, login, CLOSED + timedelta(hours=1))
    await rewards.settle(conn, login, CLOSED + timedelta(hours=1))
    page = await rewards.listed(conn, Granted(login), EVER, limit=9)
    await rewards.dispute(conn, login, page.rows[1].id, "The trade was two lots, not one: see our report.")
