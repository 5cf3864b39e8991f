"""What a follower remembers from batch to batch is never older than what is written."""

import asyncio
import random
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest

from opencabinet.db import Connection
from opencabinet.partners import following as partners
from opencabinet.partners import plans, programme, rewards
from opencabinet.partners.following import Following
from opencabinet.partners.plans.levels import Difference
from opencabinet.partners.plans.plan import Caps
from opencabinet.partners.rewards.accruing import directory, running, store
from opencabinet.partners.rewards.accruing.directory import store as rules
from opencabinet.partners.rewards.accruing.model import Meanwhile
from opencabinet.partners.rewards.accruing.working import Books
from tests import make
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
    referred,
    sound,
)
from tests.partners.rewards.test_simulating import MARCH

CAPPED = Caps(month=Decimal(25))


async def test_a_partner_who_is_enrolled_placed_or_suspended_between_batches_is_known(
    committed: Connection, database: str
) -> None:
    it = await laid_out(committed)
    async with follower(database) as following:
        first = await close(committed, it.client)
        assert await following.step()
        other = await referred(committed, it.direct)
        await programme.enrol(committed, other)
        client = await referred(committed, other)
        await programme.place(committed, other, it.top, BEGAN)
        await programme.set_state(committed, it.top, "suspended")
        second = await close(committed, client)
        while await following.step():
            pass

    assert len(await of_trade(committed, first.ticket)) == 3
    assert await of_trade(committed, second.ticket) == {other: Decimal(10), it.top: Decimal(6)}
    held = await committed.values("SELECT login FROM rewards WHERE state = 'held'")
    assert held == [it.top]


async def test_caps_go_by_what_others_have_given_meanwhile(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("default", "5", caps=CAPPED), BEGAN + timedelta(days=1), "")
    async with follower(database) as following:
        await close(committed, it.client)
        assert await following.step()
        wanted = [per_lot("default", "10", caps=CAPPED)]
        shown = await rewards.simulate(committed, wanted, MARCH)
        await rewards.approve(committed, wanted, MARCH, shown.digest)
        later = await close(committed, it.client)
        assert await following.step()

    assert (await of_trade(committed, later.ticket))[it.direct] == 5
    await sound(committed)


async def test_what_is_forgotten_for_want_of_room_is_read_again(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("default", "5", ("3", "6")), BEGAN + timedelta(days=1), "")
    monkeypatch.setattr(running, "MOST_KEPT", 0)
    async with follower(database) as following:
        for lots in (2, 2, 1):
            last = await close(committed, it.client, lots=Decimal(lots))
            assert await following.step()

    assert (await of_trade(committed, last.ticket))[it.direct] == 6


async def test_a_page_that_fails_leaves_nothing_and_is_done_again(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("default", "5", ("3", "6")), BEGAN + timedelta(days=1), "")
    made = [await close(committed, it.client) for _ in range(6)]
    keep, turns = store.keep, iter(range(100))

    async def failing(conn: Connection, *given: object) -> None:
        await keep(conn, *given)  # type: ignore[arg-type]
        if next(turns) == 1:
            raise RuntimeError

    monkeypatch.setattr(store, "keep", failing)
    async with follower(database, page=2) as following:
        with pytest.raises(RuntimeError):
            await following.step()
        assert await committed.value("SELECT count(*) FROM reward_workings") == 2
        assert await following.step()

    given = [(await of_trade(committed, each.ticket))[it.direct] for each in made]
    assert given == [10, 10, 12, 12, 12, 12]
    await sound(committed)


