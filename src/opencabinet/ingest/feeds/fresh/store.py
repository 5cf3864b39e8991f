"""The SQL of whose closings are, whether any is known, and where they are kept."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

OWNERS = """
SELECT number, min(login) AS login
  FROM sources
 WHERE server = %(server)s AND number = ANY (%(numbers)s)
 GROUP BY number
HAVING count(*) = 1 AND min(since) <= %(first)s::date::timestamp AT TIME ZONE 'UTC'
"""

# A ticket of MetaTrader 4 is an order, a trade or money by turns, and rows of numbers that nobody owns yet wait.
ANY_KNOWN = """
SELECT EXISTS (SELECT FROM parked_rows WHERE server = %(server)s AND place <> 'deal')
    OR EXISTS (SELECT FROM feed_rows
                WHERE server = %(server)s AND family = 'trade' AND key BETWEEN %(first)s AND %(last)s)
"""

KEEP = b"COPY feed_rows (server, family, key, login, place) FROM STDIN"


class Owner(Struct, frozen=True):
    """Whose a number on a server is."""

    number: int
    login: Login


async def owners(conn: Connection, server: str, numbers: Iterable[str], first: str) -> list[Owner]:
    """Return the owners of numbers that never had another, and had it on the day `first` already."""
    return await conn.fetch(Owner, OWNERS, server=server, numbers=[int(number) for number in numbers], first=first)


async def any_known(conn: Connection, server: str, first: int, last: int) -> bool:
    """Say whether a row is known that has a ticket between two, or any waits."""
    return bool(await conn.value(ANY_KNOWN, server=server, first=first, last=last))


async def keep(conn: Connection, server: str, logins: Mapping[int, Login]) -> None:
    """Keep where closings are kept, by their tickets."""
    named = server.replace("\\", "\\\\")
    lines = (f"{named}\ttrade\t{ticket}\t{login}\tclosed\n" for ticket, login in sorted(logins.items()))
    async with conn.cursor() as cursor, cursor.copy(KEEP) as rows:
        await rows.write("".join(lines))
