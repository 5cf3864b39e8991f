"""Settling: what was approved is summed up, rounded once, and booked; what is left is carried on."""

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.errors import CheckViolation

from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.money import exponent
from opencabinet.partners import rewards
from opencabinet.partners.rewards.accruing.model import Meanwhile
from opencabinet.partners.rewards.model import rounded
from opencabinet.partners.rewards.settling import Settlement, store
from opencabinet.partners.rewards.settling.actions import BadReference
from tests import make
from tests.partners.rewards.programme import CLOSED, caught_up, close, laid_out

UNTIL = CLOSED + timedelta(days=1)
LINE = """
INSERT INTO rewards (login, client, ticket, closed_at, revision, level, kind, amount, currency, state)
VALUES (%(login)s, 1, %(ticket)s, %(at)s, 1, 0, 'commission', %(amount)s, %(currency)s, %(state)s)
RETURNING id
"""
AMOUNTS = st.lists(
    st.decimals(-1000, 1000, places=6, allow_nan=False).filter(lambda amount: amount != 0), min_size=1, max_size=30
)
SIDES = "SELECT side, sum(amount) FROM partner_entries GROUP BY side"
BOOK = """
INSERT INTO partner_entries (login, id, side, currency, amount)
VALUES (%(login)s, 1, 'house:commissions', %(of)s, -1), (%(login)s, 1, 'partner:payable', %(to)s, %(amount)s)
"""


async def line(conn: Connection, login: Login, amount: str | Decimal, state: str = "approved", **told: object) -> int:
    """Keep a line, and return its number."""
    usual = {"ticket": next(make.tickets), "at": CLOSED, "currency": "USD", "amount": Decimal(amount), "state": state}
    found = await conn.execute(LINE, {"login": login, **usual, **told})
    [number] = await found.fetchone() or ()
    return int(number)


async def books(conn: Connection) -> dict[str, Decimal]:
    return dict(await (await conn.execute(SIDES)).fetchall())


@given(amounts=AMOUNTS, currency=st.sampled_from(["USD", "JPY", "KWD", "BTC"]), cuts=st.sets(st.integers(1, 29)))
def test_what_is_settled_and_what_is_carried_is_what_was_given(
    amounts: list[Decimal], currency: str, cuts: set[int]
) -> None:
    carried, settled, begun = Decimal(0), Decimal(0), 0
    for end in [*sorted(cut for cut in cuts if cut < len(amounts)), len(amounts)]:
        paid, carried = rounded(sum(amounts[begun:end], carried), currency)
        assert paid >= 0
        assert paid == round(paid, exponent(currency))
        assert carried <= Decimal(1).scaleb(-exponent(currency)) / 2
        settled, begun = settled + paid, end

    assert settled + carried == sum(amounts)


def test_it_is_rounded_half_to_even() -> None:
    assert [rounded(Decimal(it), "USD")[0] for it in ("0.005", "0.015", "0.025", "0.0250001")] == [
        Decimal(it) for it in ("0.00", "0.02", "0.02", "0.03")
    ]
    assert rounded(Decimal("-0.4"), "USD") == (Decimal(0), Decimal("-0.4"))


async def test_approved_lines_up_to_a_moment_are_settled(conn: Connection) -> None:
    login = (await make.account(conn)).login
    for amount in ("1.004999", "2.000002"):
        await line(conn, login, amount)
    later = await line(conn, login, "9", at=UNTIL)
    held = await line(conn, login, "9", state="held")

    [settled] = await rewards.settle(conn, login, UNTIL)

    assert (settled.lines, settled.accrued, settled.amount) == (2, Decimal("3.005001"), Decimal("3.01"))
    assert settled.carried_out == Decimal("-0.004999")
    assert settled.state == "payable"
    states = await conn.values("SELECT state FROM rewards WHERE settlement = %(id)s", id=settled.id)
    assert states == ["payable", "payable"]
    others = await conn.values("SELECT id FROM rewards WHERE settlement IS NULL ORDER BY id")
    assert others == [later, held]
    assert await books(conn) == {"house:commissions": Decimal("-3.01"), "partner:payable": Decimal("3.01")}
    assert await rewards.settle(conn, login, UNTIL) == []
    events = await outbox.since(conn, login, 0, 10)
    assert [(event.kind, event.body["amount"]) for event in events] == [("rewards.settled", "3.01")]


