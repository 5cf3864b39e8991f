"""The SQL of what came of a partner's promotion."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.page import Key
from opencabinet.kernel.period import EVER
from opencabinet.partners.results.model import Arrived, Earned, Opened, Together

# An account is put down to the day of the click that was decided by. A login is told to the partner only whom its
# client consented to, and while they are the partner's: to who was their partner nothing can be taken back.
OPENED = """
SELECT clicked.day,
       CASE WHEN consent.level IN ('named', 'full')
             AND NOT EXISTS (SELECT FROM referrals AS later
                              WHERE later.login = referrals.login AND later.since > referrals.since)
            THEN referrals.login ELSE 0
       END AS login
  FROM referrals
  JOIN referral_log ON referral_log.login = referrals.login AND referral_log.id = referrals.entry
  LEFT JOIN LATERAL (SELECT level FROM partner_consents
                      WHERE partner_consents.login = referrals.login AND partner_consents.partner = referrals.partner
                      ORDER BY since DESC LIMIT 1) AS consent ON true
 CROSS JOIN LATERAL (
   SELECT coalesce((jsonb_path_query_first(evidence, '$.leads[*] ? (@.kind == "click" && @.found == "")')
                      ->> 'at')::timestamptz, referrals.since)::date AS day
 ) AS clicked
 WHERE referrals.partner = %(login)s AND referral_log.kind = 'click' AND referral_log.decision = 'attributed'
   AND referrals.since >= %(since)s::date AND clicked.day >= %(since)s::date AND clicked.day < %(until)s::date
 ORDER BY clicked.day, referrals.since, referrals.login
 LIMIT %(limit)s
"""

NAMED = """
SELECT asked.login
  FROM unnest(%(clients)s::bigint[]) AS asked (login)
 CROSS JOIN LATERAL (SELECT partner FROM referrals
                      WHERE referrals.login = asked.login ORDER BY since DESC LIMIT 1) AS referral
 CROSS JOIN LATERAL (SELECT level FROM partner_consents
                      WHERE partner_consents.login = asked.login AND partner_consents.partner = referral.partner
                      ORDER BY since DESC LIMIT 1) AS consent
 WHERE referral.partner = %(login)s AND consent.level IN ('named', 'full')
"""

# A backlog is not looked through to its end: so much of it means that something waits for nearly everybody.
WAITS = """
SELECT EXISTS (
  SELECT FROM (SELECT DISTINCT login FROM (SELECT login FROM reward_waiting LIMIT 10000) AS first) AS waiting
   CROSS JOIN LATERAL (SELECT partner FROM referrals
                        WHERE referrals.login = waiting.login ORDER BY since DESC LIMIT 1) AS referral
   WHERE referral.partner = %(login)s
)
"""

# A client's origin is the click that was decided by, as the log tells; of a code it is its link.
ARRIVED = """
WITH clients AS (
  SELECT referrals.login, referrals.since,
         (SELECT min(later.since) FROM referrals AS later
           WHERE later.login = referrals.login AND later.since > referrals.since) AS until,
         CASE %(by)s::text
           WHEN 'day' THEN '' WHEN 'all' THEN '' WHEN 'country' THEN coalesce(click.country, '')
           WHEN 'link' THEN coalesce(click.link, lead.link, 0)::text
           WHEN 'banner' THEN coalesce(click.banner, 0)::text WHEN 'landing' THEN coalesce(click.landing, '')
           ELSE coalesce(click.keyword, '')
         END AS origin
    FROM referrals
    JOIN referral_log AS log ON log.login = referrals.login AND log.id = referrals.entry
    LEFT JOIN LATERAL (
      SELECT (told ->> 'at')::timestamptz AS at, (told ->> 'click')::bigint AS click, (told ->> 'link')::bigint AS link
        FROM jsonb_array_elements(log.evidence -> 'leads') AS told
       WHERE told ->> 'kind' = log.kind AND told ->> 'found' = ''
         AND (told ->> 'partner')::bigint = referrals.partner
       LIMIT 1
    ) AS lead ON true
    LEFT JOIN clicks AS click ON click.login = referrals.partner AND click.at = lead.at AND click.id = lead.click
   WHERE referrals.partner = %(login)s
), happened AS (
  SELECT since AS at, origin, 1 AS registrations, 0 AS first_deposits FROM clients
   UNION ALL
  SELECT first.moved_at, origin, 0, 1
    FROM clients
   CROSS JOIN LATERAL (SELECT moved_at FROM movements
                        WHERE movements.login = clients.login AND kind = 'balance' AND amount > 0
                        ORDER BY moved_at, ticket LIMIT 1) AS first
   WHERE first.moved_at >= clients.since AND (clients.until IS NULL OR first.moved_at < clients.until)
)
SELECT CASE WHEN %(by)s::text = 'day' THEN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') ELSE origin END AS value,
       sum(registrations)::integer AS registrations, sum(first_deposits)::integer AS first_deposits
  FROM happened
 WHERE at >= %(since)s::date AND at < %(until)s::date
 GROUP BY 1
 ORDER BY 2 DESC, 1
 LIMIT %(limit)s
