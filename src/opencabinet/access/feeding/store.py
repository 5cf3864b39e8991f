"""The SQL of feed keys."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import structs

from opencabinet.access.feeding.model import MOST_KEYS, FeedKey, NewFeedKey
from opencabinet.db import Connection

SHOWN = """
SELECT id, name, servers, networks, created_at, expires_at, last_used_at
  FROM feed_keys
 WHERE hash = %(hash)s AND expires_at > now() AND revoked_at IS NULL
"""

STANDING = """
SELECT EXISTS (SELECT FROM feed_keys WHERE id = %(id)s AND expires_at > now() AND revoked_at IS NULL)
"""

KEYS = """
SELECT id, name, servers, networks, created_at, expires_at, last_used_at
  FROM feed_keys
 WHERE expires_at > now() AND revoked_at IS NULL
 ORDER BY id DESC
 LIMIT %(limit)s
"""

LOCK = """
SELECT pg_advisory_xact_lock(hashtext('opencabinet.feed_keys'))
"""

LIVE = """
SELECT count(*) FROM feed_keys WHERE expires_at > now() AND revoked_at IS NULL
"""

ADD = """
INSERT INTO feed_keys (hash, name, servers, networks, expires_at)
VALUES (%(hash)s, %(name)s, %(servers)s, %(networks)s::cidr[], %(expires_at)s)
RETURNING id, name, servers, networks, created_at, expires_at, last_used_at
"""

REVOKE = """
UPDATE feed_keys SET revoked_at = now() WHERE id = %(id)s AND expires_at > now() AND revoked_at IS NULL
"""

# It waits for nobody: of a row that is being changed, the use is not told. Time moves forward only.
USED = """
WITH used AS (
  SELECT feed_keys.hash, given.at
    FROM unnest(%(hashes)s::bytea[], %(times)s::timestamptz[]) AS given (hash, at)
    JOIN feed_keys ON feed_keys.hash = given.hash
   WHERE feed_keys.last_used_at IS NULL OR feed_keys.last_used_at < given.at
     FOR NO KEY UPDATE OF feed_keys SKIP LOCKED
)
UPDATE feed_keys SET last_used_at = used.at FROM used WHERE feed_keys.hash = used.hash
"""


async def shown(conn: Connection, hashed: bytes) -> FeedKey | None:
    """Return the feed key with this hash, if it lives."""
    found = await conn.one(FeedKey, SHOWN, hash=hashed)
    return found and key_of(found)


async def standing(conn: Connection, number: int) -> bool:
    """Whether a feed key lives."""
    return bool(await conn.value(STANDING, id=number))


async def feed_keys(conn: Connection) -> list[FeedKey]:
    """Return the feed keys that live, the newest first."""
    return [key_of(each) for each in await conn.fetch(FeedKey, KEYS, limit=MOST_KEYS)]


async def live(conn: Connection) -> int:
    """Return how many feed keys live, and keep others from making one until the transaction ends."""
    await conn.run(LOCK)
    return int(await conn.value(LIVE))


async def add(conn: Connection, hashed: bytes, new: NewFeedKey, expires_at: datetime) -> FeedKey:
    """Keep a feed key."""
    given = {"servers": list(new.servers), "networks": list(map(str, new.networks))}
    [added] = await conn.fetch(FeedKey, ADD, hash=hashed, name=new.name, expires_at=expires_at, **given)
    return key_of(added)


async def revoke(conn: Connection, number: int) -> bool:
    """Revoke a feed key, and say whether it lived."""
    return await conn.run(REVOKE, id=number) == 1


async def used(conn: Connection, noted: Mapping[bytes, datetime]) -> int:
    """Keep when feed keys with these hashes were used, and return of how many that is news."""
    return await conn.run(USED, hashes=list(noted), times=list(noted.values()))


def key_of(row: FeedKey) -> FeedKey:
    """Return a feed key with its lists as they are kept from change."""
    return structs.replace(row, servers=tuple(row.servers), networks=tuple(row.networks))
