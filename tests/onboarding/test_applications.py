"""Applications: taken, looked at by their token, tied to an account or refused, and forgotten."""

import asyncio
from ipaddress import ip_address, ip_network

import pytest

from opencabinet import onboarding
from opencabinet.access import Source, secrets
from opencabinet.accounts import NoSuchAccount
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.kernel.page import Key
from opencabinet.kernel.problem import Throttled
from opencabinet.onboarding import (
    ApplicationDecided,
    Applied,
    CameFromAnother,
    NoSuchApplication,
    Rules,
    Wanted,
)
from opencabinet.onboarding.jobs import forgetting
from tests import make

RULES = Rules()
WIDE = Rules(of_network=1_000, of_email=1_000)
OLDER = "UPDATE applications SET received_at = received_at - %(days)s * interval '1 day'"
COUNT = "SELECT count(*) FROM applications"


def source(address: str = "192.0.2.7") -> Source:
    """Return where somebody asks from."""
    return Source(channel="v1", address=ip_address(address), user_agent="Browser/1.0 " + "x" * 300)


def wanted(email: str = "ann@example.com", **given: str) -> Wanted:
    """Return what somebody applies for."""
    usual = {"name": "Ann Example", "country": "de", "phone": "+49 30 1234567", "currency": "eur"}
    return Wanted(email=email, **usual | given)  # type: ignore[arg-type]  # of texts


async def apply(
    conn: Connection, email: str = "ann@example.com", address: str = "192.0.2.7", rules: Rules = RULES, **given: str
) -> Applied:
    """Apply."""
    return await onboarding.apply(conn, wanted(email, **given), source(address), rules)


async def test_an_application_is_kept_as_it_was_read(conn: Connection) -> None:
    made = await apply(conn, " Ann@Example.com ", code=" harbr ", click="clk_x")

    [kept] = await onboarding.listed(conn, "received", limit=10)
    assert (kept.id, kept.state, kept.received_at) == (made.id, "received", made.received_at)
    assert (kept.email, kept.country, kept.currency, kept.code) == ("ann@example.com", "DE", "EUR", "harbr")
    assert kept.network == ip_network("192.0.2.0/24")
    assert len(kept.user_agent) == 200
    assert (kept.login, kept.decided_at, kept.earlier, kept.note) == (None, None, None, "")


async def test_the_token_is_kept_as_a_hash_and_shown_once(conn: Connection) -> None:
    made = await apply(conn)

    assert secrets.formed(made.token, "oca_", 43)
    assert await conn.value("SELECT token FROM applications") == secrets.hash_token(made.token)
    [kept] = await onboarding.listed(conn, "received", limit=10)
    for shown in (repr(made), repr(kept), repr(wanted())):
        assert made.token not in shown
        assert "ann@" not in shown


async def test_only_its_own_token_shows_an_application(conn: Connection) -> None:
    first, second = await apply(conn), await apply(conn, "bea@example.com")

    seen = await onboarding.look(conn, first.id, first.token)
    assert (seen.id, seen.state, seen.login) == (first.id, "received", None)
    for number, token in (
        *((first.id, second.token), (second.id, first.token), (first.id, ""), (first.id, first.token[:-1])),
        *((0, first.token), (LARGEST, first.token), (first.id, "\ud800"), (first.id, "x" * 100_000)),
    ):
        with pytest.raises(NoSuchApplication):
            await onboarding.look(conn, number, token)


async def test_an_application_is_tied_to_an_account_which_its_applicant_sees(conn: Connection) -> None:
    made, login = await apply(conn), (await make.account(conn)).login

    opened = await onboarding.open_as(conn, made.id, login, note="Documents seen.")

    assert (opened.state, opened.login, opened.note) == ("opened", login, "Documents seen.")
    assert opened.decided_at is not None
    seen = await onboarding.look(conn, made.id, made.token)
    assert (seen.state, seen.login) == ("opened", login)
    [event] = await outbox.since(conn, login, 0, 10)
    assert (event.kind, event.body) == ("application.opened", {"application": f"app_{made.id}"})


