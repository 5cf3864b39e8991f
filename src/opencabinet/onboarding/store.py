"""The SQL of applications."""

from datetime import datetime
from typing import Any

from msgspec import Struct, structs

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.page import NEWEST, Key
from opencabinet.onboarding.model import Application, Seen, State, Wanted

# What was said the same from the same network within an hour, and waits yet, is the same application: whoever sent it
# again looks at it with the newer token. What was said otherwise is another one, and tells of the one before.
KEEP = """
WITH before AS (
  SELECT id, said = %(said)s AND network IS NOT DISTINCT FROM %(network)s::cidr AS same
    FROM applications
   WHERE email = %(email)s AND email <> '' AND state = 'received' AND received_at > now() - interval '1 hour'
   ORDER BY received_at DESC
   LIMIT 10
), again AS (
  UPDATE applications SET token = %(token)s
   WHERE id = (SELECT id FROM before WHERE same LIMIT 1) AND %(state)s = 'received'
  RETURNING id, received_at
), new AS (
  INSERT INTO applications (id, token, state, name, email, country, phone, platform, currency, leverage, language,
                            account_type, code, click, keyword, subs, network, user_agent, said, earlier)
  SELECT %(id)s, %(token)s, %(state)s, %(name)s, %(email)s, %(country)s, %(phone)s, %(platform)s, %(currency)s,
         %(leverage)s, %(language)s, %(account_type)s, %(code)s, %(click)s, %(keyword)s, %(subs)s::text[],
         %(network)s::cidr, %(user_agent)s, %(said)s, (SELECT id FROM before LIMIT 1)
   WHERE NOT EXISTS (SELECT FROM again)
  RETURNING id, received_at
)
SELECT id, received_at FROM again UNION ALL SELECT id, received_at FROM new
"""

LOOK = """
SELECT id, CASE state WHEN 'spam' THEN 'received' ELSE state END AS state, received_at, login
  FROM applications
 WHERE id = %(id)s AND token = %(token)s
"""

HELD = """
SELECT id, state, received_at, decided_at, name, email, country, phone, platform, currency, leverage, language,
       account_type, code, click, keyword, subs, network, user_agent, earlier, login, note
  FROM applications
 WHERE id = %(id)s
   FOR UPDATE
"""

LISTED = """
SELECT id, state, received_at, decided_at, name, email, country, phone, platform, currency, leverage, language,
       account_type, code, click, keyword, subs, network, user_agent, earlier, login, note
  FROM applications
 WHERE state = %(state)s AND (received_at, id) < (%(before)s, %(below)s)
 ORDER BY received_at DESC, id DESC
 LIMIT %(limit)s
"""

CAME_FROM = """
SELECT id FROM applications WHERE login = %(login)s
"""

DECIDE = """
UPDATE applications
   SET (state, login, note, decided_at) = (%(state)s, %(login)s, %(note)s, clock_timestamp())
 WHERE id = %(id)s
RETURNING id, state, received_at, decided_at, name, email, country, phone, platform, currency, leverage, language,
          account_type, code, click, keyword, subs, network, user_agent, earlier, login, note
"""

FORGET = """
DELETE FROM applications
 WHERE id IN (SELECT id FROM applications
               WHERE state <> 'opened' AND received_at < now() - %(days)s * interval '1 day'
               LIMIT %(most)s)
"""

# The account has what was said of the person. The e-mail address stays: nobody may be their own partner by it.
EMPTY = """
UPDATE applications SET name = '', phone = '', network = NULL, user_agent = '', subs = '{}'
 WHERE id IN (SELECT id FROM applications
               WHERE state = 'opened' AND name <> '' AND received_at < now() - %(days)s * interval '1 day'
               LIMIT %(most)s)
"""


class Taken(Struct, frozen=True):
    """An application that was kept."""

    id: int
    received_at: datetime


async def keep(conn: Connection, wanted: Wanted, *, token: bytes, **more: Any) -> Taken:
    """Keep an application; the same that was kept just before is not kept again."""
    said = {name: value for name, value in structs.asdict(wanted).items() if name not in {"trap", "subs"}}
    [kept] = await conn.fetch(Taken, KEEP, **said, subs=list(wanted.subs), said=wanted.digest, token=token, **more)
    return kept


async def look(conn: Connection, number: int, token: bytes) -> Seen | None:
    """Return an application as its applicant sees it, if the token is its own: the same work for any."""
    return await conn.one(Seen, LOOK, id=number, token=token)


async def held(conn: Connection, number: int) -> Application | None:
    """Return an application, and let nobody else decide on it until the transaction ends."""
    return await conn.one(Application, HELD, id=number)


async def listed(conn: Connection, state: State, *, below: Key = NEWEST, limit: int) -> list[Application]:
    """Return applications of a state, the newest first."""
    return await conn.fetch(Application, LISTED, state=state, before=below.at, below=below.id, limit=limit)


async def came_from(conn: Connection, login: Login) -> int | None:
    """Return the application that an account came from, None if it came from none."""
    number: int | None = await conn.value(CAME_FROM, login=login)
    return number


async def decide(conn: Connection, number: int, state: State, *, login: Login | None, note: str) -> Application:
    """Keep what became of an application."""
    [kept] = await conn.fetch(Application, DECIDE, id=number, state=state, login=login, note=note)
    return kept


async def forget(conn: Connection, days: int, most: int) -> int:
    """Drop applications that are older than so many days and were not opened, at most so many; return how many."""
    return await conn.run(FORGET, days=days, most=most)


async def empty(conn: Connection, days: int, most: int) -> int:
    """Drop what opened applications tell of the person after so many days, of at most so many; return of how many."""
    return await conn.run(EMPTY, days=days, most=most)
