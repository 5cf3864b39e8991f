"""Whose client an account is: by what was said when it was asked for, by its server, by the operator."""

import asyncio
import random
from datetime import timedelta

import pytest
from psycopg.errors import InsufficientPrivilege

from opencabinet.accounts import NoSuchAccount
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.partners import programme, referrals
from opencabinet.partners.programme import NoSuchPartner
from opencabinet.partners.referrals import NotYet, Rules
from opencabinet.partners.referrals.clicked import read_click
from tests.partners.referrals.making import (
    WITH_AGENTS,
    account,
    agent,
    ago,
    applied,
    attributed,
    click,
    enrolled,
    known,
    owned,
    partner,
    told,
)

ENTRIES = "SELECT count(*) FROM referral_log"
RECEIVED = "SELECT received_at FROM applications WHERE login = %(login)s"
OPENED = "SELECT registered_at FROM sources WHERE login = %(login)s"


async def test_the_last_click_before_an_application_tells_whose_client(conn: Connection) -> None:
    theirs, opened = await partner(conn), ago(1)
    client = await account(conn, registered=opened)
    await applied(conn, client, click=await click(conn, theirs, ago(3)))

    entry = await attributed(conn, client)

    assert told(entry) == ("click", "attributed", "last_click")
    assert (entry.partner, entry.since) == (theirs, opened)
    assert await known(conn, client) == [referrals.Referral(since=opened, partner=theirs)]
    assert await referrals.is_client(conn, theirs, client)


async def test_an_account_that_there_was_long_before_is_nobodys_until_it_was_said(conn: Connection) -> None:
    theirs, clicked_at = await partner(conn, "OLDER"), ago(3)
    by_click, by_code, new = [await account(conn, registered=ago(days)) for days in (300, 300, 20)]
    await applied(conn, by_click, click=await click(conn, theirs, clicked_at))
    await applied(conn, by_code, code="OLDER")
    await applied(conn, new, code="OLDER")

    entries = [await attributed(conn, each) for each in (by_click, by_code, new)]

    assert [each.since for each in entries] == [
        clicked_at,
        await conn.value(RECEIVED, login=by_code),
        await conn.value(OPENED, login=new),
    ]


async def test_a_code_goes_before_a_click_and_a_click_before_an_agent(conn: Connection) -> None:
    by_code, by_click, by_agent = await partner(conn, "CODES"), await partner(conn), await account(conn, number=77)
    await programme.enrol(conn, by_agent)
    first, second, third = [await account(conn) for _ in range(3)]
    for client in (first, second, third):
        await agent(conn, client, 77)
    await applied(conn, first, click=await click(conn, by_click, ago(1)), code="codes")
    await applied(conn, second, click=await click(conn, by_click, ago(1)), code="NOBODY")
    await applied(conn, third, click=await click(conn, by_click, ago(200)), code="not a code!")

    entries = [await attributed(conn, client) for client in (first, second, third)]

    assert [each.partner for each in entries] == [by_code, by_click, by_agent]
    assert [each.reason for each in entries] == ["code_given", "last_click", "told_by_server"]
    assert [[lead["found"] for lead in each.evidence["leads"]] for each in entries] == [
        ["", "", ""],
        ["unknown_code", "", ""],
        ["unknown_code", "window_over", ""],
    ]


async def test_an_agent_counts_only_if_the_operator_says_so(conn: Connection) -> None:
    theirs = await account(conn, number=41)
    await programme.enrol(conn, theirs)
    client = await account(conn)
    await agent(conn, client, 41)

    assert await referrals.attribute(conn, client, ago(0), Rules()) is None
    assert (await attributed(conn, client)).partner == theirs


async def test_an_agent_is_who_has_the_number_on_the_clients_own_server(conn: Connection) -> None:
    theirs, stranger = [await account(conn, number=41, server=server) for server in ("Harbour-1", "Harbour-2")]
    await enrolled(conn, stranger)
    client, other = [await account(conn, server=server) for server in ("Harbour-1", "Harbour-2")]
    for each in (client, other):
        await agent(conn, each, 41)

    assert await referrals.attribute(conn, client, ago(0), WITH_AGENTS) is None
    assert (await attributed(conn, other)).partner == stranger
    await enrolled(conn, theirs)
    assert (await attributed(conn, client)).partner == theirs


