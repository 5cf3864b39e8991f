"""The SQL of settlements and their books."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Granted, Login
from opencabinet.partners.rewards.settling.model import Approved, Entry, Settlement, Side

LOCK = """
SELECT pg_advisory_xact_lock(hashtextextended('opencabinet settles ' || %(login)s::bigint, 0))
"""

APPROVED = """
SELECT currency, count(*) AS lines, sum(amount) AS accrued,
       coalesce((SELECT carried_out FROM settlements
                  WHERE settlements.login = %(login)s AND settlements.currency = line.currency
                  ORDER BY id DESC LIMIT 1), 0) AS carried
  FROM (SELECT currency, amount FROM rewards
         WHERE login = %(login)s AND state = 'approved' AND closed_at < %(until)s
           FOR UPDATE) AS line
 GROUP BY currency
 ORDER BY currency
"""

SETTLE = """
INSERT INTO settlements (login, until, currency, lines, accrued, carried_in, amount, carried_out, entry)
VALUES (%(login)s, %(until)s, %(currency)s, %(lines)s, %(accrued)s, %(carried_in)s, %(amount)s, %(carried_out)s,
        %(entry)s)
RETURNING login, id, until, currency, lines, accrued, carried_in, amount, carried_out, settled_at, state, entry,
          paid_entry, reference, paid_at
"""

TAKE = """
UPDATE rewards
   SET state = 'payable', settlement = %(settlement)s
 WHERE login = %(login)s AND state = 'approved' AND currency = %(currency)s AND closed_at < %(until)s
"""

LOCKED = """
SELECT login, id, until, currency, lines, accrued, carried_in, amount, carried_out, settled_at, state, entry,
       paid_entry, reference, paid_at
  FROM settlements
 WHERE login = %(login)s AND id = %(id)s
   FOR UPDATE
"""

LISTED = """
SELECT login, id, until, currency, lines, accrued, carried_in, amount, carried_out, settled_at, state, entry,
       paid_entry, reference, paid_at
  FROM settlements
 WHERE login = %(login)s AND id < %(below)s
 ORDER BY id DESC
 LIMIT %(limit)s
"""

PAY = """
UPDATE settlements
   SET state = 'paid', paid_at = now(), reference = %(reference)s, paid_entry = %(entry)s
 WHERE login = %(login)s AND id = %(id)s
RETURNING login, id, until, currency, lines, accrued, carried_in, amount, carried_out, settled_at, state, entry,
          paid_entry, reference, paid_at
"""

PAY_LINES = """
UPDATE rewards SET state = 'paid' WHERE login = %(login)s AND settlement = %(id)s AND state = 'payable'
"""

NUMBER = """
SELECT nextval('partner_entry_ids')
"""

BOOK = """
INSERT INTO partner_entries (login, id, side, currency, amount)
SELECT %(login)s, %(id)s, side, %(currency)s, amount
  FROM unnest(%(sides)s::text[], %(amounts)s::numeric[]) AS told (side, amount)
"""

ENTRIES = """
SELECT login, id, side, currency, amount, at
  FROM partner_entries
 WHERE login = %(login)s AND id < %(below)s
 ORDER BY id DESC, side
 LIMIT %(limit)s
"""

DUE = """
SELECT DISTINCT login FROM rewards
 WHERE state = 'approved' AND login > %(after)s
 ORDER BY login
 LIMIT %(limit)s
"""

SIDES_OF_AN_ENTRY: Final = 2


async def lock(conn: Connection, login: Login) -> None:
    """Let nobody else settle what this account was given until the transaction ends."""
    await conn.run(LOCK, login=login)


async def approved(conn: Connection, login: Login, until: datetime) -> list[Approved]:
    """Return what the approved lines of an account come to, by currency; nobody else changes them meanwhile."""
    return await conn.fetch(Approved, APPROVED, login=login, until=until)


async def settle(
    conn: Connection,
    login: Login,
    until: datetime,
    of: Approved,
    *,
    amount: Decimal,
    carried_out: Decimal,
    entry: int | None,
) -> Settlement:
    """Keep a settlement."""
    given = {"lines": of.lines, "accrued": of.accrued, "carried_in": of.carried, "currency": of.currency}
    sums = {"amount": amount, "carried_out": carried_out, "entry": entry}
    [kept] = await conn.fetch(Settlement, SETTLE, login=login, until=until, **given, **sums)
    return kept


async def take(conn: Connection, it: Settlement) -> int:
    """Let the approved lines of a settlement be payable; give how many they are."""
    return await conn.run(TAKE, login=it.login, settlement=it.id, currency=it.currency, until=it.until)


async def locked(conn: Connection, login: Login, number: int) -> Settlement | None:
    """Return a settlement that nobody else changes until the transaction ends."""
    return await conn.one(Settlement, LOCKED, login=login, id=number)


async def settlements(
    conn: Connection, login: Granted | Login, *, below: int = LARGEST, limit: int
) -> Sequence[Settlement]:
    """Return the settlements of an account below a number, the newest first."""
    return await conn.fetch(Settlement, LISTED, login=login, below=below, limit=limit)


async def pay(conn: Connection, it: Settlement, reference: str, entry: int | None) -> Settlement:
    """Let a settlement and its lines be paid."""
    [paid] = await conn.fetch(Settlement, PAY, login=it.login, id=it.id, reference=reference, entry=entry)
    await conn.run(PAY_LINES, login=it.login, id=it.id)
    return paid


async def book(conn: Connection, login: Login, currency: str, less: Side, more: Side, amount: Decimal) -> int:
    """Book an amount from one side to another, and give the number of the entry."""
    number = int(await conn.value(NUMBER))
    sides = {"sides": [less, more], "amounts": [-amount, amount]}
    await conn.run(BOOK, login=login, id=number, currency=currency, **sides)
    return number


async def entries(conn: Connection, login: Granted, *, below: int = LARGEST, limit: int) -> Sequence[Entry]:
    """Return the entries of an account below a number, the newest first: both sides of each of at most so many."""
    return await conn.fetch(Entry, ENTRIES, login=login, below=below, limit=limit * SIDES_OF_AN_ENTRY)


async def due(conn: Connection, after: Login, limit: int) -> list[Login]:
    """Return accounts above a login that have approved lines, in the order of their logins."""
    return await conn.values(DUE, after=after, limit=limit)
