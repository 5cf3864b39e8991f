"""Asking for statements: loaded, written and put together again."""

from itertools import count
from typing import Final

from opencabinet import ingest, reports
from opencabinet.db import Connection
from opencabinet.ingest import Statement
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.period import EVER, Period
from opencabinet.reports import Form, Layout
from tests import make

CLOCK: Final = "NewYork+7"
numbers = count(8_100_001)


async def load(conn: Connection, told: Statement, server: str = "Harbour", rule: str = CLOCK) -> Granted:
    """Load a statement into an account of its own."""
    login = Login(next(numbers))
    done = await ingest.load(conn, told, server=f"{server}-{login}", rule=rule, login=login, now=make.LATER)
    return Granted(done.login)


async def written(
    conn: Connection, login: Granted, form: Form, layout: Layout = Layout.NATIVE, period: Period = EVER
) -> bytes:
    """Return a whole statement."""
    pieces = [piece async for piece in reports.statement(conn, login, period, form, layout, now=make.NOW)]
    return b"".join(pieces)
