from typing import LiteralString

import pytest
from psycopg.errors import InsufficientPrivilege

from opencabinet import access
from opencabinet.access.history.jobs import forget_old_authorizations
from opencabinet.db import Connection
from tests import make

TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
MAY = "SELECT has_table_privilege(%(role)s, %(table)s, %(verb)s)"
MAY_MAKE = "SELECT has_schema_privilege(%(role)s, 'public', 'CREATE')"
WRITING = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
WRITES = (
    {
        ("opencabinet_serve", table): {"INSERT", "UPDATE", "DELETE"}
        for table in (
            *("tokens", "policies", "access_rules", "api_passwords", "throttles", "known_networks"),
            *("totp_secrets", "passkeys", "recovery_codes", "sessions", "challenges"),
            *("webhook_endpoints", "webhook_deliveries", "webhook_attempts", "webhook_margins"),
            *("replays", "applications"),
        )
    }
    | {
        ("opencabinet_serve", table): {"INSERT", "UPDATE"}
        for table in ("followers", "event_numbers", "partners", "partner_codes", "referral_claims")
    }
    | {
        ("opencabinet_serve", table): {"INSERT"}
        for table in (
            *("events", "seals", "partner_parents", "partner_plans"),
            *("referral_log", "referrals", "partner_consents"),
        )
    }
    | {("opencabinet_serve", "banner_days"): {"INSERT", "UPDATE"}}
    | {("opencabinet_serve", "stream_tickets"): {"INSERT", "DELETE"}}
    | {
        ("opencabinet_serve", table): {"INSERT", "UPDATE"}
        for table in ("followers", "event_numbers", "destinations", "links", "click_days", "click_counting")
    }
    | {("opencabinet_serve", table): {"INSERT"} for table in ("events", "seals", "clicks")}
    | {("opencabinet_serve", table): {"INSERT", "DELETE"} for table in ("stream_tickets", "click_visitors")}
    | {
        ("opencabinet_serve", table): {"INSERT"}
        for table in (*("plans", "reward_bases", "reward_workings", "recalculations", "reversals", "partner_entries"),)
    }
    | {
        ("opencabinet_serve", table): {"INSERT", "UPDATE"}
        for table in ("rewards", "reward_months", "reward_days", "disputes", "settlements")
    }
    | {("opencabinet_serve", "reward_waiting"): {"INSERT", "UPDATE", "DELETE"}}
    | {
        ("opencabinet_feed", table): {"INSERT", "UPDATE", "DELETE"}
        for table in (
            *("accounts", "sources", "memberships", "closed_trades", "open_trades", "orders", "deals", "movements"),
            *("daily_lots", "monthly_lots", "daily_costs", "event_numbers", "instruments", "quotes", "candles"),
            *("feeds", "feed_rows", "feed_buckets", "parked_rows"),
        )
    }
    | {("opencabinet_feed", table): {"INSERT"} for table in ("servers", "events")}
    | {
        ("opencabinet_operate", table): {"INSERT", "UPDATE", "DELETE"}
        for table in ("owners", "password_codes", "throttles", "known_networks")
    }
    | {("opencabinet_operate", table): {"DELETE"} for table in ("totp_secrets", "passkeys", "sessions")}
    | {("opencabinet_operate", table): {"INSERT", "DELETE"} for table in ("recovery_codes", "operators")}
    | {
        ("opencabinet_operate", table): {"INSERT", "UPDATE"}
        for table in ("event_numbers", "news", "banners", "rewards", "reward_months", "reward_days")
    }
    | {
        ("opencabinet_operate", table): {"INSERT"}
        for table in (
            *("people", "authorizations", "events", "plans", "reward_bases", "reward_workings"),
            *("recalculations", "reversals"),
        )
    }
    | {("opencabinet_operate", table): {"UPDATE"} for table in ("disputes", "applications")}
    | {
        ("opencabinet_serve", "authorizations"): {"INSERT"},
        ("opencabinet_serve", "deletion_requests"): {"INSERT", "DELETE"},
        ("opencabinet_serve", "password_codes"): {"DELETE"},
        ("opencabinet_serve", "candles"): {"DELETE"},
    }
)
"""All that roles may write."""
HIDDEN = {
    *("people", "owners", "password_codes", "totp_secrets", "passkeys", "recovery_codes", "sessions", "challenges"),
    *("stream_tickets", "feed_keys", "webhook_endpoints", "webhook_deliveries", "webhook_attempts", "webhook_margins"),
    *("replays", "applications"),
    *("click_visitors", "operators", "deletion_requests"),
}
"""Tables of people, of webhooks, of keys and of changes made, which long answers do not need."""
IN_PART = {"tokens", "api_passwords"}
"""Tables whose hashes are for serving alone."""

SECRET = {
    *("tokens", "api_passwords", "stream_tickets", "feed_keys", "challenges", "replays", "click_visitors"),
    *("webhook_endpoints", "webhook_deliveries", "webhook_attempts", "webhook_margins"),
}
"""Tables that operators in the browser change nothing of, and that hold what others show to be let in."""

