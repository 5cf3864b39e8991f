"""The SQL of attribution: what there is to decide on, the log of decisions, and whose client each account is."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners.programme import State
from opencabinet.partners.referrals.model import Decision, Entry, Own, Referral

OPENED_AT = """
SELECT registered_at FROM sources WHERE login = %(client)s ORDER BY since DESC LIMIT 1
"""

APPLICATION = """
SELECT id, received_at, email, code, click FROM applications WHERE login = %(client)s AND state = 'opened'
"""

CODE = """
SELECT login AS partner, link, retired_at FROM partner_codes WHERE code = %(code)s
"""

CLICK = """
SELECT login AS partner, at, id, link, mark FROM clicks WHERE token = %(token)s::uuid ORDER BY at LIMIT 1
"""

# The newest that the server told counts; 0 is how servers say that there is no agent.
AGENTS = """
SELECT known.login AS client, known.agent AS number, known.since, partners.login AS partner
  FROM unnest(%(clients)s::bigint[]) AS asked (login)
 CROSS JOIN LATERAL (SELECT login, agent, since FROM memberships
                      WHERE memberships.login = asked.login ORDER BY since DESC LIMIT 1) AS known
 CROSS JOIN LATERAL (SELECT server FROM sources WHERE sources.login = asked.login ORDER BY since DESC LIMIT 1) AS home
 CROSS JOIN LATERAL (SELECT login FROM sources
                      WHERE sources.server = home.server AND sources.number = known.agent
                      ORDER BY sources.since DESC LIMIT 1) AS theirs
  JOIN partners ON partners.login = theirs.login
 WHERE known.agent > 0
 ORDER BY known.login
"""

NEVER_REFERRED = """
SELECT login
  FROM unnest(%(clients)s::bigint[], %(causes)s::text[]) AS asked (login, cause)
 WHERE NOT EXISTS (SELECT FROM referrals WHERE referrals.login = asked.login)
   AND NOT EXISTS (SELECT FROM referral_log AS log WHERE log.login = asked.login AND log.cause = asked.cause)
"""

# Each was brought by this number on some server; of which one is looked at with the agents.
BROUGHT = """
SELECT DISTINCT memberships.login
  FROM memberships
 WHERE agent = ANY (ARRAY(SELECT number FROM sources WHERE sources.login = %(partner)s))
   AND memberships.login > %(after)s
 ORDER BY memberships.login
 LIMIT %(limit)s
"""

STANDINGS = """
SELECT login, state, enrolled_at FROM partners WHERE login = ANY (%(partners)s)
"""

# One row for each partner who is the client in some way: the plainest way.
OWN = """
SELECT DISTINCT ON (login) login, by
  FROM (SELECT login, 'login' AS by, 1 AS place FROM partners WHERE login = %(client)s
        UNION ALL
        SELECT theirs.login, 'person', 2
          FROM owners AS own JOIN owners AS theirs USING (person) JOIN partners ON partners.login = theirs.login
         WHERE own.login = %(client)s
        UNION ALL
        SELECT owners.login, 'email', 3
          FROM people JOIN owners ON owners.person = people.id JOIN partners ON partners.login = owners.login
         WHERE people.email = ANY (%(emails)s)
        UNION ALL
        SELECT applications.login, 'email', 4
          FROM applications JOIN partners USING (login)
         WHERE applications.email = ANY (%(emails)s) AND applications.email <> ''
       ) AS found
 ORDER BY login, place
 LIMIT 200
"""

LOCK = """
SELECT pg_advisory_xact_lock(hashtext('opencabinet: who refers whom'))
"""

REFERRERS = """
WITH RECURSIVE way AS (
  SELECT %(partner)s::bigint AS login, 0 AS steps UNION ALL
  SELECT theirs.partner, steps + 1
    FROM way
   CROSS JOIN LATERAL (SELECT partner FROM referrals WHERE login = way.login ORDER BY since DESC LIMIT 1) AS theirs
   WHERE theirs.partner IS NOT NULL AND steps < 50
)
SELECT login FROM way WHERE steps > 0 ORDER BY steps
"""

EMAILS = """
SELECT email FROM applications WHERE login = %(client)s AND email <> ''
 UNION
SELECT email FROM people JOIN owners ON owners.person = people.id WHERE owners.login = %(client)s
"""

CURRENT = """
SELECT since, partner FROM referrals WHERE login = %(client)s ORDER BY since DESC LIMIT 1
"""

DECIDED = """
SELECT EXISTS (SELECT FROM referral_log WHERE login = %(client)s AND cause = %(cause)s)
"""

APPEND = """
WITH entry AS (
  INSERT INTO referral_log (login, cause, kind, decision, partner, reason, since, evidence)
  VALUES (%(client)s, %(cause)s, %(kind)s, %(verdict)s, %(partner)s, %(reason)s, %(since)s, %(evidence)s)
  RETURNING login, id, at, cause, kind, decision, partner, reason, since, evidence
), referral AS (
  INSERT INTO referrals (login, since, partner, entry)
  SELECT login, since, partner, id FROM entry WHERE since IS NOT NULL
)
SELECT login AS client, id, at, cause, kind, decision AS verdict, partner, reason, since, evidence FROM entry
"""

LOG = """
SELECT login AS client, id, at, cause, kind, decision AS verdict, partner, reason, since, evidence
  FROM referral_log
 WHERE login = %(client)s AND id < %(below)s AND (partner = %(partner)s OR %(partner)s::bigint IS NULL)
 ORDER BY id DESC
 LIMIT %(limit)s
