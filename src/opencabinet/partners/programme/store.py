"""The SQL of partners, their codes, and what holds of them from when on."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners.programme.model import Dated, Listed, Partner, PartnerCode, Standing, State
from opencabinet.partners.programme.tree import Tree

LOCK = """
SELECT pg_advisory_xact_lock(hashtext('opencabinet: the tree of partners'))
"""

PARTNER = """
SELECT login, state, enrolled_at FROM partners WHERE login = %(login)s
"""

PARTNERS = """
SELECT login, state, enrolled_at FROM partners WHERE login > %(after)s ORDER BY login LIMIT %(limit)s
"""

OVERVIEW = """
SELECT partners.login, accounts.name, state, enrolled_at, above.parent, followed.plan
  FROM partners
  JOIN accounts USING (login)
  LEFT JOIN LATERAL (SELECT parent FROM partner_parents
                      WHERE partner_parents.login = partners.login AND since <= now()
                      ORDER BY since DESC LIMIT 1) AS above ON true
  LEFT JOIN LATERAL (SELECT plan FROM partner_plans
                      WHERE partner_plans.login = partners.login AND since <= now()
                      ORDER BY since DESC LIMIT 1) AS followed ON true
 WHERE partners.login > %(after)s
 ORDER BY partners.login
 LIMIT %(limit)s
"""

ENROL = """
INSERT INTO partners (login, enrolled_at) VALUES (%(login)s, coalesce(%(since)s, now()))
ON CONFLICT (login) DO NOTHING
RETURNING login, state, enrolled_at
"""

SET_STATE = """
UPDATE partners SET state = %(state)s, changed_at = now()
 WHERE login = %(login)s
RETURNING login, state, enrolled_at
"""

GIVE_CODE = """
INSERT INTO partner_codes (code, login, link) VALUES (%(code)s, %(login)s, %(link)s)
ON CONFLICT (code) DO NOTHING
RETURNING code, login, link, given_at, retired_at
"""

RETIRE_CODE = """
UPDATE partner_codes SET retired_at = now() WHERE login = %(login)s AND code = %(code)s AND retired_at IS NULL
"""

FIND = """
SELECT code, login, link, given_at, retired_at FROM partner_codes WHERE code = %(code)s AND retired_at IS NULL
"""

CODES = """
SELECT code, login, link, given_at, retired_at
  FROM partner_codes
 WHERE login = %(login)s
 ORDER BY given_at, code
 LIMIT %(limit)s
"""

NAMING = """
SELECT code, login, link, given_at, retired_at
  FROM partner_codes
 WHERE login = %(login)s AND retired_at IS NULL AND (link IS NULL OR link = %(link)s)
 ORDER BY link, given_at, code
 LIMIT %(limit)s
"""

TREE = """
SELECT login, since, parent AS value FROM partner_parents
"""

PLANS = """
SELECT login, since, plan AS value FROM partner_plans ORDER BY login, since
"""

# A tree that was checked is not deeper than a dozen levels: a loop would end there.
STANDING = """
WITH RECURSIVE chain AS (
  SELECT %(login)s::bigint AS login, 1 AS level
   UNION ALL
  SELECT above.parent, chain.level + 1
    FROM chain
   CROSS JOIN LATERAL (SELECT parent FROM partner_parents
                        WHERE login = chain.login AND since <= %(at)s::timestamptz
                        ORDER BY since DESC LIMIT 1) AS above
   WHERE above.parent IS NOT NULL AND chain.level < 12
)
SELECT (SELECT max(level) FROM chain) AS level,
       (SELECT count(*)
          FROM (SELECT DISTINCT login FROM partner_parents WHERE parent = %(login)s) AS once
         CROSS JOIN LATERAL (SELECT parent FROM partner_parents
                              WHERE login = once.login AND since <= %(at)s::timestamptz
                              ORDER BY since DESC LIMIT 1) AS above
         WHERE above.parent = %(login)s) AS sub_partners,
       (SELECT plan FROM partner_plans WHERE login = %(login)s AND since <= %(at)s::timestamptz
         ORDER BY since DESC LIMIT 1) AS plan
"""

PLAN = """
SELECT plan FROM partner_plans WHERE login = %(login)s AND since <= now() ORDER BY since DESC LIMIT 1
"""

OWN = """
SELECT mine.login AS client, theirs.login AS partner
  FROM owners AS mine JOIN owners AS theirs USING (person) JOIN partners ON partners.login = theirs.login
 WHERE mine.login = ANY (%(logins)s)
 UNION
SELECT login, login FROM partners WHERE login = ANY (%(logins)s)
"""

# Of those who may come to be above others: whose clients are they, or accounts of the same person, since then?
CLIENTS_OF = """
SELECT DISTINCT referrals.partner AS below, own.above
  FROM (SELECT login AS client, login AS above FROM unnest(%(logins)s::bigint[]) AS asked (login)
         UNION
        SELECT theirs.login, mine.login
          FROM owners AS mine JOIN owners AS theirs USING (person)
         WHERE mine.login = ANY (%(logins)s)) AS own
  JOIN referrals ON referrals.login = own.client
 WHERE referrals.partner IS NOT NULL
   AND NOT EXISTS (SELECT FROM referrals AS later
                    WHERE later.login = own.client AND later.since > referrals.since AND later.since <= %(since)s)
