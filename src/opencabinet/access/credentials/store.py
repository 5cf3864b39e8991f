"""The SQL of tokens and keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from opencabinet.access.credentials.model import SESSION_LASTS, Key, NewKey, Token
from opencabinet.access.model import Family, Function, Kind, Label, Refreshing
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

# One statement for every login and password, right or wrong: nothing to tell them apart by. A password that is being
# replaced is waited for.
ISSUE = """
WITH owner AS (
  SELECT login FROM api_passwords
   WHERE login = %(login)s AND hash = %(password)s AND (expires_at IS NULL OR expires_at > now())
     FOR KEY SHARE
), given AS (
  INSERT INTO tokens (hash, login, family, kind, session, name, networks, proved_at, expires_at)
  SELECT made.hash, owner.login, %(family)s, made.kind, %(session)s, %(name)s, %(networks)s::cidr[], now(),
         now() + made.lifetime
    FROM owner, unnest(%(hashes)s::bytea[], %(kinds)s::text[], %(lifetimes)s::interval[]) AS made (hash, kind, lifetime)
)
SELECT EXISTS (SELECT FROM owner)
"""

REFRESHING = """
SELECT login, family, session, used_at IS NOT NULL AS used,
       expires_at > now() AND revoked_at IS NULL AND proved_at > now() - %(most)s::interval AS live,
       proved_at + %(most)s::interval - now() AS left, networks
  FROM tokens
 WHERE hash = %(token)s AND kind = 'refresh'
   FOR UPDATE
"""

EXCHANGE = """
WITH used AS (
  UPDATE tokens SET used_at = now() WHERE hash = %(token)s
  RETURNING login, family, session, name, networks, proved_at
)
INSERT INTO tokens (hash, login, family, kind, session, name, networks, proved_at, expires_at)
SELECT made.hash, used.login, used.family, made.kind, used.session, used.name, used.networks, used.proved_at,
       now() + made.lifetime
  FROM used, unnest(%(hashes)s::bytea[], %(kinds)s::text[], %(lifetimes)s::interval[]) AS made (hash, kind, lifetime)
"""

END_SESSION = """
UPDATE tokens SET revoked_at = now() WHERE session = %(session)s AND revoked_at IS NULL
"""

# What tickets of a credential were exchanged for ends with it.
END_CHILDREN = """
UPDATE tokens SET revoked_at = now()
  FROM stream_tickets JOIN tokens AS behind ON behind.hash = stream_tickets.token
 WHERE behind.login = %(login)s AND behind.revoked_at IS NOT NULL
   AND tokens.hash = stream_tickets.made AND tokens.revoked_at IS NULL
"""

REVOKE = """
UPDATE tokens SET revoked_at = now()
 WHERE login = %(login)s AND kind = ANY(%(kinds)s) AND revoked_at IS NULL AND expires_at > now()
"""

# A token is revoked with its session: whoever has the one has the other, and would refresh it.
REVOKE_ONE = """
UPDATE tokens SET revoked_at = now()
  FROM (SELECT hash, session FROM tokens WHERE login = %(login)s AND id = %(id)s AND kind = ANY(%(kinds)s)
           AND revoked_at IS NULL AND expires_at > now()) AS chosen
 WHERE tokens.revoked_at IS NULL AND (tokens.hash = chosen.hash OR tokens.session = chosen.session)
RETURNING tokens.session
"""

STANDING = """
SELECT id FROM tokens
 WHERE login = %(login)s AND id = %(id)s AND revoked_at IS NULL AND expires_at > now()
   FOR UPDATE
"""

# A session's person may have had the account taken away meanwhile.
SIGNED_IN = """
SELECT sessions.id
  FROM sessions JOIN owners USING (person)
 WHERE sessions.id = %(id)s AND owners.login = %(login)s
   FOR UPDATE OF sessions
"""

LIVE = """
SELECT count(*) FROM tokens
 WHERE login = %(login)s AND kind = ANY(%(kinds)s) AND revoked_at IS NULL AND expires_at > now()
"""

TOKENS = """
SELECT id, kind, family, name, session, networks, created_at, expires_at, proved_at, last_used_at
  FROM tokens
 WHERE login = %(login)s AND kind IN ('legacy', 'bearer', 'refresh')
   AND revoked_at IS NULL AND used_at IS NULL AND expires_at > now()
 ORDER BY id DESC
 LIMIT %(limit)s
"""

KEYS = """
SELECT id, kind, name, functions, networks, origins, reads_per_minute, created_at, expires_at, last_used_at
  FROM tokens
 WHERE login = %(login)s AND kind IN ('server', 'publishable') AND revoked_at IS NULL AND expires_at > now()
 ORDER BY id DESC
 LIMIT %(limit)s
"""

ADD_KEY = """
INSERT INTO tokens (hash, login, family, kind, name, functions, networks, origins, reads_per_minute, expires_at)
VALUES (%(hash)s, %(login)s, %(family)s, %(kind)s, %(name)s, %(functions)s, %(networks)s::cidr[], %(origins)s,
        %(reads_per_minute)s, %(expires_at)s)
