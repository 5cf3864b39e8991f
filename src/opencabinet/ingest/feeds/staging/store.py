"""The SQL of staged tables: made for each connection, filled by COPY, emptied by the end of a transaction."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, LiteralString

from psycopg import sql

from opencabinet.db import Connection

TOLD: Final[tuple[LiteralString, ...]] = (
    "staged_accounts",
    "staged_deals",
    "staged_closed",
    "staged_open",
    "staged_orders",
    "staged_movements",
    "staged_gone",
)
"""What a feed tells."""

WORKED_WITH: Final[tuple[LiteralString, ...]] = (
    "staged_keys",
    "staged_left",
    "staged_logins",
    "staged_positions",
    "staged_saved",
)
"""What is found out on the way."""

PREPARED = """
SELECT to_regclass('pg_temp.staged_saved') IS NOT NULL
"""

COUNTS = """
SELECT ARRAY[(SELECT count(*) FROM staged_accounts), (SELECT count(*) FROM staged_deals),
             (SELECT count(*) FROM staged_closed), (SELECT count(*) FROM staged_open),
             (SELECT count(*) FROM staged_orders), (SELECT count(*) FROM staged_movements),
             (SELECT count(*) FROM staged_gone)]
"""

LEFT_OVER = """
SELECT EXISTS (SELECT FROM staged_keys) OR EXISTS (SELECT FROM staged_left) OR EXISTS (SELECT FROM staged_logins)
    OR EXISTS (SELECT FROM staged_positions) OR EXISTS (SELECT FROM staged_saved)
"""


# It can only be said before the first temporary table of a session is touched.
BUFFERS = """
SELECT set_config('temp_buffers', '64MB', false)
"""


async def prepare(conn: Connection) -> None:
    """Make the temporary tables of a connection that it does not have yet."""
    if not await conn.value(PREPARED):
        await conn.run(BUFFERS)
        shape = sql.SQL("CREATE TEMP TABLE IF NOT EXISTS {it} (LIKE public.{it}) ON COMMIT DELETE ROWS")
        made = [shape.format(it=sql.Identifier(table)) for table in (*TOLD, *WORKED_WITH)]
        await conn.execute(sql.SQL("; ").join(made))  # one transaction, which a disk is waited for once


async def clear(conn: Connection, tables: Sequence[LiteralString]) -> None:
    """Empty staged tables, which the end of the transaction does otherwise."""
    await conn.execute(sql.SQL("TRUNCATE {}").format(named(tables)))


def named(tables: Sequence[LiteralString]) -> sql.Composed:
    """Return tables as a statement lists them."""
    return sql.SQL(", ").join(map(sql.Identifier, tables))


async def counts(conn: Connection) -> dict[str, int]:
    """Return how many rows each table of what is told holds."""
    return dict(zip(TOLD, await conn.value(COUNTS), strict=True))


async def left_over(conn: Connection) -> bool:
    """Say whether a batch before this one, in the same transaction, left something in what is worked with."""
    return bool(await conn.value(LEFT_OVER))


async def fill(conn: Connection, table: LiteralString, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Copy rows into a staged table."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    async with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            await copy.write_row(row)


async def pour(conn: Connection, table: LiteralString, columns: Sequence[str], lines: Iterable[str]) -> None:
    """Copy rows into a staged table that are written as COPY reads them."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    async with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for some in lines:
            await copy.write(some)
