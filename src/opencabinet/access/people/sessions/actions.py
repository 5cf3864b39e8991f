"""Finding, renewing and ending sessions. Beginning one is `people.sign_in`."""

from opencabinet.access.model import Source
from opencabinet.access.people.means import Means, grant
from opencabinet.access.people.model import SessionEnded
from opencabinet.access.people.sessions import store
from opencabinet.access.people.sessions.model import Seated, Session, hash_token, make_token
from opencabinet.db import Connection


async def who(conn: Connection, token: str) -> Session | None:
    """Return the session that is shown, if it lives and all is proved; being used keeps it alive."""
    session = await shown(conn, token)
    if session is None or not session.good:
        return None
    await store.seen(conn, session.id)
    return session


async def seated(conn: Connection, token: str) -> Seated | None:
    """Return who is signed in by the session that is shown, if it lives and all is proved; it is kept alive by that."""
    hashed = hash_token(token)
    return await store.seated(conn, hashed) if hashed else None


async def unproved(conn: Connection, token: str) -> Session | None:
    """Return the session that is shown, if it waits for a second factor; it is good for nothing else."""
    session = await shown(conn, token)
    return None if session is None or session.good else session


async def shown(conn: Connection, token: str) -> Session | None:
    """Return the session that is shown, if it lives."""
    hashed = hash_token(token)
    return await store.found(conn, hashed) if hashed else None


async def rotate(conn: Connection, session: Session, *, proved: bool = False, stepped_up: bool = False) -> str:
    """Give a session another token, as at every change of privilege, and return it; the old one is worth nothing.

    Raises:
        SessionEnded: if it ended, or got another token, meanwhile.
    """
    token = make_token()
    if not await store.rotate(conn, session, hash_token(token) or b"", proved=proved, stepped_up=stepped_up):
        raise SessionEnded
    return token


async def sign_out(conn: Connection, means: Means, session: Session, source: Source) -> None:
    """End the session itself."""
    async with conn.transaction():
        if await store.end(conn, session.person, session.id):
            await grant(conn, means, session.person, "session.end", "signed out", source)


async def end_session(conn: Connection, means: Means, session: Session, other: int, source: Source) -> bool:
    """End one session of the same person, and say whether there was one."""
    async with conn.transaction():
        if ended := await store.end(conn, session.person, other):
            await grant(conn, means, session.person, "session.end", "ended by the person", source)
    return ended


async def end_sessions(
    conn: Connection, means: Means, person: int, source: Source, *, besides: Session | None = None
) -> int:
    """End every session of a person, but for one if it is given, and return how many there were."""
    async with conn.transaction():
        if ended := await store.end_all(conn, person, besides.id if besides else None):
            await grant(conn, means, person, "session.end", f"sessions ended: {ended}", source)
    return ended
