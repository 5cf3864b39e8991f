"""Reading what an account was given: lists, totals, and explanations."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.page import NEWEST
from opencabinet.kernel.period import EVER, Period
from opencabinet.partners import plans, rewards
from opencabinet.partners.rewards import NoSuchReward, Reward
from tests.partners.rewards.programme import CLOSED, Programme, caught_up, close, laid_out, referred

DAY = timedelta(days=1)


async def some(conn: Connection, database: str) -> tuple[Programme, Login]:
    """Let two clients trade on three days of two months."""
    it = await laid_out(conn)
    other = await referred(conn, it.middle)
    for days in (0, 1, 30):
        await close(conn, it.client, closed_at=CLOSED + days * DAY)
        await close(conn, other, closed_at=CLOSED + days * DAY)
    await caught_up(database)
    return it, other


async def test_lines_are_listed_the_newest_first_page_by_page(committed: Connection, database: str) -> None:
    it, _ = await some(committed, database)
    below, found = NEWEST, list[Reward]()
    while True:
        page = await rewards.listed(committed, Granted(it.middle), EVER, below, limit=4)
        found += page.rows
        if page.next is None:
            break
        below = page.next

    assert len({each.id for each in found}) == len(found) == 6
    assert [each.key() for each in found] == sorted((each.key() for each in found), reverse=True)
    assert {each.level for each in found} == {0, 1}
    early = await rewards.listed(committed, Granted(it.middle), Period(CLOSED, CLOSED + DAY), limit=9)
    assert {each.closed_at for each in early.rows} == {CLOSED}


async def test_a_line_is_explained_and_its_explanation_comes_to_it(committed: Connection, database: str) -> None:
    it, other = await some(committed, database)
    [line] = (await rewards.listed(committed, Granted(it.direct), EVER, limit=1)).rows

    found = await rewards.explained(committed, Granted(it.direct), line.id)

    assert found.reward == line
    assert found.why == "closed"
    assert [each.amount for each in plans.replay(found.explanation) if each.login == it.direct] == [line.amount]
    for login in (it.middle, other):
        with pytest.raises(NoSuchReward):
            await rewards.explained(committed, Granted(login), line.id)


async def test_what_explanations_have_in_common_is_kept_once(committed: Connection, database: str) -> None:
    it, _ = await some(committed, database)

    bases = await committed.values("SELECT DISTINCT basis FROM reward_workings WHERE login = %(it)s", it=it.client)

    assert len(bases) == 1
    assert await committed.values("SELECT key FROM reward_bases WHERE key = ANY (%(keys)s)", keys=bases) == bases


async def test_totals_by_day_month_client_and_level(committed: Connection, database: str) -> None:
    it, other = await some(committed, database)
    login = Granted(it.middle)

    days: Any = await rewards.totals(committed, login, EVER, "day", limit=10)
    months: Any = await rewards.totals(committed, login, EVER, "month", limit=10)
    clients: Any = await rewards.totals(committed, login, EVER, "client", limit=10)
    levels: Any = await rewards.totals(committed, login, EVER, "level", limit=10)

    today = CLOSED.date()
    assert [(each.day, each.trades, each.lots, each.amount) for each in days] == [
        (today + timedelta(days=number), 2, 4, 18) for number in (0, 1, 30)
    ]
    assert [(each.day, each.amount) for each in months] == [(date(2026, 3, 1), 36), (date(2026, 4, 1), 18)]
    assert [(each.client, each.amount) for each in clients] == [(it.client, 12), (other, 42)]
    assert [(each.level, each.amount) for each in levels] == [(0, 42), (1, 12)]
    assert {each.currency for each in (*days, *months, *clients, *levels)} == {"USD"}


async def test_totals_go_on_behind_the_last_one(committed: Connection, database: str) -> None:
    it, _ = await some(committed, database)
    first = await rewards.totals(committed, Granted(it.top), EVER, "day", limit=2)
    rest = await rewards.totals(
        committed, Granted(it.top), EVER, "day", after=(first[-1].place, first[-1].currency), limit=2
    )

    assert [each.day for each in (*first, *rest)] == [CLOSED.date() + timedelta(days=number) for number in (0, 1, 30)]
    part = await rewards.totals(committed, Granted(it.top), Period(CLOSED, CLOSED + DAY), "day", limit=9)
    assert [each.amount for each in part] == [Decimal(4), Decimal(4)]
