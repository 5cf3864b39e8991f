"""The SQL of how feeds stand."""

from datetime import timedelta

from opencabinet.db import Connection
from opencabinet.ingest.feeds.standing.model import SILENT, Standing

KNOWN = """
SELECT server, kind,
       CASE WHEN state = 'live' AND heard_at < now() - %(silent)s::interval THEN 'stale' ELSE state END AS state,
       as_of, heard_at, rows, problem, swept_at
  FROM feeds
 ORDER BY server
 LIMIT %(limit)s
"""

# Nobody counts more than a million.
STANDING = """
SELECT server, kind,
       CASE WHEN state = 'live' AND heard_at < now() - %(silent)s::interval THEN 'stale' ELSE state END AS state,
       as_of, heard_at, rows, problem, swept_at, waiting.parked
  FROM feeds
 CROSS JOIN LATERAL (
         SELECT count(*) AS parked
           FROM (SELECT FROM parked_rows WHERE parked_rows.server = feeds.server LIMIT 1000000) AS counted
       ) AS waiting
 ORDER BY server
 LIMIT %(limit)s
"""

MOST = 1_000
"""So many feeds are looked at."""


async def known(conn: Connection, silent: timedelta = SILENT) -> list[Standing]:
    """Return how each feed stands, by server, without what waits: it costs next to nothing."""
    return await conn.fetch(Standing, KNOWN, silent=silent, limit=MOST)


async def standing(conn: Connection, silent: timedelta = SILENT) -> list[Standing]:
    """Return how each feed stands, by server, with how many rows wait for their account."""
    return await conn.fetch(Standing, STANDING, silent=silent, limit=MOST)
