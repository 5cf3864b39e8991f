"""Judging, and changing what is judged by."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import uuid4

from opencabinet.access import secrets, store
from opencabinet.access.history import OPERATOR, changed
from opencabinet.access.model import (
    AccessDenied,
    Ask,
    Bearer,
    Decision,
    Family,
    Kind,
    Level,
    Lifetimes,
    Network,
    Policy,
    Refreshing,
    Refusal,
    Session,
    Source,
    judge,
)
from opencabinet.access.store import Made
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import LARGEST, Login

NOWHERE: Final = Source()


async def permit(conn: Connection, token: str | None, ask: Ask, kind: Kind = Kind.LEGACY) -> Decision:
    """Judge a question asked with `token`, or with none: the one judge of every door."""
    shown = None if token is None else secrets.hash_token(token)
    grant, policy = await store.judged(conn, within(ask.login), shown, kind)
    return judge(grant, policy, ask)


async def bearer(conn: Connection, token: str, kind: Kind) -> Bearer:
    """Return whose token this is.

    Raises:
        AccessDenied: if it is unknown, expired or revoked.
    """
    found = await store.bearer(conn, secrets.hash_token(token), kind)
    if found is None:
        raise AccessDenied
    return found


async def issue(
    conn: Connection,
    *,
    pepper: bytes,
    login: int,
    password: str,
    family: Family,
    lifetime: timedelta,
    source: Source = NOWHERE,
) -> str:
    """Return a new legacy token of `family` for whoever knows the account's API password.

    Raises:
        AccessDenied: for a wrong password and for an unknown login, in the same words and with the same work.
    """
    token = secrets.make_token(Kind.LEGACY)
    made = [Made(secrets.hash_token(token), Kind.LEGACY, lifetime)]
    hashed = secrets.hash_password(pepper, password)
    if not await store.issue(
        conn, login=within(login), password=hashed, family=family, made=made, session=None, source=source
    ):
        raise AccessDenied
    return token


async def begin(
    conn: Connection,
    *,
    pepper: bytes,
    login: int,
    password: str,
    family: Family,
    lifetimes: Lifetimes,
    source: Source = NOWHERE,
) -> Session:
    """Begin a session of the v1 API for whoever knows the account's API password.

    Raises:
        AccessDenied: for a wrong password and for an unknown login, in the same words and with the same work.
    """
    session, made = pair(within(login), family, lifetimes)
    hashed = secrets.hash_password(pepper, password)
    if not await store.issue(
        conn, login=session.login, password=hashed, family=family, made=made, session=uuid4(), source=source
    ):
        raise AccessDenied
    return session


async def refresh(conn: Connection, token: str, lifetimes: Lifetimes, source: Source = NOWHERE) -> Session:
    """Exchange a refresh token for new tokens. It is good for once: who shows it again ends the session.

    Raises:
        AccessDenied: if it is unknown, expired, revoked or used.
    """
    shown = secrets.hash_token(token)
    async with conn.transaction():
        known = await store.refreshing(conn, shown)
        if known and known.live and not known.used:
            session, made = pair(known.login, known.family, lifetimes)
            await store.exchange(conn, shown, made)
            rule, family = "the refresh token is good", str(known.family)
            await changed(conn, known.login, "token.refresh", source, rule=rule, family=family)
            return session
        if known and known.used:
            await store.end_session(conn, known.session)
    denied = AccessDenied()
    denied.told = why_not(known)
    raise denied


def why_not(known: Refreshing | None) -> Refusal:
    """Return why a refresh token is refused, and whose it was."""
    if known is None:
        return Refusal("the refresh token is not known")
    if known.used:
        return Refusal("the refresh token was used before, so its session was ended", known.login, known.family)
    return Refusal("the refresh token is expired or revoked", known.login, known.family)


def pair(login: Login, family: Family, lifetimes: Lifetimes) -> tuple[Session, list[Made]]:
    """Make the two tokens of a session."""
    session = Session(
        login=login,
        family=family,
        bearer=secrets.make_token(Kind.BEARER),
        refresh=secrets.make_token(Kind.REFRESH),
    )
    return session, [
        Made(secrets.hash_token(session.bearer), Kind.BEARER, lifetimes.bearer),
        Made(secrets.hash_token(session.refresh), Kind.REFRESH, lifetimes.refresh),
    ]


async def open_account(conn: Connection, login: Login, source: Source = OPERATOR) -> None:
    """Let everybody read the account, without credentials."""
    await change(conn, login, Policy(Level.OPEN), source)


async def close_account(
    conn: Connection, login: Login, networks: Iterable[Network] = (), source: Source = OPERATOR
) -> None:
    """Let only those with the account's token read it, and only from `networks` if any are given."""
    await change(conn, login, Policy(Level.CLOSED, tuple(sorted(set(networks), key=str))), source)


async def change(conn: Connection, login: Login, policy: Policy, source: Source = OPERATOR) -> None:
    """Set the account's policy and tell of it, both or neither."""
    async with conn.transaction():
        before = await store.policy(conn, login)
        await store.set_policy(conn, login, policy)
        rule = f"the account is {policy.level} now"
        await changed(conn, login, "policy.change", source, rule=rule, previous=before, current=policy)
        await outbox.append(conn, login, "access.changed", level=policy.level, networks=list(map(str, policy.networks)))


async def set_password(
    conn: Connection, login: Login, *, pepper: bytes, password: str | None = None, source: Source = OPERATOR
) -> str:
    """Give the account a new API password, revoke the tokens the old one gave, and return the new one.

    It is stored as a hash only, so this is the one time it can be shown.
    """
    password = password or secrets.make_password()
    async with conn.transaction():
        await store.set_password(conn, login, secrets.hash_password(pepper, password))
        await changed(conn, login, "credential.change", source, rule="the API password is a new one")
        await revoke(conn, login, source)
    return password


async def revoke(conn: Connection, login: Login, source: Source = OPERATOR) -> int:
    """Revoke every token of the account and tell of it; return how many there were."""
    async with conn.transaction():
        revoked = await store.revoke(conn, login)
        rule = "every token of the account is revoked"
        await changed(conn, login, "credential.revoke", source, rule=rule, tokens=revoked)
        await outbox.append(conn, login, "access.revoked", tokens=revoked)
    return revoked


def within(login: int) -> Login:
    """Return `login`, or the login nobody has if the number is beyond what the database keeps."""
    return Login(login) if 0 < login <= LARGEST else Login(0)
