"""The SQL of a partner's clients, and of what each consented to."""

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners.referrals.clients.model import Client, Consent, Known, Level

# What was consented to is of one partner: another one begins masked.
CLIENTS = """
SELECT referrals.login, referrals.entry, referrals.since, coalesce(consent.level, 'masked') AS level, accounts.name,
       coalesce(nullif(profiles.country, ''), applications.country, '') AS country, home.registered_at,
       accounts.balance, accounts.currency
  FROM referrals
  JOIN accounts USING (login)
  LEFT JOIN profiles USING (login)
  LEFT JOIN applications USING (login)
  LEFT JOIN LATERAL (SELECT registered_at FROM sources
                      WHERE sources.login = referrals.login ORDER BY since DESC LIMIT 1) AS home ON true
  LEFT JOIN LATERAL (SELECT level FROM partner_consents
                      WHERE partner_consents.login = referrals.login AND partner_consents.partner = referrals.partner
                      ORDER BY since DESC LIMIT 1) AS consent ON true
 WHERE referrals.partner = %(partner)s AND referrals.entry > %(after)s
   AND NOT EXISTS (SELECT FROM referrals AS later
                    WHERE later.login = referrals.login AND later.since > referrals.since)
 ORDER BY referrals.entry
 LIMIT %(limit)s
"""

COUNT = """
SELECT count(*)
  FROM referrals
 WHERE partner = %(partner)s
   AND NOT EXISTS (SELECT FROM referrals AS later
                    WHERE later.login = referrals.login AND later.since > referrals.since)
"""

CONSENT = """
SELECT referral.partner, coalesce(consent.level, 'masked') AS level, consent.since
  FROM (SELECT partner FROM referrals WHERE login = %(client)s ORDER BY since DESC LIMIT 1) AS referral
  LEFT JOIN LATERAL (SELECT level, since FROM partner_consents
                      WHERE login = %(client)s AND partner_consents.partner = referral.partner
                      ORDER BY since DESC LIMIT 1) AS consent ON true
 WHERE referral.partner IS NOT NULL
"""

ADD_CONSENT = """
INSERT INTO partner_consents (login, partner, since, level)
VALUES (%(client)s, %(partner)s, clock_timestamp(), %(level)s)
"""


async def clients(conn: Connection, partner: Login, *, after: int = 0, limit: int) -> list[Client]:
    """Return the clients of a partner, each as far as they consented, in the order in which they became theirs.

    `after` is the key of the last client of the page before.
    """
    return [Client.of(each) for each in await conn.fetch(Known, CLIENTS, partner=partner, after=after, limit=limit)]


async def count(conn: Connection, partner: Login) -> int:
    """Return how many clients a partner has."""
    return int(await conn.value(COUNT, partner=partner))


async def consented(conn: Connection, client: Login) -> Consent | None:
    """Return who sees what of a client now, None where they are nobody's."""
    return await conn.one(Consent, CONSENT, client=client)


async def add_consent(conn: Connection, client: Login, partner: Login, level: Level) -> None:
    """Keep what a client lets a partner see from now on."""
    await conn.run(ADD_CONSENT, client=client, partner=partner, level=level)
