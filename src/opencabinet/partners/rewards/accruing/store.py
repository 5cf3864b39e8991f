"""The SQL of working rewards out: trades in, workings and lines out."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import date, datetime
from decimal import Decimal
from typing import Any, LiteralString

import msgspec
from psycopg import AsyncClientCursor, sql

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.partners.rewards.accruing.model import Ask, Day, Known, Month, Row, Since, Sum

LOCK = """
SELECT pg_advisory_xact_lock(hashtext('opencabinet: the lines of rewards'))
"""

REFERRALS = """
SELECT login, since, partner AS value FROM referrals WHERE login = ANY (%(logins)s)
"""

GROUPS = """
SELECT login, since, "group" AS value FROM memberships WHERE login = ANY (%(logins)s)
"""

HOMES = """
SELECT DISTINCT ON (login) login, currency, coalesce(server, '')
  FROM accounts LEFT JOIN sources USING (login)
 WHERE login = ANY (%(logins)s)
 ORDER BY login, since DESC
"""

# What is read for long is planned by what there was before: a table that was empty then would be read whole each time.
BY_INDEX = """
SELECT set_config('enable_seqscan', 'off', true)
"""

# Of two deals that close one another the platform gives both one order; MetaTrader 4 names the other in a comment.
TRADES = """
SELECT trade.login, trade.ticket, symbol, side, lots, contract_size, digits, opened_at, trade.closed_at, open_price,
       close_price, profit, commission, swap, fee,
       CASE WHEN comment LIKE 'close hedge by #%%'
            THEN substring(comment FROM '^close hedge by #([0-9]{1,18})$')::bigint
            ELSE (SELECT other.deal
                    FROM deals AS one
                    JOIN deals AS other
                      ON other.login = one.login AND other.deal BETWEEN one.deal - 9 AND one.deal + 9
                     AND other.order_ticket = one.order_ticket AND other.deal <> one.deal
                     AND other.direction = 'out by'
                   WHERE one.login = trade.login AND one.deal = trade.ticket AND one.direction = 'out by'
                   LIMIT 1) END AS closed_by,
       trade.figures, coalesce(known.revision, 0) AS revision, known.figures AS known, asked.anew
  FROM unnest(%(logins)s::bigint[], %(firsts)s::bigint[], %(lasts)s::bigint[], %(sinces)s::timestamptz[],
              %(anews)s::boolean[]) AS asked (login, first, last, since, anew)
 CROSS JOIN LATERAL (
   SELECT *, hash_record_extended(ROW(symbol, side, lots, contract_size, digits, opened_at, closed_at, open_price,
                                      close_price, profit, commission, swap, fee), 0) AS figures
     FROM closed_trades
    WHERE closed_trades.login = asked.login AND ticket BETWEEN asked.first AND asked.last AND closed_at >= asked.since
    ORDER BY ticket
 ) AS trade
  LEFT JOIN LATERAL (
   SELECT revision, figures
     FROM reward_workings
    WHERE reward_workings.login = trade.login AND reward_workings.ticket = trade.ticket
    ORDER BY revision DESC
    LIMIT 1
 ) AS known ON true
"""

MONTHS = """
SELECT asked.login, asked.month, coalesce(sum(lots), 0) AS lots, coalesce(sum(amount), 0) AS amount
  FROM unnest(%(logins)s::bigint[], %(months)s::date[]) AS asked (login, month)
  LEFT JOIN reward_months AS had ON had.login = asked.login AND had.month = asked.month
 GROUP BY 1, 2
"""

DAYS = """
SELECT asked.login, asked.day, coalesce(sum(amount), 0)
  FROM unnest(%(logins)s::bigint[], %(days)s::date[]) AS asked (login, day)
  LEFT JOIN reward_days AS had ON had.login = asked.login AND had.day = asked.day
 GROUP BY 1, 2
