"""Tokens that live: listed and revoked; and what every change of credentials keeps to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from opencabinet.access.credentials import store
from opencabinet.access.credentials.model import NoSuchToken, Token
from opencabinet.access.history import OPERATOR, changed
from opencabinet.access.model import AccessDenied, Bearer, Kind, Source
from opencabinet.access.rules.store import lock
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login

KINDS: Final = (Kind.LEGACY, Kind.BEARER, Kind.REFRESH)


@asynccontextmanager
async def changing(conn: Connection, login: Login, by: Bearer | None) -> AsyncIterator[None]:
    """Change the account's credentials in one transaction, one change after the other.

    Whoever asks for it by a credential must still have it: it may have been revoked since the judge looked.

    Raises:
        AccessDenied: if it was.
    """
    async with conn.transaction():
        await lock(conn, login)
        await standing(conn, by)
        yield


async def standing(conn: Connection, by: Bearer | None) -> None:
    """See that the credential somebody asks by still lives, and keep it from being revoked in this transaction.

    The account must be locked before.

    Raises:
        AccessDenied: if it does not.
    """
    if by and not await store.standing(conn, by.login, by.id, signed_in=by.kind is Kind.SESSION):
        raise AccessDenied


async def tokens(conn: Connection, login: Login, *, limit: int) -> tuple[list[Token], bool]:
    """Return the newest tokens of the account that live, and whether there are more."""
    found = await store.tokens(conn, login, limit + 1)
    return found[:limit], len(found) > limit


async def live(conn: Connection, login: Login) -> int:
    """Return how many tokens of the account live."""
    return await store.live(conn, login, KINDS)


async def revoke(conn: Connection, login: Login, source: Source = OPERATOR) -> int:
    """Revoke every token of the account and tell of it; return how many there were. Keys live on."""
    async with changing(conn, login, None):
        revoked = await store.revoke(conn, login, KINDS)
        rule = "every token of the account is revoked"
        await changed(conn, login, "credential.revoke", source, rule=rule, tokens=revoked)
        await outbox.append(conn, login, "access.revoked", tokens=revoked)
    return revoked


async def revoke_token(conn: Connection, login: Login, number: int, source: Source = OPERATOR) -> int:
    """Revoke a token of the account with those of its session; return how many there were.

    Raises:
        NoSuchToken: if the account has none of this number that lives.
    """
    async with changing(conn, login, None):
        revoked = await store.revoke_one(conn, login, number, KINDS)
        if not revoked:
            raise NoSuchToken
        rule = "a token and those of its session are revoked"
        await changed(conn, login, "credential.revoke", source, rule=rule, token=number, tokens=revoked)
        await outbox.append(conn, login, "access.revoked", tokens=revoked)
    return revoked
