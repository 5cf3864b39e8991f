"""A month's clicks are a table of their own: made before it comes, dropped when it is old."""

from datetime import UTC, datetime, timedelta
from typing import LiteralString

import pytest
from psycopg.errors import InsufficientPrivilege, LockNotAvailable
from psycopg.sql import SQL, Identifier

from opencabinet.db import Connection
from opencabinet.partners import clicks
from opencabinet.partners.clicks.counting import store
from tests.partners.clicks.clicking import click

WHERE = "SELECT tableoid::regclass::text FROM clicks WHERE login = %(login)s ORDER BY id"
MONTHS = """
SELECT relname::text FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
 WHERE inhparent = 'clicks'::regclass AND relname <> 'clicks_other' ORDER BY 1
"""
INDEXES = "SELECT count(*) FROM pg_index WHERE indrelid = %(table)s::text::regclass"
OLD = """
CREATE TABLE clicks_2020_01 PARTITION OF clicks FOR VALUES FROM ('2020-01-01Z') TO ('2020-02-01Z');
CREATE TABLE clicks_kept PARTITION OF clicks FOR VALUES FROM ('2019-01-01Z') TO ('2019-02-01Z');
"""
SERVING = "SET LOCAL ROLE opencabinet_serve"


@pytest.fixture(autouse=True)
async def bare(conn: Connection) -> None:
    """Leave no table of a month, which a worker of another test may have made."""
    for name in await conn.values(MONTHS):
        await conn.execute(SQL("DROP TABLE {}").format(Identifier(name)))


def this_month() -> datetime:
    return datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def table(month: datetime) -> str:
    return f"clicks_{month:%Y_%m}"


def later(month: datetime, months: int) -> datetime:
    for _ in range(months):
        month = (month + timedelta(days=31)).replace(day=1)
    return month


async def test_what_came_before_its_month_was_made_is_moved_there(conn: Connection) -> None:
    now, far = datetime.now(UTC), later(this_month(), 5)
    for at in (this_month(), now, far):
        await click(conn, login=1, at=at)
    assert await conn.values(WHERE, login=1) == ["clicks_other"] * 3
    await conn.run(SERVING)

    assert await clicks.keep_months(conn) == 3
    assert await clicks.keep_months(conn) == 0

    assert await conn.values(MONTHS) == [table(later(this_month(), months)) for months in range(3)]
    assert await conn.values(WHERE, login=1) == [table(now), table(now), "clicks_other"]
    await click(conn, login=2, at=later(this_month(), 2))
    assert await conn.values(WHERE, login=2) == [table(later(this_month(), 2))]
    assert await conn.value(INDEXES, table=table(now)) == 3
    assert await clicks.keep_months(conn) == 0


async def test_tables_that_others_use_are_left_until_later(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    async def used(_: Connection) -> int:
        raise LockNotAvailable

    monkeypatch.setattr(store, "make_months", used)

    assert await clicks.keep_months(conn) == 0


async def test_both_roles_read_the_new_tables(conn: Connection) -> None:
    await clicks.keep_months(conn)

    for role in ("opencabinet_serve", "opencabinet_read"):
        for name in await conn.values(MONTHS):
            assert await conn.value("SELECT has_table_privilege(%(role)s, %(name)s, 'SELECT')", role=role, name=name)
            assert not await conn.value(
                "SELECT has_table_privilege(%(role)s, %(name)s, 'DELETE')", role=role, name=name
            )


async def test_months_that_ended_more_than_thirteen_months_ago_are_dropped(conn: Connection) -> None:
    await conn.execute(OLD)
    kept = this_month()
    for _ in range(13):
        kept = (kept - timedelta(days=1)).replace(day=1)
    gone = kept - timedelta(microseconds=1)
    for at in (kept, gone, datetime(2020, 1, 5, tzinfo=UTC), datetime(2019, 1, 5, tzinfo=UTC)):
        await click(conn, login=1, at=at)
    await conn.run(SERVING)

    assert await clicks.keep_months(conn) == 4, "Three were made, and one was dropped."

    assert "clicks_2020_01" not in await conn.values(MONTHS)
    assert await conn.values("SELECT at FROM clicks WHERE login = 1 ORDER BY at DESC") == [
        kept,
        datetime(2019, 1, 5, tzinfo=UTC),
    ], "What the operator calls otherwise is not ours."


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE clicks_other",
        "DELETE FROM clicks",
        "TRUNCATE clicks",
        "UPDATE clicks SET login = 1",
        "UPDATE clicks SET token = gen_random_uuid()",
        "CREATE TABLE clicks_x PARTITION OF clicks FOR VALUES FROM ('2020-01-01Z') TO ('2020-02-01Z')",
        "DELETE FROM click_days",
        "DELETE FROM links",
    ],
)
async def test_serving_drops_no_click_by_itself(conn: Connection, statement: LiteralString) -> None:
    await conn.run(SERVING)

    with pytest.raises(InsufficientPrivilege):
        await conn.run(statement)


async def test_reading_makes_and_drops_nothing(conn: Connection) -> None:
    await conn.run("SET LOCAL ROLE opencabinet_read")

    with pytest.raises(InsufficientPrivilege):
        await clicks.keep_months(conn)
