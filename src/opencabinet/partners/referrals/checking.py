"""Asking whether an account is a partner's client: the same work for yes and no, and not for whole lists of numbers."""

from contextlib import suppress
from typing import Final

from opencabinet.access import Function, Source, changed, throttles
from opencabinet.access.throttles.actions import take
from opencabinet.access.throttles.model import AN_HOUR, Bucket
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Throttled
from opencabinet.partners.referrals import store

PROBING: Final = "so many different accounts were asked for within an hour that it looks like probing"


async def check(conn: Connection, partner: Login, client: Login, source: Source) -> bool:
    """Whether an account is a partner's client now; one that is not there is none. No part of a transaction.

    Raises:
        Throttled: if too many different accounts were asked for within an hour; the history tells of it once.
    """
    try:
        await throttles.check(conn, partner, client)
    except Throttled:
        await flag(conn, partner, source)
        raise
    return await store.is_client(conn, partner, client)


async def flag(conn: Connection, partner: Login, source: Source) -> None:
    """Let the partner's history tell that they ask too much, unless it told so within an hour."""
    with suppress(Throttled):
        async with conn.transaction():
            await take(conn, Bucket(kind="pair", subject=f"probing by {partner}", most=1, seconds=AN_HOUR))
            await changed(conn, partner, "referral.probing", source, rule=PROBING, function=Function.REFERRALS)