@pytest.mark.parametrize("number", [999_999, 42])
async def test_an_agent_that_is_no_partner_says_nothing_yet(conn: Connection, number: int) -> None:
    await account(conn, number=42)
    client = await account(conn)
    await agent(conn, client, number)

    assert await referrals.attribute(conn, client, ago(0), WITH_AGENTS) is None


async def test_the_newest_word_of_the_server_counts_and_zero_is_nobody(conn: Connection) -> None:
    theirs = await account(conn, number=43)
    await enrolled(conn, theirs)
    client, other, told_at = await account(conn, registered=ago(9)), await account(conn), ago(2)
    await agent(conn, client, 0)
    await agent(conn, client, 43, since=told_at)
    await agent(conn, other, 43)
    await agent(conn, other, 0, since=told_at)

    entry = await attributed(conn, client)

    assert (entry.partner, entry.since) == (theirs, told_at), "It is told of from then on."
    assert await referrals.attribute(conn, other, ago(0), WITH_AGENTS) is None


async def test_nothing_is_decided_where_nothing_was_said(conn: Connection) -> None:
    client = await account(conn)
    await applied(conn, client)

    assert await referrals.attribute(conn, client, ago(0), WITH_AGENTS) is None
    assert await conn.value(ENTRIES) == 0


async def test_nobody_is_their_own_client(conn: Connection) -> None:
    code, click_token = "SELFY", await click(conn, theirs := await partner(conn, "SELFY"), ago(1))
    same_person, same_email, same_application = [await account(conn) for _ in range(3)]
    await owned(conn, "bea@example.com", theirs, same_person)
    await applied(conn, theirs, email="other@example.com", code=code)
    await applied(conn, same_person, code=code)
    await applied(conn, same_email, click=click_token, email="BEA@example.com")
    await applied(conn, same_application, code=code, email="Other@Example.com")

    entries = [await attributed(conn, each) for each in (theirs, same_person, same_email, same_application)]

    assert [each.reason for each in entries] == ["self_referral"] * 4
    assert [each.evidence["own"] for each in entries] == [
        [{"login": theirs, "by": "login"}],
        [{"login": theirs, "by": "person"}],
        [{"login": theirs, "by": "email"}],
        [{"login": theirs, "by": "email"}],
    ]
    assert await conn.value("SELECT count(*) FROM referrals") == 0


async def test_nobody_is_a_client_of_those_below_them(conn: Connection) -> None:
    top = await partner(conn)
    middle = await partner(conn, parent=top)
    low = await partner(conn, "LOWER", parent=middle)
    second_account = await account(conn)
    await owned(conn, "top@example.com", top, second_account)
    await applied(conn, top, code="LOWER")
    await applied(conn, second_account, code="LOWER")

    assert told(await attributed(conn, top)) == ("code", "refused", "loop")
    assert told(await attributed(conn, second_account)) == ("code", "refused", "loop")
    assert told(await referrals.assign(conn, middle, low)) == ("operator", "refused", "loop")
    assert told(await referrals.assign(conn, low, top)) == ("operator", "attributed", "operator_said")


@pytest.mark.parametrize("state", ["suspended", "left"])
async def test_a_partner_who_is_suspended_gets_no_clients(conn: Connection, state: programme.State) -> None:
    theirs, client = await partner(conn, "PAUSE"), await account(conn)
    await programme.set_state(conn, theirs, state)
    await applied(conn, client, code="PAUSE")

    assert told(await attributed(conn, client)) == ("code", "refused", "partner_suspended")
    assert (await referrals.assign(conn, client, theirs)).reason == "partner_suspended"


@pytest.mark.parametrize("mark", ["bot", "flood", "head"])
async def test_a_click_that_does_not_count_tells_nothing(conn: Connection, mark: str) -> None:
    client = await account(conn)
    await applied(conn, client, click=await click(conn, await partner(conn), ago(1), mark))

    assert (await attributed(conn, client)).reason == "click_marked"