"""

EARNED = """
WITH clients AS (
  SELECT DISTINCT ON (referrals.login) referrals.login,
         CASE %(by)s::text
           WHEN 'country' THEN coalesce(click.country, '') WHEN 'link' THEN coalesce(click.link, lead.link, 0)::text
           WHEN 'banner' THEN coalesce(click.banner, 0)::text WHEN 'landing' THEN coalesce(click.landing, '')
           ELSE coalesce(click.keyword, '')
         END AS origin
    FROM referrals
    JOIN referral_log AS log ON log.login = referrals.login AND log.id = referrals.entry
    LEFT JOIN LATERAL (
      SELECT (told ->> 'at')::timestamptz AS at, (told ->> 'click')::bigint AS click, (told ->> 'link')::bigint AS link
        FROM jsonb_array_elements(log.evidence -> 'leads') AS told
       WHERE told ->> 'kind' = log.kind AND told ->> 'found' = ''
         AND (told ->> 'partner')::bigint = referrals.partner
       LIMIT 1
    ) AS lead ON true
    LEFT JOIN clicks AS click ON click.login = referrals.partner AND click.at = lead.at AND click.id = lead.click
   WHERE referrals.partner = %(login)s AND %(by)s::text NOT IN ('day', 'all')
   ORDER BY referrals.login, referrals.since DESC
)
SELECT CASE %(by)s::text
         WHEN 'day' THEN to_char(day, 'YYYY-MM-DD') WHEN 'all' THEN ''
         WHEN 'link' THEN coalesce(origin, '0') WHEN 'banner' THEN coalesce(origin, '0') ELSE coalesce(origin, '')
       END AS value,
       count(DISTINCT client) FILTER (WHERE trades > 0)::integer AS active_clients, sum(trades)::bigint AS trades,
       sum(lots) AS lots, sum(amount) AS rewards
  FROM reward_days
  LEFT JOIN clients ON clients.login = reward_days.client
 WHERE reward_days.login = %(login)s AND currency = %(currency)s AND client <> reward_days.login
   AND day >= %(since)s::date AND day < %(until)s::date
 GROUP BY 1
 ORDER BY 5 DESC, 1
 LIMIT %(limit)s
"""


# Whole days are summed as they were kept, what lies at the edges line by line.
BEFORE = """
SELECT coalesce((SELECT sum(amount) FROM rewards
                  WHERE login = %(login)s AND currency = %(currency)s AND closed_at >= %(since)s
                    AND closed_at < %(first)s AND (closed_at, id) < (%(at)s, %(id)s)), 0)
     + coalesce((SELECT sum(amount) FROM reward_days
                  WHERE login = %(login)s AND currency = %(currency)s AND day >= (%(first)s AT TIME ZONE 'UTC')::date
                    AND day < (%(last)s AT TIME ZONE 'UTC')::date), 0)
     + coalesce((SELECT sum(amount) FROM rewards
                  WHERE login = %(login)s AND currency = %(currency)s AND closed_at >= %(last)s
                    AND (closed_at, id) < (%(at)s, %(id)s)), 0)
"""


async def opened(conn: Connection, login: Login, since: date, until: date, *, limit: int) -> list[Opened]:
    """Return the accounts that came to be a partner's by clicks of the days from one on and before another."""
    return await conn.fetch(Opened, OPENED, login=login, since=since, until=until, limit=limit)


async def before(conn: Connection, login: Login, currency: str, since: datetime, key: Key) -> Decimal:
    """Return what rewards in a currency come to, from a moment on and before a place in their list."""
    first = datetime.combine(since.date(), time(), UTC)
    first += timedelta(days=1) if first < since else timedelta()
    last = datetime.combine(key.at.date(), time(), UTC)
    if first >= last:  # no whole day lies between
        first = last = EVER.until
    given = {"currency": currency, "since": since, "first": first, "last": last, "at": key.at, "id": key.id}
    return Decimal(await conn.value(BEFORE, login=login, **given))


async def waits(conn: Connection, login: Login) -> bool:
    """Whether a trade of a partner's own clients is yet to be worked out: a rate is not known, or rules changed."""
    return bool(await conn.value(WAITS, login=login))


async def named(conn: Connection, login: Login, clients: Iterable[Login]) -> set[Login]:
    """Return those of some accounts that are a partner's clients now, and let the partner know their login."""
    return set(await conn.values(NAMED, login=login, clients=sorted(set(clients))))


async def arrived(
    conn: Connection, login: Login, since: date, until: date, by: Together, *, limit: int
) -> list[Arrived]:
    """Return how many came, by something or in all."""
    return await conn.fetch(Arrived, ARRIVED, login=login, since=since, until=until, by=by, limit=limit)


async def earned(
    conn: Connection, login: Login, currency: str, since: date, until: date, by: Together, *, limit: int
) -> list[Earned]:
    """Return what was traded and what that brought in a currency, by something or in all."""
    given = {"login": login, "currency": currency, "since": since, "until": until, "by": by, "limit": limit}
    return await conn.fetch(Earned, EARNED, **given)
