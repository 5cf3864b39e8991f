"""Following what is opened: each is decided on once, however often its events are read."""

import asyncio
from contextlib import suppress

import pytest

from opencabinet.db import Connection, outbox
from opencabinet.partners import programme, referrals
from opencabinet.partners.referrals import Following, Rules
from opencabinet.partners.referrals.following import FOLLOWER
from tests.edge.holding import until
from tests.partners.referrals.making import WITH_AGENTS, account, agent, ago, applied, known, partner
from tests.quiet import quiet

AGAIN = "DELETE FROM followers WHERE name = 'referrals'"


async def step(conn: Connection, rules: Rules = WITH_AGENTS) -> int:
    """Follow to the end, and return how many decisions there were."""
    await quiet(conn)
    following, done = Following(rules), 0
    while (decided := await following.step(conn)) is not None:
        done += decided
    return done


async def test_an_application_that_is_tied_to_an_account_is_decided_on(committed: Connection) -> None:
    theirs, client = await partner(committed, "FOLLO"), await account(committed)
    await applied(committed, client, code="FOLLO")

    assert await step(committed) == 1
    assert [each.partner for each in await known(committed, client)] == [theirs]
    assert await step(committed) == 0


async def test_read_again_from_the_start_nothing_is_decided_again(committed: Connection) -> None:
    theirs = await account(committed, number=45)
    await programme.enrol(committed, theirs)
    refused, brought = await account(committed), await account(committed)
    await applied(committed, refused, code="NOONE")
    await agent(committed, brought, 45)
    await outbox.append(committed, brought, "account.opened")
    assert await step(committed) == 2
    before = await committed.value("SELECT count(*) FROM referral_log")

    for _ in range(2):
        await committed.run(AGAIN)
        assert await step(committed) == 0

    assert await committed.value("SELECT count(*) FROM referral_log") == before == 2


async def test_an_agent_that_is_told_later_counts_from_then_on(committed: Connection) -> None:
    theirs = await account(committed, number=46)
    await programme.enrol(committed, theirs)
    client = await account(committed)
    await outbox.append(committed, client, "account.opened")
    assert await step(committed) == 0

    await agent(committed, client, 46)
    await outbox.append(committed, client, "account.changed")

    assert await step(committed) == 1
    assert await referrals.is_client(committed, theirs, client)


async def test_who_becomes_a_partner_later_has_the_clients_they_brought_from_then_on(committed: Connection) -> None:
    agent_, number = await account(committed, number=48), 48
    clients = [await account(committed, registered=ago(100)) for _ in range(3)]
    for client in clients:
        await agent(committed, client, number)
        await outbox.append(committed, client, "account.opened")
    assert await step(committed) == 0
    await referrals.assign(committed, clients[2], await partner(committed))

    await programme.enrol(committed, agent_)

    assert await step(committed) == 2
    enrolled = await programme.partner(committed, agent_)
    assert enrolled is not None
    for client in clients[:2]:
        assert await known(committed, client) == [referrals.Referral(since=enrolled.enrolled_at, partner=agent_)]
    assert not await referrals.is_client(committed, agent_, clients[2])
    await committed.run(AGAIN)
    assert await step(committed) == 0


async def test_without_agents_accounts_that_change_cost_nothing(committed: Connection) -> None:
    theirs = await account(committed, number=47)
    await programme.enrol(committed, theirs)
    client = await account(committed)
    await agent(committed, client, 47)
    await outbox.append(committed, client, "account.opened")

    assert await step(committed, Rules()) == 0
    assert await known(committed, client) == []


async def test_an_event_decides_by_itself(committed: Connection) -> None:
    theirs, client = await partner(committed, "EVENT"), await account(committed)
    await applied(committed, client, code="EVENT")
    [tied] = [each for each in await outbox.since(committed, client, 0, 10) if each.kind == "application.opened"]

    entry = await referrals.on_opened(committed, tied)

    assert entry is not None
    assert entry.partner == theirs
    assert await referrals.on_opened(committed, tied) is None


async def test_the_follower_works_as_who_serves_and_hears_of_news(committed: Connection, database: str) -> None:
    theirs, client = await partner(committed, "HEARD"), await account(committed)
    task = asyncio.create_task(Following(WITH_AGENTS).work(database, "opencabinet_serve"))
    try:
        await until(lambda: not task.done())
        await applied(committed, client, code="HEARD")
        async with asyncio.timeout(10):
            while not await known(committed, client):  # noqa: ASYNC110 - it is another's work
                await asyncio.sleep(0.02)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    assert [each.partner for each in await known(committed, client)] == [theirs]
    assert (await outbox.place(committed, FOLLOWER)).id > 0


@pytest.mark.parametrize("kind", ["trade.closed", "account.removed", "partner.enrolled"])
async def test_other_events_decide_nothing(committed: Connection, kind: str) -> None:
    await partner(committed, "OTHER")
    client = await account(committed)
    await applied(committed, client, code="OTHER")
    await outbox.append(committed, client, kind)
    last = (await outbox.since(committed, client, 0, 10))[-1]

    assert await referrals.on_opened(committed, last) is None