async def test_an_account_comes_from_one_application(conn: Connection) -> None:
    first, second = await apply(conn), await apply(conn, "bea@example.com")
    login = (await make.account(conn)).login
    await onboarding.open_as(conn, first.id, login)

    with pytest.raises(CameFromAnother):
        await onboarding.open_as(conn, second.id, login)
    with pytest.raises(NoSuchAccount):
        await onboarding.open_as(conn, second.id, Login(5))


@pytest.mark.parametrize("first", ["open", "refuse"])
async def test_an_application_is_decided_once(conn: Connection, first: str) -> None:
    made, login, other = await apply(conn), (await make.account(conn)).login, (await make.account(conn)).login
    if first == "open":
        await onboarding.open_as(conn, made.id, login)
    else:
        assert (await onboarding.refuse(conn, made.id, note="No papers.")).note == "No papers."
        assert (await onboarding.look(conn, made.id, made.token)).state == "refused"

    with pytest.raises(ApplicationDecided):
        await onboarding.open_as(conn, made.id, other)
    with pytest.raises(ApplicationDecided):
        await onboarding.refuse(conn, made.id)
    for number in (0, -1, LARGEST, LARGEST + 1):
        with pytest.raises(NoSuchApplication):
            await onboarding.refuse(conn, number)


async def test_two_who_tie_one_account_at_once_tie_it_once(committed: Connection, database: str) -> None:
    made = [await apply(committed, f"p{number}@example.com") for number in range(4)]
    login = (await make.account(committed)).login
    others = [await Connection.open(database, role="opencabinet_serve") for _ in made]

    done = [onboarding.open_as(conn, each.id, login) for conn, each in zip(others, made, strict=True)]
    found = await asyncio.gather(*done, return_exceptions=True)

    for conn in others:
        await conn.close()
    assert sum(isinstance(each, CameFromAnother) for each in found) == 3
    assert await committed.value("SELECT count(*) FROM applications WHERE state = 'opened'") == 1


async def test_what_fell_into_the_trap_is_kept_apart_and_looks_like_any_other(conn: Connection) -> None:
    made = await apply(conn, trap="https://spam.example")

    assert await onboarding.listed(conn, "received", limit=10) == []
    [kept] = await onboarding.listed(conn, "spam", limit=10)
    assert kept.id == made.id
    assert (await onboarding.look(conn, made.id, made.token)).state == "received"
    opened = await onboarding.open_as(conn, made.id, (await make.account(conn)).login)
    assert opened.state == "opened", "The operator may know better."


async def test_the_same_sent_again_is_the_same_with_the_newer_token(conn: Connection) -> None:
    first, again = await apply(conn), await apply(conn)

    assert first.id == again.id
    assert await conn.value(COUNT) == 1
    assert (await onboarding.look(conn, again.id, again.token)).state == "received"
    with pytest.raises(NoSuchApplication):
        await onboarding.look(conn, first.id, first.token)


@pytest.mark.parametrize(
    ("email", "address", "name"),
    [("ann@example.com", "198.51.100.7", "Ann Example"), ("ann@example.com", "192.0.2.9", "Anne Example")],
)
async def test_who_says_otherwise_or_is_elsewhere_takes_nothing_over(
    conn: Connection, email: str, address: str, name: str
) -> None:
    first = await apply(conn)
    other = await apply(conn, email, address, name=name)

    assert other.id != first.id
    assert (await onboarding.look(conn, first.id, first.token)).id == first.id
    newer, older = await onboarding.listed(conn, "received", limit=10)
    assert (newer.earlier, older.earlier) == (older.id, None)


async def test_an_hour_later_or_once_it_is_decided_it_is_another(conn: Connection) -> None:
    first = await apply(conn)
    await conn.run(OLDER, days=1)
    second = await apply(conn)
    await onboarding.refuse(conn, second.id)
    third = await apply(conn)

    assert len({first.id, second.id, third.id}) == 3
    assert [each.earlier for each in await onboarding.listed(conn, "received", limit=10)] == [None, None]


