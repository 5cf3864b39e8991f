"""Asking the judge, and for tokens."""

from datetime import timedelta
from ipaddress import ip_address

from opencabinet import access
from opencabinet.access import Ask, Decision, Family, Function
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from tests import make

PEPPER = b"p" * 32
HOUR = timedelta(hours=1)


async def judged(
    conn: Connection,
    login: int,
    token: str | None = None,
    *,
    function: Function = Function.BALANCE,
    address: str = "192.0.2.7",
) -> Decision:
    """Ask the judge."""
    return await access.permit(conn, token, Ask(login=Login(login), function=function, address=ip_address(address)))


async def issued(conn: Connection, login: int, password: str, lifetime: timedelta = HOUR) -> str:
    """Ask for a client's token."""
    return await access.issue(
        conn, pepper=PEPPER, login=login, password=password, family=Family.CLIENT, lifetime=lifetime
    )


async def owner(conn: Connection, lifetime: timedelta = HOUR) -> tuple[Login, str]:
    """Keep an account and give its login and a token."""
    login = (await make.account(conn)).login
    password = await access.set_password(conn, login, pepper=PEPPER)
    return login, await issued(conn, login, password, lifetime)
