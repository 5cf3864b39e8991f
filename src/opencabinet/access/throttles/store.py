"""The SQL of the buckets that guesses at credentials take slots of."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from psycopg.pq import TransactionStatus

from opencabinet.access.throttles.model import Bucket
from opencabinet.db import Connection

# A slot of every bucket or of none; from a known network, those of strangers are looked at only. What is full as the
# statement begins refuses without writing, so a flood costs a look only; what filled up meanwhile takes no slot, and
# who then has some but not all gives them back. All statements lock rows in the order of their key. Nobody waits for
# the disk while holding a row that all others want: if the database dies, it may forget the guesses of its last half
# second. Rows are found by their key, one by one: a plan made while the table is small must be good under attack,
# too.
RESERVE = """
WITH quick AS (
  SELECT CASE WHEN %(alone)s::boolean THEN set_config('synchronous_commit', 'off', true) END AS setting
), known AS (
  SELECT EXISTS (
           SELECT FROM known_networks
            WHERE subject = %(subject)s AND network = %(network)s AND succeeded_at > now() - interval '30 days'
         ) AS good
), slow AS (
  SELECT EXISTS (
           SELECT FROM throttles WHERE kind = 'all' AND used >= %(everything)s AND ends_at > now()
         ) AS now
), asked AS (
  SELECT given.kind, given.subject, given.network, given.name, given.seconds,
         given.lane = 'any' OR (given.lane = 'known') = known.good AS own,
         CASE WHEN given.slows AND slow.now AND NOT known.good THEN greatest(given.most / 5, 1)
              ELSE given.most END AS most,
         CASE WHEN given.slows AND slow.now THEN greatest(given.most / 5, 1) ELSE given.most END AS strangers
    FROM unnest(%(kinds)s::text[], %(subjects)s::text[], %(networks)s::text[], %(names)s::text[], %(most)s::integer[],
                %(seconds)s::integer[], %(lanes)s::text[], %(slows)s::boolean[])
           AS given (kind, subject, network, name, most, seconds, lane, slows),
         known, slow
   WHERE given.lane <> 'known' OR known.good
), filled AS (
  SELECT least(held.free_at, held.ends_at, now() + interval '15 minutes') - now() AS wait,
         asked.own AND held.used >= asked.most AS shut
    FROM asked
   CROSS JOIN LATERAL (
           SELECT used, names, free_at, ends_at
             FROM throttles
            WHERE (kind, subject, network) = (asked.kind, asked.subject, asked.network)
           OFFSET 0
         ) AS held
   WHERE held.used >= asked.strangers AND held.free_at > now() AND held.ends_at > now()
     AND asked.name <> ALL (held.names)
), taken AS (
  INSERT INTO throttles AS held (kind, subject, network, used, most, names, free_at, ends_at)
  SELECT kind, subject, network, 1, most, CASE name WHEN '' THEN '{}' ELSE ARRAY[name] END, 'infinity',
         now() + seconds * interval '1 second'
    FROM asked
   WHERE own AND NOT EXISTS (SELECT FROM filled WHERE shut)
   ORDER BY kind, subject, network
  ON CONFLICT (kind, subject, network) DO UPDATE
     SET used = CASE WHEN held.ends_at <= now() THEN 1
                     WHEN held.kind = 'subjects' AND excluded.names <@ held.names THEN held.used
                     ELSE held.used + 1 END,
         most = excluded.most,
         names = CASE WHEN held.ends_at <= now() THEN excluded.names
                      WHEN excluded.names <@ held.names THEN held.names
                      ELSE held.names || excluded.names END,
         free_at = CASE WHEN held.ends_at > now() AND held.kind = 'subject' AND held.used + 1 >= excluded.most
                        THEN now() + least(interval '15 minutes',
                                           interval '30 seconds' * power(2, least(held.used + 1 - excluded.most, 9)))
                        ELSE 'infinity' END,
         ends_at = CASE WHEN held.ends_at <= now() THEN excluded.ends_at
                        WHEN held.kind = 'subject' AND held.used + 1 >= excluded.most THEN now() + interval '1 day'
                        WHEN held.kind = 'failures' AND held.used + 1 >= excluded.most THEN 'infinity'
                        WHEN held.kind = 'failures' THEN now() + (held.used + 1) * (excluded.ends_at - now())
                        ELSE held.ends_at END
   WHERE held.used < excluded.most OR held.free_at <= now() OR held.ends_at <= now()
      OR (held.kind = 'subjects' AND excluded.names <@ held.names)
  RETURNING kind, network, used
)
SELECT (SELECT ceil(extract(epoch FROM max(wait)))::integer FROM filled WHERE shut) AS wait,
       (SELECT ceil(extract(epoch FROM max(wait)))::integer FROM filled) AS strangers_wait,
       known.good AS known,
       (SELECT count(*) FROM asked WHERE own) AS asked,
       ARRAY(SELECT kind || ' ' || network FROM taken) AS taken,
       coalesce((SELECT used FROM taken WHERE kind = 'all'), 0) AS everything
  FROM quick, known