RETURNING id, kind, name, functions, networks, origins, reads_per_minute, created_at, expires_at, last_used_at
"""

# It waits for nobody: of a row that is being changed, the use is not told. Time moves forward only.
USED = """
WITH used AS (
  SELECT tokens.hash, given.at
    FROM unnest(%(hashes)s::bytea[], %(times)s::timestamptz[]) AS given (hash, at)
    JOIN tokens ON tokens.hash = given.hash
   WHERE tokens.last_used_at IS NULL OR tokens.last_used_at < given.at
     FOR NO KEY UPDATE OF tokens SKIP LOCKED
)
UPDATE tokens SET last_used_at = used.at FROM used WHERE tokens.hash = used.hash
"""

FORGET = """
DELETE FROM tokens WHERE expires_at < now() - interval '1 day'
"""


class Made(Struct, frozen=True):
    """A token that was made, as it is kept."""

    hash: bytes
    kind: Kind
    lifetime: timedelta


async def issue(
    conn: Connection,
    *,
    login: Login,
    password: bytes,
    family: Family,
    made: Sequence[Made],
    session: UUID | None,
    label: Label,
) -> bool:
    """Keep tokens if the password is the account's, and say whether it was."""
    bound = {"name": label.name, "networks": list(map(str, label.networks))}
    given = {**columns(made), **bound, "family": family, "session": session}
    return bool(await conn.value(ISSUE, login=login, password=password, **given))


async def refreshing(conn: Connection, token: bytes) -> Refreshing | None:
    """Return what the refresh token with this hash continues, and keep others from using it meanwhile."""
    found = await conn.one(Refreshing, REFRESHING, token=token, most=SESSION_LASTS)
    return found and structs.replace(found, family=Family(found.family), networks=tuple(found.networks))


async def exchange(conn: Connection, token: bytes, made: Sequence[Made]) -> None:
    """Mark a refresh token as used, and keep the tokens it was exchanged for, which are bound as it was."""
    await conn.run(EXCHANGE, token=token, **columns(made))


async def end_session(conn: Connection, session: UUID) -> int:
    """Revoke every token of a session, and return how many there were."""
    revoked = 0
    while touched := await conn.run(END_SESSION, session=session):
        revoked += touched  # one that was being exchanged meanwhile has left new ones
    return revoked


def columns(made: Sequence[Made]) -> dict[str, Any]:
    """Return tokens as the statements take them: by columns."""
    return {
        "hashes": [each.hash for each in made],
        "kinds": [str(each.kind) for each in made],
        "lifetimes": [each.lifetime for each in made],
    }


async def revoke(conn: Connection, login: Login, kinds: Sequence[Kind]) -> int:
    """Revoke the account's credentials of some kinds, and return how many still lived."""
    revoked = 0
    while touched := await conn.run(REVOKE, login=login, kinds=list(kinds)):
        revoked += touched  # a refresh token that was being exchanged meanwhile has left new tokens
    await conn.run(END_CHILDREN, login=login)
    return revoked


async def revoke_one(conn: Connection, login: Login, number: int, kinds: Sequence[Kind]) -> int:
    """Revoke a credential of some kind with all of its session, and return how many there were."""
    sessions: list[UUID | None] = await conn.values(REVOKE_ONE, login=login, id=number, kinds=list(kinds))
    ended = len(sessions) + sum([await end_session(conn, session) for session in set(sessions) if session])
    await conn.run(END_CHILDREN, login=login)
    return ended


async def standing(conn: Connection, login: Login, number: int, *, signed_in: bool) -> bool:
    """Whether a credential still lives, or a session; if so, it is kept from being ended until the transaction ends."""
    return await conn.value(SIGNED_IN if signed_in else STANDING, login=login, id=number) is not None


async def live(conn: Connection, login: Login, kinds: Sequence[Kind]) -> int:
    """Return how many credentials of some kinds live."""
    return int(await conn.value(LIVE, login=login, kinds=list(kinds)))


async def tokens(conn: Connection, login: Login, limit: int) -> list[Token]:
    """Return the tokens that live, the newest first."""
    found = await conn.fetch(Token, TOKENS, login=login, limit=limit)
    return [
        structs.replace(each, kind=Kind(each.kind), family=Family(each.family), networks=tuple(each.networks))
        for each in found
    ]


async def keys(conn: Connection, login: Login, limit: int) -> list[Key]:
    """Return the keys that live, the newest first."""
    return [key_of(each) for each in await conn.fetch(Key, KEYS, login=login, limit=limit)]


async def add_key(conn: Connection, login: Login, hashed: bytes, new: NewKey, expires_at: datetime) -> Key:
    """Keep a key."""
    given = structs.asdict(new) | {
        "functions": sorted(new.functions),
        "networks": list(map(str, new.networks)),
        "origins": list(new.origins),
        "expires_at": expires_at,
    }
    del given["frames"]  # it is how a key may be made, and nothing that is kept
    [added] = await conn.fetch(Key, ADD_KEY, login=login, hash=hashed, family=new.family, **given)
    return key_of(added)


def key_of(row: Key) -> Key:
    """Return a key with the words of its row as ours."""
    return structs.replace(
        row,
        kind=Kind(row.kind),
        functions=frozenset(map(Function, row.functions)),
        networks=tuple(row.networks),
        origins=tuple(row.origins),
    )


async def used(conn: Connection, noted: Mapping[bytes, datetime]) -> int:
    """Keep when tokens with these hashes were used, and return of how many that is news."""
    return await conn.run(USED, hashes=list(noted), times=list(noted.values()))


async def forget(conn: Connection) -> int:
    """Drop the tokens that expired more than a day ago, and return how many."""
    return await conn.run(FORGET)