async def test_few_are_taken_of_an_address_of_a_network_and_in_all(conn: Connection) -> None:
    for number in range(5):
        await apply(conn, name=f"Ann {number}", address=f"198.51.{number}.7")
    with pytest.raises(Throttled):
        await apply(conn, "ANN@example.com", address="203.0.113.7")
    for number in range(20):
        await apply(conn, f"p{number}@example.com", address=f"192.0.2.{number}")
    with pytest.raises(Throttled) as full:
        await apply(conn, "q@example.com", address="192.0.2.200")
    assert 0 < full.value.retry_after <= 3600
    await apply(conn, "q@example.com", address="203.0.113.7")
    few = Rules(of_all=26)
    with pytest.raises(Throttled):
        await apply(conn, "r@example.com", address="203.0.113.7", rules=few)
    assert await conn.value(COUNT) == 26
    assert await conn.value("SELECT count(*) FROM throttles WHERE subject LIKE '%%example.com%%'") == 0


async def test_of_many_who_apply_at_once_exactly_the_limit_is_taken(committed: Connection, database: str) -> None:
    others = [await Connection.open(database, role="opencabinet_serve") for _ in range(8)]

    async def several(conn: Connection, place: int) -> int:
        taken = 0
        for number in range(6):
            try:
                await apply(conn, f"p{place}-{number}@example.com")
            except Throttled:
                continue
            taken += 1
        return taken

    taken = await asyncio.gather(*(several(conn, place) for place, conn in enumerate(others)))

    for conn in others:
        await conn.close()
    assert sum(taken) == await committed.value(COUNT) == 20


async def test_of_the_same_sent_many_times_at_once_one_is_kept(committed: Connection, database: str) -> None:
    others = [await Connection.open(database, role="opencabinet_serve") for _ in range(5)]

    made = await asyncio.gather(*(apply(conn) for conn in others))

    for conn in others:
        await conn.close()
    assert len({each.id for each in made}) == 1
    assert await committed.value(COUNT) == 1


async def test_applications_are_listed_newest_first_page_by_page(conn: Connection) -> None:
    made = [await apply(conn, f"p{number}@example.com") for number in range(5)]

    first = await onboarding.listed(conn, "received", limit=2)
    rest = await onboarding.listed(conn, "received", below=first[-1].key(), limit=10)

    assert [each.id for each in (*first, *rest)] == [each.id for each in reversed(made)]
    assert isinstance(first[0].key(), Key)
    assert await onboarding.listed(conn, "opened", limit=10) == []


async def test_what_was_not_opened_is_forgotten_and_of_the_rest_the_person(committed: Connection) -> None:
    refused, spam, waiting, opened = [await apply(committed, f"p{number}@example.com") for number in range(4)]
    await onboarding.refuse(committed, refused.id)
    await onboarding.refuse(committed, spam.id, spam=True)
    await onboarding.open_as(committed, opened.id, (await make.account(committed)).login)
    forget = forgetting(30, at_once=1)
    await committed.run(OLDER, days=29)
    assert await forget(committed) == 0
    await committed.run(OLDER, days=2)
    young = await apply(committed, "young@example.com")

    assert await forget(committed) == 4

    with pytest.raises(NoSuchApplication):
        await onboarding.look(committed, waiting.id, waiting.token)
    assert (await onboarding.look(committed, young.id, young.token)).state == "received"
    [kept] = await onboarding.listed(committed, "opened", limit=10)
    assert (kept.name, kept.phone, kept.network, kept.user_agent, kept.subs) == ("", "", None, "", [])
    assert kept.email == "p3@example.com"
    assert await forget(committed) == 0


async def test_those_whose_network_is_not_known_share_one(conn: Connection) -> None:
    for number in range(20):
        await onboarding.apply(conn, wanted(f"p{number}@example.com"), Source(channel="v1"), RULES)

    with pytest.raises(Throttled):
        await onboarding.apply(conn, wanted("q@example.com"), Source(channel="v1"), RULES)
    await apply(conn, "q@example.com", rules=WIDE)
