"""Adding people, saying which accounts are theirs, and setting their passwords."""

import unicodedata
from datetime import timedelta
from functools import partial
from typing import Final

from opencabinet.access import secrets
from opencabinet.access.fitness import SHORTEST, SHORTEST_WITH_FACTOR, PasswordTooShort, judged_password
from opencabinet.access.model import Source
from opencabinet.access.passwords import Hasher, hashed, verified
from opencabinet.access.people import store
from opencabinet.access.people.factors import recovery
from opencabinet.access.people.means import Means, attempt, grant, refuse, subject_of_password
from opencabinet.access.people.model import (
    CodeRefused,
    EmailTaken,
    NoSuchPerson,
    OtherOwner,
    PasswordUsedElsewhere,
    Person,
    ProofRefused,
    SessionEnded,
    fit_name,
    folded,
)
from opencabinet.access.people.sessions import Session, end_sessions, rotate
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

CODE_LIVES: Final = timedelta(hours=24)
MOST_COMPARED: Final = 32
"""So many chosen API passwords of a person's accounts a new password is compared to: each costs a slow hash."""


async def existing(conn: Connection, email: str) -> Person:
    """Return the person with this e-mail address.

    Raises:
        NoSuchPerson: if there is none.
    """
    found = await store.person(conn, email=folded(email))
    if found is None:
        raise NoSuchPerson(f"There is nobody with the e-mail address {email[:254]}.")
    return found


async def add(conn: Connection, means: Means, *, email: str, name: str, source: Source) -> int:
    """Add a person, who cannot sign in before a password is set, and return their number.

    Raises:
        EmailTaken: if somebody has this e-mail address.
    """
    async with conn.transaction():
        person = await store.add(conn, folded(email), fit_name(name))
        if person is None:
            raise EmailTaken(f"Somebody has the e-mail address {folded(email)} already.")
        await grant(conn, means, person, "person.add", "added by the operator", source)
    return person


async def rename(conn: Connection, means: Means, person: int, name: str, source: Source) -> None:
    """Call a person by another name."""
    async with conn.transaction():
        if await store.set_name(conn, person, fit_name(name)):
            await grant(conn, means, person, "person.rename", "they are called otherwise", source)


async def link(conn: Connection, means: Means, person: int, login: Login, source: Source) -> None:
    """Give a person an account.

    Raises:
        OtherOwner: if it is somebody else's.
    """
    async with conn.transaction():
        if not await store.link(conn, login, person):
            raise OtherOwner(f"Account {login} is somebody else's.")
        await grant(conn, means, person, "person.link", f"account {login} is theirs", source)


async def unlink(conn: Connection, means: Means, person: int, login: Login, source: Source) -> bool:
    """Take an account from a person, and say whether it was theirs; its history hears of it, too."""
    async with conn.transaction():
        await store.lock(conn, person)
        if taken := await store.owner(conn, login) == person:
            await grant(conn, means, person, "person.unlink", f"account {login} is theirs no longer", source)
            await store.unlink(conn, login, person)
    return taken


async def password_code(conn: Connection, means: Means, person: int, source: Source) -> str:
    """Return a code that sets a person's password, once, within a day; an earlier one is worth nothing."""
    code = recovery.make()
    async with conn.transaction():
        await store.keep_code(conn, person, recovery.hashed(means.keys.codes, code), CODE_LIVES)
        await grant(conn, means, person, "password.code", "a code for setting the password", source)
    return code


async def set_password(conn: Connection, means: Means, person: int, password: str, source: Source) -> None:
    """Set a person's password, as the operator does, and end their sessions.

    Raises:
        UnfitPassword: if it is not fit to be one.
        PasswordUsedElsewhere: if it is another password of theirs.
    """
    made, leans = await fit(conn, means, person, password)
    async with conn.transaction():
        await keep(conn, means, person, made, leans=leans, source=source)
        await end_sessions(conn, means, person, source)


