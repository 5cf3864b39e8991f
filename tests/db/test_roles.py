from typing import LiteralString

import pytest
from psycopg.errors import InsufficientPrivilege

from opencabinet.db import Connection
from tests import make

TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
MAY = "SELECT has_table_privilege(%(role)s, %(table)s, %(verb)s)"
MAY_MAKE = "SELECT has_schema_privilege(%(role)s, 'public', 'CREATE')"
WRITING = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
WRITES = {
    ("opencabinet_serve", "tokens"): {"INSERT", "UPDATE", "DELETE"},
    ("opencabinet_serve", "followers"): {"INSERT", "UPDATE"},
    ("opencabinet_serve", "authorizations"): {"INSERT", "DELETE"},
    ("opencabinet_serve", "seals"): {"INSERT"},
}
"""All that roles may write."""

both_roles = pytest.mark.parametrize("role", ["opencabinet_serve", "opencabinet_read"])


async def allowed(conn: Connection, role: str, table: str) -> set[str]:
    """Give what a role may do to a table."""
    return {verb for verb in ("SELECT", *WRITING) if await conn.value(MAY, role=role, table=table, verb=verb)}


@both_roles
async def test_a_role_reads_every_table_and_writes_only_what_is_its_own(conn: Connection, role: str) -> None:
    tables = await conn.values(TABLES)
    assert len(tables) > 10

    for table in tables:
        assert await allowed(conn, role, table) == {"SELECT"} | WRITES.get((role, table), set()), table


@both_roles
async def test_a_role_makes_no_tables_and_writes_no_revision(conn: Connection, role: str) -> None:
    assert not await conn.value(MAY_MAKE, role=role)
    assert await allowed(conn, role, "alembic_version") <= {"SELECT"}


@both_roles
async def test_a_role_is_nobody_else(conn: Connection, role: str) -> None:
    [powers] = await conn.values(
        "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolcanlogin OR rolreplication OR rolbypassrls"
        "  FROM pg_roles WHERE rolname = %(role)s",
        role=role,
    )

    assert powers is False
    assert not await conn.values(
        "SELECT roleid FROM pg_auth_members WHERE member = (SELECT oid FROM pg_roles WHERE rolname = %(role)s)",
        role=role,
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts SET balance = 0",
        "DELETE FROM closed_trades",
        "DELETE FROM open_trades",
        "DELETE FROM movements",
        "INSERT INTO policies (login, level) SELECT login, 'open' FROM accounts",
        "DELETE FROM masks",
        "INSERT INTO api_passwords (login, hash) SELECT login, '' FROM accounts",
        "UPDATE servers SET clock = 'UTC'",
        "INSERT INTO events (login, number, kind, body) SELECT login, 1, 'forged', '{}' FROM accounts",
        "UPDATE authorizations SET granted = true",
        "UPDATE seals SET root = ''",
        "DELETE FROM seals",
        "TRUNCATE tokens",
        "DROP TABLE tokens",
    ],
)
async def test_serving_cannot_change_records_or_policies(conn: Connection, statement: LiteralString) -> None:
    await make.account(conn)
    await conn.run("SET LOCAL ROLE opencabinet_serve")

    with pytest.raises(InsufficientPrivilege):
        await conn.run(statement)


@pytest.mark.parametrize(
    "statement", ["DELETE FROM tokens", "UPDATE followers SET id = 0", "UPDATE accounts SET balance = 0"]
)
async def test_reading_cannot_write_at_all(conn: Connection, statement: LiteralString) -> None:
    await conn.run("SET LOCAL ROLE opencabinet_read")

    with pytest.raises(InsufficientPrivilege):
        await conn.run(statement)
