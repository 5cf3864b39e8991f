"""The SQL of people, of the accounts that are theirs, and of codes for setting a password."""

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct

from opencabinet.access.people.model import Held, Person
from opencabinet.db import Connection, beginning
from opencabinet.kernel.ids import Login

PERSON = """
SELECT id, email, name, password IS NOT NULL AS has_password, leans, created_at,
       EXISTS (SELECT FROM enrolled WHERE enrolled.person = people.id) AS has_factor
  FROM people
 WHERE id = %(person)s OR email = %(email)s
"""

PAGE = """
SELECT id, email, name, password IS NOT NULL AS has_password, leans, created_at,
       EXISTS (SELECT FROM enrolled WHERE enrolled.person = people.id) AS has_factor
  FROM people
 WHERE id > %(after)s
 ORDER BY id
 LIMIT %(limit)s
"""

BY_EMAIL = """
SELECT id, email, name, password IS NOT NULL AS has_password, leans, created_at,
       EXISTS (SELECT FROM enrolled WHERE enrolled.person = people.id) AS has_factor
  FROM people
 WHERE email ^@ %(email)s
 ORDER BY email
 LIMIT %(limit)s
"""

# So many of those who have such a name are looked at, whichever are met first, however many there are.
BY_NAME = """
SELECT id, email, name, password IS NOT NULL AS has_password, leans, created_at,
       EXISTS (SELECT FROM enrolled WHERE enrolled.person = people.id) AS has_factor
  FROM people
 WHERE to_tsvector('simple', name) @@ to_tsquery('simple', %(words)s)
 LIMIT %(limit)s
"""

HELD = """
SELECT id AS person, email, password, password_set_at,
       EXISTS (SELECT FROM enrolled WHERE enrolled.person = people.id) AS has_factor
  FROM people
 WHERE id = %(person)s OR email = %(email)s
"""

ADD = """
INSERT INTO people (email, name) VALUES (%(email)s, %(name)s) ON CONFLICT DO NOTHING RETURNING id
"""

LINK = """
INSERT INTO owners (login, person) VALUES (%(login)s, %(person)s)
ON CONFLICT (login) DO UPDATE SET login = owners.login WHERE owners.person = excluded.person
"""

UNLINK = """
DELETE FROM owners WHERE login = %(login)s AND person = %(person)s
"""

LOGINS = """
SELECT login FROM owners WHERE person = %(person)s ORDER BY login LIMIT 1000
"""

LOGINS_OF = """
SELECT person, login
  FROM unnest(%(people)s::bigint[]) AS asked (person)
 CROSS JOIN LATERAL (SELECT login FROM owners WHERE owners.person = asked.person ORDER BY login LIMIT %(most)s) AS own
 ORDER BY person, login
"""

OWNER = """
SELECT person FROM owners WHERE login = %(login)s
"""

KNOWN_OF = """
SELECT unnest(ARRAY[login::text, name, company]) FROM accounts JOIN owners USING (login) WHERE person = %(person)s
 LIMIT 300
"""

SAME_HASH = """
SELECT EXISTS (SELECT FROM api_passwords JOIN owners USING (login) WHERE person = %(person)s AND hash = %(hash)s)
"""

CHOSEN = """
SELECT chosen FROM api_passwords JOIN owners USING (login)
 WHERE person = %(person)s AND chosen IS NOT NULL
 ORDER BY login
 LIMIT %(limit)s
"""

LOCK = """
SELECT id FROM people WHERE id = %(person)s FOR UPDATE
"""

NEW_HASH = """
UPDATE people SET password = %(password)s, leans = %(leans)s, password_set_at = clock_timestamp() WHERE id = %(person)s
"""

RENEW_HASH = """
UPDATE people SET password = %(new)s WHERE id = %(person)s AND password = %(old)s
"""

NO_HASH = """
UPDATE people SET password = NULL, leans = false WHERE id = %(person)s AND leans
"""

SET_LOOK = """
UPDATE people SET language = coalesce(%(language)s, language), theme = coalesce(%(theme)s, theme) WHERE id = %(person)s
"""

SET_NAME = """
UPDATE people SET name = %(name)s WHERE id = %(person)s AND name <> %(name)s
"""

KEEP_CODE = """
INSERT INTO password_codes (person, hash, expires_at) VALUES (%(person)s, %(hash)s, now() + %(lifetime)s)
ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at
"""

CODE = """
SELECT person FROM password_codes WHERE hash = %(hash)s AND expires_at > now()
"""

USE_CODE = """
DELETE FROM password_codes WHERE hash = %(hash)s AND expires_at > now()
"""

DROP_CODE = """
DELETE FROM password_codes WHERE person = %(person)s
"""

FORGET_CODES = """
DELETE FROM password_codes WHERE expires_at < now()
"""


async def person(conn: Connection, person: int | None = None, *, email: str | None = None) -> Person | None:
    """Return the person with this number or this e-mail address, or None."""
    return await conn.one(Person, PERSON, person=person, email=email)


