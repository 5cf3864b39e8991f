"""The SQL of PostgreSQL that turns what was read of a reporting database into what is staged.

Prices are rounded to the digits of their symbol and money to those of its currency, half away from zero, so that the
binary noise of a double never gets further. What is in cents becomes whole money.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from psycopg.sql import SQL, Identifier

from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader.clocks import Stretches
from opencabinet.ingest.feeds.metatrader.model import Feed, FeedStanding
from opencabinet.ingest.feeds.metatrader.words import ACTIONS, CENTS, ENTRIES, ORDER_STATES, ORDER_TYPES, REASONS
from opencabinet.kernel.ids import Login
from opencabinet.kernel.money import EXPONENTS

ONCE: Final = ("read_accounts", "read_deals", "read_positions", "read_orders", "read_trades")
"""What is empty again after each transaction."""
LARGEST: Final = 2**63 - 1
KEPT: Final = ("read_numbers", "read_groups")

NUMBERS = """
INSERT INTO read_numbers AS known (number, left_out, cents, digits)
SELECT told.number, lower(told."group") !~ %(followed)s OR lower(told."group") ~ %(unfollowed)s,
       lower(told."group") ~ %(cents)s, coalesce(known_group.digits, money.digits, 2)
  FROM read_accounts AS told
  LEFT JOIN read_groups AS known_group ON lower(known_group."group") = lower(told."group")
  LEFT JOIN unnest(%(currencies)s::text[], %(exponents)s::smallint[]) AS money (currency, digits)
         ON money.currency = coalesce(nullif(told.currency, ''), %(currency)s)
ON CONFLICT (number) DO UPDATE SET (left_out, cents, digits) = (excluded.left_out, excluded.cents, excluded.digits)
 WHERE (known.left_out, known.cents, known.digits) <> (excluded.left_out, excluded.cents, excluded.digits)
"""

# Their rows were passed over until now, or were kept in other money. A new account has none yet.
COMING = """
SELECT EXISTS (
  SELECT FROM read_accounts AS told
    LEFT JOIN read_numbers AS known USING (number)
   WHERE lower(told."group") ~ %(followed)s AND lower(told."group") !~ %(unfollowed)s
     AND (known.left_out OR known.cents <> (lower(told."group") ~ %(cents)s)
          OR known.number IS NULL AND told.registered < %(as_of)s::timestamptz AT TIME ZONE 'UTC' - interval '1 day'
             AND NOT EXISTS (SELECT FROM sources WHERE sources.server = %(server)s AND sources.number = told.number)))
"""

ACCOUNTS = """
INSERT INTO staged_accounts (
       number, platform, name, company, currency, leverage, mode, "group", agent, balance, credit, equity, margin,
       floating, registered_at, as_of, as_of_offset)
SELECT number, %(platform)s, left(name, 256), coalesce(company, ''),
       CASE WHEN cents THEN coalesce((SELECT whole FROM unnest(%(cent_codes)s::text[], %(whole_codes)s::text[])
                                        AS codes (code, whole) WHERE code = money), money)
            ELSE money END,
       nullif(least(leverage, 2147483647), 0),
       CASE margin_mode WHEN 2 THEN 'hedging' WHEN 0 THEN 'netting' WHEN 1 THEN 'netting' END,
       told."group", nullif(agent, 0), round(balance, places) * unit, round(credit, places) * unit,
       round(equity, places) * unit, round(margin, places) * unit, round(floating, places) * unit,
       (registered - make_interval(mins => (%(offsets)s::int[])[
          1 + width_bucket(registered, %(thresholds)s::timestamp[])])) AT TIME ZONE 'UTC',
       %(as_of)s, %(as_of_offset)s
  FROM (SELECT told.number, told.name, told.leverage, told."group", told.agent, told.balance, told.credit, told.margin,
               told.registered, known.cents, known.digits::int AS places, known_group.company, known_group.margin_mode,
               CASE WHEN known.cents THEN 0.01 ELSE 1 END AS unit,
               coalesce(nullif(known_group.currency, ''), nullif(told.currency, ''), %(currency)s) AS money,
               CASE WHEN told.equity <> 0 OR told.balance + told.credit = 0 THEN told.equity END AS equity,
               CASE WHEN told.floating IS NOT NULL THEN told.floating
                    WHEN told.equity <> 0 THEN told.equity - told.balance - told.credit END AS floating
          FROM read_accounts AS told
          JOIN read_numbers AS known USING (number)
          LEFT JOIN read_groups AS known_group ON lower(known_group."group") = lower(told."group")
         WHERE NOT known.left_out) AS told
 WHERE money <> '' AND number > 0
