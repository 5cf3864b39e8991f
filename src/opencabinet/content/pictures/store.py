"""The SQL of banners, and of how often each was asked for."""

from collections.abc import Sequence
from datetime import date

from opencabinet.content.pictures.model import Banner, Picture, Shown
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.period import Period

ADD = """
INSERT INTO banners (title, width, height, theme, language, kind, hash, content)
VALUES (%(title)s, %(width)s, %(height)s, %(theme)s, %(language)s, %(kind)s, %(hash)s, %(content)s)
ON CONFLICT (hash, theme, language) DO UPDATE SET title = excluded.title, retired_at = NULL
RETURNING id, title, width, height, theme, language, kind, added_at, retired_at
"""

LOCK = """
SELECT pg_advisory_xact_lock(hashtext('opencabinet: banners'))
"""

COUNT = """
SELECT count(*) FROM banners WHERE retired_at IS NULL
"""

RETIRE = """
UPDATE banners SET retired_at = now() WHERE id = %(id)s AND retired_at IS NULL
"""

BANNERS = """
SELECT id, title, width, height, theme, language, kind, added_at, retired_at
  FROM banners
 WHERE id > %(after)s
   AND retired_at IS NULL
   AND (%(width)s::int IS NULL OR (width, height) = (%(width)s, %(height)s))
   AND (%(language)s::text IS NULL OR language = %(language)s)
   AND (%(theme)s::text IS NULL OR theme = %(theme)s)
 ORDER BY id
 LIMIT %(limit)s
"""

SHOWN = """
SELECT id FROM banners WHERE retired_at IS NULL
"""

PICTURE = """
SELECT kind, width, height, hash, content FROM banners WHERE id = %(id)s AND retired_at IS NULL
"""

# Whose a code is, is known from the partners' own table. All processes count in one order, so that none waits for one
# that waits for it.
COUNT_SHOWN = """
INSERT INTO banner_days (login, day, banner, impressions)
SELECT partner_codes.login, given.day, given.banner, sum(given.times)
  FROM unnest(%(codes)s::text[], %(days)s::date[], %(banners)s::bigint[], %(times)s::bigint[])
       AS given (code, day, banner, times)
  JOIN partner_codes ON partner_codes.code = given.code AND retired_at IS NULL
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3
ON CONFLICT (login, day, banner) DO UPDATE SET impressions = banner_days.impressions + excluded.impressions
"""

IMPRESSIONS = """
SELECT login, day, banner, impressions
  FROM banner_days
 WHERE login = %(login)s
   AND day >= (%(since)s::timestamptz AT TIME ZONE 'UTC')::date
   AND day <= ((%(until)s::timestamptz - interval '1 microsecond') AT TIME ZONE 'UTC')::date
   AND (day, banner) < (%(day)s, %(banner)s)
 ORDER BY day DESC, banner DESC
 LIMIT %(limit)s
"""

TIMES = """
SELECT login, max(day) AS day, banner, sum(impressions)::bigint AS impressions
  FROM banner_days
 WHERE login = %(login)s AND banner = ANY (%(banners)s::bigint[])
 GROUP BY login, banner
"""


async def lock(conn: Connection) -> None:
    """Keep others from adding banners until the transaction ends."""
    await conn.run(LOCK)


async def count(conn: Connection) -> int:
    """Return how many banners are shown."""
    found: int = await conn.value(COUNT)
    return found


async def add(conn: Connection, picture: Picture, *, title: str, theme: str, language: str) -> Banner:
    """Keep a banner; one that there was with the same bytes, theme and language is shown again."""
    made = await conn.one(
        Banner,
        ADD,
        title=title,
        width=picture.width,
        height=picture.height,
        theme=theme,
        language=language,
        kind=picture.kind,
        hash=picture.hash,
        content=picture.content,
    )
    if made is None:
        raise LookupError("A banner that is kept is given back.")
    return made


async def retire(conn: Connection, number: int) -> bool:
    """Show a banner no more; say whether it was."""
    return bool(await conn.run(RETIRE, id=number))


async def banners(
    conn: Connection,
    *,
    size: tuple[int, int] | None = None,
    language: str | None = None,
    theme: str | None = None,
    after: int = 0,
    limit: int,
) -> list[Banner]:
    """Return the banners that are shown, in the order they came, those after `after`; only some if it is said which."""
    width, height = size or (None, None)
    return await conn.fetch(
        Banner, BANNERS, width=width, height=height, language=language, theme=theme, after=after, limit=limit
    )


async def shown(conn: Connection) -> list[int]:
    """Return the ids of all that are shown."""
    return await conn.values(SHOWN)


async def picture(conn: Connection, number: int) -> Picture | None:
    """Return the bytes of a banner that is shown, None if it is not."""
    return await conn.one(Picture, PICTURE, id=number)


async def count_shown(conn: Connection, counted: Sequence[tuple[str, date, int, int]]) -> None:
    """Count how often banners were asked for: by which code, on which day, which, and how often."""
    codes, days, numbers, times = (list(each) for each in zip(*counted, strict=True))
    await conn.run(COUNT_SHOWN, codes=codes, days=days, banners=numbers, times=times)


async def impressions(
    conn: Connection,
    login: Login,
    period: Period,
    *,
    below: tuple[date, int] = (date.max, 0),
    limit: int,
) -> list[Shown]:
    """Return how often each banner was asked for, by day, the newest first; days are those that a period touches."""
    day, banner = below
    return await conn.fetch(
        Shown,
        IMPRESSIONS,
        login=login,
        since=period.since,
        until=period.until,
        day=day,
        banner=banner,
        limit=limit,
    )


async def times(conn: Connection, login: Login, numbers: Sequence[int]) -> dict[int, int]:
    """Return how often some banners were asked for in all, of those that were."""
    found = await conn.fetch(Shown, TIMES, login=login, banners=list(numbers))
    return {each.banner: each.impressions for each in found}
