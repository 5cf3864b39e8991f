"""The SQL of watched margin levels."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

LOW = """
SELECT login, threshold, low FROM webhook_margins WHERE login = ANY (%(logins)s::bigint[])
"""

NOTE = """
INSERT INTO webhook_margins AS known (login, threshold, low) VALUES (%(login)s, %(threshold)s, %(low)s)
ON CONFLICT (login, threshold) DO UPDATE SET low = excluded.low WHERE known.low <> excluded.low
"""

FORGET = """
DELETE FROM webhook_margins
 WHERE NOT EXISTS (
         SELECT FROM webhook_endpoints AS watching
          WHERE watching.login = webhook_margins.login AND watching.margin_level_under = webhook_margins.threshold
       )
"""


class Low(Struct, frozen=True):
    """Whether an account is under a level, as was told."""

    login: Login
    threshold: Decimal
    low: bool


async def low(conn: Connection, logins: Sequence[Login]) -> dict[tuple[Login, Decimal], bool]:
    """Return which of the watched levels of some accounts they are under, as was told."""
    found = await conn.fetch(Low, LOW, logins=list(logins))
    return {(each.login, each.threshold): each.low for each in found}


async def note(conn: Connection, login: Login, threshold: Decimal, *, low: bool) -> bool:
    """Note on which side of a level an account is; whether that is new."""
    return bool(await conn.run(NOTE, login=login, threshold=threshold, low=low))


async def forget(conn: Connection) -> int:
    """Forget levels that nobody watches any more."""
    return await conn.run(FORGET)