"""

KNOWN = """
SELECT key FROM feed_rows
 WHERE server = %(server)s AND family = %(family)s AND place = ANY(%(places)s) AND key >= %(since)s AND key < %(until)s
"""

NEXT_KNOWN = """
SELECT min(key) FROM feed_rows WHERE server = %(server)s AND family = %(family)s AND key >= %(since)s
"""

GONE = """
INSERT INTO staged_gone (family, key) SELECT %(family)s, unnest(%(keys)s::bigint[])
"""

BUCKETS = """
SELECT bucket, rows, print FROM feed_buckets
 WHERE server = %(server)s AND source = %(source)s AND bucket >= %(since)s AND bucket < %(until)s
"""

SAVE_BUCKET = """
INSERT INTO feed_buckets (server, source, bucket, rows, print)
VALUES (%(server)s, %(source)s, %(bucket)s, %(rows)s, %(print)s)
ON CONFLICT (server, source, bucket) DO UPDATE SET (rows, print) = (excluded.rows, excluded.print)
"""

FORGET_BUCKETS = """
DELETE FROM feed_buckets WHERE server = %(server)s
"""

NUMBERS_READ = """
SELECT concat_ws(E'\\t', number, left_out, cents, digits) FROM read_numbers
"""

NUMBERS_KNOWN = """
SELECT number FROM sources WHERE server = %(server)s
"""

LOGINS = """
SELECT login FROM sources WHERE server = %(server)s ORDER BY login
"""

ALONE = """
SELECT pg_try_advisory_lock(hashtextextended('opencabinet sync ' || %(server)s, 0))
"""


FORGET_GROUPS = """
DELETE FROM read_groups
"""

STAND = """
UPDATE feeds
   SET state = %(state)s, problem = %(problem)s, as_of = greatest(as_of, %(as_of)s::timestamptz),
       heard_at = CASE WHEN %(state)s = 'failing' THEN heard_at ELSE now() END
 WHERE server = %(server)s
"""

SWEPT = """
UPDATE feeds SET swept_at = now() WHERE server = %(server)s
"""

SWEEP_AGE = """
SELECT coalesce(extract(epoch FROM now() - swept_at)::bigint, 1000000000) FROM feeds WHERE server = %(server)s
"""

STANDINGS = """
SELECT feeds.server, kind, state, as_of, heard_at, rows, coalesce(problem, '') AS problem, swept_at,
       (SELECT count(*) FROM parked_rows WHERE parked_rows.server = feeds.server) AS parked
  FROM feeds
 ORDER BY feeds.server
