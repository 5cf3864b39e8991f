"""Judging again: an answer that goes on for hours is asked for again while it does, by many at once."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import structs

from opencabinet.access.actions import evidence_of
from opencabinet.access.model import Held
from opencabinet.access.policy import Decision
from opencabinet.db import Connection


async def permit_held(conn: Connection, asked: Sequence[Held]) -> list[Decision]:
    """Judge questions again, as of now, in one statement: each as `permit` would judge it."""
    now = datetime.now(UTC)
    again = [structs.replace(each, ask=structs.replace(each.ask, at=now)) for each in asked]
    found = await evidence_of(conn, again)
    return [evidence.judge(each.ask) for evidence, each in zip(found, again, strict=True)]
