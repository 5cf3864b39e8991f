"""A programme to be paid by: partners above one another, their plans, their clients, and trades as feeds tell them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.partners import plans, programme
from opencabinet.partners.following import Following
from opencabinet.partners.plans import Line, Plan, replay
from opencabinet.partners.plans.levels import Difference
from opencabinet.partners.plans.parts import LotRate, PerLot, Step
from opencabinet.partners.rewards.accruing.batches import Lines
from opencabinet.trades import ClosedTrade
from tests import make
from tests.quiet import quiet

BEGAN: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""When the programme did."""
CLOSED: Final = datetime(2026, 3, 10, 12, tzinfo=UTC)

REFER = """
WITH entry AS (
  INSERT INTO referral_log (login, kind, decision, partner, reason, since, evidence)
  VALUES (%(login)s, 'operator', 'attributed', %(partner)s, 'told_by_operator', %(since)s, '{}')
  RETURNING id
)
INSERT INTO referrals (login, since, partner, entry) SELECT %(login)s, %(since)s, %(partner)s, id FROM entry
"""
REMOVE = """
DELETE FROM closed_trades WHERE login = %(login)s AND ticket = %(ticket)s
"""
SUMS = """
SELECT client, ticket, login, level, currency, sum(amount) AS amount
  FROM rewards GROUP BY 1, 2, 3, 4, 5 HAVING sum(amount) <> 0
"""
LATEST = """
SELECT DISTINCT ON (login, ticket) login, ticket, explanation, reward_bases.basis
  FROM reward_workings LEFT JOIN reward_bases ON reward_bases.key = reward_workings.basis
 ORDER BY login, ticket, revision DESC
"""
LINES = """
SELECT login, client, ticket, revision, level, kind, amount, currency FROM rewards ORDER BY 2, 3, 4, 1, 5
"""
DAYS_OFF = """
SELECT coalesce(told.login, had.login)
  FROM (SELECT login, (closed_at AT TIME ZONE 'UTC')::date AS day, client, level, currency, sum(amount) AS amount
          FROM rewards WHERE state <> 'reversed' GROUP BY 1, 2, 3, 4, 5) AS told
  FULL JOIN reward_days AS had USING (login, day, client, level, currency)
 WHERE coalesce(told.amount, 0) <> coalesce(had.amount, 0)
"""
MONTHS_OFF = """
SELECT coalesce(told.login, had.login)
  FROM (SELECT login, date_trunc('month', closed_at AT TIME ZONE 'UTC')::date AS month, currency, sum(amount) AS amount
          FROM rewards WHERE login <> client GROUP BY 1, 2, 3) AS told
  FULL JOIN reward_months AS had USING (login, month, currency)
 WHERE coalesce(told.amount, 0) <> coalesce(had.amount, 0)
"""
TRADES_OFF = """
SELECT login FROM reward_days GROUP BY login, date_trunc('month', day) HAVING sum(trades) < 0 OR sum(lots) < 0
"""
Sums = dict[tuple[int, int, int, int, str], Decimal]


def per_lot(name: str, rate: str, *steps: tuple[str, str], **given: Any) -> Plan:
    """Return a plan that pays so much for a lot; each step is from how many lots a month on, and what it pays then."""
    told = tuple(Step(lots=Decimal(lots), rate=Decimal(each)) for lots, each in steps)
    part = PerLot(rates=(LotRate(rate=Decimal(rate), steps=told),))
    usual: dict[str, Any] = {"currency": "USD", "parts": (part,), "levels": Difference()}
    return Plan(name=name, **usual | given)


class Programme(Struct, frozen=True):
    """Three partners, the last one's client, and who is paid what for a lot: 5, 2 and 1."""

    top: Login
    middle: Login
    direct: Login
    client: Login


async def laid_out(conn: Connection, **given: Any) -> Programme:
    """Lay the programme out: plans `default`, `master` and `chief` pay 5, 7 and 8 for a lot."""
    logins = [(await make.account(conn)).login for _ in range(3)]
    top, middle, direct = logins
    for login in logins:
        await programme.enrol(conn, login)
    await programme.place(conn, middle, top, BEGAN)
    await programme.place(conn, direct, middle, BEGAN)
    for name, rate in (("default", "5"), ("master", "7"), ("chief", "8")):
        await plans.save(conn, per_lot(name, rate, **given), BEGAN, "")
    await programme.follow_plan(conn, middle, "master", BEGAN)
    await programme.follow_plan(conn, top, "chief", BEGAN)
    return Programme(top, middle, direct, await referred(conn, direct))


