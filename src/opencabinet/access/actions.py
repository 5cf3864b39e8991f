"""Judging, and changing what is judged by."""

from collections.abc import Iterable
from datetime import timedelta

from opencabinet.access import secrets, store
from opencabinet.access.model import AccessDenied, Ask, Decision, Family, Level, Network, Policy, judge
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import LARGEST, Login


async def permit(conn: Connection, token: str | None, ask: Ask) -> Decision:
    """Judge a question asked with `token`, or with none: the one judge of every door."""
    shown = None if token is None else secrets.hash_token(token)
    grant, policy = await store.judged(conn, within(ask.login), shown)
    return judge(grant, policy, ask)


async def issue(
    conn: Connection, *, pepper: bytes, login: int, password: str, family: Family, lifetime: timedelta
) -> str:
    """Return a new token of `family` for whoever knows the account's API password.

    Raises:
        AccessDenied: for a wrong password and for an unknown login, in the same words and with the same work.
    """
    token = secrets.make_token()
    hashed = secrets.hash_password(pepper, password)
    if not await store.issue(
        conn, login=within(login), password=hashed, token=secrets.hash_token(token), family=family, lifetime=lifetime
    ):
        raise AccessDenied
    return token


async def open_account(conn: Connection, login: Login) -> None:
    """Let everybody read the account, without credentials."""
    await change(conn, login, Policy(Level.OPEN))


async def close_account(conn: Connection, login: Login, networks: Iterable[Network] = ()) -> None:
    """Let only those with the account's token read it, and only from `networks` if any are given."""
    await change(conn, login, Policy(Level.CLOSED, tuple(sorted(set(networks), key=str))))


async def change(conn: Connection, login: Login, policy: Policy) -> None:
    """Set the account's policy and tell of it, both or neither."""
    async with conn.transaction():
        await store.set_policy(conn, login, policy)
        await outbox.append(conn, login, "access.changed", level=policy.level, networks=list(map(str, policy.networks)))


async def set_password(conn: Connection, login: Login, *, pepper: bytes, password: str | None = None) -> str:
    """Give the account a new API password, revoke the tokens the old one gave, and return the new one.

    It is stored as a hash only, so this is the one time it can be shown.
    """
    password = password or secrets.make_password()
    async with conn.transaction():
        await store.set_password(conn, login, secrets.hash_password(pepper, password))
        await revoke(conn, login)
    return password


async def revoke(conn: Connection, login: Login) -> int:
    """Revoke every token of the account and tell of it; return how many there were."""
    async with conn.transaction():
        revoked = await store.revoke(conn, login)
        await outbox.append(conn, login, "access.revoked", tokens=revoked)
    return revoked


def within(login: int) -> Login:
    """Return `login`, or the login nobody has if the number is beyond what the database keeps."""
    return Login(login) if 0 < login <= LARGEST else Login(0)
