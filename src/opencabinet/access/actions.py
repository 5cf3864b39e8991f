"""Judging: the one question of every door."""

from msgspec import Struct, structs

from opencabinet.access import secrets, store
from opencabinet.access.model import AccessDenied, Ask, Bearer, Grant, Kind
from opencabinet.access.policy import Decision, Policy, judge
from opencabinet.db import Connection
from opencabinet.kernel.ids import within


class Evidence(Struct, frozen=True):
    """All that a question is judged by, but for the time: what was shown, the policy as far as the question goes by it.

    It holds for the address that asked or, where it goes `by_address` nowhere, for any.
    """

    grant: Grant
    policy: Policy
    server: str | None = None

    def judge(self, ask: Ask) -> Decision:
        """Judge a question."""
        decision = judge(self.grant, self.policy, ask)
        return structs.replace(
            decision, bearer=self.grant.bearer, server=None if decision.granted is None else self.server
        )

    @property
    def by_address(self) -> bool:
        """Whether another address might be answered otherwise."""
        bound = self.grant.bearer is not None and bool(self.grant.bearer.networks)
        return bound or any(rule.level.by_address for _, rule in self.policy.rows())


async def permit(
    conn: Connection, token: str | None, ask: Ask, kind: Kind = Kind.LEGACY, proposed: Policy | None = None
) -> Decision:
    """Judge a question asked with `token`, or with none: the one judge of every door.

    A `proposed` policy takes the place of the account's own, to see what would be answered.
    """
    found = await evidence(conn, token, ask, kind)
    return (found if proposed is None else structs.replace(found, policy=proposed)).judge(ask)


async def evidence(conn: Connection, token: str | None, ask: Ask, kind: Kind = Kind.LEGACY) -> Evidence:
    """Return what a question asked with `token`, or with none, is judged by."""
    shown = None if token is None else secrets.hash_token(token)
    within_reach = structs.replace(ask, login=within(ask.login))
    return Evidence(*await store.judged(conn, shown, within_reach, kind))


async def bearer(conn: Connection, token: str, kind: Kind) -> Bearer:
    """Return whose token this is.

    Raises:
        AccessDenied: if it is unknown, expired or revoked.
    """
    found = await store.bearer(conn, secrets.hash_token(token), kind)
    if found is None:
        raise AccessDenied
    return found