"""

PLACE = """
INSERT INTO partner_parents (login, since, parent)
SELECT %(login)s, %(since)s, %(parent)s
 WHERE NOT EXISTS (SELECT FROM partner_parents WHERE login = %(login)s AND since >= %(since)s)
"""

FOLLOW_PLAN = """
INSERT INTO partner_plans (login, since, plan)
SELECT %(login)s, %(since)s, %(plan)s
 WHERE NOT EXISTS (SELECT FROM partner_plans WHERE login = %(login)s AND since >= %(since)s)
"""


class Own(Struct, frozen=True):
    """An account, and a partner who is it."""

    client: Login
    partner: Login


class Knot(Struct, frozen=True):
    """A partner, and one who is their client."""

    below: Login
    above: Login


async def lock(conn: Connection) -> None:
    """Keep others from changing the tree until the transaction ends."""
    await conn.run(LOCK)


async def partner(conn: Connection, login: Login) -> Partner | None:
    """Return a partner, None if the account is none."""
    return await conn.one(Partner, PARTNER, login=login)


async def partners(conn: Connection, *, after: int = 0, limit: int) -> list[Partner]:
    """Return partners in the order of their logins, those above `after`."""
    return await conn.fetch(Partner, PARTNERS, after=after, limit=limit)


async def overview(conn: Connection, *, after: int = 0, limit: int) -> list[Listed]:
    """Return partners by login, each with the one above and the plan."""
    return await conn.fetch(Listed, OVERVIEW, after=after, limit=limit)


async def enrol(conn: Connection, login: Login, since: datetime | None = None) -> Partner | None:
    """Let an account be a partner from a moment on, now unless told; None if it is one."""
    return await conn.one(Partner, ENROL, login=login, since=since)


async def set_state(conn: Connection, login: Login, state: State) -> Partner | None:
    """Let a partner be of another state; None if there is no such partner."""
    return await conn.one(Partner, SET_STATE, login=login, state=state)


async def give_code(conn: Connection, login: Login, code: str, link: int | None) -> PartnerCode | None:
    """Give a code, unless somebody has it, or had it."""
    return await conn.one(PartnerCode, GIVE_CODE, login=login, code=code, link=link)


async def retire_code(conn: Connection, login: Login, code: str) -> bool:
    """Let a code name nobody any more; say whether it named this partner."""
    return bool(await conn.run(RETIRE_CODE, login=login, code=code))


async def find(conn: Connection, code: str) -> PartnerCode | None:
    """Return whose a code is, None if it names nobody."""
    return await conn.one(PartnerCode, FIND, code=code)


async def codes(conn: Connection, login: Login, *, limit: int) -> list[PartnerCode]:
    """Return the codes of a partner, the oldest first, retired ones among them."""
    return await conn.fetch(PartnerCode, CODES, login=login, limit=limit)


async def naming(conn: Connection, login: Login, *, link: int | None = None, limit: int = 1) -> list[PartnerCode]:
    """Return the codes that name a partner now, the oldest first, before them that of a link if one is told."""
    return await conn.fetch(PartnerCode, NAMING, login=login, link=link, limit=limit)


async def tree(conn: Connection) -> Tree:
    """Return the whole tree, as it holds from moment to moment."""
    return Tree(await conn.fetch(Dated, TREE))


async def standing(conn: Connection, login: Login, at: datetime) -> Standing:
    """Return where a partner stands at a moment."""
    found = await conn.one(Standing, STANDING, login=login, at=at)
    if found is None:
        raise LookupError("The statement gives one row.")
    return found


async def parents(conn: Connection) -> Sequence[Dated]:
    """Return below whom each partner is, from when on."""
    return await conn.fetch(Dated, TREE)


async def plans(conn: Connection) -> Sequence[Dated]:
    """Return by which plan each partner is paid, from when on."""
    return await conn.fetch(Dated, PLANS)


async def plan(conn: Connection, login: Login) -> str | None:
    """Return by which plan a partner is paid now, None if none was said."""
    found: str | None = await conn.value(PLAN, login=login)
    return found


async def own(conn: Connection, logins: Sequence[Login]) -> dict[Login, frozenset[Login]]:
    """Return the partners who are these accounts: the same, or others of the same persons; who is none is left out."""
    found = defaultdict[Login, set[Login]](set)
    for it in await conn.fetch(Own, OWN, logins=list(logins)):
        found[it.client].add(it.partner)
    return {client: frozenset(partners) for client, partners in found.items()}


async def clients_of(conn: Connection, logins: Sequence[Login], since: datetime) -> set[tuple[Login, Login]]:
    """Return who is the client of which partner since a moment: each a partner, and who of `logins` is their client."""
    return {(it.below, it.above) for it in await conn.fetch(Knot, CLIENTS_OF, logins=list(logins), since=since)}


async def place(conn: Connection, login: Login, parent: Login | None, since: datetime) -> bool:
    """Let a partner be below another from a moment on; False if something holds from then on already."""
    return bool(await conn.run(PLACE, login=login, parent=parent, since=since))


async def follow_plan(conn: Connection, login: Login, plan: str, since: datetime) -> bool:
    """Let a partner be paid by a plan from a moment on; False if something holds from then on already."""
    return bool(await conn.run(FOLLOW_PLAN, login=login, plan=plan, since=since))
