"""The SQL of the simulator: how far its servers are told, who simulates, and the incidents that are asked for."""

from typing import Any

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

CURSORS = """
SELECT cursor FROM feeds WHERE kind = 'simulator' ORDER BY server
"""

BECOME = """
UPDATE feeds SET state = %(state)s WHERE kind = 'simulator' AND state <> %(state)s
"""

LOGINS = """
SELECT DISTINCT login FROM sources JOIN feeds USING (server) WHERE kind = 'simulator' ORDER BY login
"""

NUMBER = """
SELECT number FROM sources JOIN feeds USING (server) WHERE kind = 'simulator' AND login = %(login)s
 ORDER BY since DESC
 LIMIT 1
"""

ALONE = """
SELECT pg_try_advisory_lock(hashtext('opencabinet.simulator'))
"""

LISTEN = """
LISTEN opencabinet_incidents
"""

ASK = """
SELECT pg_notify('opencabinet_incidents', %(asked)s)
"""


async def cursors(conn: Connection) -> list[dict[str, Any]]:
    """Return how far each server is told; of one that was never told, nothing."""
    return await conn.values(CURSORS)


async def become(conn: Connection, state: str) -> None:
    """Let all servers be in a state."""
    await conn.run(BECOME, state=state)


async def logins(conn: Connection) -> list[Login]:
    """Return the accounts of the servers."""
    return await conn.values(LOGINS)


async def number(conn: Connection, login: Login) -> int | None:
    """Return the number of an account on its server, if it is simulated."""
    return await conn.value(NUMBER, login=login)  # type: ignore[no-any-return]


async def alone(conn: Connection) -> bool:
    """Take the lock of the only simulator for as long as `conn` lives, and say whether we have it."""
    return bool(await conn.value(ALONE))


async def listen(conn: Connection) -> None:
    """Hear from now on of incidents that are asked for."""
    await conn.run(LISTEN)


async def ask(conn: Connection, asked: str) -> None:
    """Ask for an incident."""
    await conn.value(ASK, asked=asked)


async def asked(conn: Connection, seconds: float) -> list[str]:
    """Wait so many seconds, and return what was asked for meanwhile and since the last time."""
    return [heard.payload async for heard in conn.notifies(timeout=seconds)]
