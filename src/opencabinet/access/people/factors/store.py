"""The SQL of second factors: authenticator apps, passkeys and what they sign, recovery codes."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from msgspec import Struct

from opencabinet.access.people.factors.model import Passkey, Ways
from opencabinet.db import Connection

Purpose = Literal["register", "prove"]

PEND_TOTP = """
INSERT INTO totp_secrets (person, pending) VALUES (%(person)s, %(sealed)s)
ON CONFLICT (person) DO UPDATE SET pending = excluded.pending
"""

TOTP = """
SELECT pending, secret, last_step, extract(epoch FROM now())::bigint AS clock
  FROM totp_secrets
 WHERE person = %(person)s
   FOR UPDATE
"""

CONFIRM_TOTP = """
UPDATE totp_secrets SET secret = pending, pending = NULL, last_step = %(step)s, confirmed_at = now()
 WHERE person = %(person)s AND pending IS NOT NULL
"""

USE_STEP = """
UPDATE totp_secrets SET last_step = %(step)s WHERE person = %(person)s AND last_step < %(step)s
"""

DROP_TOTP = """
DELETE FROM totp_secrets WHERE person = %(person)s
"""

PASSKEYS = """
SELECT id, person, public_key, sign_count, name, transports, created_at, used_at
  FROM passkeys
 WHERE person = %(person)s
 ORDER BY created_at, id
"""

ADD_PASSKEY = """
INSERT INTO passkeys (id, person, public_key, sign_count, name, transports)
SELECT %(id)s, %(person)s, %(public_key)s, %(sign_count)s, %(name)s, %(transports)s::text[]
 WHERE (SELECT count(*) FROM passkeys WHERE person = %(person)s) < %(most)s
ON CONFLICT DO NOTHING
"""

COUNT_PASSKEY = """
UPDATE passkeys SET sign_count = %(new)s, used_at = now()
 WHERE id = %(id)s AND person = %(person)s AND sign_count = %(old)s
"""

DROP_PASSKEY = """
DELETE FROM passkeys WHERE id = %(id)s AND person = %(person)s
"""

DROP_PASSKEYS = """
DELETE FROM passkeys WHERE person = %(person)s
"""

CHALLENGE = """
INSERT INTO challenges (session, purpose, challenge, expires_at)
VALUES (%(session)s, %(purpose)s, %(challenge)s, now() + %(lifetime)s)
ON CONFLICT (session, purpose) DO UPDATE SET challenge = excluded.challenge, expires_at = excluded.expires_at
"""

TAKE_CHALLENGE = """
WITH taken AS (
  DELETE FROM challenges WHERE session = %(session)s AND purpose = %(purpose)s RETURNING challenge, expires_at
)
SELECT challenge FROM taken WHERE expires_at > now()
"""

DROP_CODES = """
DELETE FROM recovery_codes WHERE person = %(person)s
"""

ADD_CODES = """
INSERT INTO recovery_codes (person, hash) SELECT %(person)s, unnest(%(hashes)s::bytea[])
"""

USE_CODE = """
UPDATE recovery_codes SET used_at = now() WHERE person = %(person)s AND hash = %(hash)s AND used_at IS NULL
"""

CODES_LEFT = """
SELECT count(*) FROM recovery_codes WHERE person = %(person)s AND used_at IS NULL
"""

WAYS = """
SELECT EXISTS (SELECT FROM totp_secrets WHERE person = %(person)s AND secret IS NOT NULL) AS app,
       (SELECT count(*) FROM passkeys WHERE person = %(person)s) AS passkeys,
       (SELECT count(*) FROM recovery_codes WHERE person = %(person)s AND used_at IS NULL) AS codes
"""

ENROLLED = """
SELECT EXISTS (SELECT FROM enrolled WHERE person = %(person)s)
"""


class Totp(Struct, frozen=True):
    """A person's authenticator app as it is kept: sealed secrets, the last step used, and what time it is."""

    pending: bytes | None
    secret: bytes | None
    last_step: int
    clock: int


