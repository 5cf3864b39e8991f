"""Trades that closed one another, rebates, and groups: what a plan looks at besides the trade itself."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from opencabinet import trades
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.partners import plans
from opencabinet.partners.plans import Plan
from opencabinet.partners.plans.parts import LotRate, PerLot
from opencabinet.partners.plans.plan import Filters
from opencabinet.trades import Deal
from tests.partners.rewards.programme import (
    BEGAN,
    CLOSED,
    Programme,
    caught_up,
    close,
    laid_out,
    lines,
    of_trade,
    per_lot,
    remove,
    sound,
)

DAY = timedelta(days=1)
JOIN = """
INSERT INTO memberships (login, since, "group") VALUES (%(login)s, %(since)s, %(group)s)
"""


async def with_plan(conn: Connection, plan: Plan) -> Programme:
    it = await laid_out(conn)
    await plans.save(conn, plan, BEGAN + DAY, "")
    return it


async def deal(conn: Connection, login: Login, number: int, order: int, **given: Any) -> None:
    """Keep a deal that closes by another."""
    usual: dict[str, Any] = {
        "login": login,
        "deal": Ticket(number),
        "order_ticket": Ticket(order),
        "position": Ticket(number),
        "symbol": "EURUSD",
        "type": "sell",
        "direction": "out by",
        "lots": Decimal(2),
        "contract_size": None,
        "price": Decimal("1.1"),
        "dealt_at": CLOSED,
        "dealt_offset": 0,
        "commission": Decimal(0),
        "fee": Decimal(0),
        "swap": Decimal(0),
        "profit": Decimal(0),
        "balance": None,
        "comment": "",
    }
    await trades.save_deals(conn, [Deal(**usual | given)])


async def test_of_two_deals_that_close_one_another_the_first_earns(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    one, other, alone = [await close(committed, it.client) for _ in range(3)]
    await deal(committed, it.client, one.ticket, 77)
    await deal(committed, it.client, other.ticket, 77)
    await deal(committed, it.client, alone.ticket, 78)

    await caught_up(database)

    assert (await of_trade(committed, one.ticket))[it.direct] == 10
    assert await of_trade(committed, other.ticket) == {}
    assert (await of_trade(committed, alone.ticket))[it.direct] == 10


@pytest.mark.parametrize(("comment", "paid"), [("close hedge by #1", 1), ("close hedge by #1x", 2), ("hedge", 2)])
async def test_a_hedge_of_metatrader_4_earns_once(
    committed: Connection, database: str, comment: str, paid: int
) -> None:
    it = await laid_out(committed)
    first = await close(committed, it.client)
    told = comment.replace("#1", f"#{first.ticket}")
    await close(committed, it.client, comment=told)

    await caught_up(database)

    assert len(await lines(committed)) == 3 * paid


async def test_a_rebate_is_the_clients_and_in_no_partners_month(committed: Connection, database: str) -> None:
    it = await with_plan(committed, per_lot("default", "5", rebate=Decimal(40), hold_days=7))
    trade = await close(committed, it.client)
    await caught_up(database)

    given = await of_trade(committed, trade.ticket)
    assert (given[it.direct], given[it.client]) == (Decimal(6), Decimal(4))
    assert await committed.values("SELECT state FROM rewards WHERE kind = 'rebate'") == ["held"]
    assert it.client not in await committed.values("SELECT login FROM reward_months")
    await sound(committed)

    await close(committed, it.client, ticket=trade.ticket, lots=Decimal(4))
    await caught_up(database)
    given = await of_trade(committed, trade.ticket)
    assert (given[it.direct], given[it.client]) == (Decimal(12), Decimal(8))
    await remove(committed, it.client, trade.ticket)
    await caught_up(database)
    assert await of_trade(committed, trade.ticket) == {}
    await sound(committed)


async def test_a_trade_is_paid_by_the_group_of_its_close(committed: Connection, database: str) -> None:
    rates = (LotRate(groups=("raw*",), rate=Decimal(1)), LotRate(rate=Decimal(5)))
    plan = Plan(name="default", currency="USD", parts=(PerLot(rates=rates),))
    it = await with_plan(committed, plan)
    for since, group in ((BEGAN, "standard"), (CLOSED + DAY, "raw\\usd")):
        await committed.run(JOIN, login=it.client, since=since, group=group)
    before, after = [await close(committed, it.client, closed_at=CLOSED + days * DAY) for days in (0, 2)]

    await caught_up(database)

    assert (await of_trade(committed, before.ticket))[it.direct] == 10
    assert (await of_trade(committed, after.ticket))[it.direct] == 2
    await sound(committed)


async def test_what_earns_nothing_says_why(committed: Connection, database: str) -> None:
    filters = Filters(least_seconds=60)
    it = await with_plan(committed, per_lot("default", "5", filters=filters))
    await close(committed, it.client, opened_at=CLOSED - timedelta(seconds=59))
    await caught_up(database)

    [explanation] = await committed.values("SELECT explanation FROM reward_workings")
    assert '"reason":"held_too_short"' in explanation
