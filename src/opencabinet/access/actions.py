"""Judging: the one question of every door."""

from msgspec import structs

from opencabinet.access import secrets, store
from opencabinet.access.model import AccessDenied, Ask, Bearer, Kind
from opencabinet.access.policy import Decision, Policy, judge
from opencabinet.db import Connection
from opencabinet.kernel.ids import within


async def permit(
    conn: Connection, token: str | None, ask: Ask, kind: Kind = Kind.LEGACY, proposed: Policy | None = None
) -> Decision:
    """Judge a question asked with `token`, or with none: the one judge of every door.

    A `proposed` policy takes the place of the account's own, to see what would be answered.
    """
    shown = None if token is None else secrets.hash_token(token)
    within_reach = structs.replace(ask, login=within(ask.login))
    grant, policy, server = await store.judged(conn, shown, within_reach, kind)
    decision = judge(grant, policy if proposed is None else proposed, ask)
    return structs.replace(decision, bearer=grant.bearer, server=None if decision.granted is None else server)


async def bearer(conn: Connection, token: str, kind: Kind) -> Bearer:
    """Return whose token this is.

    Raises:
        AccessDenied: if it is unknown, expired or revoked.
    """
    found = await store.bearer(conn, secrets.hash_token(token), kind)
    if found is None:
        raise AccessDenied
    return found
