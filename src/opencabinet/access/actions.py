"""Judging, and changing what is judged by."""

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Final
from uuid import uuid4

from opencabinet.access import secrets, store, throttles
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
    Session,
    Source,
    judge,
)
from opencabinet.access.networks import neighbourhood
from opencabinet.access.store import Made
from opencabinet.access.throttles import Limits
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import LARGEST, Login

NOWHERE: Final = Source()
GUESSES: Final = Limits()
NOBODY: Final = Login(-1)
"""Whom requests are told of that cannot be of any account."""


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
    limits: Limits = GUESSES,
) -> str:
    """Return a new legacy token of `family` for whoever knows the account's API password.

    Raises:
        AccessDenied: for a wrong password and for an unknown login, in the same words and with the same work.
        Throttled: instead, where too many guesses were made.
    """
    token = secrets.make_token(Kind.LEGACY)
    made = [Made(secrets.hash_token(token), Kind.LEGACY, lifetime)]
    async with guess(conn, within(login), password, source, limits):
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
    limits: Limits = GUESSES,
) -> Session:
    """Begin a session of the v1 API for whoever knows the account's API password.

    Raises:
        AccessDenied: for a wrong password and for an unknown login, in the same words and with the same work.
        Throttled: instead, where too many guesses were made.
    """
    session, made = pair(within(login), family, lifetimes)
    async with guess(conn, session.login, password, source, limits):
        hashed = secrets.hash_password(pepper, password)
        if not await store.issue(
            conn, login=session.login, password=hashed, family=family, made=made, session=uuid4(), source=source
        ):
            raise AccessDenied
    return session


def guess(
    conn: Connection, login: Login, password: str, source: Source, limits: Limits
) -> AbstractAsyncContextManager[None]:
    """Let a guess at an account's API password be made within."""
    return throttles.guess(
        conn,
        subject=throttles.of_login(login),
        network=network_of(source),
        generated=secrets.generated(password),
        limits=limits,
    )


def network_of(source: Source) -> Network | None:
    """Return the network whose guesses are counted together."""
    return None if source.address is None else neighbourhood(source.address)


async def refresh(
    conn: Connection, token: str, lifetimes: Lifetimes, source: Source = NOWHERE, limits: Limits = GUESSES
) -> Session:
    """Exchange a refresh token for new tokens. It is good for once: who shows it again ends the session.

    Raises:
        AccessDenied: if it is unknown, expired, revoked or used.
        Throttled: instead, where too many guesses came from there.
    """
    async with throttles.guess(conn, subject="", network=network_of(source), generated=True, limits=limits):
        return await exchange(conn, token, lifetimes, source)


async def exchange(conn: Connection, token: str, lifetimes: Lifetimes, source: Source) -> Session:
    """Exchange a refresh token, or end the session of one that was used before."""
    shown = secrets.hash_token(token)
    async with conn.transaction():
        known = await store.refreshing(conn, shown)
        if known and known.live and not known.used:
            session, made = pair(known.login, known.family, lifetimes)
            await store.exchange(conn, shown, made)
            await store.tell(conn, known.login, known.family, source, granted=True, rule="the refresh token is good")
            return session
        if known and known.used:
            await store.end_session(conn, known.session)
        await store.tell(conn, *whose(known), source, granted=False, rule=why_not(known))
    raise AccessDenied


def whose(known: Refreshing | None) -> tuple[Login, str]:
    """Return whose refresh token it was, nobody's if it is not known."""
    return (known.login, known.family) if known else (NOBODY, "")


def why_not(known: Refreshing | None) -> str:
    """Return why a refresh token is refused."""
    if known is None:
        return "the refresh token is not known"
    if known.used:
        return "the refresh token was used before, so its session was ended"
    return "the refresh token is expired or revoked"


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
        await throttles.reset(conn, throttles.of_login(login))
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
