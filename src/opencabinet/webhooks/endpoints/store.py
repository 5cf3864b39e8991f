"""The SQL of endpoints: where the events of an account are sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.webhooks.model import Endpoint, Wanted

LISTED = """
SELECT login, id, url, name, payload, types, symbols, net_over, lots_over, margin_level_under, state, reason,
       begins_after, failing_since, previous_until, created_at, changed_at
  FROM webhook_endpoints
 WHERE login = %(login)s
 ORDER BY id DESC
"""

LISTENING = """
SELECT login, id, url, name, payload, types, symbols, net_over, lots_over, margin_level_under, state, reason,
       begins_after, failing_since, previous_until, created_at, changed_at
  FROM webhook_endpoints
 WHERE login = ANY (%(logins)s::bigint[]) AND state = 'active'
 ORDER BY login, id
"""

LOCKED = """
SELECT login, id, url, name, payload, types, symbols, net_over, lots_over, margin_level_under, state, reason,
       begins_after, failing_since, previous_until, created_at, changed_at
  FROM webhook_endpoints
 WHERE login = %(login)s AND id = %(id)s
   FOR NO KEY UPDATE
"""

ADD = """
INSERT INTO webhook_endpoints (login, url, name, payload, types, symbols, net_over, lots_over, margin_level_under,
                               secret, begins_after)
VALUES (%(login)s, %(url)s, %(name)s, %(payload)s, %(types)s::text[], %(symbols)s::text[], %(net_over)s, %(lots_over)s,
        %(margin_level_under)s, %(secret)s, %(begins_after)s)
RETURNING login, id, url, name, payload, types, symbols, net_over, lots_over, margin_level_under, state, reason,
          begins_after, failing_since, previous_until, created_at, changed_at
"""

REPLACE = """
UPDATE webhook_endpoints
   SET url = %(url)s, name = %(name)s, payload = %(payload)s, types = %(types)s::text[], symbols = %(symbols)s::text[],
       net_over = %(net_over)s, lots_over = %(lots_over)s, margin_level_under = %(margin_level_under)s,
       changed_at = now()
 WHERE login = %(login)s AND id = %(id)s
"""

DROP = """
DELETE FROM webhook_endpoints WHERE login = %(login)s AND id = %(id)s
"""

ROTATE = """
UPDATE webhook_endpoints
   SET previous_secret = secret, previous_until = now() + %(lifetime)s, secret = %(secret)s, changed_at = now()
 WHERE login = %(login)s AND id = %(id)s
RETURNING previous_until
"""

SECRETS = """
SELECT secret, CASE WHEN previous_until > now() THEN previous_secret END AS previous
  FROM webhook_endpoints
 WHERE login = %(login)s AND id = %(id)s
"""

PAUSE = """
UPDATE webhook_endpoints SET state = 'paused', reason = %(reason)s, changed_at = now()
 WHERE login = %(login)s AND id = %(id)s AND state = 'active'
"""

RESUME = """
UPDATE webhook_endpoints
   SET state = 'active', reason = '', failing_since = NULL, begins_after = %(begins_after)s, changed_at = now()
 WHERE login = %(login)s AND id = %(id)s AND state = 'paused'
"""

SUCCEEDED = """
UPDATE webhook_endpoints SET failing_since = NULL
 WHERE login = %(login)s AND id = %(id)s AND failing_since IS NOT NULL
"""

FAILED = """
UPDATE webhook_endpoints SET failing_since = coalesce(failing_since, now())
 WHERE login = %(login)s AND id = %(id)s
RETURNING failing_since <= now() - %(patience)s::interval
"""

READY = """
SELECT login, id, failing_since IS NOT NULL AS failing
  FROM webhook_endpoints
 WHERE state = 'active' AND due_at <= now() AND id <> ALL (%(busy)s::bigint[]) AND login <> ALL (%(full)s::bigint[])
 ORDER BY due_at
 LIMIT %(limit)s
   FOR NO KEY UPDATE SKIP LOCKED
"""

# After every change of what waits: it is then found again when the next of it is due, and not before.
DUE = """
UPDATE webhook_endpoints
   SET due_at = (SELECT min(next_at) FROM webhook_deliveries AS waiting
                  WHERE waiting.login = webhook_endpoints.login AND waiting.endpoint = webhook_endpoints.id
                    AND waiting.state = 'waiting')
 WHERE (login, id) IN (SELECT * FROM unnest(%(logins)s::bigint[], %(ids)s::bigint[]))
"""

SENDING = """
SELECT login, id
  FROM webhook_endpoints AS endpoint
 WHERE EXISTS (SELECT FROM webhook_deliveries AS sent
                WHERE sent.state = 'sending' AND sent.login = endpoint.login AND sent.endpoint = endpoint.id)
 ORDER BY login, id
   FOR NO KEY UPDATE
"""

WATCHED = """
SELECT DISTINCT login, margin_level_under AS threshold
  FROM webhook_endpoints
 WHERE margin_level_under IS NOT NULL AND state = 'active' AND login > %(after)s
 ORDER BY login, threshold
 LIMIT %(limit)s
"""

EVERY = """
SELECT login, id, url, name, payload, types, symbols, net_over, lots_over, margin_level_under, state, reason,
       begins_after, failing_since, previous_until, created_at, changed_at
  FROM webhook_endpoints
 ORDER BY login, id
 LIMIT %(limit)s
