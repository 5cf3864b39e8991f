"""Judging, and changing what is judged by."""

from datetime import timedelta
from typing import Final
from uuid import uuid4

from msgspec import structs

from opencabinet.access import secrets, store
from opencabinet.access.model import (
    AccessDenied,
    Ask,
    Bearer,
    Family,
    Kind,
    Lifetimes,
    Refreshing,
    Session,
    Source,
)
from opencabinet.access.policy import Decision, Policy, judge
from opencabinet.access.store import Made
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import LARGEST, Login

NOWHERE: Final = Source()
NOBODY: Final = Login(-1)
"""Whom requests are told of that cannot be of any account."""


async def permit(
    conn: Connection, token: str | None, ask: Ask, kind: Kind = Kind.LEGACY, proposed: Policy | None = None
) -> Decision:
    """Judge a question asked with `token`, or with none: the one judge of every door.

    A `proposed` policy takes the place of the account's own, to see what would be answered.
    """
    shown = None if token is None else secrets.hash_token(token)
    within_reach = structs.replace(ask, login=within(ask.login))
    grant, policy = await store.judged(conn, shown, within_reach, kind)
    return judge(grant, policy if proposed is None else proposed, ask)


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
