"""Judging again: an answer that goes on for hours is asked for again while it does, by many at once."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct, structs

from opencabinet.access import secrets, store
from opencabinet.access.model import Ask, Kind
from opencabinet.access.policy import Decision, judge
from opencabinet.db import Connection
from opencabinet.kernel.ids import within


class Held(Struct, frozen=True):
    """What somebody was let in with, as its hash, and the question they asked."""

    token: bytes | None
    kind: Kind
    ask: Ask

    def __repr__(self) -> str:
        return "Held(***)"


def held(shown: str | None, kind: Kind, ask: Ask) -> Held:
    """Return what is held of a credential that was shown, or of none."""
    return Held(None if shown is None else secrets.hash_token(shown), kind, ask)


async def permit_held(conn: Connection, asked: Sequence[Held]) -> list[Decision]:
    """Judge questions again, as of now, in one statement: each as `permit` would judge it."""
    now = datetime.now(UTC)
    asks = [structs.replace(each.ask, login=within(each.ask.login), at=now) for each in asked]
    found = await store.judged_many(conn, [each.token for each in asked], asks, [each.kind for each in asked])
    return [
        structs.replace(judge(grant, policy, ask), bearer=grant.bearer)
        for (grant, policy), ask in zip(found, asks, strict=True)
    ]
