"""Asking to be deleted, and taking it back. Who deletes is the operator, and not before the wish is due."""

from opencabinet.access.model import Source
from opencabinet.access.people.leaving import store
from opencabinet.access.people.leaving.model import (
    LONGEST_REASON,
    WAITS,
    DeletionAsked,
    DeletionDue,
    LongReason,
    NoDeletion,
)
from opencabinet.access.people.means import Means, grant
from opencabinet.access.people.sessions import Session, needs_step_up
from opencabinet.db import Connection


async def ask_deletion(conn: Connection, means: Means, session: Session, reason: str, source: Source) -> None:
    """Note that whoever is signed in wants to be deleted.

    Raises:
        DeletionAsked: if they said so before.
        LongReason: if the reason is too long.
    """
    needs_step_up(session)
    if len(reason) > LONGEST_REASON:
        raise LongReason
    async with conn.transaction():
        if not await store.ask(conn, session.person, WAITS, reason):
            raise DeletionAsked
        await grant(conn, means, session.person, "person.leave", "they want to be deleted", source)


async def withdraw_deletion(conn: Connection, means: Means, session: Session, source: Source) -> None:
    """Note that whoever is signed in wants to stay.

    Raises:
        NoDeletion: if they never wanted to be deleted.
        DeletionDue: if it is too late to take it back.
    """
    async with conn.transaction():
        if not await store.withdraw(conn, session.person):
            raise DeletionDue if await store.deletion(conn, session.person) else NoDeletion
        await grant(conn, means, session.person, "person.stay", "they want to be deleted no longer", source)
