"""What is paid once for a client who has done enough."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from msgspec import structs

from opencabinet import ledger
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.ledger import Movement
from opencabinet.partners import plans, programme, rewards
from opencabinet.partners.plans import Plan
from opencabinet.partners.plans.levels import Cascade, Difference
from opencabinet.partners.plans.parts import Cpa, CpaRate
from opencabinet.partners.rewards.qualifying import TICKET
from tests import make
from tests.partners.rewards.programme import (
    BEGAN,
    CLOSED,
    Programme,
    again,
    caught_up,
    close,
    laid_out,
    lines,
    refer,
    referred,
    sound,
)
from tests.partners.rewards.test_rates import quoted

DAY = timedelta(days=1)


def cpa(**given: Any) -> Plan:
    """Return a plan that pays 100 for a first deposit of 200 and two lots, 300 for one of 3,000."""
    rates = (
        CpaRate(amount=Decimal(100), least_deposit=Decimal(200)),
        CpaRate(amount=Decimal(300), least_deposit=Decimal(3000)),
    )
    part = Cpa(rates=rates, least_lots=Decimal(2), within_days=30)
    return Plan(name="once", currency="USD", parts=(part,), levels=Difference(), **given)


async def laid_out_once(conn: Connection) -> tuple[Programme, Login]:
    """Lay the programme out, the direct partner being paid once; give one more client of theirs."""
    it = await laid_out(conn)
    await plans.save(conn, cpa(), BEGAN, "")
    await programme.follow_plan(conn, it.direct, "once", BEGAN)
    return it, await referred(conn, it.direct)


async def deposit(conn: Connection, client: Login, amount: str, at: datetime = CLOSED, kind: str = "balance") -> None:
    """Let money come in."""
    ticket = Ticket(next(make.tickets))
    row = Movement(
        login=client, ticket=ticket, kind=kind, amount=Decimal(amount), moved_at=at, moved_offset=0, comment=""
    )
    async with conn.transaction():
        await ledger.save(conn, [row])
        await outbox.append(conn, client, "movement.booked", ticket=ticket)


async def paid(conn: Connection) -> list[tuple[int, Decimal]]:
    """Return what was given once, to whom."""
    found = await conn.execute("SELECT login, amount FROM rewards WHERE kind = 'qualified' ORDER BY id")
    return [(login, amount) for login, amount in await found.fetchall()]


async def test_a_client_who_has_done_enough_is_paid_for_once(committed: Connection, database: str) -> None:
    it, client = await laid_out_once(committed)
    await close(committed, client, closed_at=CLOSED + DAY)
    await caught_up(database)
    assert await paid(committed) == []

    await deposit(committed, client, "250")
    await caught_up(database)
    await close(committed, client, closed_at=CLOSED + 2 * DAY)
    await deposit(committed, client, "9000", CLOSED + 3 * DAY)
    await caught_up(database)
    await again(committed, database)

    assert await paid(committed) == [(it.direct, Decimal(100))]
    [ticket] = await committed.values("SELECT ticket FROM rewards WHERE kind = 'qualified'")
    assert ticket == TICKET < 0
    await sound(committed)


async def test_a_deposit_of_the_first_day_that_reaches_more_pays_the_difference(
    committed: Connection, database: str
) -> None:
    it, client = await laid_out_once(committed)
    await deposit(committed, client, "250")
    await close(committed, client, closed_at=CLOSED + timedelta(hours=1))
    await caught_up(database)
    await deposit(committed, client, "2750", CLOSED + timedelta(hours=2))
    await caught_up(database)

    assert await paid(committed) == [(it.direct, Decimal(100)), (it.direct, Decimal(200))]
    await sound(committed)


async def test_too_little_too_late_and_credit_do_not_count(committed: Connection, database: str) -> None:
    _, client = await laid_out_once(committed)
    await deposit(committed, client, "150")
    await deposit(committed, client, "500", kind="credit")
    await deposit(committed, client, "500", CLOSED + 2 * DAY)
    await close(committed, client, closed_at=CLOSED + DAY)
    late = await referred(committed, (await committed.values("SELECT partner FROM referrals"))[0])
    await deposit(committed, late, "500")
    await close(committed, late, closed_at=CLOSED + 31 * DAY)

    await caught_up(database)

    assert await paid(committed) == []


async def test_trades_of_a_day_that_reaches_beyond_count_as_far_as_they_are_in_time(
    committed: Connection, database: str
) -> None:
    it, client = await laid_out_once(committed)
    await deposit(committed, client, "250")
    for minutes in (-10, 10):
        await close(committed, client, lots=Decimal(1), closed_at=CLOSED + 30 * DAY + timedelta(minutes=minutes))
    await caught_up(database)
    assert await paid(committed) == []

    await close(committed, client, lots=Decimal(1), closed_at=CLOSED + 30 * DAY - timedelta(minutes=5))
    await caught_up(database)
    assert await paid(committed) == [(it.direct, Decimal(100))]


async def test_another_partner_is_not_paid_once_more(committed: Connection, database: str) -> None:
    it, client = await laid_out_once(committed)
    await programme.follow_plan(committed, it.top, "once", BEGAN + DAY)
    await deposit(committed, client, "250")
    await close(committed, client, closed_at=CLOSED + DAY)
    await caught_up(database)

    await refer(committed, client, it.top, CLOSED + 2 * DAY)
    await close(committed, client, closed_at=CLOSED + 3 * DAY)
    await caught_up(database)

    assert await paid(committed) == [(it.direct, Decimal(100))]
    assert all(row[5] == "qualified" for row in await lines(committed) if row[0] == it.direct)


async def qualified(conn: Connection, client: Login, database: str) -> None:
    """Let a client qualify: a deposit of 250, and two lots."""
    await deposit(conn, client, "250")
    await close(conn, client, closed_at=CLOSED + DAY)
    await caught_up(database)


async def test_another_plan_does_not_pay_once_more(committed: Connection, database: str) -> None:
    it, client = await laid_out_once(committed)
    await qualified(committed, client, database)
    await plans.save(committed, structs.replace(cpa(), name="twice"), BEGAN, "")
    await programme.follow_plan(committed, it.direct, "twice", CLOSED + 2 * DAY)
    await programme.follow_plan(committed, it.top, "twice", CLOSED + 2 * DAY)

    await close(committed, client, closed_at=CLOSED + 3 * DAY)
    await caught_up(database)
    await refer(committed, client, it.top, CLOSED + 4 * DAY)
    await close(committed, client, closed_at=CLOSED + 5 * DAY)
    await caught_up(database)

    assert await paid(committed) == [(it.direct, Decimal(100))]


async def test_a_later_version_adds_nothing_for_who_qualified_before(committed: Connection, database: str) -> None:
    it, client = await laid_out_once(committed)
    await qualified(committed, client, database)
    part = Cpa(rates=(CpaRate(amount=Decimal(500), least_deposit=Decimal(200)),), within_days=30)
    await plans.save(committed, structs.replace(cpa(), parts=(part,)), CLOSED + 2 * DAY, "")

    await close(committed, client, closed_at=CLOSED + 3 * DAY)
    await caught_up(database)

    assert await paid(committed) == [(it.direct, Decimal(100))]


async def test_a_tree_that_changes_later_lets_all_levels_have_no_more_than_there_is(
    committed: Connection, database: str
) -> None:
    it = await laid_out(committed)
    handing_on = Cascade(shares=(Decimal(20),), depth=2)
    await plans.save(committed, structs.replace(cpa(), levels=handing_on), BEGAN, "")
    await programme.follow_plan(committed, it.direct, "once", BEGAN)
    client = await referred(committed, it.direct)
    await qualified(committed, client, database)
    await programme.place(committed, it.direct, it.top, CLOSED + 2 * DAY)

    await close(committed, client, closed_at=CLOSED + 3 * DAY)
    await caught_up(database)

    assert await paid(committed) == [(it.direct, Decimal(80)), (it.middle, Decimal(20))]


async def test_a_rate_that_moves_later_and_a_deposit_too_late_add_nothing(committed: Connection, database: str) -> None:
    await laid_out_once(committed)
    euro = (await make.account(committed, currency="EUR")).login
    await programme.enrol(committed, euro)
    await programme.follow_plan(committed, euro, "once", BEGAN)
    client = await referred(committed, euro)
    await quoted(committed, "EURUSD", "1.25", CLOSED + DAY - timedelta(hours=1))
    await qualified(committed, client, database)
    await quoted(committed, "EURUSD", "1.00", CLOSED + 3 * DAY - timedelta(hours=1))

    await close(committed, client, closed_at=CLOSED + 3 * DAY)
    await deposit(committed, client, "9000", CLOSED + 3 * DAY)
    await caught_up(database)

    assert await paid(committed) == [(euro, Decimal(80))]


async def test_what_was_taken_back_for_a_client_is_not_given_by_a_larger_deposit(
    committed: Connection, database: str
) -> None:
    it, client = await laid_out_once(committed)
    await deposit(committed, client, "250")
    await close(committed, client, closed_at=CLOSED + timedelta(hours=1))
    await caught_up(database)
    [number] = await committed.values("SELECT id FROM rewards WHERE kind = 'qualified'")
    await rewards.reverse(committed, it.direct, [number])

    await deposit(committed, client, "2750", CLOSED + timedelta(hours=2))
    await caught_up(database)

    assert await committed.values("SELECT state FROM rewards WHERE kind = 'qualified'") == ["reversed", "reversed"]
