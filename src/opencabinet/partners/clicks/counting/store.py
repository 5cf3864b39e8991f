"""The SQL of counting clicks, each once, and of telling what came of it."""

from collections.abc import Collection
from datetime import date

from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.partners.clicks.counting.model import Batch, By, Counted, Counting, Forgotten, Totals

# A number is given before its transaction commits, so the order of numbers is not the order in which clicks appear.
# Below the oldest running transaction nothing more can appear. What came from an older server (`restored`) has numbers
# of its transactions, and all of it is there.
#
# Whatever the batches are, a click is counted as if one were counted after the other: it is one too many if so many of
# its network came to the partner in its minute before it, it is the visitor's first of the day if none was counted, and
# it is counted under its banner and landing page if there are such, unless the partner has so many of these already
# that day: who clicks may write any.
#
# How many clicks there are the planner never knows, for they are newer than what it was told. So it is left no choice
# (`PLANNING`): the next clicks are read in their order however many there are, what is looked up is asked for row by
# row, what is joined is sorted or hashed, and the rest is counted in passing.
COUNT = """
WITH batch AS MATERIALIZED (
  SELECT login, at, id, xid, visitor, network, mark, country, coalesce(link, 0) AS link,
         CASE WHEN banner IN (SELECT banners.id FROM banners) THEN banner ELSE 0 END AS banner,
         CASE WHEN landing = ANY (%(landings)s::text[]) THEN landing ELSE '' END AS landing,
         keyword, at::date AS day, date_trunc('minute', at) AS minute, row_number() OVER (ORDER BY xid, id) AS place
    FROM clicks
   WHERE (xid, id) > (%(xid)s::text::xid8, %(id)s) AND id > %(above)s AND id <= %(upto)s
     AND (%(restored)s OR xid < pg_snapshot_xmin(pg_current_snapshot()))
   ORDER BY xid, id
   LIMIT %(limit)s
), before AS (
  SELECT spans.login, minute, found.network, clicks
    FROM (SELECT DISTINCT login, minute FROM batch) AS spans
   CROSS JOIN LATERAL (
     SELECT network, count(*) AS clicks FROM clicks
      WHERE clicks.login = spans.login AND at >= minute AND at < minute + interval '1 minute'
        AND (xid, id) <= (%(xid)s::text::xid8, %(id)s)
      GROUP BY network) AS found
), many AS (
  SELECT days.login, day, origins
    FROM (SELECT DISTINCT login, day FROM batch WHERE banner <> 0 OR landing <> '') AS days
   CROSS JOIN LATERAL (
     SELECT count(*) AS origins FROM click_days
      WHERE click_days.login = days.login AND click_days.day = days.day AND (banner <> 0 OR landing <> '')) AS found
), judged AS (
  SELECT batch.*, coalesce(origins, 0) AS origins, min(place) OVER origin AS began,
         mark = '' AND network IS NOT NULL AND coalesce(clicks, 0) + row_number()
           OVER (PARTITION BY login, minute, network ORDER BY place) > %(most)s AS flood,
         CASE WHEN (banner <> 0 OR landing <> '') AND place = min(place) OVER origin THEN NOT EXISTS (
           SELECT FROM click_days AS known
            WHERE (known.login, known.day, known.country, known.link, known.banner, known.landing, known.keyword)
                = (batch.login, batch.day, batch.country, batch.link, batch.banner, batch.landing, batch.keyword))
         ELSE false END AS fresh
    FROM batch LEFT JOIN before USING (login, minute, network) LEFT JOIN many USING (login, day)
  WINDOW origin AS (PARTITION BY login, day, country, link, banner, landing, keyword)
), told AS (
  SELECT judged.*, mark = '' AND NOT flood AS counts,
         CASE WHEN mark = '' AND NOT flood AND row_number()
             OVER (PARTITION BY login, day, visitor, mark = '' AND NOT flood ORDER BY place) = 1
           THEN NOT EXISTS (SELECT FROM click_visitors AS known WHERE (known.login, known.day, known.visitor)
                                                                 = (judged.login, judged.day, judged.visitor))
           ELSE false END AS first,
         bool_or(fresh) OVER (PARTITION BY login, day, began) AND %(origins)s <
           origins + count(*) FILTER (WHERE fresh) OVER (PARTITION BY login, day ORDER BY began) AS fold
    FROM judged
), visitors AS (
  INSERT INTO click_visitors (login, day, visitor) SELECT login, day, visitor FROM told WHERE first ORDER BY 1, 2, 3
), days AS (
  INSERT INTO click_days AS known
  SELECT login, day, country, link, CASE WHEN fold THEN 0 ELSE banner END, CASE WHEN fold THEN '' ELSE landing END,
         keyword, count(*) FILTER (WHERE counts), count(*) FILTER (WHERE first), count(*) FILTER (WHERE NOT counts)
    FROM told
   GROUP BY 1, 2, 3, 4, 5, 6, 7
  ON CONFLICT (login, day, country, link, banner, landing, keyword) DO UPDATE
     SET clicks = known.clicks + excluded.clicks, unique_clicks = known.unique_clicks + excluded.unique_clicks,
         marked = known.marked + excluded.marked
)
SELECT count(*) AS clicks, max(xid::text::bigint) AS xid, (array_agg(id ORDER BY place DESC))[1] AS id,
       coalesce(array_agg(login) FILTER (WHERE flood), '{}') AS logins,
       coalesce(array_agg(at) FILTER (WHERE flood), '{}') AS times,
       coalesce(array_agg(id) FILTER (WHERE flood), '{}') AS ids
  FROM told
"""