async def test_the_rest_is_carried_on_by_currency(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await line(conn, login, "0.004")
    await line(conn, login, "0.4", currency="JPY")
    first = await rewards.settle(conn, login, UNTIL)
    await line(conn, login, "0.004")
    [second] = await rewards.settle(conn, login, UNTIL)

    assert [(it.currency, it.amount, it.entry) for it in first] == [
        ("JPY", Decimal(0), None),
        ("USD", Decimal(0), None),
    ]
    assert (second.carried_in, second.amount, second.carried_out) == (
        Decimal("0.004"),
        Decimal("0.01"),
        Decimal("-0.002"),
    )


async def test_what_is_owed_back_is_carried_until_it_is_earned(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await line(conn, login, "-5")
    [first] = await rewards.settle(conn, login, UNTIL)
    await line(conn, login, "7")
    [second] = await rewards.settle(conn, login, UNTIL)

    assert (first.amount, first.carried_out) == (Decimal(0), Decimal(-5))
    assert (second.carried_in, second.amount, second.carried_out) == (Decimal(-5), Decimal(2), Decimal(0))


async def test_what_is_approved_meanwhile_lets_nothing_be_settled(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = (await make.account(committed)).login
    await line(committed, login, "3")
    later = await line(committed, login, "4", state="accrued")
    approved = store.approved

    async def late(*given: Any) -> Any:
        found = await approved(*given)
        async with await Connection.open(database) as other:
            await rewards.approve_lines(other, login, [later])
        return found

    with monkeypatch.context() as patched:
        patched.setattr(store, "approved", late)
        with pytest.raises(Meanwhile):
            await rewards.settle(committed, login, UNTIL)
    assert await books(committed) == {}

    [settled] = await rewards.settle(committed, login, UNTIL)
    assert (settled.lines, settled.amount) == (2, Decimal(7))


async def test_a_settlement_is_paid_once_with_its_reference(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await line(conn, login, "3")
    [settled] = await rewards.settle(conn, login, UNTIL)

    paid = await rewards.pay(conn, login, settled.id, "SEPA 4711")

    assert (paid.state, paid.reference) == ("paid", "SEPA 4711")
    assert paid.paid_at is not None
    assert await conn.values("SELECT state FROM rewards") == ["paid"]
    assert await books(conn) == {"house:commissions": -3, "partner:payable": 0, "house:payouts": 3}
    with pytest.raises(rewards.AlreadyPaid):
        await rewards.pay(conn, login, settled.id, "again")
    with pytest.raises(rewards.NoSuchSettlement):
        await rewards.pay(conn, login, settled.id + 1, "other")
    for reference in ("", "x" * 101, "a\nb"):
        with pytest.raises(BadReference):
            await rewards.pay(conn, login, settled.id, reference)


async def test_settlements_and_entries_are_listed_the_newest_first(conn: Connection) -> None:
    login = (await make.account(conn)).login
    for _ in range(3):
        await line(conn, login, "3")
        await rewards.settle(conn, login, UNTIL)

    page = await rewards.settlements(conn, Granted(login), limit=2)
    rest = await rewards.settlements(conn, Granted(login), below=page[-1].id, limit=2)
    entries = await rewards.entries(conn, Granted(login), limit=2)

    assert len({it.id for it in (*page, *rest)}) == 3
    assert [it.id for it in page] > [it.id for it in rest]
    assert sum(it.amount for it in entries) == 0
    assert len(entries) == 4


@pytest.mark.parametrize(("of", "to", "amount"), [("USD", "USD", "2"), ("USD", "EUR", "1")])
async def test_an_entry_that_does_not_balance_is_refused(committed: Connection, of: str, to: str, amount: str) -> None:
    login = (await make.account(committed)).login

    with pytest.raises(CheckViolation, match="does not sum to zero"):
        await committed.run(BOOK, login=login, of=of, to=to, amount=Decimal(amount))

    await committed.run(BOOK, login=login, of="USD", to="USD", amount=Decimal(1))
    with pytest.raises(CheckViolation, match="does not sum to zero"):
        await committed.run("DELETE FROM partner_entries WHERE side = 'partner:payable'")
    assert len(await books(committed)) == 2


async def test_sums_of_many_settlements_are_those_of_their_lines(committed: Connection, database: str) -> None:
    chance = random.Random(5)  # noqa: S311 - chance, no secret
    it = await laid_out(committed)
    made: list[Settlement] = []
    for number in range(4):
        for _ in range(5):
            lots = Decimal(chance.randrange(1, 10**6)) / 10**6
            await close(committed, it.client, lots=lots, closed_at=CLOSED + timedelta(minutes=number))
        await caught_up(database)
        await rewards.approve_until(committed, it.direct, UNTIL)
        made += await rewards.settle(committed, it.direct, UNTIL)

    given = await committed.value("SELECT sum(amount) FROM rewards WHERE login = %(login)s", login=it.direct)
    assert sum(each.amount for each in made) + made[-1].carried_out == given
    assert [each.carried_in for each in made[1:]] == [each.carried_out for each in made[:-1]]
    payable = await committed.value("SELECT sum(amount) FROM partner_entries WHERE side = 'partner:payable'")
    assert payable == sum(each.amount for each in made)
    assert await rewards.due(committed, Login(0), 10) == []
