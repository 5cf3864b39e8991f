"""What a partner sees of clients: little, unless the client consents; and no more once that is taken back."""

from decimal import Decimal

import pytest
from msgspec import structs

from opencabinet import access, accounts
from opencabinet.access import Source
from opencabinet.accounts import Profile
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.kernel.period import EVER
from opencabinet.partners import referrals
from opencabinet.partners.referrals import Client, Consent, Level, NobodysClient
from opencabinet.partners.referrals.clients.model import ending, shortened
from tests import make
from tests.partners.referrals.making import account, ago, applied, attributed, partner

OWNER = Source(channel="cabinet", request_id="r1")
NAMED = ("login", "name")
FULL = ("registered_on", "since", "balance", "currency")


async def only(conn: Connection, theirs: Login) -> Client:
    """Return the only client of a partner."""
    [found] = await referrals.clients(conn, theirs, limit=10)
    return found


def shown(client: Client) -> set[str]:
    """Return the members that tell something."""
    return {name for name, value in structs.asdict(client).items() if value is not None}


MASKED = {"key", "level", "ending", "country", "registered_month", "since_month"}


async def referred(conn: Connection, theirs: Login) -> Login:
    """Keep a client of a partner."""
    client = await account(conn, registered=ago(40))
    await accounts.describe(conn, Profile(login=client, country="DE"))
    await referrals.assign(conn, client, theirs)
    return client


async def test_a_client_is_masked_unless_they_consent(conn: Connection) -> None:
    theirs = await partner(conn)
    client = await referred(conn, theirs)

    found = await only(conn, theirs)

    assert shown(found) == MASKED
    assert (found.level, found.ending, found.country) == ("masked", str(client)[-3:], "DE")
    assert found.registered_month == f"{ago(40):%Y-%m}"
    assert str(client) not in str(structs.asdict(found).values())
    assert str(client) not in repr(found)


async def test_consent_shows_more_from_the_next_question_on_and_its_end_hides_it_again(conn: Connection) -> None:
    theirs = await partner(conn)
    client = await referred(conn, theirs)
    levels: list[Level] = ["named", "full", "masked", "full", "named", "masked"]
    expected = {"masked": MASKED, "named": MASKED | {*NAMED}, "full": MASKED | {*NAMED, *FULL}}

    for level in levels:
        consent = await referrals.consent(conn, client, level, OWNER)
        assert (consent.partner, consent.level) == (theirs, level)
        found = await only(conn, theirs)
        assert shown(found) == expected[level], level
    await referrals.consent(conn, client, "full", OWNER)
    found = await only(conn, theirs)
    assert (found.login, found.name, found.balance, found.currency) == (client, "Ann E.", Decimal(1000), "USD")


async def test_consent_is_to_one_partner_and_the_next_begins_masked(conn: Connection) -> None:
    first, second = await partner(conn), await partner(conn)
    client = await referred(conn, first)
    await referrals.consent(conn, client, "full", OWNER)

    await referrals.assign(conn, client, second)
    assert await referrals.clients(conn, first, limit=10) == []
    assert (await only(conn, second)).level == "masked"
    assert await referrals.consented(conn, client) == Consent(partner=second, level="masked", since=None)
    await referrals.consent(conn, client, "full", OWNER)
    assert (await only(conn, second)).level == "full"

    await referrals.assign(conn, client, first)
    assert (await only(conn, first)).level == "full", "It was said of them, and never taken back."


async def test_consent_is_in_the_history_once_for_each_change(conn: Connection) -> None:
    theirs = await partner(conn)
    client = await referred(conn, theirs)
    for level in ("named", "named", "masked"):
        await referrals.consent(conn, client, level, OWNER)

    rows = (await access.history(conn, client, EVER, limit=10)).rows
    assert [(row.action, row.detail, row.channel) for row in rows] == [
        ("partner.consent", {"was": "named", "level": "masked"}, "cabinet"),
        ("partner.consent", {"was": "masked", "level": "named"}, "cabinet"),
    ]
    kinds = [each.kind for each in await outbox.since(conn, client, 0, 100)]
    assert kinds.count("access.consent") == 2


async def test_who_is_nobodys_client_has_nobody_to_consent_to(conn: Connection) -> None:
    client = await account(conn)

    with pytest.raises(NobodysClient):
        await referrals.consent(conn, client, "full", OWNER)
    await referrals.assign(conn, client, await partner(conn))
    await referrals.release(conn, client)
    with pytest.raises(NobodysClient):
        await referrals.consent(conn, client, "full", OWNER)
    assert await referrals.consented(conn, client) is None


async def test_clients_are_read_page_by_page(conn: Connection) -> None:
    theirs, other = await partner(conn), await partner(conn)
    made = [await referred(conn, theirs) for _ in range(5)]
    await referred(conn, other)
    await referrals.release(conn, made[1])
    for client in made[2:]:
        await referrals.consent(conn, client, "named", OWNER)

    first = await referrals.clients(conn, theirs, limit=2)
    rest = await referrals.clients(conn, theirs, after=first[-1].key, limit=10)

    assert [each.login for each in (*first, *rest)] == [None, *made[2:]]
    assert await referrals.count(conn, theirs) == 4


async def test_the_country_of_the_application_stands_where_no_other_is_told(conn: Connection) -> None:
    theirs, client = await partner(conn, "LANDS"), await account(conn)
    await applied(conn, client, code="LANDS")
    await attributed(conn, client)

    found = await only(conn, theirs)
    assert (found.country, found.registered_month) == ("DE", None)


@pytest.mark.parametrize(
    ("login", "shown"), [(7, ""), (42, "2"), (123, "3"), (1234, "34"), (123456, "456"), (10**18, "000")]
)
def test_no_more_than_half_of_a_login_is_shown(login: int, shown: str) -> None:
    assert ending(Login(login)) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Ann Example", "Ann E."), ("Ann van der Example", "Ann E."), ("Ann", "Ann"), ("", ""), (" Ёж  Иглов ", "Ёж И.")],
)
def test_a_name_is_shown_as_a_first_name_and_an_initial(name: str, shown: str) -> None:
    assert shortened(name) == shown


async def test_the_name_of_an_account_that_has_none_is_empty(conn: Connection) -> None:
    theirs = await partner(conn)
    client = (await make.account(conn, name="")).login
    await referrals.assign(conn, client, theirs)
    await referrals.consent(conn, client, "full", OWNER)

    found = await only(conn, theirs)
    assert (found.name, found.registered_on, found.registered_month) == ("", None, None)
