"""The SQL of finding accounts."""

from opencabinet.accounts.finding.model import Found
from opencabinet.db import Connection, beginning
from opencabinet.kernel.ids import LARGEST

BY_NUMBER = """
SELECT accounts.login, name, currency, platform, balance, as_of, complete, server, number
  FROM (SELECT login FROM accounts WHERE login = %(number)s
         UNION
        SELECT login FROM (SELECT login FROM sources WHERE number = %(number)s LIMIT %(limit)s) AS numbered) AS asked
  JOIN accounts USING (login)
  LEFT JOIN sources USING (login)
 ORDER BY accounts.login
 LIMIT %(limit)s
"""

# So many of those that have such a name are looked at, whichever are met first, however many there are.
BY_NAME = """
SELECT accounts.login, name, currency, platform, balance, as_of, complete, server, number
  FROM (SELECT login FROM accounts WHERE to_tsvector('simple', name) @@ to_tsquery('simple', %(words)s)
         LIMIT %(limit)s) AS named
  JOIN accounts USING (login)
  LEFT JOIN sources USING (login)
 ORDER BY accounts.login
"""

UNEXPLAINED = """
SELECT accounts.login, name, currency, platform, balance, as_of, complete, server, number
  FROM accounts LEFT JOIN sources USING (login)
 WHERE NOT complete AND accounts.login > %(after)s
 ORDER BY accounts.login
 LIMIT %(limit)s
"""


async def by_number(conn: Connection, number: int, limit: int) -> list[Found]:
    """Return the account of a login, and those that servers give this number."""
    return await conn.fetch(Found, BY_NUMBER, number=number, limit=limit) if 0 <= number <= LARGEST else []


async def by_name(conn: Connection, text: str, limit: int) -> list[Found]:
    """Return accounts whose name has words that begin with all those of a text, so many at most."""
    words = beginning(text)
    return await conn.fetch(Found, BY_NAME, words=words, limit=limit) if words else []


async def unexplained(conn: Connection, after: int, limit: int) -> list[Found]:
    """Return accounts whose balance the rows we hold do not explain, by login, those above `after`."""
    return await conn.fetch(Found, UNEXPLAINED, after=after, limit=limit)
