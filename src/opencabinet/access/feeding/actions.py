"""Making and revoking feed keys, and judging who shows one."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from opencabinet.access import secrets, throttles
from opencabinet.access.credentials.issuing import GUESSES, network_of
from opencabinet.access.credentials.model import LONGEST_NAME, MOST_NETWORKS
from opencabinet.access.feeding import store
from opencabinet.access.feeding.model import (
    MOST_KEYS,
    MOST_SERVERS,
    BadFeedKey,
    Feeder,
    FeedKey,
    MadeFeedKey,
    NewFeedKey,
    NoSuchFeedKey,
    NoSuchServer,
    TooManyFeedKeys,
)
from opencabinet.access.history import NOBODY, OPERATOR, changed
from opencabinet.access.model import AccessDenied, Address, Kind, Refusal, Source
from opencabinet.access.networks import everybody
from opencabinet.access.policy import Rule
from opencabinet.access.throttles import Limits
from opencabinet.db import Connection


async def permit_feed(
    conn: Connection, shown: str, server: str | None, source: Source, limits: Limits = GUESSES
) -> Feeder:
    """Judge who shows `shown` to bring in rows of `server`: the one judge of feeds.

    A right key costs one look; a wrong one takes a slot of the guesses at credentials, as those at refresh tokens do.

    Raises:
        AccessDenied: if the key is unknown, expired, revoked, or not good from there; the caller is not told which.
        Throttled: instead, where too many guesses came from there.
        NoSuchServer: if it is good, but not for this server, known or not.
    """
    found = await store.shown(conn, secrets.hash_token(shown))
    if refusal := why_not(found, source.address):
        denied = AccessDenied()
        denied.told = Refusal(refusal)
        async with throttles.guess(conn, subject="", network=network_of(source), generated=True, limits=limits):
            raise denied
    if found is None or server not in found.servers:
        raise NoSuchServer
    return Feeder(found.id, server)


def why_not(key: FeedKey | None, address: Address | None) -> str | None:
    """Say why a feed key is refused, or return None."""
    if key is None:
        return "the feed key is unknown, expired or revoked"
    if key.networks and not Rule(networks=key.networks).lists(address):
        return "the feed key is not good from this address"
    return None


async def keep_feeding(conn: Connection, feeder: Feeder) -> None:
    """See that the key of somebody who was let in still stands: it may have been revoked meanwhile.

    Raises:
        AccessDenied: if it does not.
    """
    if not await store.standing(conn, feeder.key):
        raise AccessDenied


async def make_feed_key(conn: Connection, new: NewFeedKey) -> MadeFeedKey:
    """Make a feed key and return it with its secret, which is stored as a hash only: it can be shown this once.

    Raises:
        BadFeedKey: if none can be made of this.
        TooManyFeedKeys: if there are as many as there may be.
    """
    now = datetime.now(UTC)
    for objection in objections(new, now):
        raise BadFeedKey(objection)
    secret = secrets.make_token(Kind.FEED)
    async with conn.transaction():
        if await store.live(conn) >= MOST_KEYS:
            raise TooManyFeedKeys
        key = await store.add(conn, secrets.hash_token(secret), new, new.expires_at or now + new.most)
        opens: dict[str, Any] = {"key": key.id, "name": key.name, "servers": key.servers, "networks": key.networks}
        await changed(conn, NOBODY, "credential.change", OPERATOR, rule="a feed key is made", **opens)
    return MadeFeedKey(key, secret)


def objections(new: NewFeedKey, now: datetime) -> Iterator[str]:
    """Say what speaks against a feed key."""
    if not (0 < len(new.name.strip()) <= LONGEST_NAME and new.name.isprintable()):
        yield f"A feed key needs a name of at most {LONGEST_NAME} letters, on one line."
    if not 0 < len(new.servers) <= MOST_SERVERS:
        yield f"Say whose rows the key brings in: 1 to {MOST_SERVERS} servers."
    if len(new.networks) > MOST_NETWORKS:
        yield f"At most {MOST_NETWORKS} networks can be listed."
    if everybody(new.networks):
        yield "Together these networks let everybody in: list none instead."
    if new.expires_at is not None and not now < new.expires_at <= now + new.most:
        yield f"This key must end in the future, and within {new.most.days} days."


async def revoke_feed_key(conn: Connection, number: int) -> None:
    """Revoke a feed key: from now on it is good for nothing, and what is being brought in with it is not kept.

    Raises:
        NoSuchFeedKey: if there is none of this number that lives.
    """
    async with conn.transaction():
        if not await store.revoke(conn, number):
            raise NoSuchFeedKey
        await changed(conn, NOBODY, "credential.revoke", OPERATOR, rule="a feed key is revoked", key=number)
