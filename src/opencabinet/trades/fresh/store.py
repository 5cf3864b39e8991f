"""The SQL of closed trades that are new as a whole."""

from collections.abc import Iterable, Sequence

from psycopg import sql

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

# Whether closings among their numbers are known, or trades that are open and may be theirs.
ANY_KNOWN = """
SELECT EXISTS (SELECT FROM unnest(%(logins)s::bigint[]) AS told (login),
                      LATERAL (SELECT FROM open_trades WHERE open_trades.login = told.login LIMIT 1) AS known)
    OR EXISTS (SELECT FROM unnest(%(logins)s::bigint[], %(firsts)s::bigint[], %(lasts)s::bigint[])
                           AS told (login, first, last),
                      LATERAL (SELECT FROM closed_trades
                                WHERE closed_trades.login = told.login AND ticket BETWEEN told.first AND told.last
                                LIMIT 1) AS known)
"""


async def any_known(conn: Connection, logins: Sequence[Login], firsts: Sequence[int], lasts: Sequence[int]) -> bool:
    """Say whether something is known of these accounts that closings from ticket to ticket could touch."""
    return bool(await conn.value(ANY_KNOWN, logins=list(logins), firsts=list(firsts), lasts=list(lasts)))


async def copy(conn: Connection, columns: Sequence[str], lines: Iterable[str]) -> None:
    """Keep closings, none of which is known, that are written as COPY reads them."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    async with (
        conn.cursor() as cursor,
        cursor.copy(sql.SQL("COPY closed_trades ({}) FROM STDIN").format(names)) as rows,
    ):
        for some in lines:
            await rows.write(some)
