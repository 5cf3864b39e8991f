"""The SQL of movements as feeds stage them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.ledger.model import OPENING

# A deal that is no trade is a movement of all it brought.
SAVE = """
WITH saved AS (
  INSERT INTO movements (login, ticket, kind, amount, moved_at, moved_offset, comment)
  SELECT login, ticket, kind, amount, moved_at, moved_offset, comment FROM staged_movements
   UNION ALL
  SELECT login, deal, type, profit + swap + commission + fee, dealt_at, dealt_offset, comment
    FROM staged_deals WHERE type NOT IN ('buy', 'sell', 'buy canceled', 'sell canceled')
   ORDER BY 1, 2
  ON CONFLICT (login, ticket) DO UPDATE
     SET (kind, amount, moved_at, moved_offset, comment)
       = (excluded.kind, excluded.amount, excluded.moved_at, excluded.moved_offset, excluded.comment)
   WHERE movements.* IS DISTINCT FROM excluded.*
  RETURNING login, ticket, xmax = 0 AS new
)
INSERT INTO staged_saved (place, login, key, new, told)
SELECT 'movement', login, ticket, new, CASE WHEN new THEN 'movement.booked' ELSE 'movement.corrected' END FROM saved
"""

SAVED = """
SELECT login, told, ticket, kind, amount, moved_at, comment
  FROM staged_saved AS saved JOIN movements USING (login)
 WHERE saved.place = 'movement' AND movements.ticket = saved.key
 ORDER BY moved_at, ticket
"""

# A deal that was money before, and is a trade now, is no movement any more.
DROP = """
DELETE FROM movements
 USING (SELECT login, record AS ticket FROM staged_left WHERE place IN ('movement', 'deal')
         UNION
        SELECT told.login, told.deal FROM staged_deals AS told
          JOIN staged_keys AS known ON known.family = 'deal' AND known.key = told.deal AND known.old_login = told.login
         WHERE told.type IN ('buy', 'sell', 'buy canceled', 'sell canceled')) AS gone
 WHERE movements.login = gone.login AND movements.ticket = gone.ticket
RETURNING movements.login, 'movement.removed' AS told, movements.ticket, kind, amount, moved_at, comment
"""

SAVE_OPENINGS = """
INSERT INTO movements (login, ticket, kind, amount, moved_at, moved_offset, comment)
SELECT login, %(ticket)s, 'opening', amount, at, minutes, 'not explained by the rows known'
  FROM unnest(%(logins)s::bigint[], %(amounts)s::numeric[], %(times)s::timestamptz[], %(offsets)s::smallint[])
    AS told (login, amount, at, minutes)
 WHERE amount <> 0
ON CONFLICT (login, ticket) DO UPDATE
   SET (amount, moved_at, moved_offset) = (excluded.amount, excluded.moved_at, excluded.moved_offset)
 WHERE movements.* IS DISTINCT FROM excluded.*
"""

FORGET_OPENINGS = """
DELETE FROM movements
 USING unnest(%(logins)s::bigint[], %(amounts)s::numeric[]) AS told (login, amount)
 WHERE movements.login = told.login AND movements.ticket = %(ticket)s AND told.amount = 0
"""


class Moved(Struct, frozen=True):
    """A movement, and the kind of event that tells of it."""

    login: Login
    told: str
    ticket: int
    kind: str
    amount: Decimal
    moved_at: datetime
    comment: str


async def save(conn: Connection) -> None:
    """Keep staged movements, and deals that are no trades."""
    await conn.run(SAVE)


async def saved(conn: Connection) -> list[Moved]:
    """Return the movements of this batch that are new or changed."""
    return await conn.fetch(Moved, SAVED)


async def drop(conn: Connection) -> list[Moved]:
    """Drop the movements that are no more, and return them."""
    return await conn.fetch(Moved, DROP)


async def save_openings(
    conn: Connection,
    logins: Sequence[Login],
    amounts: Sequence[Decimal],
    times: Sequence[datetime],
    offsets: Sequence[int],
) -> None:
    """Label what rows do not explain of each account's balance as one opening entry; none where nothing is left."""
    given = {"logins": list(logins), "amounts": list(amounts), "ticket": OPENING}
    if any(amounts):
        await conn.run(SAVE_OPENINGS, times=list(times), offsets=list(offsets), **given)
    if not all(amounts):
        await conn.run(FORGET_OPENINGS, **given)
