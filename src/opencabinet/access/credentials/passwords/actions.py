"""Giving an account its API password, and seeing whether one is right."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Final

from opencabinet.access import secrets, throttles
from opencabinet.access.credentials import tokens
from opencabinet.access.credentials.model import ROTATION, NewPassword, SamePassword
from opencabinet.access.credentials.passwords import store
from opencabinet.access.credentials.passwords.store import Chosen
from opencabinet.access.fitness import PasswordTooLong, UnfitPassword
from opencabinet.access.history import OPERATOR, changed
from opencabinet.access.model import Bearer, Source
from opencabinet.access.passwords import Hasher, hashed, judged_password, renewed, verified
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login

NOTHING: Final = b""
"""What no password is kept as."""


class MadeHere(UnfitPassword):
    """Passwords of this form are made here, not chosen: it may be one of somebody else's."""


async def proven(
    conn: Connection, login: Login, password: str, *, pepper: bytes, hasher: Hasher | None, known: bool = False
) -> bytes:
    """Return what a password that is shown is kept as, if it is the account's; for who is `known` there is a place.

    The form of what is shown decides how it is looked at, never what the account has: one generated here is hashed
    fast, anything else slowly, against a hash that nothing has where the owner chose no password.
    """
    if secrets.generated(password):
        return secrets.hash_password(pepper, password)
    kept = await store.chosen(conn, login)
    if hasher is None or not await is_chosen(hasher, kept, password, known=known) or kept is None:
        return NOTHING
    newer = await renewed(hasher, kept.chosen, password)
    if newer and await store.renew(conn, login, kept.hash, secrets.hash_token(newer), newer):
        return secrets.hash_token(newer)
    return kept.hash


async def is_chosen(hasher: Hasher, kept: Chosen | None, password: str, *, known: bool = False) -> bool:
    """Whether this is the password that was chosen; the same work is done where none was."""
    try:
        return await verified(hasher, kept.chosen if kept else None, password, known=known)
    except PasswordTooLong:
        return False


async def set_password(
    conn: Connection,
    login: Login,
    *,
    pepper: bytes,
    password: str | None = None,
    by: Bearer | None = None,
    source: Source = OPERATOR,
) -> str:
    """Give the account a new API password, revoke the tokens the old one gave, and return the new one.

    It is stored as a hash only, so this is the one time it can be shown. One that is given has the generated form.
    """
    password = password or secrets.make_password()
    if not secrets.generated(password):
        raise MadeHere("A password of another form is chosen, not set.")
    async with tokens.changing(conn, login, by):
        await store.clear(conn, login)
        await store.add(conn, login, secrets.hash_password(pepper, password))
        await throttles.reset(conn, throttles.of_login(login))
        await changed(conn, login, "credential.change", source, rule="the API password is a new one")
        await tokens.revoke(conn, login, source)
    return password


async def rotate_password(
    conn: Connection, login: Login, *, pepper: bytes, by: Bearer | None = None, source: Source = OPERATOR
) -> NewPassword:
    """Give the account a new API password, and let the one before be good for a day more. Tokens live on."""
    password = secrets.make_password()
    until = datetime.now(UTC) + ROTATION
    async with tokens.changing(conn, login, by):
        replaced = await store.replace(conn, login, until)
        await store.add(conn, login, secrets.hash_password(pepper, password))
        rule = "the API password is a new one, and the one before is good for a day"
        await changed(conn, login, "credential.change", source, rule=rule)
        await outbox.append(conn, login, "access.password_rotated")
    return NewPassword(password=password, previous_until=until if replaced else None)


async def no_other(_: str) -> bool:
    """Say that a password is no other one of the account's, where none but API passwords are known."""
    return False


async def choose_password(
    conn: Connection,
    login: Login,
    password: str,
    *,
    hasher: Hasher,
    context: Iterable[str] = (),
    is_another: Callable[[str], Awaitable[bool]] = no_other,
    by: Bearer | None = None,
    source: Source = OPERATOR,
) -> None:
    """Let the owner choose the account's API password, and revoke the tokens the one before gave.

    `context` is what others know of the owner; `is_another` tells whether it is another password of theirs. Who asks by
    a credential could guess at those, and is let few times.

    Raises:
        AccessDenied: if the credential was revoked meanwhile.
        Throttled: if it was asked for by a credential five times within the hour.
        UnfitPassword: by the name of the rule, if it is not fit to be one.
        SamePassword: if it is the one that holds, or another of theirs.
    """
    if secrets.generated(password):
        raise MadeHere
    judged_password(password, context=(str(login), *context))
    if by:
        await tokens.standing(conn, by)
        await throttles.choose(conn, login)
    if await is_another(password) or await is_chosen(hasher, await store.chosen(conn, login), password):
        raise SamePassword
    kept = await hashed(hasher, password)
    async with tokens.changing(conn, login, by):
        await store.clear(conn, login)
        await store.add(conn, login, secrets.hash_token(kept), kept)
        await throttles.reset(conn, throttles.of_login(login))
        await changed(conn, login, "credential.change", source, rule="the API password is a new one")
        await tokens.revoke(conn, login, source)


async def has_password(conn: Connection, login: Login) -> bool:
    """Whether the account has an API password."""
    return bool(await store.count(conn, login))