async def referred(conn: Connection, partner: Login, since: datetime = BEGAN, **given: Any) -> Login:
    """Open an account that is a partner's client."""
    client = (await make.account(conn, **given)).login
    await refer(conn, client, partner, since)
    return client


async def refer(conn: Connection, client: Login, partner: Login | None, since: datetime) -> None:
    """Let an account be a partner's client from a moment on."""
    await conn.run(REFER, login=client, partner=partner, since=since)


async def close(conn: Connection, client: Login, **given: Any) -> ClosedTrade:
    """Let a trade of two lots close, or be corrected if it has a ticket that is known."""
    told = "trade.corrected" if "ticket" in given else "trade.closed"
    usual: dict[str, Any] = {"lots": Decimal(2), "closed_at": CLOSED, "opened_at": CLOSED - timedelta(hours=2)}
    if "ticket" in given:
        usual["position"] = given["ticket"]
    async with conn.transaction():
        made = await make.closed_trade(conn, client, **usual | given)
        await outbox.append(conn, client, told, ticket=made.ticket)
    return made


async def remove(conn: Connection, client: Login, ticket: int) -> None:
    """Let a closed trade be no more."""
    async with conn.transaction():
        await conn.run(REMOVE, login=client, ticket=ticket)
        await outbox.append(conn, client, "trade.removed", ticket=ticket)


class Patient(Following):
    """Follows all that was written: what the database does of its own accord is waited for."""

    async def step(self) -> bool:
        """Take a step."""
        await quiet(self.accruing.lines.asking)
        return await super().step()


@asynccontextmanager
async def follower(database: str, **given: Any) -> AsyncIterator[Following]:
    """Follow on connections of its own, as the worker does."""
    opened = [await Connection.open(database, role="opencabinet_serve") for _ in Lines.__struct_fields__]
    try:
        yield Patient(Lines(*opened), **given)
    finally:
        for conn in opened:
            await conn.close()


async def caught_up(database: str, **given: Any) -> None:
    """Work out all that there is."""
    async with follower(database, **given) as following:
        while await following.step():
            pass


async def again(conn: Connection, database: str) -> None:
    """Follow all events once more, from the first."""
    await conn.run("UPDATE followers SET xid = '0', id = 0 WHERE name = 'partners'")
    await caught_up(database)


async def sums(conn: Connection) -> Sums:
    """Return what lines come to, by client, ticket, whom they are for, level and currency."""
    found = await conn.execute(SUMS)
    return {row[:5]: row[5] for row in await found.fetchall()}


async def lines(conn: Connection) -> Sequence[tuple[Any, ...]]:
    """Return all lines, but their numbers."""
    found = await conn.execute(LINES)
    return await found.fetchall()


async def of_trade(conn: Connection, ticket: int) -> dict[int, Decimal]:
    """Return what each is given for a trade."""
    return {login: amount for (_, of, login, *_), amount in (await sums(conn)).items() if of == ticket}


async def replayed(conn: Connection) -> Sums:
    """Return what the last explanation of each trade comes to."""
    found = await conn.execute(LATEST)
    return {
        (login, ticket, line.login, line.level, line.currency): line.amount
        for login, ticket, told, basis in await found.fetchall()
        for line in replayed_one(plans.joined(told, basis))
    }


def replayed_one(explanation: str) -> Sequence[Line]:
    """Return what an explanation comes to, worked out anew."""
    return () if explanation == '{"reason":"removed"}' else replay(explanation)


async def sound(conn: Connection) -> None:
    """Expect that every line is explained, and that days and months are the sum of their lines."""
    assert await sums(conn) == await replayed(conn)
    assert await conn.values(DAYS_OFF) == []
    assert await conn.values(MONTHS_OFF) == []
    assert await conn.values(TRADES_OFF) == []
    assert await conn.values("SELECT login FROM reward_waiting WHERE why = 'failed'") == []


def no_rate(base: str, quote: str) -> None:
    """Know of no rate."""
    raise AssertionError(f"{base} in {quote} is not to be asked for.")
