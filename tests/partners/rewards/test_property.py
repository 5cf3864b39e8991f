"""Whatever happens in whatever order, and however often it is followed: each trade is paid for as it is now."""

import asyncio
import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners import plans, programme, rewards
from opencabinet.partners.plans import Plan, Rung, Traded
from opencabinet.partners.plans.levels import Added, Cascade, Difference, Levels
from opencabinet.partners.plans.parts import CommissionShare, LotRate, PerLot, Step
from opencabinet.partners.plans.plan import Caps
from tests import make
from tests.partners.rewards.programme import (
    BEGAN,
    CLOSED,
    Sums,
    again,
    caught_up,
    close,
    follower,
    no_rate,
    refer,
    remove,
    sound,
    sums,
)

PARTNERS = 5
CLIENTS = 4
TURNS = 60
NOTHING = Decimal(0)
TRADES = """
SELECT login, ticket, symbol, side, lots, contract_size, digits, opened_at, closed_at, open_price, close_price, profit,
       commission, swap, fee FROM closed_trades
"""


class World:
    """What is true, told in a way of its own: who was whose from when on, and by which plan."""

    def __init__(self, chance: random.Random, *, running: bool) -> None:
        self.chance = chance
        self.running = running
        self.dated: dict[tuple[str, Any], list[tuple[datetime, Any]]] = defaultdict(list)
        self.partners: list[Login] = []
        self.clients: list[Login] = []
        self.tickets: list[tuple[Login, int]] = []
        self.removed: list[tuple[Login, int]] = []

    def say(self, what: str, whom: Any, since: datetime, value: Any) -> None:
        self.dated[what, whom].append((since, value))
        self.dated[what, whom].sort(key=lambda each: each[0])

    def held(self, what: str, whom: Any, at: datetime) -> Any:
        found = self.dated[what, whom]
        place = bisect_right([since for since, _ in found], at)
        return found[place - 1][1] if place else None

    def chain(self, client: Login, at: datetime) -> list[Rung]:
        found, partner = [], self.held("referral", client, at)
        while partner is not None:
            name = self.held("followed", partner, at) or "default"
            version, plan = self.held("plan", name, at)
            figures = {"month_lots": NOTHING, "month_amount": NOTHING, "day_amount": NOTHING}
            own = partner == client
            found.append(Rung(login=partner, currency="USD", plan=plan, version=version, is_client=own, **figures))
            partner = self.held("parent", partner, at)
        return found

    def moment(self) -> datetime:
        return CLOSED + timedelta(minutes=self.chance.randrange(-40 * 1440, 40 * 1440))


def some_plan(chance: random.Random, name: str, *, running: bool) -> Plan:
    """Return a plan by chance; one that looks at what was before has steps and caps."""
    steps = (Step(lots=Decimal(5), rate=Decimal(6)), Step(lots=Decimal(12), rate=Decimal("7.5"))) if running else ()
    parts: list[Any] = [PerLot(rates=(LotRate(rate=Decimal(chance.randrange(1, 999)) / 100, steps=steps),))]
    if chance.random() < 0.5:
        parts.append(CommissionShare(percent=Decimal(chance.randrange(1, 40))))
    shared: list[Levels] = [
        Difference(),
        Difference(depth=2),
        Cascade(shares=(Decimal(20), Decimal(10))),
        Added(amounts=(Decimal(1), Decimal("0.333333")), most=Decimal(20)),
    ]
    rebate = Decimal(chance.choice([0, 0, 25]))
    caps = Caps(trade=Decimal(20), day=Decimal(30), month=Decimal(60)) if running else Caps()
    levels = chance.choice(shared)
    return Plan(name=name, currency="USD", parts=tuple(parts), levels=levels, rebate=rebate, caps=caps)


async def lay_out(conn: Connection, chance: random.Random, *, running: bool = False) -> World:
    """Begin a world."""
    world = World(chance, running=running)
    for name in ("default", "other"):
        await new_plan(conn, world, name, BEGAN)
    for _ in range(PARTNERS):
        login = (await make.account(conn)).login
        await programme.enrol(conn, login)
        if world.partners and chance.random() < 0.8:
            parent = chance.choice(world.partners)
            await programme.place(conn, login, parent, BEGAN)
            world.say("parent", login, BEGAN, parent)
        if chance.random() < 0.4:
            await programme.follow_plan(conn, login, "other", BEGAN)
            world.say("followed", login, BEGAN, "other")
        world.partners.append(login)
    world.clients += [(await make.account(conn)).login for _ in range(CLIENTS)]
    world.clients.append(chance.choice(world.partners))  # who may be above themselves, and is paid nothing for it
    for client in world.clients:
        await new_referral(conn, world, client, BEGAN)
    return world


