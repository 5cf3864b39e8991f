"""Giving tokens: for the API password, or for a refresh token."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from msgspec import Struct

from opencabinet.access import secrets, throttles
from opencabinet.access.credentials import store
from opencabinet.access.credentials.passwords.actions import proven
from opencabinet.access.credentials.store import Made
from opencabinet.access.history import changed
from opencabinet.access.model import (
    AccessDenied,
    Family,
    Kind,
    Label,
    Lifetimes,
    Network,
    Refreshing,
    Refusal,
    Session,
    Source,
)
from opencabinet.access.networks import neighbourhood
from opencabinet.access.passwords import Hasher
from opencabinet.access.policy import Rule
from opencabinet.access.throttles import Limits, Reservation
from opencabinet.access.throttles.announcing import announce
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login, within
from opencabinet.kernel.problem import Malformed

NOWHERE: Final = Source()
UNNAMED: Final = Label()
GUESSES: Final = Limits()


class NowhereToBindTo(Malformed):
    """The token cannot be bound to where it is asked from: the server does not know that address."""


def label(name: str, source: Source, *, bind_network: bool) -> Label:
    """Return what a token is called, and the neighbourhood it is bound to if that is asked for.

    Raises:
        NowhereToBindTo: if the address it is asked from is not known.
    """
    if not bind_network:
        return Label(name=name)
    if source.address is None:
        raise NowhereToBindTo
    return Label(name=name, networks=(neighbourhood(source.address),))


async def issue(
    conn: Connection,
    *,
    pepper: bytes,
    login: int,
    password: str,
    family: Family,
    lifetime: timedelta,
    source: Source = NOWHERE,
    hasher: Hasher | None = None,
    label: Label = UNNAMED,
    limits: Limits = GUESSES,
) -> str:
    """Return a new legacy token of `family` for whoever knows the account's API password.

    Without a `hasher` no password that the owner chose is right.

    Raises:
        AccessDenied: for a wrong password and for an unknown login, in the same words and with the same work.
        Throttled: instead, where too many guesses were made.
    """
    token = secrets.make_token(Kind.LEGACY)
    made = [Made(secrets.hash_token(token), Kind.LEGACY, lifetime)]
    shown = Proof(within(login), password, pepper, hasher)
    await give(conn, shown, family, made, source=source, label=label, limits=limits)
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
    hasher: Hasher | None = None,
    label: Label = UNNAMED,
    limits: Limits = GUESSES,
) -> Session:
    """Begin a session of the v1 API for whoever knows the account's API password.

    Without a `hasher` no password that the owner chose is right.

    Raises:
        AccessDenied: for a wrong password and for an unknown login, in the same words and with the same work.
        Throttled: instead, where too many guesses were made.
    """
    session, made = pair(within(login), family, lifetimes)
    shown = Proof(session.login, password, pepper, hasher)
    await give(conn, shown, family, made, session=uuid4(), source=source, label=label, limits=limits)
    return session


class Proof(Struct, frozen=True):
    """The API password that somebody shows, and what it is looked at with."""

    login: Login
    password: str
    pepper: bytes
    hasher: Hasher | None

    def __repr__(self) -> str:
        return "Proof(***)"


async def give(
    conn: Connection,
    shown: Proof,
    family: Family,
    made: Sequence[Made],
    *,
    session: UUID | None = None,
    source: Source,
    label: Label,
    limits: Limits,
) -> None:
    """Keep tokens for whoever shows the API password, with the row that tells of it, both or neither."""
    async with guess(conn, shown.login, shown.password, source, limits) as place:
        given: dict[str, Any] = {"pepper": shown.pepper, "hasher": shown.hasher, "known": place.known}
        kept = await proven(conn, shown.login, shown.password, **given)
        async with conn.transaction():
            if not await store.issue(
                conn, login=shown.login, password=kept, family=family, made=made, session=session, label=label
            ):
                raise AccessDenied
            rule = "the API password is right"
            await changed(conn, shown.login, "token.request", source, rule=rule, family=family)
            await announce(conn, [shown.login], place, source.channel)


def guess(
    conn: Connection, login: Login, password: str, source: Source, limits: Limits
) -> AbstractAsyncContextManager[Reservation]:
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

    A session ends a day after the API password was shown for it.

    Raises:
        AccessDenied: if it is unknown, expired, revoked or used, or not good from where it is shown.
        Throttled: instead, where too many guesses came from there.
    """
    async with throttles.guess(conn, subject="", network=network_of(source), generated=True, limits=limits):
        return await exchange(conn, token, lifetimes, source)


async def exchange(conn: Connection, token: str, lifetimes: Lifetimes, source: Source) -> Session:
    """Exchange a refresh token, or end the session of one that was used before."""
    shown = secrets.hash_token(token)
    async with conn.transaction():
        known = await store.refreshing(conn, shown)
        refusal = why_not(known, source)
        if known and not refusal:
            session, made = pair(known.login, known.family, lifetimes.within(known.left))
            await store.exchange(conn, shown, made)
            rule, family = "the refresh token is good", str(known.family)
            await changed(conn, known.login, "token.refresh", source, rule=rule, family=family)
            return session
        if known and known.used:
            await store.end_session(conn, known.session)
    denied = AccessDenied()
    denied.told = refusal
    raise denied


def why_not(known: Refreshing | None, source: Source) -> Refusal | None:
    """Return why a refresh token is refused, and whose it was; None if it is good."""
    if known is None:
        return Refusal("the refresh token is not known")
    if known.used:
        rule = "the refresh token was used before, so its session was ended"
    elif not known.live:
        rule = "the refresh token is expired or revoked"
    elif known.networks and not Rule(networks=known.networks).lists(source.address):
        rule = "the refresh token is not good from this address"
    else:
        return None
    return Refusal(rule, known.login, known.family)


def pair(login: Login, family: Family, lifetimes: Lifetimes) -> tuple[Session, list[Made]]:
    """Make the two tokens of a session."""
    session = Session(
        login=login,
        family=family,
        bearer=secrets.make_token(Kind.BEARER),
        refresh=secrets.make_token(Kind.REFRESH),
        lifetimes=lifetimes,
    )
    return session, [
        Made(secrets.hash_token(session.bearer), Kind.BEARER, lifetimes.bearer),
        Made(secrets.hash_token(session.refresh), Kind.REFRESH, lifetimes.refresh),
    ]
