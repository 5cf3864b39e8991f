"""The SQL of wishes to be deleted."""

from datetime import datetime, timedelta

from opencabinet.access.people.leaving.model import Deletion
from opencabinet.db import Connection

DELETION = """
SELECT person, email, name, asked_at, due_at, reason
  FROM deletion_requests
  JOIN people ON people.id = person
 WHERE person = %(person)s
"""

DELETIONS = """
SELECT person, email, name, asked_at, due_at, reason
  FROM deletion_requests
  JOIN people ON people.id = person
 WHERE (due_at, person) > (%(due_at)s, %(person)s)
 ORDER BY due_at, person
 LIMIT %(limit)s
"""

ASK = """
INSERT INTO deletion_requests (person, due_at, reason)
VALUES (%(person)s, now() + %(waits)s::interval, %(reason)s)
ON CONFLICT DO NOTHING
"""

WITHDRAW = """
DELETE FROM deletion_requests WHERE person = %(person)s AND due_at > now()
"""


async def deletion(conn: Connection, person: int) -> Deletion | None:
    """Return a person's wish to be deleted, or None."""
    return await conn.one(Deletion, DELETION, person=person)


async def deletions(conn: Connection, after: tuple[datetime, int], limit: int) -> list[Deletion]:
    """Return wishes to be deleted, those that are due first, after one of them."""
    due_at, person = after
    return await conn.fetch(Deletion, DELETIONS, due_at=due_at, person=person, limit=limit)


async def ask(conn: Connection, person: int, waits: timedelta, reason: str) -> bool:
    """Keep a wish; whether there was none."""
    return bool(await conn.run(ASK, person=person, waits=waits, reason=reason))


async def withdraw(conn: Connection, person: int) -> bool:
    """Forget a wish that is not due; whether there was one."""
    return bool(await conn.run(WITHDRAW, person=person))
