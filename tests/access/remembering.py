"""Accounts whose history is told."""

from contextlib import suppress
from ipaddress import ip_address

from opencabinet import access
from opencabinet.access import AccessDenied, Authorization, Family, Lifetimes, Source
from opencabinet.access.history import store
from opencabinet.access.history.model import Fact, known
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.period import EVER
from tests import make
from tests.access.asking import PEPPER

HOME = Source(channel="v1", address=ip_address("203.0.113.7"), user_agent="reader/1", request_id="abc")
RIGHT, WRONG = "the API password is right", "the API password is wrong"


async def password_of(conn: Connection) -> tuple[Login, str]:
    """Keep an account; give its login and its password."""
    login = (await make.account(conn)).login
    return login, await access.set_password(conn, login, pepper=PEPPER)


async def told(conn: Connection, login: int) -> list[Authorization]:
    """Give the history of an account, or of those that are not there."""
    return list((await access.history(conn, Granted(Login(login)), EVER, limit=100)).rows)


async def uses(conn: Connection, login: int) -> list[Authorization]:
    """Give what is told of an account but for the change of its password."""
    return [row for row in await told(conn, login) if not row.action.startswith("credential")]


async def begin(conn: Connection, login: int, password: str, source: Source = HOME) -> access.Session | None:
    """Ask for a session."""
    with suppress(AccessDenied):
        return await access.begin(
            conn,
            pepper=PEPPER,
            login=login,
            password=password,
            family=Family.CLIENT,
            lifetimes=Lifetimes(),
            source=source,
        )
    return None


async def refuse(conn: Connection, login: int | None, source: Source = HOME, rule: str = WRONG) -> None:
    """Tell of a refused request, as the writer does."""
    fact = Fact(login=known(login), source=source, action="token.request", family="client", rule=rule)
    await store.tell(conn, [(fact, 1)], [])
