"""The SQL of what the judge looks at."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from opencabinet.access.model import (
    Ask,
    Bearer,
    Family,
    Function,
    Grant,
    Kind,
)
from opencabinet.access.policy import Policy
from opencabinet.access.rules.store import policy_of
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

# There is as much to read of each account, and of none, so that a clock tells little; the rest, the door's beat hides.
# Two rules are told always, and one that is not there, or has ended, as one that has ended long ago. Of the networks
# that a rule lists or a credential is bound to one is told at most: the caller's address if it is among them.
JUDGED = """
SELECT tokens.login, tokens.family, tokens.kind, tokens.id, tokens.functions, tokens.origins,
       CASE WHEN %(address)s::inet <<= ANY (tokens.networks) THEN ARRAY[%(address)s::inet::cidr]
            ELSE tokens.networks[1:1] END AS networks,
       tokens.proved_at, tokens.reads_per_minute,
       extract(epoch FROM tokens.expires_at - now())::float8 AS seconds_left,
       (SELECT json_agg(rule)
          FROM (SELECT asked.function, coalesce(level, 'password') AS level,
                       CASE WHEN kept.login IS NULL THEN 'epoch' ELSE expires_at END AS expires_at,
                       coalesce(note, '') AS note, coalesce(hide, '{}') AS hide,
                       coalesce(delay_minutes, 0) AS delay_minutes, coalesce(closed_only, false) AS closed_only,
                       coalesce(without_symbols, '{}') AS without_symbols,
                       CASE WHEN %(address)s::inet <<= ANY (networks) THEN ARRAY[%(address)s::inet::cidr]
                            ELSE '{}'::cidr[] END AS networks
                  FROM unnest(ARRAY[%(function)s, 'default']) AS asked (function)
                  LEFT JOIN access_rules AS kept
                    ON kept.login = %(login)s AND kept.function = asked.function
                   AND (expires_at IS NULL OR expires_at > %(at)s)) AS rule) AS rules,
       (SELECT server FROM sources WHERE sources.login = %(login)s) AS server
  FROM (VALUES (1)) AS one
  LEFT JOIN tokens ON tokens.hash = %(token)s AND tokens.kind = %(kind)s
                  AND tokens.expires_at > now() AND tokens.revoked_at IS NULL
"""

# The same of many questions at once, in the order in which they are asked.
JUDGED_MANY = """
SELECT tokens.login, tokens.family, tokens.kind, tokens.id, tokens.functions, tokens.origins,
       CASE WHEN asked.address::inet <<= ANY (tokens.networks) THEN ARRAY[asked.address::inet::cidr]
            ELSE tokens.networks[1:1] END AS networks,
       tokens.proved_at, tokens.reads_per_minute,
       (SELECT json_agg(rule)
          FROM (SELECT kept.function, level, expires_at, note, hide, delay_minutes, closed_only, without_symbols,
                       CASE WHEN asked.address::inet <<= ANY (networks) THEN ARRAY[asked.address::inet::cidr]
                            ELSE '{}'::cidr[] END AS networks
                  FROM access_rules AS kept
                 WHERE kept.login = asked.login AND kept.function IN (asked.function, 'default')
                   AND (expires_at IS NULL OR expires_at > now())) AS rule) AS rules
  FROM unnest(%(tokens)s::bytea[], %(kinds)s::text[], %(logins)s::bigint[], %(functions)s::text[],
              %(addresses)s::text[])
       WITH ORDINALITY AS asked (token, kind, login, function, address, place)
  LEFT JOIN tokens ON tokens.hash = asked.token AND tokens.kind = asked.kind
                  AND tokens.expires_at > now() AND tokens.revoked_at IS NULL
 ORDER BY asked.place
"""

BEARER = """
SELECT login, family, kind, id, functions, networks, origins, proved_at, reads_per_minute
  FROM tokens
 WHERE hash = %(token)s AND kind = %(kind)s AND expires_at > now() AND revoked_at IS NULL
"""


class Shown(Struct, frozen=True, kw_only=True):
    """A credential as it is kept; a login of None means that there is none."""

    login: int | None
    family: str | None
    kind: str | None
    id: int | None
    functions: list[str] | None
    networks: list[Any] | None
    origins: list[str] | None
    proved_at: datetime | None
    reads_per_minute: int | None

    def bearer(self) -> Bearer | None:
        """Return whose credential it is."""
        if self.login is None or self.family is None or self.kind is None:
            return None
        return Bearer(
            Login(self.login),
            Family(self.family),
            Kind(self.kind),
            self.id or 0,
            None if self.functions is None else frozenset(map(Function, self.functions)),
            tuple(self.networks or ()),
            tuple(self.origins or ()),
            self.proved_at,
            self.reads_per_minute,
        )


class Judged(Shown, frozen=True, kw_only=True):
    """What the one statement finds: the credential shown, and the rules that the question goes by."""

    rules: list[dict[str, Any]] | None
    server: str | None = None
    seconds_left: float | None = None


async def judged(conn: Connection, token: bytes | None, ask: Ask, kind: Kind) -> tuple[Grant, Policy, str | None]:
    """Return what the token with this hash grants, the account's policy as far as a question goes by it, its server.

    Their networks are told only as far as the address that asks is concerned.
    """
    asked = {"login": ask.login, "function": ask.function, "address": ask.address, "at": ask.at}
    row = await conn.one(Judged, JUDGED, token=token, kind=kind, **asked)
    if row is None:
        raise LookupError("The statement gives one row.")
    return Grant(token is not None, row.bearer(), row.seconds_left), policy_of(row.rules or []), row.server


async def judged_many(
    conn: Connection, tokens: Sequence[bytes | None], asks: Sequence[Ask], kinds: Sequence[Kind]
) -> list[tuple[Grant, Policy]]:
    """Return of each question what its token grants, and the policy as far as the question goes by it."""
    given = {
        "tokens": list(tokens),
        "kinds": list(map(str, kinds)),
        "logins": [each.login for each in asks],
        "functions": [str(each.function) for each in asks],
        "addresses": [None if each.address is None else str(each.address) for each in asks],
    }
    rows = await conn.fetch(Judged, JUDGED_MANY, **given)
    return [
        (Grant(token is not None, row.bearer()), policy_of(row.rules or []))
        for token, row in zip(tokens, rows, strict=True)
    ]


async def bearer(conn: Connection, token: bytes, kind: Kind) -> Bearer | None:
    """Return whose token this is, or None if it is good for nothing."""
    found = await conn.one(Shown, BEARER, token=token, kind=kind)
    return found.bearer() if found else None
