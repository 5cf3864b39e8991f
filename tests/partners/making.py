"""Partners with something to show: clients, plans and rewards, made as the rooms make them."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from psycopg.errors import UniqueViolation

from opencabinet import onboarding
from opencabinet.access import Source
from opencabinet.accounts import Account
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.partners import clicks, plans, programme, referrals
from opencabinet.partners.clicks import Arrived, Told
from opencabinet.partners.clicks.store import keep
from opencabinet.partners.following import Following
from opencabinet.partners.plans import rules
from opencabinet.partners.rewards.accruing.batches import Lines
from opencabinet.partners.rewards.accruing.model import Meanwhile
from opencabinet.trades import ClosedTrade
from tests import make
from tests.partners.rewards.programme import Patient
from tests.quiet import quiet

LONG_AGO: Final = make.NOW - timedelta(days=300)
PLAN: Final = b"""
[[plans]]
name = "default"
currency = "USD"
parts = [{ kind = "per_lot", rates = [{ rate = 7 }] }]
"""
"""Seven dollars a lot, to the partner; those above get the difference, which is nothing."""


async def enrolled(conn: Connection, login: int | None = None, **given: Any) -> Account:
    """Make a partner, who was one long ago."""
    made = await make.account(conn, login, **given)
    await programme.enrol(conn, made.login, since=LONG_AGO)
    return made


async def referred(conn: Connection, partner: Login, client: Account | None = None, **given: Any) -> Account:
    """Make a partner's client, who is theirs since long ago, or since they were another's."""
    made = client or await make.account(conn, **given)
    entry = await referrals.assign(conn, made.login, partner, since=LONG_AGO)
    assert entry.verdict == "attributed", entry
    return made


async def clicked(conn: Connection, code: str, visitor: int = 1, **given: Any) -> bytes:
    """Let somebody click a code, and return the click's token."""
    token = secrets.token_bytes(16)
    assert await keep(conn, [Arrived(code=code, told=Told(), token=token, visitor=visitor, **given)])
    return token


async def counted(conn: Connection) -> None:
    """Let the worker count clicks."""
    await quiet(conn)
    await clicks.counting(1000)(conn)


async def by_click(conn: Connection, token: bytes, login: int | None = None) -> Account:
    """Make an account that somebody applied for after a click."""
    made = await make.account(conn, login)
    said = onboarding.Wanted(
        name="Ann Example",
        email=f"ann{made.login}@example.com",
        country="DE",
        click=clicks.spelled(token),
    )
    applied = await onboarding.apply(conn, said, Source(channel="v1"))
    await onboarding.open_as(conn, applied.id, made.login)
    entry = await referrals.attribute(conn, made.login, datetime.now(UTC))
    assert entry is not None
    assert entry.reason == "last_click", entry
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
        yield Patient(Lines(*opened))
    finally:
        for conn in opened:
            await conn.close()


async def accrued(database: str) -> None:
    """Let the worker work out what closed; another may be at it, too."""
    async with following(database) as worker:
        while True:
            try:
                if not (await worker.step() or await worker.retry()):
                    return
            except (Meanwhile, UniqueViolation):
                continue
