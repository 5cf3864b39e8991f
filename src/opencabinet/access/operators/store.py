"""The SQL of operators."""

from collections.abc import Sequence

from opencabinet.access.operators.model import Appointment, Role
from opencabinet.db import Connection

ROLES = """
SELECT role FROM operators WHERE person = %(person)s ORDER BY role
"""

LISTED = """
SELECT operators.person, people.email, people.name, role, since, givers.email AS by,
       EXISTS (SELECT FROM enrolled WHERE enrolled.person = operators.person) AS has_factor
  FROM operators
  JOIN people ON people.id = operators.person
  LEFT JOIN people AS givers ON givers.id = operators.given_by
 WHERE (operators.person, role) > (%(person)s, %(role)s)
 ORDER BY operators.person, role
 LIMIT %(limit)s
"""

ADD = """
INSERT INTO operators (person, role, given_by) VALUES (%(person)s, %(role)s, %(by)s) ON CONFLICT DO NOTHING
"""

REMOVE = """
DELETE FROM operators WHERE person = %(person)s AND role = ANY (%(roles)s)
"""

# Whoever takes roles away waits for one another, so that two do not take the last from each other.
LOCK = """
SELECT pg_advisory_xact_lock(hashtext('opencabinet.operators'))
"""

OTHER_ADMINISTRATORS = """
SELECT EXISTS (SELECT FROM operators WHERE role = 'administrator' AND person <> %(person)s)
"""


async def roles(conn: Connection, person: int) -> tuple[Role, ...]:
    """Return the roles of a person, none for whoever is no operator."""
    return tuple(Role(role) for role in await conn.values(ROLES, person=person))


async def listed(conn: Connection, *, after: tuple[int, str] = (0, ""), limit: int) -> list[Appointment]:
    """Return who operators are, and their roles, those who were added as people first, after one of them."""
    return await conn.fetch(Appointment, LISTED, person=after[0], role=after[1], limit=limit)


async def add(conn: Connection, person: int, role: Role, by: int | None) -> bool:
    """Give a person a role; whether they had it not."""
    return bool(await conn.run(ADD, person=person, role=role.value, by=by))


async def remove(conn: Connection, person: int, roles: Sequence[Role]) -> int:
    """Take roles from a person, and return how many they had of them."""
    return await conn.run(REMOVE, person=person, roles=[role.value for role in roles])


async def lock(conn: Connection) -> None:
    """Keep others from taking roles away until the transaction ends."""
    await conn.run(LOCK)


async def other_administrators(conn: Connection, person: int) -> bool:
    """Whether somebody else is an administrator."""
    return bool(await conn.value(OTHER_ADMINISTRATORS, person=person))
