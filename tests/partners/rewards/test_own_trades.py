"""Nobody is paid for trades of their own, whoever they are in the tree; and the explanation says so."""

import json
from decimal import Decimal
from typing import Any

from opencabinet.db import Connection
from opencabinet.partners import plans, programme, rewards
from opencabinet.partners.plans.levels import Difference
from tests.partners.referrals.making import owned
from tests.partners.rewards.programme import (
    BEGAN,
    CLOSED,
    Programme,
    again,
    caught_up,
    close,
    laid_out,
    lines,
    of_trade,
    per_lot,
    refer,
    sound,
)
from tests.partners.rewards.test_property import finish
from tests.partners.rewards.test_qualifying import cpa, deposit, paid

EXPLANATION = "SELECT explanation FROM reward_workings WHERE ticket = %(ticket)s ORDER BY revision DESC LIMIT 1"


async def knotted(conn: Connection, **given: Any) -> Programme:
    """Lay the programme out, the client being the same person as the partner in the middle."""
    it = await laid_out(conn, **given)
    await owned(conn, "ann@example.com", it.client, it.middle)
    return it


async def test_whoever_is_the_client_is_left_out_and_nobody_gets_their_part(
    committed: Connection, database: str
) -> None:
    it = await knotted(committed)
    trade = await close(committed, it.client)

    await caught_up(database)

    assert await of_trade(committed, trade.ticket) == {it.direct: Decimal(10), it.top: Decimal(2)}
    explained = json.loads(await committed.value(EXPLANATION, ticket=trade.ticket))
    assert [rung.get("is_client", False) for rung in explained["rungs"]] == [False, True, False]
    assert [rung.get("given") for rung in explained["rungs"]] == ["10.000000", "4.000000", "2.000000"]
    await sound(committed)


async def test_a_partner_is_not_paid_for_trades_of_the_same_account(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await refer(committed, it.top, it.direct, BEGAN)
    trade = await close(committed, it.top)

    await caught_up(database)

    assert await of_trade(committed, trade.ticket) == {it.direct: Decimal(10), it.middle: Decimal(4)}
    await sound(committed)


async def test_without_anybody_else_the_reason_is_told(committed: Connection, database: str) -> None:
    it = await laid_out(committed, rebate=Decimal(50))
    await refer(committed, it.middle, it.top, BEGAN)
    await owned(committed, "ann@example.com", it.middle, it.top)
    trade = await close(committed, it.middle)

    await caught_up(database)

    assert await of_trade(committed, trade.ticket) == {}
    assert json.loads(await committed.value(EXPLANATION, ticket=trade.ticket))["reason"] == "self_referral"


async def test_what_is_corrected_stays_without_them(committed: Connection, database: str) -> None:
    it = await knotted(committed)
    trade = await close(committed, it.client)
    await caught_up(database)
    await committed.run("DELETE FROM owners")

    await close(committed, it.client, ticket=trade.ticket, lots=Decimal(3))
    await caught_up(database)

    assert await of_trade(committed, trade.ticket) == {it.direct: Decimal(15), it.top: Decimal(3)}
    await sound(committed)
    before = await lines(committed)
    await again(committed, database)
    assert await lines(committed) == before


async def test_what_was_paid_is_taken_back_once_it_is_worked_out_anew(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    trade = await close(committed, it.client)
    await caught_up(database)
    await owned(committed, "ann@example.com", it.client, it.top)

    await rewards.rework(committed, it.client, BEGAN)
    await finish(committed, database)

    assert await of_trade(committed, trade.ticket) == {it.direct: Decimal(10), it.middle: Decimal(4)}
    await sound(committed)


async def test_a_month_by_another_plan_leaves_them_out_too(committed: Connection, database: str) -> None:
    it = await knotted(committed, levels=Difference(depth=1))
    trade = await close(committed, it.client)
    await caught_up(database)
    wanted = [per_lot("default", "6"), per_lot("master", "9"), per_lot("chief", "9")]

    found = await rewards.simulate(committed, wanted, CLOSED.date())
    await rewards.approve(committed, wanted, CLOSED.date(), found.digest)

    assert await of_trade(committed, trade.ticket) == {it.direct: Decimal(12)}
    await sound(committed)


async def test_nobody_is_paid_once_for_themselves(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await plans.save(committed, cpa(), BEGAN, "")
    for partner in (it.direct, it.middle):
        await programme.follow_plan(committed, partner, "once", BEGAN + (CLOSED - BEGAN) / 2)
    await owned(committed, "ann@example.com", it.client, it.direct)

    await deposit(committed, it.client, "500")
    await close(committed, it.client)
    await caught_up(database)

    assert await paid(committed) == []