async def new_plan(conn: Connection, world: World, name: str, since: datetime) -> None:
    plan = some_plan(world.chance, name, running=world.running)
    world.say("plan", name, since, (await plans.save(conn, plan, since, ""), plan))


async def new_referral(conn: Connection, world: World, client: Login, since: datetime) -> None:
    partner = world.chance.choice([*world.partners, None])
    await refer(conn, client, partner, since)
    world.say("referral", client, since, partner)


async def happen(conn: Connection, world: World) -> None:
    """Let something happen."""
    chance = world.chance
    costs = {"commission": -Decimal(chance.randrange(0, 900)) / 100, "lots": Decimal(chance.randrange(1, 500)) / 100}
    turn = chance.random()
    if turn < 0.5 or not world.tickets:
        made = await close(conn, chance.choice(world.clients), closed_at=world.moment(), **costs)
        world.tickets.append((made.login, made.ticket))
    elif turn < 0.75:
        login, ticket = chance.choice(world.tickets)
        at = await conn.value("SELECT closed_at FROM closed_trades WHERE ticket = %(ticket)s", ticket=ticket)
        moved = world.moment() if chance.random() < 0.3 else at
        await close(conn, login, ticket=ticket, closed_at=moved, **costs)
    elif turn < 0.85:
        world.removed.append(gone := world.tickets.pop(chance.randrange(len(world.tickets))))
        await remove(conn, *gone)
    elif turn < 0.9 and world.removed:
        world.tickets.append(back := world.removed.pop())
        await close(conn, back[0], ticket=back[1], closed_at=world.moment(), **costs)
    else:
        client, since = chance.choice(world.clients), world.moment()
        if all(since > each for each, _ in world.dated["referral", client]):
            await new_referral(conn, world, client, since)
            await rewards.rework(conn, client, since)


async def expected(conn: Connection, world: World) -> Sums:
    """Return what the trades that there are come to, by the engine."""
    found: dict[Any, Decimal] = defaultdict(Decimal)
    read = await conn.execute(TRADES)
    names = [column.name for column in read.description or ()]
    for row in await read.fetchall():
        trade = Traded(**dict(zip(names, row, strict=True)), currency="USD", group="")
        if chain := world.chain(trade.login, trade.closed_at):
            for line in plans.worked(trade, chain, no_rate).lines:
                found[trade.login, trade.ticket, line.login, line.level, line.currency] += line.amount
    return {key: amount for key, amount in found.items() if amount}


async def follow_for_a_while(database: str, seconds: float) -> None:
    """Follow, and be stopped in the middle of it."""
    with suppress(TimeoutError):
        async with follower(database, page=7) as following, asyncio.timeout(seconds):
            while await following.step() or await following.retry():
                pass


async def finish(conn: Connection, database: str) -> None:
    """Follow to the end."""
    await conn.run("UPDATE reward_waiting SET tried_at = '-infinity'")
    async with follower(database, page=11) as following:
        while await following.step() or await following.retry():
            pass


async def live(conn: Connection, database: str, world: World) -> None:
    """Let much happen, follow it with interruptions, and then to the end."""
    for turn in range(TURNS):
        await happen(conn, world)
        if turn % 10 == 9:
            await follow_for_a_while(database, world.chance.uniform(0, 0.15))
        if turn == TURNS // 2:
            await caught_up(database)
    await finish(conn, database)


@pytest.mark.parametrize("seed", range(4))
async def test_lines_of_a_trade_are_what_the_engine_says_of_it_now(
    committed: Connection, database: str, seed: int
) -> None:
    world = await lay_out(committed, random.Random(seed))  # noqa: S311 - chance, no secret

    await live(committed, database, world)

    assert await sums(committed) == await expected(committed, world)
    await sound(committed)
    before = await count(committed)
    await again(committed, database)
    assert await count(committed) == before


@pytest.mark.parametrize("seed", range(4))
async def test_lines_that_depend_on_what_was_before_are_what_their_explanations_say(
    committed: Connection, database: str, seed: int
) -> None:
    world = await lay_out(committed, random.Random(100 + seed), running=True)  # noqa: S311 - chance, no secret

    await live(committed, database, world)

    assert len(await sums(committed)) > 4
    await sound(committed)
    before = await count(committed)
    await again(committed, database)
    assert await count(committed) == before


async def count(conn: Connection) -> Sequence[int]:
    """Return how many workings and lines there are."""
    return await conn.values("SELECT count(*) FROM reward_workings UNION ALL SELECT count(*) FROM rewards")