async def pend_totp(conn: Connection, person: int, sealed: bytes) -> None:
    """Keep a secret that waits for its first code."""
    await conn.run(PEND_TOTP, person=person, sealed=sealed)


async def totp(conn: Connection, person: int) -> Totp | None:
    """Return a person's authenticator app, and keep others from using it until the transaction ends."""
    return await conn.one(Totp, TOTP, person=person)


async def confirm_totp(conn: Connection, person: int, step: int) -> bool:
    """Let the secret that waits take the place of an earlier one; whether there was one."""
    return bool(await conn.run(CONFIRM_TOTP, person=person, step=step))


async def use_step(conn: Connection, person: int, step: int) -> bool:
    """Use up the code of a step; whether it was still good."""
    return bool(await conn.run(USE_STEP, person=person, step=step))


async def drop_totp(conn: Connection, person: int) -> bool:
    """Drop a person's authenticator app; whether there was one."""
    return bool(await conn.run(DROP_TOTP, person=person))


async def passkeys(conn: Connection, person: int) -> list[Passkey]:
    """Return a person's passkeys, oldest first."""
    return await conn.fetch(Passkey, PASSKEYS, person=person)


async def add_passkey(conn: Connection, passkey: Passkey, most: int) -> bool:
    """Keep a passkey; whether it is new, and the person had less than `most`."""
    given = {"public_key": passkey.public_key, "sign_count": passkey.sign_count, "name": passkey.name}
    kept = {"id": passkey.id, "person": passkey.person, "transports": list(passkey.transports), "most": most}
    return bool(await conn.run(ADD_PASSKEY, **given, **kept))


async def count_passkey(conn: Connection, passkey: Passkey, new: int) -> bool:
    """Note the use of a passkey; False if it was used by somebody else at the same time."""
    given = {"id": passkey.id, "person": passkey.person, "old": passkey.sign_count, "new": new}
    return bool(await conn.run(COUNT_PASSKEY, **given))


async def drop_passkey(conn: Connection, person: int, key: bytes) -> bool:
    """Drop one passkey of a person; whether there was one."""
    return bool(await conn.run(DROP_PASSKEY, person=person, id=key))


async def drop_passkeys(conn: Connection, person: int) -> bool:
    """Drop every passkey of a person; whether there was one."""
    return bool(await conn.run(DROP_PASSKEYS, person=person))


async def challenge(conn: Connection, session: int, purpose: Purpose, asked: bytes, lifetime: timedelta) -> None:
    """Keep what a passkey is to sign in this session, in place of what was asked before."""
    await conn.run(CHALLENGE, session=session, purpose=purpose, challenge=asked, lifetime=lifetime)


async def take_challenge(conn: Connection, session: int, purpose: Purpose) -> bytes | None:
    """Return what a passkey was to sign in this session, once, or None."""
    taken: bytes | None = await conn.value(TAKE_CHALLENGE, session=session, purpose=purpose)
    return taken


async def replace_codes(conn: Connection, person: int, hashes: Sequence[bytes]) -> None:
    """Keep recovery codes in place of all earlier ones."""
    await conn.run(DROP_CODES, person=person)
    await conn.run(ADD_CODES, person=person, hashes=list(hashes))


async def use_code(conn: Connection, person: int, code: bytes) -> bool:
    """Use up a recovery code; whether it was still good."""
    return bool(await conn.run(USE_CODE, person=person, hash=code))


async def codes_left(conn: Connection, person: int) -> int:
    """Return how many recovery codes are unused."""
    return int(await conn.value(CODES_LEFT, person=person))


async def ways(conn: Connection, person: int) -> Ways:
    """Return in which ways a person can prove who they are, beside the password."""
    found = await conn.one(Ways, WAYS, person=person)
    return found or Ways(app=False, passkeys=0, codes=0)


async def enrolled(conn: Connection, person: int) -> bool:
    """Whether a person has a second factor."""
    return bool(await conn.value(ENROLLED, person=person))