async def test_a_click_that_a_browser_looked_up_before_is_theirs(conn: Connection) -> None:
    theirs, client = await partner(conn), await account(conn)
    await applied(conn, client, click=await click(conn, theirs, ago(1), "prefetch"))

    assert (await attributed(conn, client)).partner == theirs


@pytest.mark.parametrize("token", ["clk_" + "A" * 22, "clk_", "x", "clk_" + "é" * 22, "clk_" + "A" * 21 + "="])
async def test_a_token_of_no_click_is_told_as_such(conn: Connection, token: str) -> None:
    client = await account(conn)
    await applied(conn, client, click=token)

    assert told(await attributed(conn, client)) == ("click", "refused", "unknown_click")


async def test_nobody_is_a_client_from_before_the_partner_was_one(conn: Connection) -> None:
    theirs = await partner(conn, "LATER", days=10)
    client = await account(conn, registered=ago(20))
    await applied(conn, client, code="LATER")

    entry = await attributed(conn, client)

    enrolled = await programme.partner(conn, theirs)
    assert enrolled is not None
    assert entry.since == enrolled.enrolled_at


async def test_whose_client_an_account_is_stays_until_the_operator_says_otherwise(conn: Connection) -> None:
    first, second, client = await partner(conn, "FIRST"), await partner(conn, "SECND"), await account(conn)
    await referrals.assign(conn, client, first, since=ago(20), note="by letter")
    await applied(conn, client, code="SECND")

    assert told(await attributed(conn, client)) == ("code", "kept", "already_referred")
    assert [each.partner for each in await known(conn, client)] == [first]

    changed = await referrals.assign(conn, client, second)
    assert [each.partner for each in await known(conn, client)] == [first, second]
    assert told(await referrals.assign(conn, client, second)) == ("operator", "kept", "already_referred")
    assert told(await referrals.release(conn, client)) == ("operator", "ended", "operator_said")
    assert told(await referrals.release(conn, client)) == ("operator", "kept", "nobodys_already")
    rows = await known(conn, client)
    assert [each.partner for each in rows] == [first, second, None]
    assert rows[1].since == changed.since
    assert not await referrals.is_client(conn, second, client)


async def test_what_was_is_not_changed(conn: Connection) -> None:
    first, second, client = await partner(conn), await partner(conn), await account(conn)
    await referrals.assign(conn, client, first, since=ago(5))

    entry = await referrals.assign(conn, client, second, since=ago(9))

    rows = await known(conn, client)
    assert entry.since == rows[0].since + timedelta(microseconds=1)


async def test_the_operator_speaks_of_accounts_partners_and_times_that_are_there(conn: Connection) -> None:
    theirs, client = await partner(conn), await account(conn)

    with pytest.raises(NoSuchAccount):
        await referrals.assign(conn, Login(5), theirs)
    with pytest.raises(NoSuchAccount):
        await referrals.release(conn, Login(5))
    with pytest.raises(NoSuchPartner):
        await referrals.assign(conn, client, client)
    for say in (referrals.assign(conn, client, theirs, since=ago(-1)), referrals.release(conn, client, since=ago(-1))):
        with pytest.raises(NotYet):
            await say
    assert await conn.value(ENTRIES) == 0


async def test_the_same_is_decided_on_once(conn: Connection) -> None:
    theirs = await account(conn, number=44)
    await programme.enrol(conn, theirs)
    client, other = await account(conn), await account(conn)
    await applied(conn, client, code="NOONE")
    await agent(conn, other, 44)
    await attributed(conn, client)
    await attributed(conn, other)

    for _ in range(3):
        assert await referrals.attribute(conn, client, ago(0), WITH_AGENTS) is None
        assert await referrals.attribute(conn, other, ago(0), WITH_AGENTS) is None
    assert await conn.value(ENTRIES) == 2


