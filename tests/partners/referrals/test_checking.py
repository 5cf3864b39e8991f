"""Whether an account is a partner's client: the same work whatever the answer, and not for whole lists of numbers."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from opencabinet import access
from opencabinet.access import Source
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.kernel.period import EVER
from opencabinet.kernel.problem import Throttled
from opencabinet.partners import referrals
from opencabinet.partners.referrals import store
from tests.access.test_equal_work import operations
from tests.partners.referrals.making import account, partner

ASKING = Source(channel="legacy")
MANY = """
WITH made AS (
  INSERT INTO accounts
  SELECT 8000000 + 10 * number, '', '', 'USD', 100, 'mt5', NULL, 0, 0, 0, 0, 0, '2026-03-05Z', 0, true
    FROM generate_series(1, 3000) AS number
  RETURNING login
), told AS (
  INSERT INTO referral_log (login, kind, decision, partner, reason, since, evidence)
  SELECT login, 'operator', 'attributed', %(partner)s, 'operator_said', now(), '{}' FROM made
  RETURNING login, since, partner, id
)
INSERT INTO referrals SELECT login, since, partner, id FROM told
"""
PLAN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON)"


def nodes(plan: dict[str, Any]) -> Iterator[tuple[str, int, int, int]]:
    """Give what each node of a plan did: how often, how many rows it gave and left out, and what it read."""
    removed = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
    read = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    yield f"{plan['Node Type']} {plan.get('Index Name', '')}", plan["Actual Loops"] * plan["Actual Rows"], removed, read
    for each in plan.get("Plans", ()):
        yield from nodes(each)


async def work(conn: Connection, partner_: Login, client: int) -> list[tuple[str, int, int, int]]:
    """Return what the database does to answer a question."""
    text = store.IS_CLIENT.replace("%(client)s", str(client)).replace("%(partner)s", str(partner_))
    for _ in range(2):  # what is read for the first time is remembered in the pages
        found = await conn.value(f"{PLAN} {text}")  # type: ignore[arg-type]  # numbers of ours
    return list(nodes((found if isinstance(found, list) else json.loads(found))[0]["Plan"]))


async def test_yes_no_and_nobodys_number_cost_the_same(conn: Connection) -> None:
    theirs, other, ended, never = await partner(conn), await partner(conn), await account(conn), await account(conn)
    await conn.run(MANY, partner=theirs)
    foreign = Login(8_000_010)
    await referrals.assign(conn, foreign, other)
    await referrals.assign(conn, ended, theirs)
    await referrals.release(conn, ended)
    await conn.execute("ANALYZE referrals")
    asked = {
        8_015_000: True,
        8_030_000: True,
        foreign: False,
        8_015_005: False,
        ended: False,
        never: False,
        1: False,
        9_000_000: False,
        LARGEST: False,
        0: False,
        -5: False,
    }

    costs = {client: await work(conn, theirs, client) for client in asked}

    answers = {client: await referrals.is_client(conn, theirs, Login(client)) for client in asked}
    assert answers == asked
    first = costs[8_015_000]
    assert any("referrals_pkey" in name for name, *_ in first), "An index leads to it."
    assert {client: cost for client, cost in costs.items() if cost != first} == {}


async def test_where_nobody_is_a_client_nobody_is(conn: Connection) -> None:
    theirs = await partner(conn)

    assert not await referrals.is_client(conn, theirs, Login(5))
    assert not await referrals.is_client(conn, Login(5), Login(5))


async def test_a_check_costs_the_same_statements_whatever_the_answer(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, client, other = await partner(conn), await account(conn), await account(conn)
    await referrals.assign(conn, client, theirs)
    costs = []
    for login in (client, other, Login(5)):
        with operations(conn, monkeypatch) as done:
            answer = await referrals.check(conn, theirs, login, ASKING)
        assert answer is (login == client)
        costs.append(done)

    assert len(costs[0]) == 2
    assert costs == [costs[0]] * 3


async def test_a_hundred_accounts_an_hour_are_asked_for_and_the_history_tells_once(committed: Connection) -> None:
    theirs, other, client = await partner(committed), await partner(committed), await account(committed)
    await referrals.assign(committed, client, theirs)
    assert await referrals.check(committed, theirs, client, ASKING)
    for number in range(99):
        assert not await referrals.check(committed, theirs, Login(100 + number), ASKING)

    for number in range(5):
        with pytest.raises(Throttled):
            await referrals.check(committed, theirs, Login(300 + number), ASKING)

    assert await referrals.check(committed, theirs, client, ASKING), "Who was asked for already may be again."
    assert not await referrals.check(committed, other, Login(300), ASKING)
    rows = (await access.history(committed, theirs, EVER, limit=10)).rows
    assert [row.action for row in rows if row.action == "referral.probing"] == ["referral.probing"]
