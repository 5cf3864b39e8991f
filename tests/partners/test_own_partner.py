"""A tree that would put a client above the partner whose client they are, which is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners import programme
from opencabinet.partners.programme import OwnPartner
from tests import make
from tests.partners.referrals.making import owned
from tests.partners.rewards.programme import BEGAN, refer, referred

DAY = timedelta(days=1)


async def partner(conn: Connection, parent: Login | None = None) -> Login:
    """Let a new account be a partner since long ago."""
    login = (await make.account(conn)).login
    await programme.enrol(conn, login, since=BEGAN)
    if parent is not None:
        await programme.place(conn, login, parent, BEGAN)
    return login


async def above(conn: Connection, login: Login) -> Login | None:
    """Return whom a partner is directly below now."""
    return (await programme.tree(conn)).above(login, datetime.now(UTC))


async def test_a_client_does_not_come_to_be_above_their_partner(conn: Connection) -> None:
    direct = await partner(conn)
    client = await referred(conn, direct)
    await programme.enrol(conn, client)

    with pytest.raises(OwnPartner):
        await programme.place(conn, direct, client)

    assert await above(conn, direct) is None


async def test_a_client_does_not_come_to_be_above_those_above_their_partner(conn: Connection) -> None:
    top = await partner(conn)
    direct = await partner(conn, await partner(conn, top))
    client = await referred(conn, direct)
    await programme.enrol(conn, client)
    boss = await partner(conn, client)

    with pytest.raises(OwnPartner):
        await programme.place(conn, top, boss)

    assert await above(conn, top) is None


async def test_another_account_of_the_client_does_not_either(conn: Connection) -> None:
    direct, other = await partner(conn), await partner(conn)
    client = await referred(conn, direct)
    await owned(conn, "ann@example.com", client, other)

    with pytest.raises(OwnPartner):
        await programme.place(conn, direct, other)


async def test_nor_later(conn: Connection) -> None:
    direct = await partner(conn)
    client = await referred(conn, direct)
    await programme.enrol(conn, client)

    with pytest.raises(OwnPartner):
        await programme.place(conn, direct, client, datetime.now(UTC) + DAY)


async def test_a_client_may_be_below_their_partner_or_beside(conn: Connection) -> None:
    direct, other = await partner(conn), await partner(conn)
    client = await referred(conn, direct)
    await programme.enrol(conn, client)

    await programme.place(conn, client, direct)
    await programme.place(conn, direct, other)

    assert (await programme.tree(conn)).chain(client, datetime.now(UTC)) == (client, direct, other)


async def test_who_was_a_client_before_may_come_to_be_above(conn: Connection) -> None:
    direct = await partner(conn)
    client = await referred(conn, direct)
    await programme.enrol(conn, client)
    await refer(conn, client, None, BEGAN + DAY)

    with pytest.raises(OwnPartner):
        await programme.place(conn, direct, client, BEGAN + DAY / 2)
    await programme.place(conn, direct, client, BEGAN + DAY)

    assert await above(conn, direct) == client
