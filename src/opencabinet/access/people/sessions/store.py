"""The SQL of sessions."""

from datetime import datetime
from typing import Any, Final

from msgspec import structs

from opencabinet.access.model import SESSION_IDLE, SESSION_LASTS, Source
from opencabinet.access.people.sessions.model import (
    MOST,
    MOST_ACCOUNTS,
    MOST_UNPROVED,
    STEP_UP,
    UNPROVED,
    Level,
    Place,
    Seated,
    Session,
)
from opencabinet.db import Connection

SPANS: Final[dict[str, Any]] = {"idle": SESSION_IDLE, "absolute": SESSION_LASTS, "unproved": UNPROVED}

FOUND = """
WITH shown AS (
  SELECT sessions.*, EXISTS (SELECT FROM enrolled WHERE enrolled.person = sessions.person) AS has_factor
    FROM sessions
   WHERE hash = %(hash)s AND seen_at > now() - %(idle)s::interval AND begun_at > now() - %(absolute)s::interval
), judged AS (
  SELECT *, level = 'second factor' OR NOT has_factor AS good FROM shown
)
SELECT id, hash, person, level, good, has_factor,
       coalesce(stepped_up_at > now() - %(step_up)s::interval, false) AS stepped_up
  FROM judged
 WHERE good OR begun_at > now() - %(unproved)s::interval
"""

# Who is signed in, and being used keeps the session alive: one statement for each page.
SEATED = """
WITH shown AS (
  SELECT sessions.*, EXISTS (SELECT FROM enrolled WHERE enrolled.person = sessions.person) AS has_factor
    FROM sessions
   WHERE hash = %(hash)s AND seen_at > now() - %(idle)s::interval AND begun_at > now() - %(absolute)s::interval
), good AS (
  SELECT * FROM shown WHERE level = 'second factor' OR NOT has_factor
), seen AS (
  UPDATE sessions SET seen_at = now() FROM good
   WHERE sessions.id = good.id AND good.seen_at < now() - interval '1 minute'
)
SELECT good.id, good.hash, good.person, good.level, true AS good, good.has_factor,
       coalesce(good.stepped_up_at > now() - %(step_up)s::interval, false) AS stepped_up,
       people.email, people.name, people.language, people.theme,
       ARRAY(SELECT login FROM owners WHERE owners.person = good.person ORDER BY login LIMIT %(most)s) AS logins,
       ARRAY(SELECT login FROM owners JOIN partners USING (login)
              WHERE owners.person = good.person ORDER BY login LIMIT %(most)s) AS partners,
       ARRAY(SELECT role FROM operators WHERE operators.person = good.person ORDER BY role) AS roles
  FROM good JOIN people ON people.id = good.person
"""

# Who changes the password waits for this row, or this statement for them: no session outlives its password.
BEGIN = """
INSERT INTO sessions (hash, person, level, address, user_agent)
SELECT %(hash)s, id, 'password', %(address)s::inet, %(user_agent)s
  FROM people
 WHERE id = %(person)s AND password_set_at = %(password_set_at)s
   FOR SHARE
"""

# Who knows the password alone ends no session that showed a second factor.
TRIM = """
DELETE FROM sessions
 WHERE id IN (
         SELECT id
           FROM (SELECT id, level = 'second factor'
                        OR NOT EXISTS (SELECT FROM enrolled WHERE person = %(person)s) AS good,
                        row_number() OVER (PARTITION BY level ORDER BY begun_at DESC, id DESC) AS place
                   FROM sessions WHERE person = %(person)s) AS numbered
          WHERE place > CASE WHEN good THEN %(most)s::integer ELSE %(unproved)s::integer END
       )
"""

SEEN = """
UPDATE sessions SET seen_at = now() WHERE id = %(id)s AND seen_at < now() - interval '1 minute'
"""

ROTATE = """
UPDATE sessions
   SET hash = %(new)s, seen_at = now(), level = CASE WHEN %(proved)s THEN 'second factor' ELSE level END,
       stepped_up_at = CASE WHEN %(stepped_up)s THEN now() ELSE stepped_up_at END
 WHERE id = %(id)s AND hash = %(old)s
"""