"""

# The row at or before a number in the index is read, whoever it is of: as much for a client, for another's, and for a
# number that is nobody's. Below the first there is none, so that is where the search begins at the earliest.
IS_CLIENT = """
SELECT found.login = %(client)s AND found.partner IS NOT DISTINCT FROM %(partner)s
  FROM (SELECT greatest(%(client)s::bigint, min(login)) AS login FROM referrals) AS asked
 CROSS JOIN LATERAL (SELECT login, partner FROM referrals
                      WHERE (referrals.login, since) <= (asked.login, 'infinity')
                      ORDER BY referrals.login DESC, since DESC
                      LIMIT 1) AS found
"""


class Application(Struct, frozen=True, kw_only=True):
    """What was said when the account was asked for."""

    id: int
    received_at: datetime
    email: str
    code: str
    click: str


class Named(Struct, frozen=True, kw_only=True):
    """Whose a code is."""

    partner: Login
    link: int | None
    retired_at: datetime | None


class Clicked(Struct, frozen=True, kw_only=True):
    """A click by a partner's link."""

    partner: Login
    at: datetime
    id: int
    link: int | None
    mark: str


class Agent(Struct, frozen=True, kw_only=True):
    """The partner who brought an account, as its server tells, by the partner's number there."""

    client: Login
    number: int
    since: datetime
    partner: Login

    @property
    def cause(self) -> str:
        """What is decided on."""
        return f"agent {self.number}"


class Standing(Struct, frozen=True, kw_only=True):
    """A partner as far as decisions go by it."""

    login: Login
    state: State
    enrolled_at: datetime


async def opened_at(conn: Connection, client: Login) -> datetime | None:
    """Return when the server made the account, None where it did not tell."""
    moment: datetime | None = await conn.value(OPENED_AT, client=client)
    return moment


async def application(conn: Connection, client: Login) -> Application | None:
    """Return the application that the account came from, if it came from one."""
    return await conn.one(Application, APPLICATION, client=client)


async def code(conn: Connection, code: str) -> Named | None:
    """Return whose a code is or was."""
    return await conn.one(Named, CODE, code=code)


async def click(conn: Connection, token: UUID) -> Clicked | None:
    """Return the click of a token."""
    return await conn.one(Clicked, CLICK, token=token)


async def agents(conn: Connection, clients: Collection[Login]) -> list[Agent]:
    """Return which partners brought accounts, as their servers tell now; those that nobody brought are left out."""
    return await conn.fetch(Agent, AGENTS, clients=list(clients))


async def undecided(conn: Connection, clients: Collection[Login]) -> list[Login]:
    """Return which accounts never were anybody's and were brought by a partner whom nothing was decided on."""
    found = await agents(conn, clients)
    given = {"clients": [each.client for each in found], "causes": [each.cause for each in found]}
    return await conn.values(NEVER_REFERRED, **given) if found else []


async def brought(conn: Connection, partner: Login, *, after: int, limit: int) -> list[Login]:
    """Return accounts above `after` that were brought by whoever has a number of the partner's, on whichever server."""
    return await conn.values(BROUGHT, partner=partner, after=after, limit=limit)


async def standings(conn: Connection, partners: Collection[Login]) -> dict[Login, Standing]:
    """Return those of some logins that are partners."""
    found = await conn.fetch(Standing, STANDINGS, partners=list(partners))
    return {each.login: each for each in found}


async def own(conn: Connection, client: Login, emails: Sequence[str]) -> list[Own]:
    """Return the partners who are the client: by account, by person, or by one of these e-mail addresses."""
    return await conn.fetch(Own, OWN, client=client, emails=list(emails))


async def lock(conn: Connection) -> None:
    """Let nobody else who is a partner become a client until the transaction ends."""
    await conn.run(LOCK)


async def referrers(conn: Connection, partner: Login) -> list[Login]:
    """Return whose client a partner is, and whose client that one is, up to 50 steps."""
    return await conn.values(REFERRERS, partner=partner)


async def emails(conn: Connection, client: Login) -> list[str]:
    """Return the e-mail addresses of an account's person, as they are kept."""
    return await conn.values(EMAILS, client=client)


async def current(conn: Connection, client: Login) -> Referral | None:
    """Return whose client an account is, None if it never was anybody's."""
    return await conn.one(Referral, CURRENT, client=client)


async def decided(conn: Connection, client: Login, cause: str) -> bool:
    """Whether something was decided on already."""
    return bool(await conn.value(DECIDED, client=client, cause=cause))


async def append(conn: Connection, decision: Decision, cause: str | None) -> Entry:
    """Write a decision, and whose client the account is from now on if that is new."""
    entry = await conn.one(
        Entry,
        APPEND,
        client=decision.client,
        cause=cause,
        kind=decision.kind,
        verdict=decision.verdict,
        partner=decision.partner,
        reason=decision.reason,
        since=decision.since,
        evidence=Jsonb(msgspec.to_builtins(decision.evidence)),
    )
    if entry is None:
        raise LookupError("The statement gives one row.")
    return entry


async def log(conn: Connection, client: Login, partner: Login | None, *, below: int, limit: int) -> list[Entry]:
    """Return the decisions on an account, the newest first; only those about a partner, if one is given."""
    return await conn.fetch(Entry, LOG, client=client, partner=partner, below=below, limit=limit)


async def is_client(conn: Connection, partner: Login, client: Login) -> bool:
    """Whether an account is a partner's client now: the same work for any number."""
    return bool(await conn.value(IS_CLIENT, partner=partner, client=client))