"""

KNOWN = """
SELECT login, ticket, revision, why, closed_at, explanation AS told, reward_bases.basis
  FROM reward_workings
  JOIN unnest(%(logins)s::bigint[], %(tickets)s::bigint[]) AS asked (login, ticket) USING (login, ticket)
  LEFT JOIN reward_bases ON reward_bases.key = reward_workings.basis
 ORDER BY login, ticket, revision
"""

# Lines are found by whom they are for and when their trade closed, for which there is an index.
SUMS = """
SELECT client, ticket, login, level, max(kind) AS kind, currency, sum(amount) AS amount,
       coalesce(sum(amount) FILTER (WHERE state = 'reversed'), 0) AS taken, bool_and(state = 'reversed') AS reversed
  FROM unnest(%(logins)s::bigint[], %(clients)s::bigint[], %(tickets)s::bigint[], %(ats)s::timestamptz[])
    AS asked (login, client, ticket, closed_at)
  JOIN rewards USING (login, client, ticket, closed_at)
 GROUP BY client, ticket, login, level, currency
 ORDER BY client, ticket, login, level, currency
"""

STILL = """
SELECT login, ticket
  FROM closed_trades JOIN unnest(%(logins)s::bigint[], %(tickets)s::bigint[]) AS asked (login, ticket)
       USING (login, ticket)
"""

KEEP_BASES = """
INSERT INTO reward_bases (key, basis)
SELECT key, basis FROM unnest(%(keys)s::uuid[], %(bases)s::text[]) AS told (key, basis)
ON CONFLICT (key) DO NOTHING
"""

KEEP_WORKINGS = (
    b"COPY reward_workings (login, ticket, revision, why, closed_at, figures, basis, explanation) FROM STDIN"
)
KEEP_LINES = (
    b"COPY rewards (login, client, revision, level, kind, currency, state, held_until, ticket, closed_at, amount)"
    b" FROM STDIN"
)

ADD_DAYS = """
INSERT INTO reward_days AS known (login, day, client, level, currency, trades, lots, amount)
SELECT * FROM jsonb_populate_recordset(NULL::reward_days, %(rows)s::jsonb) ORDER BY 1, 2, 3, 4, 5
ON CONFLICT (login, day, client, level, currency) DO UPDATE
   SET (trades, lots, amount)
     = (known.trades + excluded.trades, known.lots + excluded.lots, known.amount + excluded.amount)
"""

ADD_MONTHS = """
INSERT INTO reward_months AS known (login, month, currency, trades, lots, amount)
SELECT * FROM jsonb_populate_recordset(NULL::reward_months, %(rows)s::jsonb) ORDER BY 1, 2, 3
ON CONFLICT (login, month, currency) DO UPDATE
   SET (trades, lots, amount)
     = (known.trades + excluded.trades, known.lots + excluded.lots, known.amount + excluded.amount)
