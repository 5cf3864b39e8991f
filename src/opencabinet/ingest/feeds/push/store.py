"""The SQL of the push feed's place."""

from opencabinet.db import Connection
from opencabinet.ingest.feeds.model import State
from opencabinet.ingest.feeds.push.model import Place

HELD = """
SELECT server, kind, (cursor ->> 'sequence')::bigint AS sequence, as_of
  FROM feeds
 WHERE server = %(server)s
   FOR NO KEY UPDATE
"""

LOOKED_AT = """
SELECT server, kind, (cursor ->> 'sequence')::bigint AS sequence, as_of FROM feeds WHERE server = %(server)s
"""

HEARD = """
UPDATE feeds SET state = %(state)s, problem = NULL
 WHERE server = %(server)s AND (state <> %(state)s OR problem IS NOT NULL)
"""


async def hold(conn: Connection, server: str) -> Place | None:
    """Return how far a server's feed has come, and keep others from going on with it until the transaction ends."""
    return await conn.one(Place, HELD, server=server)


async def look(conn: Connection, server: str) -> Place | None:
    """Return how far a server's feed has come just now."""
    return await conn.one(Place, LOOKED_AT, server=server)


async def heard(conn: Connection, server: str, state: State) -> None:
    """Keep that a feed is well, and whether it is still loading what was before."""
    await conn.run(HEARD, server=server, state=state)
