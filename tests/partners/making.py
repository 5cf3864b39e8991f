"""Partners with something to show: clients, plans and rewards, made as the rooms make them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from opencabinet.accounts import Account
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.partners import plans, programme, referrals
from opencabinet.partners.following import Following
from opencabinet.partners.plans import rules
from opencabinet.partners.rewards.accruing.batches import Lines
from opencabinet.trades import ClosedTrade
from tests import make

LONG_AGO: Final = make.NOW - timedelta(days=300)
PLAN: Final = b"""
[[plans]]
name = "default"
currency = "USD"
parts = [{ kind = "per_lot", rates = [{ rate = 7 }] }]
"""
"""Seven dollars a lot, to the partner; those above get the difference, which is nothing."""


async def enrolled(conn: Connection, login: Login | None = None, **given: Any) -> Account:
    """Make a partner, who was one long ago."""
    made = await make.account(conn, login, **given)
    await programme.enrol(conn, made.login)
    await conn.execute("UPDATE partners SET enrolled_at = %s WHERE login = %s", (LONG_AGO, made.login))
    return made


async def referred(conn: Connection, partner: Login, client: Account | None = None, **given: Any) -> Account:
    """Make a partner's client, who is theirs since long ago unless another's before."""
    made = client or await make.account(conn, **given)
    since = LONG_AGO if client is None else None
    entry = await referrals.assign(conn, made.login, partner, since=since)
    assert entry.verdict == "attributed", entry
    return made


async def planned(conn: Connection, content: bytes = PLAN, since: datetime = LONG_AGO) -> None:
    """Keep plans."""
    for plan in rules.read(content):
        await plans.save(conn, plan, since)


async def traded(conn: Connection, client: Login, **given: Any) -> ClosedTrade:
    """Let a client close a trade of a lot."""
    usual: dict[str, Any] = {"lots": Decimal(1), "contract_size": Decimal(100_000)}
    made = await make.closed_trade(conn, client, **usual | given)
    await outbox.append(conn, client, "trade.closed", ticket=made.ticket)
    return made


@asynccontextmanager
async def following(database: str) -> AsyncIterator[Following]:
    """Give who works out rewards, on connections as the worker has them."""
    opened = [await Connection.open(database, role="opencabinet_serve") for _ in Lines.__struct_fields__]
    try:
        yield Following(Lines(*opened))
    finally:
        for conn in opened:
            await conn.close()


async def accrued(database: str) -> None:
    """Let the worker work out what closed."""
    async with following(database) as worker:
        while await worker.step() or await worker.retry():
            pass