async def test_who_works_out_goes_on_after_a_failure(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    step, failed = Following.step, asyncio.Event()

    async def failing(following: Following) -> bool:
        if not failed.is_set():
            failed.set()
            raise RuntimeError
        return await step(following)

    monkeypatch.setattr(Following, "step", failing)
    monkeypatch.setattr(partners, "RETRY_SECONDS", 0)
    monkeypatch.setattr(partners, "IDLE_SECONDS", 0.02)
    working = asyncio.create_task(partners.work(database, "opencabinet_serve"))
    async with asyncio.timeout(20):
        while not await of_trade(committed, trade.ticket):  # noqa: ASYNC110 - the database tells nothing
            await asyncio.sleep(0.02)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working

    assert failed.is_set()


async def test_trades_that_come_late_are_paid_by_what_held_when_they_closed(
    committed: Connection, database: str
) -> None:
    it = await laid_out(committed)
    await close(committed, it.client, closed_at=CLOSED + timedelta(days=40))
    await caught_up(database)
    await programme.place(committed, it.direct, None, CLOSED + timedelta(days=20))

    late = await close(committed, it.client, closed_at=CLOSED)
    await caught_up(database)

    assert len(await of_trade(committed, late.ticket)) == 3


async def test_who_is_stopped_at_any_moment_leaves_nothing_half(committed: Connection, database: str) -> None:
    chance = random.Random(11)  # noqa: S311 - moments, no secrets
    it = await laid_out(committed)
    for _ in range(30):
        await close(committed, it.client)
    for _ in range(25):
        with suppress(TimeoutError):
            async with follower(database, page=3) as following, asyncio.timeout(chance.uniform(0, 0.08)):
                await following.step()
        workings = await committed.value("SELECT count(*) FROM reward_workings")
        assert await committed.value("SELECT count(*) FROM rewards") == 3 * workings
        await sound(committed)

    await caught_up(database)

    assert await committed.value("SELECT count(*) FROM rewards") == 90
    await sound(committed)


async def test_what_is_taken_back_between_batches_leaves_room_on_its_day(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("default", "5", caps=Caps(day=Decimal(10))), BEGAN, "")
    async with follower(database) as following:
        first = await close(committed, it.client)
        assert await following.step()
        [number] = await committed.values("SELECT id FROM rewards WHERE login = %(login)s", login=it.direct)
        await rewards.reverse(committed, it.direct, [number])
        await close(committed, it.client, ticket=first.ticket, lots=Decimal(1))
        assert await following.step()
        second = await close(committed, it.client)
        while await following.step():
            pass

    assert (await of_trade(committed, first.ticket))[it.direct] == 5
    assert (await of_trade(committed, second.ticket))[it.direct] == 10
    await sound(committed)


async def test_who_is_enrolled_while_a_batch_is_worked_out_is_paid_at_once(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await laid_out(committed)
    client, other = [(await make.account(committed)).login for _ in range(2)]
    trade = await close(committed, client)
    epoch = rules.epoch

    async def late(conn: Connection) -> object:
        found = await epoch(conn)
        monkeypatch.setattr(rules, "epoch", epoch)
        await programme.enrol(committed, other)
        await refer(committed, client, other, BEGAN)
        return found

    async with follower(database) as following:
        following.accruing.books = Books(await directory.read(committed))
        monkeypatch.setattr(rules, "epoch", late)
        with pytest.raises(Meanwhile):
            await following.step()
        assert await following.step()

    assert await of_trade(committed, trade.ticket) == {other: Decimal(10)}


async def test_that_nothing_is_due_holds_by_the_rules_of_now(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = await laid_out(committed)
    await close(committed, it.client)
    await caught_up(database)
    await close(committed, it.client, ticket=await committed.value("SELECT ticket FROM closed_trades"))
    lock = store.lock

    async def late(conn: Connection) -> None:
        monkeypatch.setattr(store, "lock", lock)
        await programme.follow_plan(committed, it.direct, "chief", BEGAN)
        await lock(conn)

    monkeypatch.setattr(store, "lock", late)
    async with follower(database) as following:
        with pytest.raises(Meanwhile):
            await following.step()
        assert await following.step()


async def test_a_plan_may_have_any_name(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("none", "6"), BEGAN, "")
    await programme.follow_plan(committed, it.direct, "none", BEGAN)
    trade = await close(committed, it.client)
    await caught_up(database)

    await close(committed, it.client, ticket=trade.ticket, lots=Decimal(3))
    await caught_up(database)

    assert (await of_trade(committed, trade.ticket))[it.direct] == 18


async def test_lots_count_for_those_who_may_be_paid(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("default", "5", levels=Difference(depth=2)), BEGAN, "")
    await close(committed, it.client)
    await caught_up(database)

    counted = await committed.values("SELECT login FROM reward_months ORDER BY lots, login")
    assert counted == sorted([it.direct, it.middle])


async def test_who_changes_at_once_and_ends_later_is_known_too(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    other = await Connection.open(database)
    try:
        async with follower(database) as following:
            async with other.transaction():
                await other.run("SELECT now()")
                await programme.set_state(committed, it.top, "suspended")
                await close(committed, it.client)
                assert await following.step()
                await programme.set_state(other, it.middle, "suspended")
            await close(committed, it.client)
            assert await following.step()
    finally:
        await other.close()

    states = await committed.values("SELECT state FROM rewards WHERE level > 0 ORDER BY ticket, level")
    assert states == ["accrued", "held", "held", "held"]
