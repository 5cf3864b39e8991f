"""An account is told of sign-ins from networks that are new to it."""

from datetime import timedelta
from ipaddress import ip_address
from typing import Any

import pytest

from opencabinet import access
from opencabinet.access import AccessDenied, Channel, Family, Source
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from tests import make

PEPPER = b"p" * 32
OLDER = "UPDATE known_networks SET succeeded_at = now() - interval '31 days'"


async def given(conn: Connection) -> tuple[Login, str]:
    """Keep an account with an API password."""
    login = (await make.account(conn)).login
    return login, await access.set_password(conn, login, pepper=PEPPER)


async def sign_in(conn: Connection, login: Login, password: str, address: str | None, channel: Channel = "v1") -> None:
    """Ask for a token from an address."""
    where = Source(channel=channel, address=None if address is None else ip_address(address))
    asked: dict[str, Any] = {"family": Family.CLIENT, "lifetime": timedelta(hours=1), "source": where}
    await access.issue(conn, pepper=PEPPER, login=login, password=password, **asked)


async def told(conn: Connection, login: Login) -> list[tuple[str, str]]:
    """Give the networks that the account was told of, and the ways."""
    events = await outbox.since(conn, login, 0, 100)
    return [(each.body["network"], each.body["channel"]) for each in events if each.kind == "sign_in.new_network"]


async def test_a_new_network_is_told_once(conn: Connection) -> None:
    login, password = await given(conn)

    for address in ("203.0.113.7", "203.0.113.8", "198.51.100.1", "2001:db8:1:2::3", "2001:db8:1:2:ffff::"):
        await sign_in(conn, login, password, address)
    await sign_in(conn, login, password, "203.0.113.9", "legacy")
    await sign_in(conn, login, password, "192.0.2.1", "legacy")

    assert await told(conn, login) == [
        ("203.0.113.0/24", "v1"),
        ("198.51.100.0/24", "v1"),
        ("2001:db8:1:2::/64", "v1"),
        ("192.0.2.0/24", "legacy"),
    ]


async def test_what_is_new_to_one_account_is_so_whatever_others_know(conn: Connection) -> None:
    for _ in range(2):
        login, password = await given(conn)
        await sign_in(conn, login, password, "203.0.113.7")

        assert await told(conn, login) == [("203.0.113.0/24", "v1")]


async def test_after_a_month_and_after_a_new_password_it_is_new_again(conn: Connection) -> None:
    login, password = await given(conn)
    await sign_in(conn, login, password, "203.0.113.7")
    await conn.run(OLDER)
    await sign_in(conn, login, password, "203.0.113.7")
    assert len(await told(conn, login)) == 2


async def test_a_wrong_password_and_an_unknown_address_tell_nothing(conn: Connection) -> None:
    login, password = await given(conn)

    with pytest.raises(AccessDenied):
        await sign_in(conn, login, "ccp_wrong", "203.0.113.7")
    await sign_in(conn, login, password, None)

    assert await told(conn, login) == []


async def test_a_sign_in_that_is_undone_tells_nothing_and_knows_nothing(conn: Connection) -> None:
    login, password = await given(conn)

    async with conn.transaction(force_rollback=True):
        await sign_in(conn, login, password, "203.0.113.7")
    assert await told(conn, login) == []
    await sign_in(conn, login, password, "203.0.113.7")

    assert len(await told(conn, login)) == 1