"""

GIVE_BACK = """
WITH quick AS (
  SELECT CASE WHEN %(alone)s::boolean THEN set_config('synchronous_commit', 'off', true) END AS setting
), held AS (
  SELECT kind, subject, network
    FROM throttles
    JOIN unnest(%(kinds)s::text[], %(subjects)s::text[], %(networks)s::text[]) AS given (kind, subject, network)
         USING (kind, subject, network)
   ORDER BY kind, subject, network
     FOR UPDATE OF throttles
), given_back AS (
  UPDATE throttles
     SET used = CASE WHEN throttles.kind = 'failures' AND %(succeeded)s::boolean THEN 0
                     WHEN throttles.kind = 'subjects' THEN cardinality(array_remove(throttles.names, %(subject)s::text))
                     ELSE greatest(throttles.used - 1, 0) END,
         names = array_remove(throttles.names, %(subject)s::text)
    FROM held, quick
   WHERE (throttles.kind, throttles.subject, throttles.network) = (held.kind, held.subject, held.network)
)
INSERT INTO known_networks AS known (subject, network)
SELECT %(subject)s, %(network)s WHERE %(succeeded)s::boolean AND %(known)s::boolean
ON CONFLICT (subject, network) DO UPDATE SET succeeded_at = now() WHERE known.succeeded_at < now() - interval '1 day'
"""

# A row that is there already, and young enough, is none of the new ones.
KNOW = """
INSERT INTO known_networks AS known (subject, network) VALUES (%(subject)s, %(network)s)
ON CONFLICT (subject, network) DO UPDATE SET succeeded_at = now() WHERE known.succeeded_at <= now() - interval '30 days'
"""

RESET = """
WITH failures AS (
  DELETE FROM throttles WHERE kind = 'failures' AND subject = %(subject)s
)
DELETE FROM known_networks WHERE subject = %(subject)s
"""

FORGET = """
DELETE FROM throttles
 WHERE (kind, subject, network) IN (
         SELECT kind, subject, network FROM throttles WHERE ends_at < now() OR used = 0
          ORDER BY kind, subject, network FOR UPDATE SKIP LOCKED
       )
"""

FORGET_FAILURES = """
DELETE FROM throttles
 WHERE (kind, subject, network) IN (
         SELECT kind, subject, network FROM throttles WHERE kind = 'failures'
          ORDER BY used DESC, ends_at DESC OFFSET %(most)s
       )
"""

FORGET_NETWORKS = """
DELETE FROM known_networks WHERE succeeded_at < now() - interval '30 days'
"""


class Outcome(Struct, frozen=True):
    """How a reservation went: which buckets gave a slot, or how many seconds to wait for one.

    `known` says whether the subject is, in that network, and `strangers_wait` how long one had to wait if it were not.
    """

    wait: int | None
    strangers_wait: int | None
    known: bool
    asked: int
    taken: list[str]
    everything: int


async def reserve(
    conn: Connection, subject: str, network: str, buckets: Sequence[Bucket], everything: int
) -> tuple[Outcome, tuple[Bucket, ...]]:
    """Take a slot of every bucket whose lane it is, and say which gave one."""
    given: dict[str, Any] = {
        **keys(buckets),
        "names": [each.name for each in buckets],
        "most": [each.most for each in buckets],
        "seconds": [each.seconds for each in buckets],
        "lanes": [each.lane for each in buckets],
        "slows": [each.slows for each in buckets],
    }
    given |= {"subject": subject, "network": network, "everything": everything, "alone": alone(conn)}
    found = await conn.one(Outcome, RESERVE, **given)
    if found is None:
        raise LookupError("The statement gives one row.")
    return found, tuple(each for each in buckets if f"{each.kind} {each.network}" in found.taken)


async def give_back(
    conn: Connection, subject: str, network: str, buckets: Sequence[Bucket], *, succeeded: bool, known: bool
) -> None:
    """Give slots back; after a success, keep that the subject is `known` from there, and forget its failures."""
    given = {"subject": subject, "network": network, "succeeded": succeeded, "known": known, "alone": alone(conn)}
    await conn.run(GIVE_BACK, **given, **keys(buckets))


def alone(conn: Connection) -> bool:
    """Whether a statement is a transaction of its own."""
    return conn.info.transaction_status is TransactionStatus.IDLE


def keys(buckets: Sequence[Bucket]) -> dict[str, Any]:
    """Return the keys of buckets as the statements take them: by columns."""
    return {
        "kinds": [each.kind for each in buckets],
        "subjects": [each.subject for each in buckets],
        "networks": [each.network for each in buckets],
    }


async def know(conn: Connection, subject: str, network: str) -> bool:
    """Keep that a subject is known in a network; whether that is new."""
    return bool(await conn.run(KNOW, subject=subject, network=network))


async def reset(conn: Connection, subject: str) -> None:
    """Forget the subject's failures in a row, and the networks that are known for it."""
    await conn.run(RESET, subject=subject)


async def forget(conn: Connection, most: int) -> int:
    """Drop what is over, and of failures in a row all but the `most` that count for most; return how many rows."""
    over = await conn.run(FORGET)
    return over + await conn.run(FORGET_FAILURES, most=most) + await conn.run(FORGET_NETWORKS)