PLACES = """
SELECT id, level, begun_at, seen_at, address, user_agent, id = %(own)s AS current
  FROM sessions
 WHERE person = %(person)s AND seen_at > now() - %(idle)s::interval AND begun_at > now() - %(absolute)s::interval
   AND (level = 'second factor' OR begun_at > now() - %(unproved)s::interval
        OR NOT EXISTS (SELECT FROM enrolled WHERE person = %(person)s))
 ORDER BY begun_at DESC, id DESC
"""

END = """
DELETE FROM sessions WHERE id = %(id)s AND person = %(person)s
"""

END_ALL = """
DELETE FROM sessions WHERE person = %(person)s AND id IS DISTINCT FROM %(besides)s
"""

FORGET = """
DELETE FROM sessions
 WHERE seen_at < now() - %(idle)s::interval OR begun_at < now() - %(absolute)s::interval
"""


async def found(conn: Connection, shown: bytes) -> Session | None:
    """Return the session with this hash, if it lives."""
    session = await conn.one(Session, FOUND, hash=shown, step_up=STEP_UP, **SPANS)
    return session and structs.replace(session, level=Level(session.level))


class Row(Session, frozen=True, kw_only=True):
    """A session with who is signed in."""

    email: str
    name: str
    language: str | None
    theme: str | None
    logins: list[int]
    partners: list[int]
    roles: list[str]


async def seated(conn: Connection, shown: bytes) -> Seated | None:
    """Return who is signed in by this hash, and keep the session alive; None where nobody is."""
    spans = {"idle": SESSION_IDLE, "absolute": SESSION_LASTS, "step_up": STEP_UP}
    row = await conn.one(Row, SEATED, hash=shown, most=MOST_ACCOUNTS, **spans)
    if row is None:
        return None
    told = structs.asdict(row)
    of_person: dict[str, Any] = {name: told.pop(name) for name in ("email", "name", "language", "theme")}
    lists: dict[str, Any] = {name: tuple(told.pop(name)) for name in ("logins", "partners", "roles")}
    return Seated(session=Session(**told | {"level": Level(row.level)}), **of_person, **lists)


async def begin(conn: Connection, new: bytes, person: int, password_set_at: datetime | None, source: Source) -> bool:
    """Keep a new session, unless the password was changed since it was verified; whether it was kept."""
    given = {"address": source.address, "user_agent": source.user_agent}
    kept = await conn.run(BEGIN, hash=new, person=person, password_set_at=password_set_at, **given)
    await conn.run(TRIM, person=person, most=MOST, unproved=MOST_UNPROVED)
    return bool(kept)


async def seen(conn: Connection, session: int) -> None:
    """Note that a session is used, at most once a minute."""
    await conn.run(SEEN, id=session)


async def rotate(conn: Connection, session: Session, new: bytes, *, proved: bool, stepped_up: bool) -> bool:
    """Know a session by another hash from now on, and note what was proved; False if it ended meanwhile."""
    given = {"id": session.id, "old": session.hash, "new": new}
    return bool(await conn.run(ROTATE, proved=proved, stepped_up=stepped_up, **given))


async def places(conn: Connection, person: int, own: int | None = None) -> list[Place]:
    """Return where a person is signed in, newest first."""
    rows = await conn.fetch(Place, PLACES, person=person, own=own or 0, **SPANS)
    return [structs.replace(row, level=Level(row.level)) for row in rows]


async def end(conn: Connection, person: int, session: int) -> bool:
    """End one session of a person; whether there was one."""
    return bool(await conn.run(END, person=person, id=session))


async def end_all(conn: Connection, person: int, besides: int | None = None) -> int:
    """End every session of a person, but for one; return how many there were."""
    return await conn.run(END_ALL, person=person, besides=besides)


async def forget(conn: Connection) -> int:
    """Drop sessions that ended by themselves, and return how many."""
    return await conn.run(FORGET, idle=SESSION_IDLE, absolute=SESSION_LASTS)
