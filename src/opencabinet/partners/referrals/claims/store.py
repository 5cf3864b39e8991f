"""The SQL of claims."""

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners.referrals.claims.model import Claim

ADD = """
INSERT INTO referral_claims (login, client, evidence)
VALUES (%(partner)s, %(client)s, %(evidence)s)
RETURNING login AS partner, id, client, evidence, claimed_at, state, decided_at, note
"""

OPEN_CLIENTS = """
SELECT client FROM referral_claims WHERE login = %(partner)s AND state = 'open' LIMIT %(limit)s
"""

HELD = """
SELECT login AS partner, id, client, evidence, claimed_at, state, decided_at, note
  FROM referral_claims
 WHERE login = %(partner)s AND id = %(id)s
   FOR UPDATE
"""

SETTLE = """
UPDATE referral_claims
   SET (state, decided_at, note) = (%(state)s, clock_timestamp(), %(note)s)
 WHERE login = %(partner)s AND id = %(id)s
RETURNING login AS partner, id, client, evidence, claimed_at, state, decided_at, note
"""

LISTED = """
SELECT login AS partner, id, client, evidence, claimed_at, state, decided_at, note
  FROM referral_claims
 WHERE login = %(partner)s AND id < %(below)s
 ORDER BY id DESC
 LIMIT %(limit)s
"""

WAITING = """
SELECT login AS partner, id, client, evidence, claimed_at, state, decided_at, note
  FROM referral_claims
 WHERE state = 'open' AND id > %(after)s
 ORDER BY id
 LIMIT %(limit)s
"""


async def add(conn: Connection, partner: Login, client: Login, evidence: str) -> Claim:
    """Keep a new claim."""
    [made] = await conn.fetch(Claim, ADD, partner=partner, client=client, evidence=evidence)
    return made


async def open_clients(conn: Connection, partner: Login, limit: int) -> list[Login]:
    """Return whom a partner's claims that wait are for."""
    return await conn.values(OPEN_CLIENTS, partner=partner, limit=limit)


async def held(conn: Connection, partner: Login, number: int) -> Claim | None:
    """Return a claim, and let nobody else decide it until the transaction ends."""
    return await conn.one(Claim, HELD, partner=partner, id=number)


async def settle(conn: Connection, claim: Claim, state: str, note: str) -> Claim:
    """Keep what was decided."""
    [made] = await conn.fetch(Claim, SETTLE, partner=claim.partner, id=claim.id, state=state, note=note)
    return made


async def listed(conn: Connection, partner: Login, *, below: int, limit: int) -> list[Claim]:
    """Return the claims of a partner, the newest first."""
    return await conn.fetch(Claim, LISTED, partner=partner, below=below, limit=limit)


async def waiting(conn: Connection, *, after: int = 0, limit: int) -> list[Claim]:
    """Return the claims of all partners that wait, the oldest first."""
    return await conn.fetch(Claim, WAITING, after=after, limit=limit)