PLANNING = """
SELECT set_config('enable_nestloop', setting, true), set_config('enable_bitmapscan', setting, true),
       set_config('enable_seqscan', setting, true)
  FROM (VALUES (CASE WHEN %(freely)s THEN 'on' ELSE 'off' END)) AS told (setting)
"""

MARK = """
UPDATE clicks SET mark = 'flood'
  FROM unnest(%(logins)s::bigint[], %(times)s::timestamptz[], %(ids)s::bigint[]) AS flood (login, at, id)
 WHERE (clicks.login, clicks.at, clicks.id) = (flood.login, flood.at, flood.id)
"""

# Clicks of an older server are those with numbers of transactions that this one has not given yet. There may be very
# many: the last of them says whether they were looked at before.
RESTORED = """
SELECT CASE WHEN (SELECT id FROM clicks WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())
                   ORDER BY xid DESC, id DESC LIMIT 1) > %(above)s::bigint
            THEN (SELECT max(id) FROM clicks WHERE xid >= pg_snapshot_xmax(pg_current_snapshot()))
       END
"""

COUNTING = """
INSERT INTO click_counting AS kept (alone) VALUES (true)
ON CONFLICT (alone) DO UPDATE SET alone = true
RETURNING xid::text::bigint AS xid, id, above
"""

REACHED = """
UPDATE click_counting SET xid = %(xid)s::text::xid8, id = %(id)s, above = %(above)s
"""

# Partner by partner: no other way finds them by an index.
FORGET_VISITORS = """
WITH next AS (
  SELECT login FROM partners WHERE login > %(after)s ORDER BY login LIMIT %(many)s
), gone AS (
  DELETE FROM click_visitors USING next
   WHERE click_visitors.login = next.login AND day < (now() AT TIME ZONE 'UTC')::date - 2
  RETURNING 1
)
SELECT (SELECT max(login) FROM next) AS last, (SELECT count(*) FROM gone) AS visitors
"""

MAKE_MONTHS = """
SELECT make_click_months()
"""

DROP_MONTHS = """
SELECT drop_click_months()
"""

DAYS = """
SELECT CASE %(by)s::text
         WHEN 'day' THEN to_char(day, 'YYYY-MM-DD') WHEN 'country' THEN country WHEN 'link' THEN link::text
         WHEN 'banner' THEN banner::text WHEN 'landing' THEN landing ELSE keyword
       END AS value,
       sum(clicks)::bigint AS clicks, sum(unique_clicks)::bigint AS unique_clicks, sum(marked)::bigint AS marked
  FROM click_days
 WHERE login = %(login)s AND day >= %(since)s AND day < %(until)s
 GROUP BY 1
 ORDER BY CASE WHEN %(by)s::text = 'day' THEN 0 ELSE -sum(clicks) END, 1
 LIMIT %(limit)s
"""

TOTALS = """
SELECT coalesce(sum(clicks), 0)::bigint AS clicks, coalesce(sum(unique_clicks), 0)::bigint AS unique_clicks,
       coalesce(sum(marked), 0)::bigint AS marked
  FROM click_days
 WHERE login = %(login)s AND day >= %(since)s AND day < %(until)s
"""


async def count(
    conn: Connection,
    after: Counting,
    upto: int | None,
    *,
    landings: Collection[str],
    most: int,
    origins: int,
    limit: int,
) -> Batch:
    """Count the next clicks in the running transaction, at most so many: of an older server, up to a number, if told.

    `most` clicks a minute of one network count, and `origins` banners and `landings` of a partner's day.
    """
    await conn.value(PLANNING, freely=False)
    [found] = await conn.fetch(
        Batch,
        COUNT,
        xid=after.xid,
        id=after.id,
        above=after.above,
        upto=LARGEST if upto is None else upto,
        restored=upto is not None,
        landings=list(landings),
        most=most,
        origins=origins,
        limit=limit,
    )
    await conn.value(PLANNING, freely=True)
    if found.ids:
        await conn.run(MARK, logins=found.logins, times=found.times, ids=found.ids)
    return found


async def restored(conn: Connection, above: int) -> int | None:
    """Return the last click of an older server, unless it is known that all up to it are counted."""
    found: int | None = await conn.value(RESTORED, above=above)
    return found


async def counting(conn: Connection) -> Counting:
    """Return how far clicks are counted, and let nobody else count until the transaction ends."""
    [found] = await conn.fetch(Counting, COUNTING)
    return found


async def reached(conn: Connection, place: Counting) -> None:
    """Keep how far clicks are counted."""
    await conn.run(REACHED, xid=place.xid, id=place.id, above=place.above)


async def forget_visitors(conn: Connection, after: int, many: int) -> Forgotten:
    """Forget who clicked on days that are over and counted, of so many partners after one."""
    [found] = await conn.fetch(Forgotten, FORGET_VISITORS, after=after, many=many)
    return found


async def make_months(conn: Connection) -> int:
    """Make the tables of this month and the next two, and return how many there were to make."""
    return int(await conn.value(MAKE_MONTHS))


async def drop_months(conn: Connection) -> int:
    """Drop the tables of months that ended more than thirteen months ago, and return how many."""
    return int(await conn.value(DROP_MONTHS))


async def days(
    conn: Connection, login: Login, since: date, until: date, by: By = "day", *, limit: int
) -> list[Counted]:
    """Return the clicks of a partner from one day on and before another, put together by something.

    Days come in their order, all else with the most clicks first; `0` and nothing stand for clicks without it.
    """
    return await conn.fetch(Counted, DAYS, login=login, since=since, until=until, by=by, limit=limit)


async def totals(conn: Connection, login: Login, since: date, until: date) -> Totals:
    """Return all clicks of a partner from one day on and before another."""
    [found] = await conn.fetch(Totals, TOTALS, login=login, since=since, until=until)
    return found