"""


class Key(Struct, frozen=True):
    """Which endpoint."""

    login: Login
    id: int


class Ready(Struct, frozen=True):
    """An endpoint that something is due for, and whether it took nothing the last time."""

    login: Login
    id: int
    failing: bool

    @property
    def key(self) -> Key:
        """Which endpoint it is."""
        return Key(self.login, self.id)


class Secrets(Struct, frozen=True):
    """The sealed secrets of an endpoint: the one that signs, and the one before it while that signs, too."""

    secret: bytes
    previous: bytes | None

    def __repr__(self) -> str:
        return "Secrets(***)"


class Watch(Struct, frozen=True):
    """A margin level that somebody wants to hear of."""

    login: Login
    threshold: Any


async def listed(conn: Connection, login: Login) -> list[Endpoint]:
    """Return the endpoints of an account, the newest first."""
    return await conn.fetch(Endpoint, LISTED, login=login)


async def every(conn: Connection, limit: int) -> list[Endpoint]:
    """Return endpoints of all accounts, at most so many."""
    return await conn.fetch(Endpoint, EVERY, limit=limit)


async def listening(conn: Connection, logins: Sequence[Login]) -> list[Endpoint]:
    """Return the endpoints of some accounts that are not paused."""
    return await conn.fetch(Endpoint, LISTENING, logins=list(logins))


async def locked(conn: Connection, login: Login, number: int) -> Endpoint | None:
    """Return an endpoint, and keep others from changing it until the transaction ends."""
    return await conn.one(Endpoint, LOCKED, login=login, id=number)


async def add(conn: Connection, login: Login, wanted: Wanted, secret: bytes, begins_after: int) -> Endpoint:
    """Keep an endpoint."""
    given = {"login": login, "secret": secret, "begins_after": begins_after, **columns(wanted)}
    made = await conn.one(Endpoint, ADD, **given)
    if made is None:
        raise LookupError("The statement gives one row.")
    return made


def columns(wanted: Wanted) -> dict[str, Any]:
    """Return what is asked for as the statements take it."""
    filters = wanted.filters
    return {
        "url": wanted.url,
        "name": wanted.name,
        "payload": wanted.payload,
        "types": list(filters.types),
        "symbols": list(filters.symbols),
        "net_over": filters.net_over,
        "lots_over": filters.lots_over,
        "margin_level_under": filters.margin_level_under,
    }


async def replace(conn: Connection, login: Login, number: int, wanted: Wanted) -> None:
    """Let an endpoint be as it is asked for now."""
    await conn.run(REPLACE, login=login, id=number, **columns(wanted))


async def drop(conn: Connection, login: Login, number: int) -> bool:
    """Drop an endpoint with its deliveries; whether there was one."""
    return bool(await conn.run(DROP, login=login, id=number))


async def rotate(conn: Connection, login: Login, number: int, secret: bytes, lifetime: timedelta) -> datetime | None:
    """Keep a new secret; return until when the one before signs, too."""
    until: datetime | None = await conn.value(ROTATE, login=login, id=number, secret=secret, lifetime=lifetime)
    return until


async def secrets(conn: Connection, login: Login, number: int) -> Secrets | None:
    """Return what signs for an endpoint, or None if it is gone."""
    return await conn.one(Secrets, SECRETS, login=login, id=number)


async def pause(conn: Connection, login: Login, number: int, reason: str) -> bool:
    """Pause an endpoint; whether it was not."""
    return bool(await conn.run(PAUSE, login=login, id=number, reason=reason))


async def resume(conn: Connection, login: Login, number: int, begins_after: int) -> bool:
    """Let an endpoint go on with what comes after an event; whether it was paused."""
    return bool(await conn.run(RESUME, login=login, id=number, begins_after=begins_after))


async def succeeded(conn: Connection, login: Login, number: int) -> None:
    """Note that an endpoint took something."""
    await conn.run(SUCCEEDED, login=login, id=number)


async def failed(conn: Connection, login: Login, number: int, patience: timedelta) -> bool:
    """Note that an endpoint did not take something; whether it has not taken anything for so long."""
    return bool(await conn.value(FAILED, login=login, id=number, patience=patience))


async def ready(conn: Connection, busy: Sequence[int], full: Sequence[Login], limit: int) -> list[Ready]:
    """Return endpoints that something is due for, the longest waiting first, and lock them.

    Not those that are `busy`, nor any of the accounts that are `full`.
    """
    return await conn.fetch(Ready, READY, busy=list(busy), full=list(full), limit=limit)


async def due(conn: Connection, keys: Sequence[Key]) -> None:
    """Note when the next delivery of each endpoint is due."""
    if keys:
        ordered = sorted(keys, key=lambda each: (each.login, each.id))
        await conn.run(DUE, logins=[each.login for each in ordered], ids=[each.id for each in ordered])


async def sending(conn: Connection) -> list[Key]:
    """Return the endpoints that something was being sent to, and lock them."""
    return await conn.fetch(Key, SENDING)


async def watched(conn: Connection, after: int, limit: int) -> list[Watch]:
    """Return the margin levels that are watched, of accounts after a login."""
    return await conn.fetch(Watch, WATCHED, after=after, limit=limit)
