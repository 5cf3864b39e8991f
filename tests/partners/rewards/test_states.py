"""What a line may become, and what it may not; disputes among it."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest

from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.period import EVER
from opencabinet.partners import rewards
from opencabinet.partners.rewards import NEXT, NoSuchReward, NotNow, State
from opencabinet.partners.rewards.disputes import BadText, NoSuchDispute, actions
from opencabinet.partners.rewards.disputes.actions import AlreadyEnded
from opencabinet.partners.rewards.model import before, may
from tests import make
from tests.partners.rewards.programme import CLOSED, caught_up, close, laid_out, lines, of_trade, remove, sound
from tests.partners.rewards.test_settling import UNTIL, line

STATES: tuple[State, ...] = get_args(State)
STATE = "SELECT state FROM rewards WHERE id = %(id)s"
WORKING = """
INSERT INTO reward_workings (login, ticket, figures, closed_at, revision, why, explanation)
SELECT client, ticket, 0, closed_at, revision, 'closed', '{"made":"then"}' FROM rewards WHERE id = %(id)s
"""
Verb = Callable[[Connection, Login, int], Awaitable[Any]]


async def settle(conn: Connection, login: Login, number: int) -> None:
    if not any(it.lines for it in await rewards.settle(conn, login, UNTIL)):
        raise NotNow
    del number


async def pay(conn: Connection, login: Login, number: int) -> None:
    settlement = await conn.value(
        "SELECT settlement FROM rewards JOIN settlements ON settlements.id = settlement"
        " WHERE rewards.id = %(id)s AND settlements.state = 'payable' AND rewards.state = 'payable'",
        id=number,
    )
    if settlement is None:
        raise NotNow
    await rewards.pay(conn, login, settlement, "ref")


async def end(conn: Connection, login: Login, number: int) -> None:
    found = await conn.value("SELECT id FROM disputes WHERE reward = %(id)s AND state = 'open'", id=number)
    if found is None:
        raise NotNow
    await rewards.end_dispute(conn, login, found, "rejected")


VERBS: dict[str, tuple[Verb, dict[State, State]]] = {
    "hold": (lambda conn, login, it: rewards.hold(conn, login, [it]), {"accrued": "held", "approved": "held"}),
    "release": (lambda conn, login, it: rewards.release(conn, login, [it]), {"held": "accrued"}),
    "approve": (
        lambda conn, login, it: rewards.approve_lines(conn, login, [it]),
        {"accrued": "approved", "held": "approved"},
    ),
    "reverse": (
        lambda conn, login, it: rewards.reverse(conn, login, [it]),
        {"accrued": "reversed", "held": "reversed", "approved": "reversed"},
    ),
    "settle": (settle, {"approved": "payable"}),
    "pay": (pay, {"payable": "paid"}),
    "dispute": (
        lambda conn, login, it: rewards.dispute(conn, login, it, "Too little."),
        dict.fromkeys(("accrued", "held", "approved", "payable"), "disputed"),
    ),
}
"""What can be done to a line, and what it makes of each state that allows it."""


async def line_of(conn: Connection, login: Login, state: State) -> int:
    """Make a line and bring it to a state."""
    number = await line(conn, login, "3", state="accrued")
    await conn.run(WORKING, id=number)
    way = {
        "held": ["hold"],
        "approved": ["approve"],
        "payable": ["approve", "settle"],
        "paid": ["approve", "settle", "pay"],
        "reversed": ["reverse"],
        "disputed": ["dispute"],
    }
    for verb in way.get(state, []):
        await VERBS[verb][0](conn, login, number)
    assert await conn.value(STATE, id=number) == state
    return number


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", [*VERBS])
async def test_every_verb_on_every_state(conn: Connection, state: State, verb: str) -> None:
    login = (await make.account(conn)).login
    number = await line_of(conn, login, state)
    act, makes = VERBS[verb]

    if state in makes:
        await act(conn, login, number)
        assert may(state, makes[state])
    else:
        with pytest.raises(NotNow):
            await act(conn, login, number)

    assert await conn.value(STATE, id=number) == makes.get(state, state)


def test_what_a_state_may_become_is_what_some_verb_makes_of_it() -> None:
    made = {(state, to) for _, makes in VERBS.values() for state, to in makes.items()}
    ended = {("disputed", state) for state in ("accrued", "held", "approved", "payable", "paid")}

    assert made | ended == {(state, to) for state, others in NEXT.items() for to in others}
    assert before("paid") == ["payable"]


@pytest.mark.parametrize("state", ["accrued", "held", "approved", "payable"])
async def test_a_dispute_freezes_a_line_and_its_end_gives_it_back(conn: Connection, state: State) -> None:
    login = (await make.account(conn)).login
    number = await line_of(conn, login, state)

    opened = await rewards.dispute(conn, login, number, "The lots are wrong.")
    with pytest.raises(NotNow):
        await rewards.dispute(conn, login, number, "And again.")
    await conn.run("UPDATE reward_workings SET explanation = '{}'")
    assert await conn.value(STATE, id=number) == "disputed"
    ended = await rewards.end_dispute(conn, login, opened.id, "upheld", "A line more follows.")

    assert await conn.value(STATE, id=number) == state
    assert (opened.state, ended.state, ended.note) == ("open", "upheld", "A line more follows.")
    assert ended.explanation == '{"made":"then"}'
    assert opened.deadline - opened.opened_at == timedelta(days=30)
    with pytest.raises(AlreadyEnded):
        await rewards.end_dispute(conn, login, opened.id, "rejected")
    assert [it.id for it in await rewards.disputes(conn, Granted(login), limit=5)] == [opened.id]
    told = [event.kind for event in await outbox.since(conn, login, 0, 10)]
    assert told[-2:] == ["reward.disputed", "reward.undisputed"]


async def test_a_line_whose_settlement_is_paid_meanwhile_is_paid_after_its_dispute(conn: Connection) -> None:
    login = (await make.account(conn)).login
    number, other = await line_of(conn, login, "approved"), await line_of(conn, login, "approved")
    [settled] = await rewards.settle(conn, login, UNTIL)
    opened = await rewards.dispute(conn, login, number, "Late.")
    await rewards.pay(conn, login, settled.id, "ref")
    assert await conn.value(STATE, id=number) == "disputed"
    assert await conn.value(STATE, id=other) == "paid"

    await rewards.end_dispute(conn, login, opened.id, "withdrawn")

    assert await conn.value(STATE, id=number) == "paid"


async def test_a_deadline_ends_a_dispute(conn: Connection) -> None:
    login = (await make.account(conn)).login
    overdue, other = await line_of(conn, login, "held"), await line_of(conn, login, "held")
    await rewards.dispute(conn, login, overdue, "Why?", days=0)
    await rewards.dispute(conn, login, other, "Why?")

    assert await rewards.lapse(conn) == 1
    assert await rewards.lapse(conn) == 0

    assert await conn.value(STATE, id=overdue) == "held"
    assert await conn.value(STATE, id=other) == "disputed"
    states = await conn.values("SELECT state FROM disputes ORDER BY id")
    assert states == ["lapsed", "open"]


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "a\0b"])
async def test_what_cannot_be_kept_is_refused(conn: Connection, text: str) -> None:
    login = (await make.account(conn)).login
    number = await line_of(conn, login, "accrued")

    with pytest.raises(BadText):
        await rewards.dispute(conn, login, number, text)
    opened = await rewards.dispute(conn, login, number, "x" * 2000)
    with pytest.raises(BadText):
        await rewards.end_dispute(conn, login, opened.id, "rejected", "x" * 501)


async def test_only_so_many_disputes_are_open_at_once(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    login = (await make.account(conn)).login
    one, other = [await line_of(conn, login, "accrued") for _ in range(2)]
    monkeypatch.setattr(actions, "MOST_OPEN", 1)
    opened = await rewards.dispute(conn, login, one, "Too little.")

    with pytest.raises(actions.TooManyDisputes):
        await rewards.dispute(conn, login, other, "Too little.")
    assert await conn.value(STATE, id=other) == "accrued"

    await rewards.end_dispute(conn, login, opened.id, "rejected")
    await rewards.dispute(conn, login, other, "Too little.")


async def test_lines_and_disputes_of_others_are_none_of_ours(conn: Connection) -> None:
    login, other = [(await make.account(conn)).login for _ in range(2)]
    number = await line_of(conn, login, "accrued")

    with pytest.raises(NoSuchReward):
        await rewards.dispute(conn, other, number, "Mine.")
    with pytest.raises(NotNow):
        await rewards.reverse(conn, other, [number])
    opened = await rewards.dispute(conn, login, number, "Mine.")
    with pytest.raises(NoSuchDispute):
        await rewards.end_dispute(conn, other, opened.id, "upheld")
    assert await conn.value(STATE, id=number) == "disputed"


async def test_lines_are_moved_together_or_not_at_all(conn: Connection) -> None:
    login = (await make.account(conn)).login
    good, bad = await line_of(conn, login, "accrued"), await line_of(conn, login, "paid")

    with pytest.raises(NotNow):
        await rewards.hold(conn, login, [good, bad])

    assert await conn.value(STATE, id=good) == "accrued"


async def test_what_was_held_long_enough_is_approved(committed: Connection, database: str) -> None:
    it = await laid_out(committed, hold_days=14)
    await close(committed, it.client)
    await close(committed, it.client, closed_at=make.LATER)
    await caught_up(database)

    assert await rewards.mature(committed) == 3
    assert await rewards.mature(committed) == 0

    found = await committed.execute("SELECT DISTINCT closed_at, state FROM rewards")
    assert dict(await found.fetchall()) == {CLOSED: "approved", make.LATER: "held"}
    assert len(await lines(committed)) == 6


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_done_in_whatever_order_a_line_goes_only_where_it_may(conn: Connection, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - chance, no secret
    login = (await make.account(conn)).login
    number = await line_of(conn, login, "accrued")
    state: State = "accrued"
    frozen: State | None = None
    for _ in range(40):
        verb = chance.choice([*VERBS, "end"])
        act, makes = VERBS.get(verb) or (end, {"disputed": frozen} if frozen else {})
        if state in makes:
            await act(conn, login, number)
            frozen = state if verb == "dispute" else None if verb == "end" else frozen
            state = makes[state]
        else:
            with pytest.raises(NotNow):
                await act(conn, login, number)
        assert await conn.value(STATE, id=number) == state
        assert await conn.value("SELECT before FROM rewards WHERE id = %(id)s", id=number) == frozen


async def test_what_was_taken_back_is_not_given_again_nor_taken_twice(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    await caught_up(database)
    [number] = await committed.values("SELECT id FROM rewards WHERE login = %(login)s", login=it.direct)
    await rewards.reverse(committed, it.direct, [number])
    [total] = await rewards.totals(committed, Granted(it.direct), EVER, "day", limit=2)
    assert (total.trades, total.amount) == (1, Decimal(0))

    await close(committed, it.client, ticket=trade.ticket, lots=Decimal(3))
    await caught_up(database)
    await remove(committed, it.client, trade.ticket)
    await caught_up(database)

    states = await committed.values("SELECT state FROM rewards WHERE login = %(login)s", login=it.direct)
    assert states == ["reversed"] * 3
    assert await of_trade(committed, trade.ticket) == {}
    assert await committed.values("SELECT DISTINCT state FROM rewards WHERE level > 0") == ["accrued"]
    await sound(committed)
