"""Signing in: the same answer and the same work, whether the e-mail address is unknown or the password wrong."""

from opencabinet.access.model import Source
from opencabinet.access.passwords import renewed, verified
from opencabinet.access.people import store
from opencabinet.access.people.means import Counted, Means, attempt, grant, refuse, subject_of_password
from opencabinet.access.people.model import Held, SignInRefused, asked
from opencabinet.access.people.sessions import store as sessions
from opencabinet.access.people.sessions.model import Begun, hash_token, make_token
from opencabinet.access.throttles.announcing import announce
from opencabinet.db import Connection


async def sign_in(conn: Connection, means: Means, *, email: str, password: str, source: Source) -> Begun:
    """Begin a session for whoever knows the password; where a second factor is, it is good for showing that only.

    Raises:
        SignInRefused: for a wrong password and for an unknown e-mail address, in the same words.
        Throttled: if too many were tried; nothing is hashed then.
        Overloaded: if too many others are signing in.
    """
    known_as = asked(email)
    async with attempt(conn, means, subject_of_password(known_as), source) as place:
        held = await store.held(conn, email=known_as)
        right = await verified(means.hasher, held.password if held else None, password, known=place.known)
        begun = await begin(conn, means, held, source, place) if right and held else None
        if begun is None:
            person = held.person if held else None
            await refuse(conn, means, person, "session.begin", "the e-mail address or the password is wrong", source)
            raise SignInRefused
    if held and held.password and (newer := await renewed(means.hasher, held.password, password)):
        await store.renew_hash(conn, held.person, held.password, newer)
    return begun


async def begin(conn: Connection, means: Means, held: Held, source: Source, place: Counted) -> Begun | None:
    """Begin a session, unless the password was changed since it was verified."""
    token = make_token()
    async with conn.transaction():
        if not await sessions.begin(conn, hash_token(token) or b"", held.person, held.password_set_at, source):
            return None
        rule = "the password is right" + (", a second factor is waited for" if held.has_factor else "")
        await grant(conn, means, held.person, "session.begin", rule, source)
        await announce(conn, await store.logins(conn, held.person), place, source.channel)
    return Begun(token=token, second_factor_needed=held.has_factor)
