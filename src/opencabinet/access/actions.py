"""Judging: the one question of every door."""

from collections.abc import Sequence

from msgspec import Struct, structs

from opencabinet.access import secrets, store
from opencabinet.access.model import AccessDenied, Ask, Bearer, Grant, Held, Kind
from opencabinet.access.policy import Decision, Policy, judge
from opencabinet.db import Connection, Pool, Together


class Evidence(Struct, frozen=True):
    """All that a question is judged by, but for the time: what was shown, the policy as far as the question goes by it.

    It holds for the address that asked or, where it goes `by_address` nowhere, for any.
    """

    grant: Grant
    policy: Policy
    server: str | None = None
    told: bool = False
    """Whether the history has told of a first use, where that was looked for."""

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


class Docket:
    """The questions that wait for what they are judged by: those of all callers are looked up together."""

    def __init__(self, pool: Pool) -> None:
        self._asked: Together[None, Held, Evidence] = Together(pool, self._look_up)

    async def evidence(self, token: str | None, kind: Kind, ask: Ask, first: bytes | None = None) -> Evidence:
        """Return what a question asked with `token`, or with none, is judged by; it looks for the `first` use, too.

        Raises:
            Overloaded: if it cannot be looked up now.
        """
        return await self._asked.answer(None, structs.replace(held(token, kind, ask), first=first))

    @staticmethod
    async def _look_up(conn: Connection, _: None, asked: Sequence[Held]) -> list[Evidence]:
        return await evidence_of(conn, asked)


async def permit(
    conn: Connection, token: str | None, ask: Ask, kind: Kind = Kind.LEGACY, proposed: Policy | None = None
) -> Decision:
    """Judge a question asked with `token`, or with none: the one judge of every door.

    A `proposed` policy takes the place of the account's own, to see what would be answered.
    """
    (found,) = await evidence_of(conn, [held(token, kind, ask)])
    return (found if proposed is None else structs.replace(found, policy=proposed)).judge(ask)


def held(shown: str | None, kind: Kind, ask: Ask) -> Held:
    """Return a question with what is kept of the credential that was shown, if one was."""
    return Held(None if shown is None else secrets.hash_token(shown), kind, ask)


async def evidence_of(conn: Connection, asked: Sequence[Held]) -> list[Evidence]:
    """Return what each question is judged by, looked up by one statement."""
    return [Evidence(*found) for found in await store.judged(conn, asked)]


async def bearer(conn: Connection, token: str, kind: Kind) -> Bearer:
    """Return whose token this is.

    Raises:
        AccessDenied: if it is unknown, expired or revoked.
    """
    found = await store.bearer(conn, secrets.hash_token(token), kind)
    if found is None:
        raise AccessDenied
    return found
