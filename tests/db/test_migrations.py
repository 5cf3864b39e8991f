import asyncio
import os
import sys
from decimal import Decimal
from pathlib import Path

from opencabinet import access
from opencabinet.access import Function, Level, Policy, Rule
from opencabinet.db import Connection, migrations, store
from opencabinet.db.embedded import Embedded
from tests import make
from tests.access.asking import PEPPER, issued
from tests.db.databases import dump

SCHEMA = Path(__file__).parents[1] / "golden" / "schema.sql"
RECORD = "OPENCABINET_TEST_RECORD"
LEFT = """
SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
 UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
 UNION ALL SELECT typname::text FROM pg_type WHERE typnamespace = 'public'::regnamespace
 ORDER BY 1
"""
OLDER = """
INSERT INTO accounts VALUES (1, '', '', 'USD', 100, 'mt5', NULL, 0, 0, 0, 0, 0, '2026-03-05Z', 0, true);
INSERT INTO closed_trades
SELECT 1, ticket, ticket, 'EURUSD', 'buy', 0.75, NULL, 5, NULL, NULL, NULL, '2026-03-02 22:30Z', 120, 1.1, NULL, NULL,
       -2, 0, -1, profit, ''
  FROM (VALUES (1, 10), (2, 0)) AS told (ticket, profit);
INSERT INTO deals
SELECT 1, deal, NULL, NULL, 'EURUSD', 'buy', direction, 0.75, NULL, 1.1, '2026-03-02 12:00Z', 120, -3.5, 0, 0, 0,
       NULL, ''
  FROM (VALUES (1, 'in'), (2, 'out')) AS told (deal, direction);
"""
UP = "import sys; from opencabinet.db import migrations; migrations.up(sys.argv[1])"


async def revision(url: str) -> str | None:
    """Give the revision a database is at."""
    async with await Connection.open(url) as conn:
        return await store.version(conn)


async def left(url: str) -> list[str]:
    """Give the names of all there is in a database."""
    async with await Connection.open(url) as conn:
        return await conn.values(LEFT)


async def test_an_empty_database_gets_the_newest_schema(nothing: str) -> None:
    assert await revision(nothing) is None

    migrations.up(nothing)

    assert await revision(nothing) == migrations.head()


def test_the_schema_is_the_recorded_one(nothing: str, cluster: Embedded) -> None:
    migrations.up(nothing)
    schema = dump(cluster, nothing, "--schema-only")
    if os.environ.get(RECORD):
        SCHEMA.write_text(schema, "utf-8")

    assert schema == SCHEMA.read_text("utf-8"), f"if that is meant, record it: {RECORD}=1 and this test"


async def test_upgrading_again_changes_nothing(nothing: str, cluster: Embedded) -> None:
    migrations.up(nothing)
    before = dump(cluster, nothing)

    migrations.up(nothing)

    assert dump(cluster, nothing) == before


async def test_all_the_way_down_nothing_is_left_but_the_revisions_own_table(nothing: str) -> None:
    migrations.up(nothing)
    migrations.down(nothing, "base")

    assert {name.strip("_") for name in await left(nothing)} == {"alembic_version", "alembic_version_pkc"}
    assert await revision(nothing) is None


async def test_a_step_down_and_up_again_ends_where_it_began(nothing: str, cluster: Embedded) -> None:
    migrations.up(nothing)
    before = dump(cluster, nothing)

    migrations.down(nothing)
    assert await revision(nothing) != migrations.head()
    migrations.up(nothing)

    assert dump(cluster, nothing) == before


async def test_a_step_down_opens_nothing_that_was_stricter(nothing: str) -> None:
    """The older rules know no `off`, and no addresses of a single function: such accounts lose their credentials."""
    migrations.up(nothing)
    listed = (access.network("203.0.113.0/24"),)
    both, off = Rule(level=Level.BOTH, networks=listed), Rule(level=Level.OFF)
    policies = [
        Policy(default=off),
        Policy(default=Rule(level=Level.OPEN), rules={Function.BALANCE: off}),
        Policy(rules={Function.BALANCE: both}),
        Policy(default=both),
        Policy(rules={Function.BALANCE: Rule(level=Level.OPEN)}),
    ]
    async with await Connection.open(nothing) as conn:
        logins = [(await make.account(conn)).login for _ in policies]
        for login, policy in zip(logins, policies, strict=True):
            await access.set_policy(conn, login, policy)
            password = await access.set_password(conn, login, pepper=PEPPER)
            await issued(conn, login, password)

    migrations.down(nothing, "0003")

    async with await Connection.open(nothing) as conn:
        assert await conn.values("SELECT login FROM tokens ORDER BY login") == logins[3:]
        assert await conn.values("SELECT login FROM api_passwords ORDER BY login") == logins[3:]
        assert set(await conn.values("SELECT level FROM policies")) == {"closed"}
        told = await conn.values("SELECT action FROM authorizations")
        assert told == ["token.request"] * len(policies), "The older history holds requests for tokens."


async def test_two_at_once_migrate_one_after_the_other(nothing: str) -> None:
    async def migrated() -> int:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", UP, nothing)
        return await process.wait()

    assert set(await asyncio.gather(migrated(), migrated())) == {0}
    assert await revision(nothing) == migrations.head()


async def test_what_an_older_schema_holds_is_rolled_up(nothing: str) -> None:
    migrations.up(nothing, "0001")
    async with await Connection.open(nothing) as conn:
        await conn.execute(OLDER)

    migrations.up(nothing)

    async with await Connection.open(nothing) as conn:
        assert await conn.values("SELECT to_jsonb(daily_lots) - '{first_at,last_at}'::text[] FROM daily_lots") == [
            {
                "login": 1,
                "day": "2026-03-03",
                "symbol": "EURUSD",
                "contract_size": 0.0,
                "trades": 2,
                "lots": 1.5,
                "profit": 10.0,
                "swap": -2.0,
                "commission": -4.0,
                "fee": 0.0,
                "gross_profit": 7.0,
                "gross_loss": -3.0,
            }
        ]
        assert await conn.values("SELECT amount FROM daily_costs") == [Decimal("-3.5")]