"""

CURSOR = """
SELECT cursor FROM feeds WHERE server = %(server)s
"""


def words(feed: Feed, clock: Stretches, as_of: datetime, as_of_offset: int) -> dict[str, Any]:
    """Return what the statements need to know of a server, its clock, and up to when it has told all."""
    return {
        "server": feed.server,
        "platform": feed.kind,
        "followed": feed.followed,
        "unfollowed": feed.unfollowed,
        "cents": feed.cents,
        "cent_lots": feed.cent_lots,
        "bonus_is_credit": feed.bonus_is_credit,
        "currency": feed.currency,
        "currencies": list(EXPONENTS),
        "exponents": list(EXPONENTS.values()),
        "cent_codes": list(CENTS),
        "whole_codes": list(CENTS.values()),
        "actions": ACTIONS,
        "entries": ENTRIES,
        "reasons": REASONS,
        "order_types": ORDER_TYPES,
        "order_states": ORDER_STATES,
        "thresholds": clock.thresholds,
        "offsets": clock.offsets,
        "folds": clock.folds,
        "shifts": clock.shifts,
        "as_of": as_of,
        "as_of_offset": as_of_offset,
    }


async def prepare(conn: Connection) -> None:
    """Make the tables of this connection that rows are read into."""
    for names, ending in ((ONCE, "DELETE"), (KEPT, "PRESERVE")):
        for name in names:
            await conn.execute(
                SQL("CREATE TEMP TABLE IF NOT EXISTS {} (LIKE public.{} INCLUDING ALL) ON COMMIT {} ROWS").format(
                    Identifier(name), Identifier(name), SQL(ending)
                )
            )


async def copy(conn: Connection, table: str, lines: Iterable[str]) -> None:
    """Read lines into a table of this connection."""
    text = "\n".join(lines)
    if text:
        async with conn.cursor().copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as copying:
            await copying.write(text + "\n")


async def groups(conn: Connection, lines: Iterable[str]) -> None:
    """Keep the groups of accounts, instead of those of before."""
    await conn.run(FORGET_GROUPS)
    await copy(conn, "read_groups", lines)


async def coming(conn: Connection, words: dict[str, Any]) -> bool:
    """Whether accounts have come whose rows were passed over until now, or were kept in other money."""
    return bool(await conn.value(COMING, **words))


async def accounts(conn: Connection, words: dict[str, Any]) -> None:
    """Keep which accounts are followed, and stage those."""
    await conn.run(NUMBERS, **words)
    await conn.run(ACCOUNTS, **words)


async def vanish(conn: Connection, family: str, keys: list[int]) -> None:
    """Stage that rows are no more."""
    await conn.run(GONE, family=family, keys=keys)


async def known(
    conn: Connection, server: str, family: str, places: Iterable[str], since: int = 0, until: int = LARGEST
) -> set[int]:
    """Return the keys that are known of a server, within a range."""
    found = await conn.values(KNOWN, server=server, family=family, places=list(places), since=since, until=until)
    return set(found)


async def numbers_read(conn: Connection) -> list[str]:
    """Return what is read into `read_numbers`, as lines."""
    return await conn.values(NUMBERS_READ)


async def numbers(conn: Connection, server: str) -> list[int]:
    """Return the numbers of the accounts that are known of a server."""
    return await conn.values(NUMBERS_KNOWN, server=server)


async def next_known(conn: Connection, server: str, family: str, since: int) -> int | None:
    """Return the first key that is known of a server, from `since` on."""
    found: int | None = await conn.value(NEXT_KNOWN, server=server, family=family, since=since)
    return found


async def buckets(conn: Connection, server: str, source: str, since: int, until: int) -> dict[int, tuple[int, int]]:
    """Return the rows and fingerprints of ranges of keys, as they were when they were last compared."""
    async with conn.cursor() as cursor:
        await cursor.execute(BUCKETS, {"server": server, "source": source, "since": since, "until": until})
        return {bucket: (rows, found) async for bucket, rows, found in cursor}


async def save_bucket(conn: Connection, server: str, source: str, bucket: int, rows: int, found: int) -> None:
    """Keep the rows and the fingerprint of a range of keys."""
    await conn.run(SAVE_BUCKET, server=server, source=source, bucket=bucket, rows=rows, print=found)


async def forget_buckets(conn: Connection, server: str) -> None:
    """Let the next sweep read everything."""
    await conn.run(FORGET_BUCKETS, server=server)


async def stand(conn: Connection, server: str, state: str, problem: str | None, as_of: datetime | None = None) -> None:
    """Keep how a feed is."""
    await conn.run(STAND, server=server, state=state, problem=problem, as_of=as_of)


async def swept(conn: Connection, server: str) -> None:
    """Keep that a sweep has come to its end."""
    await conn.run(SWEPT, server=server)


async def cursor(conn: Connection, server: str) -> dict[str, Any]:
    """Return how far a feed has come, as it has told itself."""
    found: dict[str, Any] | None = await conn.value(CURSOR, server=server)
    return found or {}


async def alone(conn: Connection, server: str) -> bool:
    """Take the lock of who follows a server, until the connection ends; say whether nobody else has it."""
    return bool(await conn.value(ALONE, server=server))


async def logins(conn: Connection, server: str) -> list[Login]:
    """Return the accounts of a server."""
    return await conn.values(LOGINS, server=server)


async def sweep_age(conn: Connection, server: str) -> int:
    """Return how many seconds ago the last sweep ended; very many if there was none."""
    found: int = await conn.value(SWEEP_AGE, server=server)
    return found


async def standings(conn: Connection) -> list[FeedStanding]:
    """Return how all feeds are."""
    return await conn.fetch(FeedStanding, STANDINGS)
