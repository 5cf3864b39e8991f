"""Taking back: what a trade was paid that is corrected or removed later, or that was taken back already."""

import asyncio
import random
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners import plans, programme, rewards
from opencabinet.partners.plans.levels import Difference
from opencabinet.partners.rewards.accruing import store
from opencabinet.partners.rewards.accruing.model import Meanwhile
from opencabinet.partners.rewards.actions import Overdrawn
from tests.partners.rewards.programme import (
    BEGAN,
    CLOSED,
    caught_up,
    close,
    follower,
    laid_out,
    of_trade,
    per_lot,
    refer,
    remove,
    sound,
)
from tests.partners.rewards.test_settling import UNTIL

MARCH = date(2026, 3, 1)
STANDING = "SELECT coalesce(sum(amount), 0) FROM rewards WHERE login = %(login)s AND state <> 'reversed'"
POSITIVE = "SELECT id FROM rewards WHERE login = %(login)s AND amount > 0 AND state = 'accrued' ORDER BY id"
TOO_MUCH = """
SELECT login FROM rewards GROUP BY login, ticket
HAVING coalesce(sum(amount) FILTER (WHERE state <> 'reversed'), 0) NOT BETWEEN 0 AND sum(amount)
"""
LAST = "SELECT max(id) FROM rewards WHERE login = %(login)s"


async def standing(conn: Connection, login: Login) -> Decimal:
    """Return what an account was given and not taken back from."""
    return Decimal(await conn.value(STANDING, login=login))


async def take_back_last(conn: Connection, login: Login) -> None:
    """Take the last line of an account back."""
    await rewards.reverse(conn, login, [await conn.value(LAST, login=login)])


async def test_what_is_taken_back_from_held_lines_is_approved_with_them(committed: Connection, database: str) -> None:
    it = await laid_out(committed, hold_days=14)
    trade = await close(committed, it.client)
    await caught_up(database)
    await remove(committed, it.client, trade.ticket)
    await caught_up(database)

    await rewards.mature(committed)

    for login in (it.direct, it.middle, it.top):
        [settled] = await rewards.settle(committed, login, UNTIL)
        assert (settled.lines, settled.accrued, settled.amount) == (2, Decimal(0), Decimal(0))
    await sound(committed)


async def test_what_another_is_not_given_any_more_is_held_as_theirs_was(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("slow", "5", hold_days=14), BEGAN, "")
    await programme.follow_plan(committed, it.direct, "slow", BEGAN)
    await close(committed, it.client)
    await caught_up(database)
    await programme.set_state(committed, it.top, "suspended")
    await refer(committed, it.client, it.middle, CLOSED - timedelta(days=1))
    await rewards.rework(committed, it.client, CLOSED - timedelta(days=1))
    await rework(database)

    found = await committed.execute("SELECT login, level, state FROM rewards WHERE amount < 0 ORDER BY level")
    assert await found.fetchall() == [
        (it.direct, 0, "held"),
        (it.middle, 1, "accrued"),
        (it.top, 2, "held"),
    ]
    await sound(committed)


async def rework(database: str) -> None:
    """Work out what is asked for anew."""
    async with follower(database) as following:
        while await following.retry():
            pass


