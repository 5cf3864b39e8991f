"""The SQL of clicks: keeping many at a time, and finding them again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.page import Key
from opencabinet.partners.clicks.model import Arrived, Click, Led

# Whose a code is and where it leads is looked up here, so that what was changed counts from the next click on. One that
# leads nowhere gives no row. Nothing that was told holds a control character, so one can part what was told.
KEEP = """
WITH came AS (
  SELECT * FROM unnest(%(codes)s::text[], %(tokens)s::uuid[], %(visitors)s::bigint[], %(networks)s::text[],
                       %(countries)s::text[], %(marks)s::text[], %(keywords)s::text[], %(subs)s::text[],
                       %(banners)s::text[], %(landings)s::text[], %(destinations)s::text[]) WITH ORDINALITY
    AS came (code, token, visitor, network, country, mark, keyword, subs, banner, landing, destination, place)
), usual AS (
  SELECT id, url, carries FROM destinations WHERE active ORDER BY place, id LIMIT 1
), led AS (
  SELECT came.*, links.login IS NOT NULL AND came.keyword = ANY (links.keywords) AS known, partners.login,
         links.id AS link, coalesce(asked.id, own.id, usual.id) AS leads_to,
         coalesce(asked.url, own.url, usual.url) AS url, coalesce(asked.carries, own.carries, usual.carries) AS carries
    FROM came
    JOIN partner_codes ON partner_codes.code = came.code AND partner_codes.retired_at IS NULL
    JOIN partners ON partners.login = partner_codes.login AND partners.state = 'active'
    LEFT JOIN links ON links.login = partner_codes.login AND links.id = partner_codes.link
    LEFT JOIN destinations AS asked ON asked.id = came.destination AND asked.active
    LEFT JOIN destinations AS own ON own.id = links.destination AND own.active
   CROSS JOIN usual
), kept AS (
  INSERT INTO clicks (login, visitor, link, banner, token, destination, country, network, keyword, mark, landing, subs)
  SELECT login, visitor, link, nullif(banner, '')::bigint, token, leads_to, country, nullif(network, '')::cidr,
         CASE WHEN known THEN keyword ELSE '' END, mark, nullif(landing, ''), string_to_array(nullif(subs, ''), chr(31))
    FROM led
   ORDER BY place
)
SELECT place, url, carries FROM led
"""

SHOWN = """
SELECT login, at, id, token, link, banner, landing, destination, keyword, subs, country, mark
  FROM clicks
 WHERE token = %(token)s::uuid
 LIMIT 1
"""

LAST = """
SELECT login, at, id, token, link, banner, landing, destination, keyword, subs, country, mark
  FROM clicks
 WHERE token = ANY (%(tokens)s::uuid[]) AND at >= %(since)s
 ORDER BY at DESC, id DESC
 LIMIT %(limit)s
"""

LISTED = """
SELECT login, at, id, token, link, banner, landing, destination, keyword, subs, country, mark
  FROM clicks
 WHERE login = %(login)s AND (at, id) < (%(at)s, %(id)s)
 ORDER BY at DESC, id DESC
 LIMIT %(limit)s
"""


async def keep(conn: Connection, clicks: Sequence[Arrived]) -> list[Led]:
    """Keep clicks, all of them or none, and return where those lead that lead anywhere."""
    told = [each.told for each in clicks]
    return await conn.fetch(
        Led,
        KEEP,
        codes=[each.code for each in clicks],
        tokens=[each.token.hex() for each in clicks],
        visitors=[str(each.visitor) for each in clicks],
        networks=[each.network for each in clicks],
        countries=[each.country for each in clicks],
        marks=[each.mark for each in clicks],
        keywords=[each.keyword for each in told],
        subs=["\x1f".join(each.subs) for each in told],
        banners=["" if each.banner is None else str(each.banner) for each in told],
        landings=[each.landing for each in told],
        destinations=[each.destination for each in told],
    )


async def by_token(conn: Connection, token: UUID) -> Click | None:
    """Return the click that has a token."""
    return await conn.one(Click, SHOWN, token=token)


async def last(conn: Connection, tokens: Sequence[UUID], since: datetime, limit: int) -> list[Click]:
    """Return the clicks that have one of these tokens and came since a moment, the last first."""
    return await conn.fetch(Click, LAST, tokens=list(tokens), since=since, limit=limit)


async def listed(conn: Connection, login: Login, below: Key, limit: int) -> list[Click]:
    """Return the clicks of a partner below a place, the last first."""
    return await conn.fetch(Click, LISTED, login=login, at=below.at, id=below.id, limit=limit)