async def test_of_many_who_decide_at_once_one_does(committed: Connection, database: str) -> None:
    theirs, client = await partner(committed, "RACES"), await account(committed)
    await applied(committed, client, code="RACES")
    others = [await Connection.open(database, role="opencabinet_serve") for _ in range(6)]

    found = await asyncio.gather(*(referrals.attribute(each, client, ago(0), WITH_AGENTS) for each in others))

    for each in others:
        await each.close()
    assert [each.partner for each in found if each] == [theirs]
    assert await committed.value(ENTRIES) == 1
    assert await committed.value("SELECT count(*) FROM referrals") == 1


async def test_a_change_is_told_in_the_events_of_the_client(conn: Connection) -> None:
    theirs, client = await partner(conn), await account(conn)
    entry = await referrals.assign(conn, client, theirs)
    await referrals.assign(conn, client, theirs)

    told_of = [each for each in await outbox.since(conn, client, 0, 10) if each.kind == "referral.changed"]

    assert [(each.body["partner"], each.body["entry"]) for each in told_of] == [(theirs, entry.id)]


async def test_the_log_can_neither_be_changed_nor_shortened_by_who_serves(conn: Connection) -> None:
    await referrals.assign(conn, await account(conn), await partner(conn))

    for statement in (
        "UPDATE referral_log SET reason = 'last_click'",
        "DELETE FROM referral_log",
        "TRUNCATE referral_log CASCADE",
        "UPDATE referrals SET partner = NULL",
        "DELETE FROM referrals",
    ):
        with pytest.raises(InsufficientPrivilege):  # noqa: PT012 - the role is left with the savepoint
            async with conn.transaction():
                await conn.run("SET LOCAL ROLE opencabinet_serve")
                await conn.execute(statement)
    assert await conn.value(ENTRIES) == 1


@pytest.mark.parametrize("seed", range(5))
async def test_the_log_alone_says_whose_client_each_account_was(conn: Connection, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret is made
    theirs = [await partner(conn, code, days=chance.randrange(400)) for code in ("ALPHA", "BRAVO", "CHARL")]
    clients = [*theirs, *[await account(conn, registered=ago(chance.randrange(500))) for _ in range(4)]]
    for client in clients:
        await applied(conn, client, code=chance.choice(["ALPHA", "BRAVO", "CHARL", "DELTA", ""]))

    for _ in range(40):
        client, who = chance.choice(clients), chance.choice(theirs)
        match chance.randrange(4):
            case 0:
                await referrals.attribute(conn, client, ago(0), WITH_AGENTS)
            case 1:
                await referrals.assign(conn, client, who, since=ago(chance.randrange(100)))
            case 2:
                await referrals.release(conn, client)
            case _:
                made = await referrals.claim(conn, who, client, "They came to me.")
                await chance.choice([referrals.accept, referrals.reject])(conn, who, made.id)

    for client in clients:
        log = await referrals.explain(conn, client, limit=1000)
        assert referrals.replayed(log) == await known(conn, client)
        now, rows = await referrals.current(conn, client), await known(conn, client)
        assert now == (rows[-1] if rows else None)
        assert all(client != each.partner for each in rows)


async def test_a_partner_sees_of_the_log_what_is_theirs(conn: Connection) -> None:
    first, second, client = await partner(conn, "FIRST"), await partner(conn), await account(conn)
    await applied(conn, client, code="FIRST", click=await click(conn, second, ago(1)))
    await attributed(conn, client)

    whole = await referrals.explain(conn, client)
    [own] = await referrals.explain(conn, client, partner=first)

    assert [lead["partner"] for lead in whole[0].evidence["leads"]] == [first, second]
    assert [lead["partner"] for lead in own.evidence["leads"]] == [first]
    assert set(own.evidence) == {"at", "window_days", "leads"}
    assert await referrals.explain(conn, client, partner=second) == []
    assert await referrals.explain(conn, Login(5), partner=first) == []


@pytest.mark.parametrize("text", ["", "clk_", "CLK_" + "A" * 22, "clk_" + "A" * 23, "clk_" + "+" * 22, "\0", "é"])
def test_what_is_no_token_of_a_click_is_none(text: str) -> None:
    assert read_click(text) is None
