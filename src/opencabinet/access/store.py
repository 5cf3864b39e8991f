"""The SQL of what the judge looks at."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

import msgspec
from msgspec import Struct

from opencabinet.access.model import SESSION_IDLE, SESSION_LASTS, Bearer, Family, Function, Grant, Held, Kind
from opencabinet.access.policy import Policy
from opencabinet.access.rules.store import told_policy
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login, within

# There is as much to read of each account, and of none, so that a clock tells little; the rest, the door's beat hides.
# Two rules are told always, and one that is not there, or has ended, as one that has ended long ago. Of the networks
# that a rule lists or a credential is bound to one is told at most: the caller's address if it is among them.
# Questions come as one text, for how many there are is nothing that the statement is planned by; each token is looked
# up by itself, however many are asked for.
JUDGED = """
SELECT tokens.login, tokens.family, tokens.kind, tokens.id, tokens.functions, tokens.origins,
       CASE WHEN asked.address <<= ANY (tokens.networks) THEN ARRAY[asked.address::cidr]
            ELSE tokens.networks[1:1] END AS networks,
       tokens.proved_at, tokens.reads_per_minute,
       extract(epoch FROM tokens.expires_at - now())::float8 AS seconds_left,
       (SELECT json_agg(rule)
          FROM (SELECT wanted.function, coalesce(level, 'password') AS level,
                       CASE WHEN kept.login IS NULL THEN 'epoch' ELSE expires_at END AS expires_at,
                       coalesce(note, '') AS note, coalesce(hide, '{}') AS hide,
                       coalesce(delay_minutes, 0) AS delay_minutes, coalesce(closed_only, false) AS closed_only,
                       coalesce(without_symbols, '{}') AS without_symbols,
                       CASE WHEN asked.address <<= ANY (networks) THEN ARRAY[asked.address::cidr]
                            ELSE '{}'::cidr[] END AS networks
                  FROM unnest(ARRAY[asked.function, 'default']) AS wanted (function)
                  LEFT JOIN access_rules AS kept
                    ON kept.login = asked.login AND kept.function = wanted.function
                   AND (expires_at IS NULL OR expires_at > asked.at)) AS rule)::text AS rules,
       (SELECT server FROM sources WHERE sources.login = asked.login) AS server,
       asked.first IS NOT NULL AND EXISTS (SELECT FROM authorizations
                                            WHERE authorizations.login = asked.login
                                              AND authorizations.first = decode(asked.first, 'hex')) AS told
  FROM json_to_recordset(%(asked)s::json)
    AS asked (place integer, token text, kind text, login bigint, function text, address inet, at timestamptz,
              first text)
  LEFT JOIN LATERAL (SELECT login, family, kind, id, functions, origins, networks, proved_at, reads_per_minute,
                            expires_at
                       FROM tokens
                      WHERE hash = decode(asked.token, 'hex') AND kind = asked.kind
                        AND expires_at > now() AND revoked_at IS NULL
                      UNION ALL
                     SELECT owners.login, NULL, 'session', sessions.id, NULL, '{}', '{}', stepped_up_at, NULL,
                            least(seen_at + %(idle)s::interval, begun_at + %(absolute)s::interval)
                       FROM sessions
                       JOIN owners ON owners.login = asked.login AND owners.person = sessions.person
                      WHERE asked.kind = 'session' AND hash = decode(asked.token, 'hex')
                        AND seen_at > now() - %(idle)s::interval AND begun_at > now() - %(absolute)s::interval
                        AND (level = 'second factor'
                             OR NOT EXISTS (SELECT FROM enrolled WHERE enrolled.person = sessions.person))
                     OFFSET 0) AS tokens ON true
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

    def bearer(self, asked: Family) -> Bearer | None:
        """Return whose credential it is; a session opens every family, so also the one that is `asked` for."""
        if self.login is None or self.kind is None:
            return None
        return Bearer(
            Login(self.login),
            asked if self.family is None else Family(self.family),
            Kind(self.kind),
            self.id or 0,
            None if self.functions is None else frozenset(map(Function, self.functions)),
            tuple(self.networks or ()),
            tuple(self.origins or ()),
            self.proved_at,
            self.reads_per_minute,
        )


class Asked(Struct, frozen=True, kw_only=True):
    """A question as the statement is told it."""

    place: int
    token: str | None
    kind: Kind
    login: int
    function: Function
    address: str | None
    at: datetime
    first: str | None

    @classmethod
    def of(cls, place: int, asked: Held) -> Self:
        """Return a question of several."""
        ask = asked.ask
        return cls(
            place=place,
            token=None if asked.token is None else asked.token.hex(),
            kind=asked.kind,
            login=within(ask.login),
            function=ask.function,
            address=None if ask.address is None else str(ask.address),
            at=ask.at,
            first=None if asked.first is None else asked.first.hex(),
        )


class Judged(Shown, frozen=True, kw_only=True):
    """What the one statement finds of a question: the credential shown, and the rules that it goes by."""

    rules: str
    server: str | None
    seconds_left: float | None
    told: bool


async def judged(conn: Connection, asked: Sequence[Held]) -> list[tuple[Grant, Policy, str | None, bool]]:
    """Return of each question what its token grants, the account's policy as far as it goes by it, and its server.

    The last is whether the history has the first use that was to be looked for.
    The networks are told only as far as the address that asks is concerned.
    """
    told = msgspec.json.encode([Asked.of(place, each) for place, each in enumerate(asked)]).decode()
    rows = await conn.fetch(Judged, JUDGED, asked=told, idle=SESSION_IDLE, absolute=SESSION_LASTS)
    return [
        (granted(each, row), told_policy(row.rules), row.server, row.told)
        for each, row in zip(asked, rows, strict=True)
    ]


def granted(asked: Held, row: Judged) -> Grant:
    """Return what was shown for a question, as far as it is good for anything."""
    return Grant(asked.token is not None, row.bearer(asked.ask.function.family), row.seconds_left)


async def bearer(conn: Connection, token: bytes, kind: Kind) -> Bearer | None:
    """Return whose token this is, or None if it is good for nothing."""
    found = await conn.one(Shown, BEARER, token=token, kind=kind)
    return found.bearer(Family.CLIENT) if found else None
