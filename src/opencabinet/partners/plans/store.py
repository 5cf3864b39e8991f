"""The SQL of plans and their versions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.partners.plans.model import TooEarly, TooManyPlans, Version
from opencabinet.partners.plans.plan import Plan
from opencabinet.partners.plans.rules import fitting

MOST_VERSIONS: Final = 1_000
"""Versions of all plans together, at most: whoever works out rewards holds them all."""

LOCK = """
SELECT pg_advisory_xact_lock(hashtext('opencabinet: the plans of partners'))
"""

COUNT = """
SELECT count(*) FROM plans
"""

SAVE = """
INSERT INTO plans (name, version, since, body, note)
SELECT %(name)s, coalesce(max(version), 0) + 1, %(since)s, %(body)s::jsonb, %(note)s
  FROM plans
 WHERE name = %(name)s
HAVING coalesce(max(since) <= %(since)s, true)
RETURNING version
"""

VERSIONS = """
SELECT name, version, since, body::text AS body, note, made_at FROM plans ORDER BY name, since, version LIMIT %(limit)s
"""


class Kept(Struct, frozen=True, kw_only=True):
    """A version as its row has it."""

    name: str
    version: int
    since: datetime
    body: str
    note: str
    made_at: datetime


async def save(conn: Connection, plan: Plan, since: datetime, note: str = "") -> int:
    """Let a plan hold from a moment on, as the next version of its name; give the version's number.

    Raises:
        BadPlan: if it is longer than is kept.
        TooEarly: if a version holds from a later moment on.
        TooManyPlans: if there are as many versions as are kept.
    """
    body = fitting(plan)
    async with conn.transaction():
        await conn.run(LOCK)
        if await conn.value(COUNT) >= MOST_VERSIONS:
            raise TooManyPlans
        version: int | None = await conn.value(SAVE, name=plan.name, since=since, body=body, note=note)
    if version is None:
        raise TooEarly
    return version


async def versions(conn: Connection) -> Mapping[str, Sequence[Version]]:
    """Return all plans by name, the versions of each in the order in which they hold."""
    found: dict[str, list[Version]] = defaultdict(list)
    for row in await conn.fetch(Kept, VERSIONS, limit=MOST_VERSIONS):
        made = Version(plan=read(row.body), version=row.version, since=row.since, note=row.note, made_at=row.made_at)
        found[row.name].append(made)
    return dict(found)


@lru_cache(MOST_VERSIONS)
def read(body: str) -> Plan:
    """Return a plan as it was kept; the same text gives the same plan, so that what is ready for it is found."""
    return msgspec.json.decode(body, type=Plan)