async def test_a_part_that_was_taken_back_is_not_taken_twice(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    await caught_up(database)
    await close(committed, it.client, ticket=trade.ticket, lots=Decimal(3))
    await caught_up(database)
    await take_back_last(committed, it.direct)
    assert await standing(committed, it.direct) == 10

    for lots, stands in (("2.6", 10), ("1.8", 9), ("2", 10)):
        await close(committed, it.client, ticket=trade.ticket, lots=Decimal(lots))
        await caught_up(database)
        assert await standing(committed, it.direct) == stands, lots
        await sound(committed)
    await remove(committed, it.client, trade.ticket)
    await caught_up(database)

    assert await standing(committed, it.direct) == 0
    assert await of_trade(committed, trade.ticket) == {}
    await sound(committed)


async def test_no_more_is_reversed_than_was_given(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    await caught_up(database)
    await close(committed, it.client, ticket=trade.ticket, lots=Decimal(1), closed_at=CLOSED + timedelta(days=3))
    await caught_up(database)
    given, less = await committed.values("SELECT id FROM rewards WHERE login = %(login)s ORDER BY id", login=it.direct)

    with pytest.raises(Overdrawn):
        await rewards.reverse(committed, it.direct, [given])
    assert await standing(committed, it.direct) == 5
    await rewards.reverse(committed, it.direct, [given, less])

    assert await standing(committed, it.direct) == 0
    await sound(committed)


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_reversed_nobody_is_left_with_more_or_less_than_a_trade_comes_to(
    committed: Connection, database: str, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - chance, no secret
    it = await laid_out(committed)
    tickets = [(await close(committed, it.client)).ticket for _ in range(3)]
    for _ in range(20):
        at, lots = CLOSED + timedelta(days=chance.randrange(40)), Decimal(chance.randrange(1, 50)) / 10
        await close(committed, it.client, ticket=chance.choice(tickets), lots=lots, closed_at=at)
        await caught_up(database)
        login = chance.choice([it.direct, it.middle])
        if chance.random() < 0.5 and (found := await committed.values(POSITIVE, login=login)):
            with suppress(Overdrawn):
                await rewards.reverse(committed, login, [chance.choice(found)])
    await sound(committed)
    assert await committed.values(TOO_MUCH) == []

    for ticket in tickets:
        await remove(committed, it.client, ticket)
    await caught_up(database)

    assert [await standing(committed, login) for login in (it.direct, it.middle, it.top)] == [0, 0, 0]
    await sound(committed)


async def test_what_is_reversed_while_a_page_is_worked_out_is_known_to_it(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    await caught_up(database)
    await remove(committed, it.client, trade.ticket)
    lock = store.lock

    async def late(conn: Connection) -> None:
        monkeypatch.setattr(store, "lock", lock)
        await take_back_last(committed, it.direct)
        await lock(conn)

    monkeypatch.setattr(store, "lock", late)
    async with follower(database) as following:
        with pytest.raises(Meanwhile):
            await following.step()
        assert await following.step()

    assert [await standing(committed, login) for login in (it.direct, it.middle, it.top)] == [0, 0, 0]
    await sound(committed)


async def test_nothing_is_reversed_while_a_page_is_written(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    await caught_up(database)
    await remove(committed, it.client, trade.ticket)
    keep = store.keep
    reversing: list[asyncio.Task[None]] = []

    async def slow(*given: Any) -> None:
        reversing.append(asyncio.create_task(take_back_last(committed, it.direct)))
        await asyncio.sleep(0.3)
        assert not reversing[0].done()
        await keep(*given)

    with monkeypatch.context() as patched:
        patched.setattr(store, "keep", slow)
        await caught_up(database)

    with pytest.raises(Overdrawn):
        await reversing[0]
    assert await standing(committed, it.direct) == 0
    await sound(committed)


async def test_what_was_let_go_is_not_given_twice(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client, lots=Decimal(3))
    await caught_up(database)
    await close(committed, it.client, ticket=trade.ticket, lots=Decimal(2))
    await caught_up(database)
    await take_back_last(committed, it.direct)
    assert await standing(committed, it.direct) == 15

    await close(committed, it.client, ticket=trade.ticket, lots=Decimal(4))
    await caught_up(database)

    assert await standing(committed, it.direct) == 20
    await sound(committed)


async def test_what_was_taken_back_is_in_no_difference_of_other_plans(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await close(committed, it.client)
    await close(committed, it.client)
    await caught_up(database)
    await take_back_last(committed, it.direct)
    wanted = [per_lot("default", "6", levels=Difference())]
    shown = await rewards.simulate(committed, wanted, MARCH)

    await rewards.approve(committed, wanted, MARCH, shown.digest)

    told = {each.login: (each.old, each.new, each.difference, each.trades) for each in shown.differences}
    assert told[it.direct] == (Decimal(10), Decimal(12), Decimal(2), 1)
    assert await standing(committed, it.direct) == 12
    states = await committed.values("SELECT state FROM rewards WHERE login = %(login)s ORDER BY id", login=it.direct)
    assert sorted(states) == ["accrued", "accrued", "reversed", "reversed"]
    await sound(committed)


async def test_a_digest_is_another_once_something_was_taken_back(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await close(committed, it.client)
    await caught_up(database)
    wanted = [per_lot("default", "6")]
    shown = await rewards.simulate(committed, wanted, MARCH)
    await take_back_last(committed, it.direct)

    with pytest.raises(rewards.OtherDigest):
        await rewards.approve(committed, wanted, MARCH, shown.digest)