async def people(conn: Connection, after: int, limit: int) -> list[Person]:
    """Return people in the order in which they were added."""
    return await conn.fetch(Person, PAGE, after=after, limit=limit)


async def by_email(conn: Connection, email: str, limit: int) -> list[Person]:
    """Return people whose e-mail address begins like this, so many at most."""
    return await conn.fetch(Person, BY_EMAIL, email=email, limit=limit)


async def by_name(conn: Connection, text: str, limit: int) -> list[Person]:
    """Return people whose name has words that begin with all those of a text, so many at most."""
    words = beginning(text)
    return await conn.fetch(Person, BY_NAME, words=words, limit=limit) if words else []


async def held(conn: Connection, person: int | None = None, *, email: str | None = None) -> Held | None:
    """Return what a person's password is checked against, or None."""
    return await conn.one(Held, HELD, person=person, email=email)


async def add(conn: Connection, email: str, name: str) -> int | None:
    """Keep a person and return their number, or None if the e-mail address is taken."""
    added: int | None = await conn.value(ADD, email=email, name=name)
    return added


async def link(conn: Connection, login: Login, person: int) -> bool:
    """Give a person an account, unless it is another's; whether it is theirs now."""
    return bool(await conn.run(LINK, login=login, person=person))


async def unlink(conn: Connection, login: Login, person: int) -> None:
    """Take an account from a person."""
    await conn.run(UNLINK, login=login, person=person)


async def logins(conn: Connection, person: int | None) -> list[Login]:
    """Return a person's accounts; nobody has none."""
    return await conn.values(LOGINS, person=person)


class Own(Struct, frozen=True):
    """An account of a person."""

    person: int
    login: Login


async def logins_of(conn: Connection, people: Sequence[int], most: int) -> dict[int, list[Login]]:
    """Return the accounts of several people, so many of each at most."""
    found: dict[int, list[Login]] = {person: [] for person in people}
    for own in await conn.fetch(Own, LOGINS_OF, people=list(people), most=most):
        found[own.person].append(own.login)
    return found


async def owner(conn: Connection, login: Login) -> int | None:
    """Return whose an account is, or None."""
    found: int | None = await conn.value(OWNER, login=login)
    return found


async def known_of(conn: Connection, person: int) -> list[str]:
    """Return what a person's accounts tell of them: logins, names, the broker's name."""
    return await conn.values(KNOWN_OF, person=person)


async def is_api_password(conn: Connection, person: int, password: bytes) -> bool:
    """Whether an account of the person has the API password with this hash."""
    return bool(await conn.value(SAME_HASH, person=person, hash=password))


async def chosen_api_passwords(conn: Connection, person: int, limit: int) -> list[str]:
    """Return what the API passwords are kept as that the person chose."""
    return await conn.values(CHOSEN, person=person, limit=limit)


async def lock(conn: Connection, person: int) -> None:
    """Keep others from changing a person, or their factors, until the transaction ends."""
    await conn.run(LOCK, person=person)


async def set_password(conn: Connection, person: int, password: str, *, leans: bool) -> None:
    """Replace a person's password."""
    await conn.run(NEW_HASH, person=person, password=password, leans=leans)


async def renew_hash(conn: Connection, person: int, old: str, new: str) -> None:
    """Replace a person's hash by a newer one of the same password, unless the password was changed meanwhile."""
    await conn.run(RENEW_HASH, person=person, old=old, new=new)


async def no_password(conn: Connection, person: int) -> bool:
    """Take away a password that needs a factor beside it; whether it was one."""
    return bool(await conn.run(NO_HASH, person=person))


async def set_look(conn: Connection, person: int, *, language: str | None = None, theme: str | None = None) -> None:
    """Keep how a person wants pages to look; what is None stays."""
    await conn.run(SET_LOOK, person=person, language=language, theme=theme)


async def set_name(conn: Connection, person: int, name: str) -> bool:
    """Keep a person's name; whether it was another."""
    return bool(await conn.run(SET_NAME, person=person, name=name))


async def keep_code(conn: Connection, person: int, code: bytes, lifetime: timedelta) -> None:
    """Keep a code for setting a password, in place of an earlier one."""
    await conn.run(KEEP_CODE, person=person, hash=code, lifetime=lifetime)


async def code(conn: Connection, code: bytes) -> int | None:
    """Return whose code for setting a password this is, or None."""
    found: int | None = await conn.value(CODE, hash=code)
    return found


async def use_code(conn: Connection, code: bytes) -> bool:
    """Use a code up; whether it was still good."""
    return bool(await conn.run(USE_CODE, hash=code))


async def drop_code(conn: Connection, person: int) -> None:
    """Drop a person's code, if there is one."""
    await conn.run(DROP_CODE, person=person)


async def forget_codes(conn: Connection) -> int:
    """Drop codes that expired, and return how many."""
    return await conn.run(FORGET_CODES)
