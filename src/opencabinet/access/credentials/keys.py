"""Keys: made by the owner for programs of their own, and for pages that everybody sees."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from opencabinet.access import secrets
from opencabinet.access.credentials import store
from opencabinet.access.credentials.model import (
    LONGEST_NAME,
    MOST_KEYS,
    MOST_NETWORKS,
    MOST_ORIGINS,
    MOST_READS_PER_MINUTE,
    READS_PER_MINUTE,
    BadKey,
    Key,
    MadeKey,
    NewKey,
    NoSuchKey,
    NotOpen,
    TooManyKeys,
)
from opencabinet.access.credentials.origins import origin
from opencabinet.access.credentials.tokens import changing
from opencabinet.access.history import OPERATOR, changed
from opencabinet.access.model import Bearer, Function, Kind, Source
from opencabinet.access.networks import everybody
from opencabinet.access.policy import Level, Policy
from opencabinet.access.rules.store import policy
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login

KINDS: Final = (Kind.SERVER, Kind.PUBLISHABLE)


async def make_key(
    conn: Connection, login: Login, new: NewKey, by: Bearer | None = None, source: Source = OPERATOR
) -> MadeKey:
    """Make a key and return it with its secret, which is stored as a hash only: it can be shown this once.

    Raises:
        BadKey: if none can be made of this.
        NotOpen: for a publishable key, if the account's rules do not open what it is to open.
        TooManyKeys: if the account has as many as it may have.
    """
    now = datetime.now(UTC)
    new = completed(new)
    for objection in objections(new, now):
        raise BadKey(objection)
    secret = secrets.make_token(new.kind)
    async with changing(conn, login, by):
        if new.kind is Kind.PUBLISHABLE and not new.frames:
            refuse_closed(await policy(conn, login), new, now)
        if await store.live(conn, login, KINDS) >= MOST_KEYS:
            raise TooManyKeys
        key = await store.add_key(conn, login, secrets.hash_token(secret), new, new.expires_at or now + new.most)
        opens: dict[str, Any] = {"key": key.id, "kind": key.kind, "functions": sorted(key.functions)}
        await changed(conn, login, "credential.change", source, rule="a key is made", **opens)
        await outbox.append(conn, login, "access.key_made", key=key.id, key_kind=key.kind)
    return MadeKey(key, secret)


def completed(new: NewKey) -> NewKey:
    """Return a key with its origins in one spelling, and the usual budget if it needs one.

    Raises:
        BadOrigin: for an origin that is none.
    """
    budget = new.reads_per_minute or (READS_PER_MINUTE if new.kind is Kind.PUBLISHABLE else None)
    return NewKey(
        kind=new.kind,
        name=new.name.strip(),
        functions=new.functions,
        networks=tuple(dict.fromkeys(new.networks)),
        origins=tuple(dict.fromkeys(map(origin, new.origins))),
        reads_per_minute=budget,
        expires_at=new.expires_at,
        frames=new.frames,
    )


def objections(new: NewKey, now: datetime) -> Iterator[str]:
    """Say what speaks against a key."""
    if new.kind not in KINDS:
        yield "A key is a server key or a publishable one."
    if not (0 < len(new.name) <= LONGEST_NAME and new.name.isprintable()):
        yield f"A key needs a name of at most {LONGEST_NAME} letters, on one line."
    if not new.functions:
        yield "Say what the key opens."
    if Function.ACCESS in new.functions:
        yield "No key changes who may read the account."
    if len({function.family for function in new.functions}) > 1:
        yield "A key that opens functions of a partner opens no others."
    if new.expires_at is not None and not now < new.expires_at <= now + new.most:
        yield f"This key must end in the future, and within {new.most.days} days."
    yield from objections_of_kind(new)


def objections_of_kind(new: NewKey) -> Iterator[str]:
    """Say what speaks against a key of its kind."""
    server = new.kind is Kind.SERVER
    if server and (new.origins or new.reads_per_minute or new.frames):
        yield "A server key goes by addresses: origins, frames and a budget are a publishable key's."
    if len(new.networks) > MOST_NETWORKS:
        yield f"At most {MOST_NETWORKS} networks can be listed."
    if everybody(new.networks):
        yield "Together these networks let everybody in: list none instead."
    if not server and new.networks:
        yield "A publishable key goes by the origins of pages: addresses are a server key's."
    if not server and not 0 < len(new.origins) <= MOST_ORIGINS:
        yield f"A publishable key needs the origins of its pages, at most {MOST_ORIGINS}."
    if not server and not 0 < (new.reads_per_minute or 0) <= MOST_READS_PER_MINUTE:
        yield f"A publishable key reads from 1 to {MOST_READS_PER_MINUTE} times a minute."


def refuse_closed(policy: Policy, new: NewKey, now: datetime) -> None:
    """Refuse to publish what the owner has not opened.

    Raises:
        NotOpen: for the functions that are not.
    """
    if shut := sorted(each for each in new.functions if policy.ruling(each, now).rule.level is not Level.OPEN):
        raise NotOpen(f"A publishable key opens only what is open; these are not: {', '.join(shut)}.")


async def keys(conn: Connection, login: Login) -> list[Key]:
    """Return the keys of the account that live, the newest first."""
    return await store.keys(conn, login, MOST_KEYS)


async def revoke_keys(conn: Connection, login: Login, source: Source = OPERATOR) -> int:
    """Revoke every key of the account and tell of it; return how many there were."""
    async with changing(conn, login, None):
        revoked = await store.revoke(conn, login, KINDS)
        rule = "every key of the account is revoked"
        await changed(conn, login, "credential.revoke", source, rule=rule, keys=revoked)
        await outbox.append(conn, login, "access.keys_revoked", keys=revoked)
    return revoked


async def revoke_key(conn: Connection, login: Login, number: int, source: Source = OPERATOR) -> None:
    """Revoke a key of the account.

    Raises:
        NoSuchKey: if the account has none of this number that lives.
    """
    async with changing(conn, login, None):
        if not await store.revoke_one(conn, login, number, KINDS):
            raise NoSuchKey
        await changed(conn, login, "credential.revoke", source, rule="a key is revoked", key=number)
        await outbox.append(conn, login, "access.keys_revoked", keys=1)
