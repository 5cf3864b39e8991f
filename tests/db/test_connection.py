from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec import Struct
from psycopg import OperationalError, ProgrammingError, conninfo
from psycopg.errors import QueryCanceled, ReadOnlySqlTransaction
from psycopg.pq import TransactionStatus

from opencabinet.db import SPENT, Connection, Spent
from tests import make
from tests.db.conftest import Opening


class Pair(Struct, frozen=True):
    """Two numbers."""

    one: int
    other: Decimal


PAIRS = "SELECT one, one / 8.0 AS other FROM generate_series(1, %(last)s) AS one"


async def test_rows_come_back_as_nouns(conn: Connection) -> None:
    assert await conn.fetch(Pair, PAIRS, last=2) == [Pair(1, Decimal("0.125")), Pair(2, Decimal("0.25"))]
    assert await conn.one(Pair, PAIRS, last=2) == Pair(1, Decimal("0.125"))
    assert await conn.one(Pair, PAIRS, last=0) is None


async def test_single_columns_come_back_as_values(conn: Connection) -> None:
    assert await conn.values(PAIRS, last=3) == [1, 2, 3]
    assert await conn.value(PAIRS, last=3) == 1
    assert await conn.value(PAIRS, last=0) is None


async def test_running_a_statement_tells_how_many_rows_it_touched(conn: Connection) -> None:
    await conn.run("CREATE TABLE pairs AS " + PAIRS, last=5)

    assert await conn.run("DELETE FROM pairs WHERE one > %(least)s", least=2) == 3


async def test_every_statement_is_its_own_transaction(database: str) -> None:
    async with await Connection.open(database) as conn:
        first, second = [await conn.value("SELECT pg_current_xact_id()::text") for _ in range(2)]

    assert first != second


async def test_it_acts_in_the_role_asked_for(database: str) -> None:
    async with await Connection.open(database, role="opencabinet_read") as conn:
        assert await conn.value("SELECT current_user::text") == "opencabinet_read"


async def test_a_role_that_is_not_there_is_refused(database: str) -> None:
    with pytest.raises(OperationalError, match="nobody_at_all"):
        await Connection.open(database, role="nobody_at_all")


async def test_a_statement_ends_in_time(database: str) -> None:
    async with await Connection.open(database, statement_seconds=0.05) as conn:
        with pytest.raises(QueryCanceled):
            await conn.run("SELECT pg_sleep(5)")


async def test_a_statement_may_take_its_time_if_nobody_says_how_much(conn: Connection) -> None:
    assert await conn.value("SHOW statement_timeout") == "0"


async def test_times_are_utc_wherever_the_server_stands(database: str) -> None:
    await_athens = conninfo.make_conninfo(database, options="-c timezone=Europe/Athens")
    async with await Connection.open(await_athens) as conn:
        now = await conn.value("SELECT timestamptz '2026-07-01 00:00:00+00'")

    assert now == datetime(2026, 7, 1, tzinfo=UTC)
    assert now.utcoffset() == timedelta(0)


async def test_options_of_the_address_are_kept(database: str) -> None:
    tuned = conninfo.make_conninfo(database, options="-c work_mem=5MB")
    async with await Connection.open(tuned, role="opencabinet_serve") as conn:
        assert await conn.value("SHOW work_mem") == "5MB"


COUNT = "SELECT count(*) FROM accounts"


async def test_a_snapshot_is_of_one_moment(another: Opening, committed: Connection) -> None:
    conn = await another()
    async with conn.snapshot():
        before = await conn.value(COUNT)
        await make.account(committed)
        assert await conn.value(COUNT) == before

    assert await conn.value(COUNT) == before + 1


async def test_nothing_is_written_in_a_snapshot(another: Opening) -> None:
    conn = await another()
    with pytest.raises(ReadOnlySqlTransaction):
        async with conn.snapshot():
            await conn.run("DELETE FROM accounts")

    assert conn.info.transaction_status == TransactionStatus.IDLE
    assert await conn.run("DELETE FROM accounts") == 0, "The next one may write."


async def test_whatever_goes_wrong_in_a_snapshot_is_told_as_it_was(another: Opening, committed: Connection) -> None:
    conn = await another()
    with pytest.raises(ZeroDivisionError):
        async with conn.snapshot():
            raise ZeroDivisionError
    assert conn.info.transaction_status == TransactionStatus.IDLE

    async def lost() -> None:
        async with conn.snapshot():
            await committed.value("SELECT pg_terminate_backend(%(pid)s, 5000)", pid=conn.info.backend_pid)
            await conn.value("SELECT 1")

    with pytest.raises(OperationalError):
        await lost()


async def test_a_snapshot_does_not_begin_in_the_midst(conn: Connection) -> None:
    assert conn.info.transaction_status == TransactionStatus.INTRANS

    with pytest.raises(ProgrammingError, match="one moment"):
        async with conn.snapshot():
            pytest.fail("It began.")


async def test_a_snapshot_is_two_journeys_more_than_what_is_read(another: Opening) -> None:
    conn = await another()
    SPENT.set(spent := Spent())
    async with conn.snapshot():
        await conn.value("SELECT 1")
        await conn.value("SELECT 2")
    SPENT.set(None)

    assert spent.waits == 4
