"""Trades that close, are corrected or removed: who is given what, exactly once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from psycopg.errors import UniqueViolation

from opencabinet.db import Connection, outbox
from opencabinet.partners import plans, programme, rewards
from opencabinet.partners.rewards.accruing import store
from opencabinet.partners.rewards.accruing.model import Meanwhile
from tests import make
from tests.partners.rewards.programme import (
    BEGAN,
    CLOSED,
    again,
    caught_up,
    close,
    follower,
    laid_out,
    lines,
    of_trade,
    per_lot,
    refer,
    referred,
    remove,
    sound,
)

DAY = timedelta(days=1)
STATES = "SELECT DISTINCT state FROM rewards"
WAITING = "SELECT first, why FROM reward_waiting ORDER BY first"
WORKINGS = "SELECT count(*) FROM reward_workings"
REVISIONS = "SELECT revision || ' ' || why FROM reward_workings WHERE ticket = %(ticket)s ORDER BY revision"


def amounts(**given: str) -> dict[str, Decimal]:
    return {name: Decimal(amount) for name, amount in given.items()}


async def test_each_level_is_given_its_part_of_a_trade(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)

    await caught_up(database)

    given = await of_trade(committed, trade.ticket)
    assert given == {it.direct: Decimal(10), it.middle: Decimal(4), it.top: Decimal(2)}
    assert await committed.values(STATES) == ["accrued"]
    await sound(committed)


async def test_what_is_followed_again_changes_nothing(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    for _ in range(3):
        await close(committed, it.client)
    await caught_up(database)
    before = await lines(committed)

    await again(committed, database)
    await again(committed, database)

    assert len(before) == 9
    assert await lines(committed) == before
    assert await committed.value(WORKINGS) == 3


async def test_accounts_that_are_nobodys_clients_leave_no_row(committed: Connection, database: str) -> None:
    await laid_out(committed)
    other = await make.account(committed)
    await close(committed, other.login)

    await caught_up(database)

    assert await committed.value(WORKINGS) == 0
    assert await committed.value("SELECT count(*) FROM followers WHERE name = 'partners'") == 1


async def test_a_correction_is_lines_of_the_difference(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    await caught_up(database)

    await close(committed, it.client, ticket=trade.ticket, lots=Decimal(3))
    await caught_up(database)

    given = await of_trade(committed, trade.ticket)
    assert given == {it.direct: Decimal(15), it.middle: Decimal(6), it.top: Decimal(3)}
    assert await committed.values(REVISIONS, ticket=trade.ticket) == ["1 closed", "2 corrected"]
    assert sorted(row[6] for row in await lines(committed) if row[3] == 2) == [1, 2, 5]
    await sound(committed)


async def test_a_correction_that_changes_no_amount_is_noted_without_lines(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    await caught_up(database)
    before = await lines(committed)

    await close(committed, it.client, ticket=trade.ticket, swap=Decimal(-9))
    await caught_up(database)
    await again(committed, database)

    assert await lines(committed) == before
    assert await committed.values(REVISIONS, ticket=trade.ticket) == ["1 closed", "2 corrected"]


async def test_a_trade_that_is_removed_gives_all_back_and_one_that_returns_is_given_again(
    committed: Connection, database: str
) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    await caught_up(database)

    await remove(committed, it.client, trade.ticket)
    await caught_up(database)
    assert await of_trade(committed, trade.ticket) == {}
    await sound(committed)
    assert await committed.values("SELECT DISTINCT trades FROM reward_days") == [0]

    await close(committed, it.client, ticket=trade.ticket)
    await caught_up(database)
    assert (await of_trade(committed, trade.ticket))[it.direct] == 10
    assert await committed.values("SELECT DISTINCT trades FROM reward_days") == [1]
    revisions = ["1 closed", "2 removed", "3 corrected"]
    assert await committed.values(REVISIONS, ticket=trade.ticket) == revisions
    await sound(committed)


async def test_a_trade_is_paid_by_the_tree_and_the_plan_of_its_close(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await programme.place(committed, it.direct, None, CLOSED)
    await plans.save(committed, per_lot("default", "6"), CLOSED + DAY, "")
    times = (CLOSED - DAY, CLOSED, CLOSED + 2 * DAY)
    made = [await close(committed, it.client, closed_at=at) for at in times]

    await caught_up(database)

    first, second, third = [await of_trade(committed, each.ticket) for each in made]
    assert first == {it.direct: Decimal(10), it.middle: Decimal(4), it.top: Decimal(2)}
    assert second == {it.direct: Decimal(10)}
    assert third == {it.direct: Decimal(12)}
    await sound(committed)


async def test_a_trade_before_the_client_was_referred_is_paid_for_once_that_is_dated_back(
    committed: Connection, database: str
) -> None:
    it = await laid_out(committed)
    client = await referred(committed, it.direct, CLOSED + DAY)
    trade = await close(committed, client)
    await caught_up(database)
    assert await of_trade(committed, trade.ticket) == {}

    await refer(committed, client, it.middle, CLOSED - DAY)
    await outbox.append(committed, client, "referral.changed", since=(CLOSED - DAY).isoformat(), partner=it.middle)
    async with follower(database) as following:
        assert await following.step()
        assert await following.retry()
        assert not await following.retry()

    assert await of_trade(committed, trade.ticket) == {it.middle: Decimal(14), it.top: Decimal(2)}
    await sound(committed)


async def test_a_client_who_was_anothers_all_along_is_worked_out_anew(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    await caught_up(database)

    await refer(committed, it.client, it.top, CLOSED - DAY)
    await rewards.rework(committed, it.client, BEGAN)
    async with follower(database) as following:
        assert await following.retry()

    assert await of_trade(committed, trade.ticket) == {it.top: Decimal(16)}
    assert await committed.values(REVISIONS, ticket=trade.ticket) == ["1 closed", "2 reworked"]
    await sound(committed)


async def test_what_was_taken_back_from_a_client_who_is_nobodys_stays_so(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    await caught_up(database)

    await refer(committed, it.client, None, CLOSED - DAY)
    await rewards.rework(committed, it.client, CLOSED - DAY)
    async with follower(database) as following:
        assert await following.retry()
    assert await of_trade(committed, trade.ticket) == {}
    await again(committed, database)
    await close(committed, it.client, ticket=trade.ticket, lots=Decimal(7))
    await caught_up(database)

    assert await of_trade(committed, trade.ticket) == {}
    assert await committed.values(REVISIONS, ticket=trade.ticket) == ["1 closed", "2 removed"]


async def test_rework_that_changes_nothing_writes_nothing(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    await caught_up(database)

    await rewards.rework(committed, it.client, BEGAN)
    async with follower(database) as following:
        assert await following.retry()

    assert await committed.values(REVISIONS, ticket=trade.ticket) == ["1 closed"]
    assert await rewards.waiting(committed) == 0


async def test_many_trades_of_one_event_are_read_in_pages(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    made = [await make.closed_trade(committed, it.client, lots=Decimal(1), closed_at=CLOSED) for _ in range(23)]
    first, last = made[0].ticket, made[-1].ticket
    for table in ("deals", "closed_trades", "orders"):
        body = {"table": table, "rows": 23, "first": first, "last": last}
        await outbox.append(committed, it.client, "trades.loaded", **body)

    await caught_up(database, page=5)

    assert len(await lines(committed)) == 69
    assert await committed.values("SELECT lots FROM reward_months ORDER BY login") == [23, 23, 23]
    await sound(committed)


async def test_tiers_go_by_what_was_there_before_and_stay_when_a_trade_is_corrected(
    committed: Connection, database: str
) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("default", "5", ("3", "6"), ("5", "7")), BEGAN + DAY, "")
    made = [await close(committed, it.client) for _ in range(4)]
    await caught_up(database, page=2)
    rates = [(await of_trade(committed, each.ticket))[it.direct] / 2 for each in made]
    assert rates == [5, 5, 6, 7]

    await close(committed, it.client, ticket=made[0].ticket, lots=Decimal(4))
    await caught_up(database)

    assert (await of_trade(committed, made[0].ticket))[it.direct] == 20
    assert await committed.value("SELECT lots FROM reward_months WHERE login = %(login)s", login=it.direct) == 10
    await sound(committed)


async def test_a_plan_that_holds_and_a_partner_who_is_suspended(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("default", "5", hold_days=14), BEGAN + DAY, "")
    await programme.set_state(committed, it.top, "suspended")
    await close(committed, it.client)

    await caught_up(database)

    found = await committed.execute("SELECT login, state, held_until FROM rewards")
    assert {row[0]: row[1:] for row in await found.fetchall()} == {
        it.direct: ("held", CLOSED + timedelta(days=14)),
        it.middle: ("accrued", None),
        it.top: ("held", None),
    }


async def test_rules_that_change_meanwhile_let_a_page_be_worked_out_anew(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    lock = store.lock

    async def late(conn: Connection) -> None:
        monkeypatch.setattr(store, "lock", lock)
        await programme.follow_plan(committed, it.direct, "chief", BEGAN)
        await lock(conn)

    monkeypatch.setattr(store, "lock", late)
    async with follower(database) as following:
        with pytest.raises(Meanwhile):
            await following.step()
        assert await committed.value(WORKINGS) == 0
        assert await following.step()

    assert (await of_trade(committed, trade.ticket))[it.direct] == 16


async def test_two_who_follow_at_once_pay_once(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = await laid_out(committed)
    await close(committed, it.client)
    lock = store.lock

    async def late(conn: Connection) -> None:
        monkeypatch.setattr(store, "lock", lock)
        await caught_up(database)
        await lock(conn)

    monkeypatch.setattr(store, "lock", late)
    async with follower(database) as following:
        with pytest.raises(UniqueViolation):
            await following.step()
        assert not await following.step()

    assert len(await lines(committed)) == 3


async def test_a_trade_that_cannot_be_worked_out_waits_and_others_do_not(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = await laid_out(committed)
    bad, good = [await close(committed, it.client, lots=Decimal(lots)) for lots in (1, 2)]
    worked = plans.worked

    def failing(traded: plans.Traded, *given: object) -> plans.Working:
        if traded.ticket == bad.ticket:
            raise ValueError
        return worked(traded, *given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(plans, "worked", failing)
        await caught_up(database)
    assert (await of_trade(committed, good.ticket))[it.direct] == 10
    assert await committed.values("SELECT first || why FROM reward_waiting") == [f"{bad.ticket}failed"]

    await committed.run("UPDATE reward_waiting SET tried_at = '-infinity'")
    async with follower(database) as following:
        assert await following.retry()
    assert (await of_trade(committed, bad.ticket))[it.direct] == 5
    assert await rewards.waiting(committed) == 0