both_roles = pytest.mark.parametrize("role", ["opencabinet_serve", "opencabinet_read"])
all_roles = pytest.mark.parametrize("role", ["opencabinet_serve", "opencabinet_read", "opencabinet_operate"])


async def allowed(conn: Connection, role: str, table: str) -> set[str]:
    """Give what a role may do to a table."""
    return {verb for verb in ("SELECT", *WRITING) if await conn.value(MAY, role=role, table=table, verb=verb)}


@both_roles
async def test_a_role_reads_every_table_and_writes_only_what_is_its_own(conn: Connection, role: str) -> None:
    tables = await conn.values(TABLES)
    assert len(tables) > 10

    for table in tables:
        reads = set() if role == "opencabinet_read" and table in HIDDEN | IN_PART else {"SELECT"}
        assert await allowed(conn, role, table) == reads | WRITES.get((role, table), set()), table


async def test_feeds_read_what_they_keep_and_write_nothing_of_people(conn: Connection) -> None:
    for table in await conn.values(TABLES):
        writes = WRITES.get(("opencabinet_feed", table), set())
        assert await allowed(conn, "opencabinet_feed", table) - {"SELECT"} == writes, table

    for table in sorted(HIDDEN | IN_PART):
        assert await allowed(conn, "opencabinet_feed", table) == set(), table


async def test_operators_write_only_what_is_theirs_and_read_no_credential(conn: Connection) -> None:
    for table in await conn.values(TABLES):
        reads = set() if table in SECRET else {"SELECT"}
        writes = WRITES.get(("opencabinet_operate", table), set())
        assert await allowed(conn, "opencabinet_operate", table) == reads | writes, table


@all_roles
async def test_a_role_makes_no_tables_and_writes_no_revision(conn: Connection, role: str) -> None:
    assert not await conn.value(MAY_MAKE, role=role)
    assert await allowed(conn, role, "alembic_version") <= {"SELECT"}


@all_roles
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
        "UPDATE servers SET clock = 'UTC'",
        "UPDATE events SET body = '{}'",
        "DELETE FROM events",
        "UPDATE authorizations SET granted = true",
        "DELETE FROM authorizations",
        "UPDATE referral_log SET reason = 'last_click'",
        "DELETE FROM referral_log",
        "TRUNCATE referral_log CASCADE",
        "UPDATE referrals SET partner = NULL",
        "DELETE FROM referrals",
        "UPDATE partner_consents SET level = 'full'",
        "UPDATE seals SET root = ''",
        "DELETE FROM seals",
        "TRUNCATE tokens",
        "INSERT INTO people (email, name) VALUES ('a@b', '')",
        "UPDATE people SET email = 'a@b'",
        "INSERT INTO owners (login, person) SELECT login, 1 FROM accounts",
        "INSERT INTO operators (person, role) VALUES (1, 'administrator')",
        "DELETE FROM operators",
        "INSERT INTO password_codes (person, hash, expires_at) VALUES (1, '', now())",
        "DROP TABLE tokens",
        "UPDATE plans SET note = 'other'",
        "UPDATE reward_workings SET explanation = ''",
        "UPDATE reward_bases SET basis = ''",
        "DELETE FROM rewards",
        "UPDATE partner_entries SET amount = 1",
        "DELETE FROM partner_entries",
        "DELETE FROM settlements",
    ],
)
async def test_serving_cannot_change_records(conn: Connection, statement: LiteralString) -> None:
    await make.account(conn)
    await conn.run("SET LOCAL ROLE opencabinet_serve")

    with pytest.raises(InsufficientPrivilege):
        await conn.run(statement)


async def test_serving_forgets_of_the_history_what_is_past_its_days_alone(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await access.open_account(conn, login)
    await access.close_account(conn, login)
    await conn.run(
        "UPDATE authorizations SET at = at - interval '401 days' WHERE id = (SELECT min(id) FROM authorizations)"
    )
    await conn.run("SET LOCAL ROLE opencabinet_serve")

    assert await forget_old_authorizations(conn) == 1
    assert await forget_old_authorizations(conn) == 0
    assert await conn.value("SELECT count(*) FROM authorizations") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT hash FROM tokens",
        "SELECT chosen FROM api_passwords",
        "SELECT 1 FROM people",
        "SELECT forget_authorizations()",
    ],
)
async def test_reading_knows_no_secret_and_forgets_nothing(conn: Connection, statement: LiteralString) -> None:
    await conn.run("SET LOCAL ROLE opencabinet_read")

    with pytest.raises(InsufficientPrivilege):
        await conn.run(statement)


@pytest.mark.parametrize(
    "statement", ["DELETE FROM tokens", "UPDATE followers SET id = 0", "UPDATE accounts SET balance = 0"]
)
async def test_reading_cannot_write_at_all(conn: Connection, statement: LiteralString) -> None:
    await conn.run("SET LOCAL ROLE opencabinet_read")

    with pytest.raises(InsufficientPrivilege):
        await conn.run(statement)