async def set_password_by_code(conn: Connection, means: Means, code: str, password: str, source: Source) -> None:
    """Set the password of the person who was given a code, and end their sessions; second factors stay.

    Raises:
        CodeRefused: if the code is unknown, used or expired.
        UnfitPassword: if the password is not fit to be one; the code stays good then.
        PasswordUsedElsewhere: if it is another password of theirs; the same.
    """
    shown = recovery.hashed(means.keys.codes, code)
    async with attempt(conn, means, f"code {shown.hex()[:32]}", source, generated=True):
        person = await store.code(conn, shown)
        if person is None:
            await refuse(conn, means, None, "password.set", "the code is unknown, used or expired", source)
            raise CodeRefused
    made, leans = await fit(conn, means, person, password)
    async with conn.transaction():
        if not await store.use_code(conn, shown):
            raise CodeRefused
        await keep(conn, means, person, made, leans=leans, source=source)
        await end_sessions(conn, means, person, source)


async def change_password(
    conn: Connection, means: Means, session: Session, *, old: str, new: str, source: Source
) -> str:
    """Change the password for a person who knows the old one; end all other sessions and return a new token.

    Raises:
        ProofRefused: if the old one is wrong.
        UnfitPassword: if the new one is not fit to be one.
        PasswordUsedElsewhere: if it is another password of theirs.
    """
    held = await store.held(conn, session.person)
    if held is None or not session.good:
        raise SessionEnded
    async with attempt(conn, means, subject_of_password(held.email), source):
        if not await verified(means.hasher, held.password, old):
            await refuse(conn, means, held.person, "password.set", "the old password is wrong", source)
            raise ProofRefused
    made, leans = await fit(conn, means, held.person, new)
    async with conn.transaction():
        await keep(conn, means, held.person, made, leans=leans, source=source)
        await end_sessions(conn, means, held.person, source, besides=session)
        return await rotate(conn, session)


async def end_owners_sessions(conn: Connection, means: Means, login: Login, source: Source) -> int:
    """End every session of the person whose account this is, and return how many there were."""
    person = await store.owner(conn, login)
    return 0 if person is None else await end_sessions(conn, means, person, source)


async def fit(conn: Connection, means: Means, number: int, password: str) -> tuple[str, bool]:
    """Return what a new password is kept as, and whether it is so short that it needs a factor beside it."""
    person = await store.person(conn, number)
    if person is None:
        raise NoSuchPerson
    length = SHORTEST_WITH_FACTOR if person.has_factor else SHORTEST
    context = [person.email, person.name, *await store.known_of(conn, number)]
    await means.hasher.run(partial(judged_password, password, context=context, length=length))  # it reads files
    if looks_made(password) or await is_api_password(conn, means, number, password):
        raise PasswordUsedElsewhere
    leans = len(unicodedata.normalize("NFC", password)) < SHORTEST
    return await hashed(means.hasher, password), leans


def looks_made(password: str) -> bool:
    """Whether a password has the form of the secrets that we make: they belong into programs."""
    return password.startswith("cc") and secrets.checked(password[: -secrets.CHECK_LETTERS]) == password


async def keep(conn: Connection, means: Means, person: int, made: str, *, leans: bool, source: Source) -> None:
    """Keep a new password, and tell of it; a code for setting one is worth nothing any more."""
    await store.lock(conn, person)
    found = await store.person(conn, person)
    if leans and not (found and found.has_factor):
        raise PasswordTooShort  # the last factor was given up meanwhile
    await store.set_password(conn, person, made, leans=leans)
    await store.drop_code(conn, person)
    if found:
        await means.throttle.reset(conn, subject_of_password(found.email))
    await grant(conn, means, person, "password.set", "a new password", source)


async def is_api_password(conn: Connection, means: Means, person: int, password: str) -> bool:
    """Whether this is the API password of an account of the person, generated or chosen."""
    if await store.is_api_password(conn, person, secrets.hash_password(means.keys.pepper, password)):
        return True
    for chosen in await store.chosen_api_passwords(conn, person, MOST_COMPARED):
        if await verified(means.hasher, chosen, password):
            return True
    return False


async def is_owners_password(conn: Connection, hasher: Hasher, login: Login, password: str) -> bool:
    """Whether this is the password of the person whose account this is."""
    person = await store.owner(conn, login)
    held = person and await store.held(conn, person)
    return await verified(hasher, held.password if held else None, password)
