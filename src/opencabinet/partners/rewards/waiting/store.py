"""The SQL of trades that wait."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login, Ticket
from opencabinet.partners.rewards.accruing.model import Waiting

NEXT = """
SELECT login, first, last, since, why, asked_at
  FROM reward_waiting
 WHERE tried_at < now() - make_interval(secs => %(seconds)s)
 ORDER BY tried_at, login, first
 LIMIT %(limit)s
"""

WAIT = """
INSERT INTO reward_waiting (login, first, last, why, tried_at)
SELECT login, ticket, ticket, why, now()
  FROM unnest(%(logins)s::bigint[], %(tickets)s::bigint[], %(whys)s::text[]) AS told (login, ticket, why)
 ORDER BY login, ticket
ON CONFLICT (login, first, last, why) DO UPDATE SET tried_at = now()
"""

END = """
DELETE FROM reward_waiting AS over
 USING unnest(%(logins)s::bigint[], %(firsts)s::bigint[], %(lasts)s::bigint[], %(whys)s::text[],
              %(asked)s::timestamptz[]) AS told (login, first, last, why, asked_at)
 WHERE (over.login, over.first, over.last, over.why, over.asked_at)
     = (told.login, told.first, told.last, told.why, told.asked_at)
"""

# What is asked again before it is done begins with the earlier of both.
REWORK = """
INSERT INTO reward_waiting AS known (login, first, last, since, why)
VALUES (%(login)s, 1, %(last)s, %(since)s, 'rework')
ON CONFLICT (login, first, last, why) DO UPDATE
   SET since = least(known.since, excluded.since), asked_at = clock_timestamp(), tried_at = '-infinity'
"""

REWORK_ALL = """
WITH RECURSIVE below AS (
  SELECT login FROM partners WHERE login = coalesce(%(partner)s::bigint, login)
   UNION
  SELECT placed.login FROM below JOIN partner_parents AS placed ON placed.parent = below.login
)
INSERT INTO reward_waiting AS known (login, first, last, since, why)
SELECT DISTINCT referrals.login, 1, %(last)s::bigint, %(since)s::timestamptz, 'rework'
  FROM below JOIN referrals ON referrals.partner = below.login
 ORDER BY 1
ON CONFLICT (login, first, last, why) DO UPDATE
   SET since = least(known.since, excluded.since), asked_at = clock_timestamp(), tried_at = '-infinity'
"""

COUNT = """
SELECT count(*) FROM (SELECT FROM reward_waiting LIMIT %(most)s) AS counted
"""


async def following(conn: Connection, seconds: int, limit: int) -> list[Waiting]:
    """Return what was not tried for so many seconds, what waits longest first."""
    return await conn.fetch(Waiting, NEXT, seconds=seconds, limit=limit)


async def wait(conn: Connection, trades: Mapping[tuple[Login, Ticket], str]) -> None:
    """Let trades wait, each for a reason."""
    logins, tickets = [login for login, _ in trades], [ticket for _, ticket in trades]
    await conn.run(WAIT, logins=logins, tickets=tickets, whys=list(trades.values()))


async def end(conn: Connection, waiting: Sequence[Waiting]) -> None:
    """Let nothing of this wait any more; what was asked anew meanwhile still does."""
    await conn.run(
        END,
        logins=[it.login for it in waiting],
        firsts=[it.first for it in waiting],
        lasts=[it.last for it in waiting],
        whys=[it.why for it in waiting],
        asked=[it.asked_at for it in waiting],
    )


async def rework(conn: Connection, client: Login, since: datetime) -> None:
    """Let the trades of a client that closed since a moment be worked out anew: whose client they were has changed.

    The follower does so soon, by the tree and the plans as they are known then; what comes out the same stays.
    """
    await conn.run(REWORK, login=client, last=LARGEST, since=since)


async def rework_all(conn: Connection, partner: Login | None, since: datetime) -> int:
    """Let the trades of all clients of a partner and of those below be worked out anew, or of everybody's clients.

    Whoever was their client, or below, at any time counts. Give how many clients they are.
    """
    return await conn.run(REWORK_ALL, partner=partner, last=LARGEST, since=since)


async def count(conn: Connection, most: int = 100_000) -> int:
    """Return how much waits, counted to `most`."""
    return int(await conn.value(COUNT, most=most))


def still(waiting: Iterable[Waiting], trades: Mapping[tuple[Login, Ticket], str]) -> list[Waiting]:
    """Return what of it waits no more, as these trades still do."""
    return [it for it in waiting if trades.get((it.login, Ticket(it.first))) != it.why]
