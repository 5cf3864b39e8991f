"""Loading statements, and what of them is in the database then."""

from decimal import Decimal
from typing import Any

import msgspec

from opencabinet import ingest
from opencabinet.db import Connection
from opencabinet.ingest import Statement, Summary
from opencabinet.kernel.ids import Login
from tests import make, needs

LIST = needs.DATA / "expected.json"
EXPECTED: dict[str, Any] = msgspec.json.decode(LIST.read_bytes()) if LIST.exists() else {}
NAMELESS = {name for name in EXPECTED if "tester" in name or "signal" in name}
CLOCK = "NewYork+7"
COUNTS = """
SELECT (SELECT count(*) FROM closed_trades WHERE login = %(login)s) AS closed,
       (SELECT count(*) FROM open_trades WHERE login = %(login)s) AS opened,
       (SELECT count(*) FROM orders WHERE login = %(login)s AND state = 'working') AS working,
       (SELECT count(*) FROM orders WHERE login = %(login)s AND state = 'cancelled') AS cancelled,
       (SELECT count(*) FROM orders WHERE login = %(login)s AND state = 'rejected') AS rejected,
       (SELECT count(*) FROM orders WHERE login = %(login)s) AS orders,
       (SELECT count(*) FROM deals WHERE login = %(login)s) AS deals,
       (SELECT count(DISTINCT position) FROM closed_trades WHERE login = %(login)s) AS positions,
       (SELECT count(*) FROM movements WHERE login = %(login)s AND kind = 'balance') AS balance,
       (SELECT count(*) FROM movements WHERE login = %(login)s AND kind IN ('credit', 'bonus')) AS credit
"""
SUMS = """
SELECT (SELECT coalesce(sum(profit + swap + commission + fee), 0) FROM closed_trades WHERE login = %(login)s) AS closed,
       (SELECT coalesce(sum(profit), 0) FROM open_trades WHERE login = %(login)s) AS floating,
       (SELECT coalesce(sum(swap + commission + fee), 0) FROM open_trades WHERE login = %(login)s) AS open_costs,
       (SELECT coalesce(sum(amount), 0) FROM movements WHERE login = %(login)s AND kind = 'balance') AS deposits,
       (SELECT coalesce(sum(amount), 0) FROM movements
         WHERE login = %(login)s AND kind IN ('credit', 'bonus')) AS credit
"""
EVENTS = "SELECT kind FROM events WHERE login = %(login)s ORDER BY number"


class Counts(msgspec.Struct):
    closed: int
    opened: int
    working: int
    cancelled: int
    rejected: int
    orders: int
    deals: int
    positions: int
    balance: int
    credit: int


class Sums(msgspec.Struct):
    closed: Decimal
    floating: Decimal
    open_costs: Decimal
    deposits: Decimal
    credit: Decimal


async def load(conn: Connection, statement: Statement, server: str = "Server", **given: Any) -> Summary:
    return await ingest.load(conn, statement, server=server, rule=given.pop("rule", CLOCK), now=make.LATER, **given)


async def load_file(conn: Connection, name: str) -> Summary:
    return await load(conn, needs.statement(name), login=Login(555) if name in NAMELESS else None)


async def kinds(conn: Connection, login: Login) -> list[str]:
    return await conn.values(EVENTS, login=login)
