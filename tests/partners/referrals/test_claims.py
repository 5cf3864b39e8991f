"""Claims: made with evidence, few at a time, and decided once."""

import asyncio
from datetime import timedelta

import pytest

from opencabinet.accounts import NoSuchAccount
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.partners import programme, referrals
from opencabinet.partners.programme import NoSuchPartner
from opencabinet.partners.referrals import (
    BadClaim,
    ClaimDecided,
    ClaimedAlready,
    NoSuchClaim,
    NotActive,
    TooManyClaims,
)
from tests import make
from tests.partners.referrals.making import account, ago, known, owned, partner

WHY = "We spoke on the phone on 3 October; ticket 4711."


async def test_a_claim_that_is_accepted_soon_reaches_back_to_the_opening(conn: Connection) -> None:
    theirs, opened = await partner(conn), ago(29)
    client = await account(conn, registered=opened)
    made = await referrals.claim(conn, theirs, client, WHY)

    decided, entry = await referrals.accept(conn, theirs, made.id, note="Confirmed by mail.")

    assert (decided.state, decided.note) == ("accepted", "Confirmed by mail.")
    assert (entry.kind, entry.verdict, entry.reason, entry.since) == ("claim", "attributed", "claim_accepted", opened)
    assert await referrals.is_client(conn, theirs, client)


async def test_a_claim_that_came_late_counts_from_when_it_was_made(conn: Connection) -> None:
    theirs, client = await partner(conn), await account(conn, registered=ago(31))
    made = await referrals.claim(conn, theirs, client, WHY)

    _, entry = await referrals.accept(conn, theirs, made.id)

    assert entry.since == made.claimed_at


async def test_a_claim_that_is_accepted_takes_a_client_over_from_then_on(conn: Connection) -> None:
    first, second, client = await partner(conn), await partner(conn), await account(conn, registered=ago(3))
    await referrals.assign(conn, client, first, since=ago(2))
    made = await referrals.claim(conn, second, client, WHY)

    _, entry = await referrals.accept(conn, second, made.id)

    assert entry.since == made.claimed_at
    assert [each.partner for each in await known(conn, client)] == [first, second]


async def test_what_may_not_be_is_refused_though_the_operator_accepts_it(conn: Connection) -> None:
    theirs, client = await partner(conn), await account(conn)
    await owned(conn, "bea@example.com", theirs, client)
    made = await referrals.claim(conn, theirs, client, WHY)

    decided, entry = await referrals.accept(conn, theirs, made.id)

    assert (decided.state, decided.note) == ("rejected", "self_referral")
    assert (entry.verdict, entry.reason) == ("refused", "self_referral")
    assert await known(conn, client) == []


async def test_a_client_who_is_theirs_already_stays(conn: Connection) -> None:
    theirs, client = await partner(conn), await account(conn)
    await referrals.assign(conn, client, theirs)
    made = await referrals.claim(conn, theirs, client, WHY)

    decided, entry = await referrals.accept(conn, theirs, made.id)

    assert (decided.state, entry.verdict, entry.reason) == ("accepted", "kept", "already_referred")
    assert len(await known(conn, client)) == 1


async def test_a_claim_is_rejected_with_a_reason_and_told_of(conn: Connection) -> None:
    theirs, client = await partner(conn), await account(conn)
    made = await referrals.claim(conn, theirs, client, WHY)

    decided, entry = await referrals.reject(conn, theirs, made.id, note="Somebody else's click came first.")

    assert decided.state == "rejected"
    assert decided.decided_at is not None
    assert (entry.verdict, entry.reason) == ("refused", "claim_rejected")
    [seen] = await referrals.explain(conn, client, partner=theirs)
    assert seen.evidence["leads"][0]["text"] == str(made.id)


@pytest.mark.parametrize("first", ["accept", "reject"])
@pytest.mark.parametrize("second", ["accept", "reject"])
async def test_a_claim_is_decided_once(conn: Connection, first: str, second: str) -> None:
    theirs, client = await partner(conn), await account(conn)
    made = await referrals.claim(conn, theirs, client, WHY)
    await getattr(referrals, first)(conn, theirs, made.id)

    with pytest.raises(ClaimDecided):
        await getattr(referrals, second)(conn, theirs, made.id)
    assert len(await referrals.explain(conn, client)) == 1


