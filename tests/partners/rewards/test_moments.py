"""The very moment of a change: what closes at it is paid by what holds from then on, what closes before is not."""

from datetime import timedelta
from decimal import Decimal

from opencabinet.db import Connection
from opencabinet.partners import plans, programme, rewards
from opencabinet.partners.plans import Plan
from opencabinet.partners.plans.parts import LotRate, PerLot
from opencabinet.partners.plans.plan import Caps
from tests.partners.rewards.programme import (
    BEGAN,
    CLOSED,
    Programme,
    caught_up,
    close,
    follower,
    laid_out,
    of_trade,
    per_lot,
    refer,
    sound,
)
from tests.partners.rewards.test_pairs import JOIN

JUST = timedelta(microseconds=1)
WAITING = "SELECT count(*) FROM reward_waiting"


async def around(conn: Connection, database: str, it: Programme) -> list[dict[int, Decimal]]:
    """Return what is given for a lot that closes just before the moment, at it, and just after."""
    trades = [await close(conn, it.client, lots=Decimal(1), closed_at=CLOSED + by * JUST) for by in (-1, 0, 1)]
    await caught_up(database)
    await sound(conn)
    return [await of_trade(conn, trade.ticket) for trade in trades]


async def test_a_place_in_the_tree(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await programme.place(committed, it.direct, it.top, CLOSED)

    before, at, after = await around(committed, database, it)

    assert before == {it.direct: 5, it.middle: 2, it.top: 1}
    assert at == after == {it.direct: 5, it.top: 3}


async def test_a_plan_that_is_chosen_and_a_version_of_it(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await programme.follow_plan(committed, it.direct, "master", CLOSED)
    await plans.save(committed, per_lot("chief", "9"), CLOSED, "")

    before, at, after = await around(committed, database, it)

    assert before == {it.direct: 5, it.middle: 2, it.top: 1}
    assert at == after == {it.direct: 7, it.top: 2}


async def test_whose_client_somebody_is(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await refer(committed, it.client, it.middle, CLOSED)

    before, at, after = await around(committed, database, it)

    assert before == {it.direct: 5, it.middle: 2, it.top: 1}
    assert at == after == {it.middle: 7, it.top: 1}


async def test_the_group_of_an_account(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    rates = (LotRate(groups=("raw*",), rate=Decimal(1)), LotRate(rate=Decimal(6)))
    await plans.save(committed, Plan(name="default", currency="USD", parts=(PerLot(rates=rates),)), BEGAN, "")
    for since, group in ((BEGAN, "standard"), (CLOSED, "raw")):
        await committed.run(JOIN, login=it.client, since=since, group=group)

    before, at, after = await around(committed, database, it)

    assert [given[it.direct] for given in (before, at, after)] == [6, 1, 1]


async def test_a_month_begins_with_no_lots_wherever_the_server_is(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("default", "5", ("2", "6")), BEGAN, "")
    april = CLOSED.replace(month=4, day=1, hour=0)
    moments = (april - 2 * JUST, april - JUST, april, april + JUST)
    trades = [await close(committed, it.client, closed_at=at, closed_offset=3 * 3600) for at in moments]

    await caught_up(database)

    given = [(await of_trade(committed, trade.ticket))[it.direct] for trade in trades]
    assert given == [10, 12, 10, 12]
    await sound(committed)


async def test_a_trade_that_moves_to_another_day_goes_by_the_cap_of_that_one(
    committed: Connection, database: str
) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("default", "5", caps=Caps(day=Decimal(10))), BEGAN, "")
    first, second = [await close(committed, it.client) for _ in range(2)]
    await caught_up(database)
    assert it.direct not in await of_trade(committed, second.ticket)

    await close(committed, it.client, ticket=second.ticket, closed_at=CLOSED + timedelta(days=1))
    await caught_up(database)

    for trade in (first, second):
        assert (await of_trade(committed, trade.ticket))[it.direct] == 10
    await sound(committed)


async def test_a_trade_that_moves_to_another_month_goes_by_the_lots_of_that_one(
    committed: Connection, database: str
) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("default", "5", ("2", "6")), BEGAN, "")
    first, second = [await close(committed, it.client) for _ in range(2)]
    await caught_up(database)
    assert (await of_trade(committed, second.ticket))[it.direct] == 12

    await close(committed, it.client, ticket=second.ticket, closed_at=CLOSED + timedelta(days=1))
    await caught_up(database)
    assert (await of_trade(committed, second.ticket))[it.direct] == 12
    await close(committed, it.client, ticket=second.ticket, closed_at=CLOSED + timedelta(days=22))
    await caught_up(database)

    assert (await of_trade(committed, second.ticket))[it.direct] == 10
    assert (await of_trade(committed, first.ticket))[it.direct] == 10
    await sound(committed)


async def test_what_is_asked_anew_while_it_is_done_is_done_again(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await close(committed, it.client)
    await caught_up(database)
    await rewards.rework(committed, it.client, BEGAN)
    async with follower(database) as following:
        accruing = following.accruing
        conclude = accruing.conclude

        async def late(*given: object) -> None:
            await rewards.rework(committed, it.client, CLOSED)
            await conclude(*given)  # type: ignore[arg-type]  # as it was called

        accruing.conclude = late  # type: ignore[method-assign,assignment]  # somebody is quick
        assert await following.retry()
        assert await committed.value(WAITING) == 1
        accruing.conclude = conclude  # type: ignore[method-assign]
        assert await following.retry()

    assert await committed.value(WAITING) == 0