"""


async def lock(conn: Connection) -> None:
    """Keep others from writing lines until the transaction ends."""
    await conn.run(LOCK)


async def referrals(conn: Connection, logins: Sequence[Login]) -> list[Since]:
    """Return whose clients accounts are, from when on; an account that never was one has no row."""
    return await conn.fetch(Since, REFERRALS, logins=list(logins))


async def groups(conn: Connection, logins: Sequence[Login]) -> list[Since]:
    """Return in which groups accounts are, from when on."""
    return await conn.fetch(Since, GROUPS, logins=list(logins))


async def homes(conn: Connection, logins: Sequence[Login]) -> list[tuple[Login, str, str]]:
    """Return the currency of accounts, and the server they are on."""
    return [(login, currency, server) for login, currency, server in await rows(conn, HOMES, logins=list(logins))]


async def trades(conn: Connection, asks: Sequence[Ask], many: int) -> AsyncGenerator[list[Row], None]:
    """Give the trades that are asked for, so many at a time, as of one moment; what was known of them, too."""
    given = {
        "logins": [ask.login for ask in asks],
        "firsts": [ask.first for ask in asks],
        "lasts": [ask.last for ask in asks],
        "sinces": [ask.since for ask in asks],
        "anews": [ask.anew for ask in asks],
    }
    async with conn.transaction(), aclosing(by_pages(conn, "trades", TRADES, many, **given)) as pages:
        await conn.run(BY_INDEX)
        async for rows in pages:
            yield rows


async def by_pages(
    conn: Connection, name: LiteralString, statement: LiteralString, many: int, **given: Any
) -> AsyncGenerator[list[Row], None]:
    """Give the trades that a statement reads, so many at a time, within a transaction, whose end closes what is read.

    The driver's own cursors would have to be closed by themselves, which whoever is stopped may be kept from.
    """
    declared = sql.SQL("DECLARE {} NO SCROLL CURSOR FOR").format(sql.Identifier(name)) + sql.SQL(statement)
    fetch = sql.SQL("FETCH FORWARD {} FROM {}").format(sql.Literal(many), sql.Identifier(name))
    async with AsyncClientCursor(conn) as cursor:
        await cursor.execute(declared, given)
    while rows := await (await conn.execute(fetch, prepare=False)).fetchall():
        yield list(map(Row._make, rows))


async def months(conn: Connection, keys: Sequence[tuple[Login, date]]) -> dict[tuple[Login, date], list[Decimal]]:
    """Return the lots and the amount that partners had in months."""
    given = {"logins": [login for login, _ in keys], "months": [month for _, month in keys]}
    return {(login, month): figures for login, month, *figures in await rows(conn, MONTHS, **given)}


async def days(conn: Connection, keys: Sequence[tuple[Login, date]]) -> dict[tuple[Login, date], Decimal]:
    """Return the amount that partners had on days."""
    given = {"logins": [login for login, _ in keys], "days": [day for _, day in keys]}
    return {(login, day): amount for login, day, amount in await rows(conn, DAYS, **given)}


async def rows(conn: Connection, statement: LiteralString, **given: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a statement as they are."""
    async with conn.cursor() as cursor:
        await cursor.execute(statement, given)
        return await cursor.fetchall()


async def known(conn: Connection, keys: Sequence[tuple[Login, Ticket]]) -> list[Known]:
    """Return all workings of trades, in the order of their revisions."""
    logins, tickets = [login for login, _ in keys], [ticket for _, ticket in keys]
    return await conn.fetch(Known, KNOWN, logins=logins, tickets=tickets)


async def sums(conn: Connection, places: Sequence[tuple[Login, Login, Ticket, datetime]]) -> list[Sum]:
    """Return what lines come to, by trade and whom they are for: each place is for whom, client, ticket and close."""
    given = {
        "logins": [each[0] for each in places],
        "clients": [each[1] for each in places],
        "tickets": [each[2] for each in places],
        "ats": [each[3] for each in places],
    }
    return await conn.fetch(Sum, SUMS, **given)


async def still(conn: Connection, keys: Sequence[tuple[Login, Ticket]]) -> set[tuple[Login, Ticket]]:
    """Return those of the trades that there are."""
    found = await rows(conn, STILL, logins=[login for login, _ in keys], tickets=[ticket for _, ticket in keys])
    return {(Login(login), Ticket(ticket)) for login, ticket in found}


async def keep(conn: Connection, workings: Sequence[str], lines: Sequence[str], bases: Mapping[str, str]) -> None:
    """Keep workings and lines that are written as COPY reads them, and the bases of workings, which are known by key.

    Bases that are kept already stay as they are.
    """
    if bases:
        await conn.run(KEEP_BASES, keys=list(bases), bases=list(bases.values()))
    for statement, texts in ((KEEP_WORKINGS, workings), (KEEP_LINES, lines)):
        if texts:
            async with conn.cursor() as cursor, cursor.copy(statement) as copy:
                await copy.write("".join(texts))


async def add_days(conn: Connection, rows: Iterable[Day]) -> None:
    """Add to what came in on days."""
    await conn.run(ADD_DAYS, rows=msgspec.json.encode(list(rows)).decode())


async def add_months(conn: Connection, rows: Iterable[Month]) -> None:
    """Add to what came in in months."""
    await conn.run(ADD_MONTHS, rows=msgspec.json.encode(list(rows)).decode())
