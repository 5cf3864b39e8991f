"""A large account streams in little memory, and a reader who stops early leaves nothing behind."""

import asyncio
import tempfile
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from psycopg.pq import TransactionStatus

from opencabinet import reports
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import EVER
from opencabinet.paper import TooManyRows
from opencabinet.reports import Form, Layout
from tests import make

# Through the account's own rows, as many as are asked for.
FILL = """
INSERT INTO closed_trades
SELECT %(login)s, n, n, 'EURUSD', 'buy', 0.5, 100000, 5, make.at, 120, 1.1, make.at + interval '1 hour', 120, 1.2, 1.05,
       NULL, -3.5, 0, -1.2, 10 - n %% 20, 'comment ' || n
  FROM generate_series(1, %(rows)s) AS n
 CROSS JOIN LATERAL (SELECT '2020-01-01'::timestamptz + n * interval '1 minute' AS at) AS make
"""
CURSORS = "SELECT count(*) FROM pg_cursors"
FORMS = [(form, Layout.NATIVE) for form in Form] + [(Form.HTML, Layout.MT4)]
STREAMED = [(Form.JSON, Layout.NATIVE), (Form.CSV, Layout.NATIVE), (Form.HTML, Layout.NATIVE), (Form.HTML, Layout.MT4)]


@pytest.fixture
async def reader(database: str) -> AsyncIterator[Connection]:
    """A connection of the reader's own."""
    opened = await Connection.open(database)
    yield opened
    await opened.close()


@contextmanager
def traced() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def idle(conn: Connection) -> bool:
    return conn.info.transaction_status == TransactionStatus.IDLE


async def filled(conn: Connection, rows: int) -> Granted:
    account = await make.account(conn)
    await conn.run(FILL, login=account.login, rows=rows)
    return Granted(account.login)


async def size(conn: Connection, login: Granted, form: Form, layout: Layout) -> int:
    return sum([len(piece) async for piece in reports.statement(conn, login, EVER, form, layout, now=make.NOW)])


async def test_twenty_thousand_trades_take_little_memory(committed: Connection, reader: Connection) -> None:
    login = await filled(committed, 20_000)
    with traced():
        total = await size(reader, login, Form.JSON, Layout.NATIVE)
        _, most = tracemalloc.get_traced_memory()

    assert total > 9_000_000
    assert most < 3_000_000


async def test_a_workbook_takes_no_more_memory_for_more_rows(committed: Connection, reader: Connection) -> None:
    logins = [await filled(committed, rows) for rows in (600, 600, 2_400)]
    peaks = []
    for login in logins:  # the first one loads what is loaded once
        with traced():
            await size(reader, login, Form.XLSX, Layout.NATIVE)
            peaks.append(tracemalloc.get_traced_memory()[1])

    assert peaks[2] < peaks[1] + 1_000_000


@pytest.mark.parametrize(("form", "layout"), STREAMED)
async def test_rows_leave_before_all_are_read(
    committed: Connection, reader: Connection, form: Form, layout: Layout
) -> None:
    login = await filled(committed, 3_000)
    pieces = reports.statement(reader, login, EVER, form, layout, now=make.NOW)
    early = b""
    async for piece in pieces:
        early += piece
        if b"comment 1" in early:
            break
    await pieces.aclose()

    assert b"comment 1" in early
    assert b"comment 1500" not in early


@pytest.mark.parametrize(("form", "layout"), FORMS)
async def test_a_reader_who_stops_leaves_nothing(
    committed: Connection,
    reader: Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: Form,
    layout: Layout,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    login = await filled(committed, 1_200)
    pieces = reports.statement(reader, login, EVER, form, layout, now=make.NOW)
    await anext(pieces)
    await anext(pieces)
    assert not idle(reader)
    await pieces.aclose()

    assert idle(reader)
    assert await reader.value(CURSORS) == 0
    assert left(tmp_path) == 0


def left(folder: Path) -> int:
    return len([*folder.iterdir()])


async def test_a_statement_is_of_one_moment(committed: Connection, reader: Connection) -> None:
    account = await make.account(committed)
    await make.closed_trade(committed, account.login, comment="before")
    pieces = reports.statement(reader, Granted(account.login), EVER, Form.JSON, now=make.NOW)
    told = await anext(pieces)
    await make.closed_trade(committed, account.login, comment="after")
    told += b"".join([piece async for piece in pieces])

    assert b'"before"' in told
    assert b'"after"' not in told


async def test_too_many_rows_to_print_are_refused_before_any_is_read(committed: Connection, reader: Connection) -> None:
    login = await filled(committed, 5_001)
    pieces = reports.statement(reader, login, EVER, Form.PDF, now=make.NOW)
    with pytest.raises(TooManyRows, match="5,001 rows"):
        await anext(pieces)

    assert idle(reader)


async def test_a_statement_changes_nothing(committed: Connection, reader: Connection) -> None:
    login = await filled(committed, 10)
    pieces = reports.statement(reader, login, EVER, Form.CSV, now=make.NOW)
    await anext(pieces)
    read_only = await reader.value("SELECT current_setting('transaction_read_only')")
    await pieces.aclose()

    assert read_only == "on"


async def test_a_reader_who_is_cancelled_leaves_nothing(
    committed: Connection, reader: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    login = await filled(committed, 3_000)
    for form in Form:
        reading = asyncio.create_task(size(reader, login, form, Layout.NATIVE))
        await asyncio.sleep(0.05)
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading

        assert left(tmp_path) == 0
        assert reader.closed or (idle(reader) and await reader.value(CURSORS) == 0)