@pytest.mark.parametrize("number", [0, -1, 999_999_999, LARGEST, LARGEST + 1])
async def test_a_claim_that_is_not_there_is_not_decided(conn: Connection, number: int) -> None:
    theirs, other = await partner(conn), await partner(conn)
    made = await referrals.claim(conn, theirs, await account(conn), WHY)

    for decide in (referrals.accept, referrals.reject):
        with pytest.raises(NoSuchClaim):
            await decide(conn, theirs, number)
        with pytest.raises(NoSuchClaim):
            await decide(conn, other, made.id)


async def test_any_number_can_be_claimed_and_nobodys_only_rejected(conn: Connection) -> None:
    theirs = await partner(conn)
    made = await referrals.claim(conn, theirs, Login(5), WHY)
    assert (made.client, made.state) == (5, "open")

    with pytest.raises(NoSuchAccount):
        async with conn.transaction():
            await referrals.accept(conn, theirs, made.id)
    decided, _ = await referrals.reject(conn, theirs, made.id)
    assert decided.state == "rejected"


async def test_twenty_claims_wait_at_a_time(conn: Connection) -> None:
    theirs, other = await partner(conn), await partner(conn)
    made = [await referrals.claim(conn, theirs, Login(100 + number), WHY) for number in range(20)]

    with pytest.raises(TooManyClaims):
        await referrals.claim(conn, theirs, Login(200), WHY)
    await referrals.claim(conn, other, Login(200), WHY)
    await referrals.reject(conn, theirs, made[0].id)
    await referrals.claim(conn, theirs, Login(200), WHY)


async def test_of_many_claims_at_once_no_more_are_taken(committed: Connection, database: str) -> None:
    theirs = await partner(committed)
    for number in range(18):
        await referrals.claim(committed, theirs, Login(100 + number), WHY)
    others = [await Connection.open(database, role="opencabinet_serve") for _ in range(6)]

    found = await asyncio.gather(
        *(referrals.claim(each, theirs, Login(300 + place), WHY) for place, each in enumerate(others)),
        return_exceptions=True,
    )

    for each in others:
        await each.close()
    assert sum(isinstance(each, TooManyClaims) for each in found) == 4
    assert await committed.value("SELECT count(*) FROM referral_claims WHERE state = 'open'") == 20


async def test_one_claim_for_an_account_waits(conn: Connection) -> None:
    theirs = await partner(conn)
    await referrals.claim(conn, theirs, Login(5), WHY)

    with pytest.raises(ClaimedAlready):
        await referrals.claim(conn, theirs, Login(5), "Again.")


async def test_only_an_active_partner_claims(conn: Connection) -> None:
    theirs = await partner(conn)
    await programme.set_state(conn, theirs, "suspended")

    with pytest.raises(NotActive):
        await referrals.claim(conn, theirs, Login(5), WHY)
    with pytest.raises(NoSuchPartner):
        await referrals.claim(conn, (await make.account(conn)).login, Login(5), WHY)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001, "a\0b", "a\x1b[31m", "\u202eabc", "a\ud800"])
async def test_evidence_that_cannot_be_kept_is_refused(conn: Connection, text: str) -> None:
    with pytest.raises(BadClaim):
        await referrals.claim(conn, await partner(conn), Login(5), text)


async def test_evidence_is_kept_as_it_was_written(conn: Connection) -> None:
    theirs, text = await partner(conn), "Два письма:\n'; DROP TABLE referrals; --\n" + "я" * 1900

    made = await referrals.claim(conn, theirs, Login(5), f"  {text} ")

    assert made.evidence == text
    with pytest.raises(BadClaim):
        await referrals.reject(conn, theirs, made.id, note="x" * 501)


async def test_claims_are_listed_newest_first_and_those_that_wait_oldest_first(conn: Connection) -> None:
    theirs, other = await partner(conn), await partner(conn)
    first, second = [await referrals.claim(conn, theirs, Login(number), WHY) for number in (5, 6)]
    third = await referrals.claim(conn, other, Login(5), WHY)
    await referrals.reject(conn, theirs, first.id)

    listed = await referrals.claims(conn, theirs, below=LARGEST, limit=10)
    assert [each.id for each in listed] == [second.id, first.id]
    assert await referrals.claims(conn, theirs, below=second.id, limit=10) == listed[1:]
    assert [each.id for each in await referrals.waiting_claims(conn, limit=10)] == [second.id, third.id]
    assert await referrals.waiting_claims(conn, after=second.id, limit=10) == [third]
    assert first.claimed_at + timedelta(0) == listed[1].claimed_at
