"""The SQL of the history of everybody."""

from opencabinet.access.history.model import Authorization
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.page import NEWEST, Key, Page
from opencabinet.kernel.period import Period

EVERYBODYS = """
SELECT login, id, at, channel, action, family, function, address, derived_from, user_agent, granted, rule, detail,
       request_id, times, last_at
  FROM authorizations
 WHERE at >= %(since)s AND at < %(until)s AND (at, id) < (%(before)s, %(id)s)
   AND starts_with(action, %(of)s) AND granted IS DISTINCT FROM %(but)s::boolean
 ORDER BY at DESC, id DESC
 LIMIT %(limit)s
"""

BY_OPERATORS = """
SELECT login, id, at, channel, action, family, function, address, derived_from, user_agent, granted, rule, detail,
       request_id, times, last_at
  FROM authorizations
 WHERE at >= %(since)s AND at < %(until)s AND (at, id) < (%(before)s, %(id)s)
   AND starts_with(action, %(of)s) AND granted IS DISTINCT FROM %(but)s::boolean AND detail ? 'operator'
 ORDER BY at DESC, id DESC
 LIMIT %(limit)s
"""

OF_ACCOUNT = """
SELECT login, id, at, channel, action, family, function, address, derived_from, user_agent, granted, rule, detail,
       request_id, times, last_at
  FROM authorizations
 WHERE login = %(login)s AND at >= %(since)s AND at < %(until)s AND (at, id) < (%(before)s, %(id)s)
   AND starts_with(action, %(of)s) AND granted IS DISTINCT FROM %(but)s::boolean
   AND (NOT %(by_operators)s OR detail ? 'operator')
 ORDER BY at DESC, id DESC
 LIMIT %(limit)s
"""


async def everybodys(
    conn: Connection,
    period: Period,
    *,
    login: Login | None = None,
    below: Key = NEWEST,
    limit: int,
    of: str = "",
    granted: bool | None = None,
    by_operators: bool = False,
) -> Page[Authorization]:
    """Return what is told of everybody within a period, newest first; only what was granted or refused if said so.

    Only actions that begin with `of` are told, and what was done `by_operators` in the browser if that is wanted; and
    where a `login` is given, only what is told of that account.
    """
    given = {"since": period.since, "until": period.until, "before": below.at, "id": below.id, "of": of}
    but = None if granted is None else not granted
    if login is None:
        statement = BY_OPERATORS if by_operators else EVERYBODYS
    else:
        statement, given = OF_ACCOUNT, {**given, "login": login, "by_operators": by_operators}
    found = await conn.fetch(Authorization, statement, **given, but=but, limit=limit + 1)
    return Page.of(found, limit, Authorization.key)
