"""Getting second factors and recovery codes, and giving them up."""

import base64
import secrets
from collections.abc import Awaitable, Callable

from opencabinet.access.model import Source
from opencabinet.access.people import store as people
from opencabinet.access.people.factors import recovery, store, totp
from opencabinet.access.people.factors.model import (
    CHALLENGE,
    CHALLENGE_BYTES,
    LONGEST_NAME,
    MOST_PASSKEYS,
    BadPasskeyName,
    Enrolment,
    FactorMissing,
    NothingToConfirm,
    PasskeyKnown,
    Site,
)
from opencabinet.access.people.means import Means, attempt, grant, refuse, subject_of_factors
from opencabinet.access.people.model import NoSuchPerson, PasswordLeans, Person, ProofRefused
from opencabinet.access.people.sessions import Session, end_sessions, needs_step_up, rotate
from opencabinet.db import Connection


async def begin_app(conn: Connection, means: Means, session: Session, issuer: str = totp.ISSUER) -> Enrolment:
    """Return the secret of a new authenticator app, this once; the app counts when its first code was shown."""
    needs_step_up(session)
    person = await existing(conn, session.person)
    secret = totp.new_secret()
    await store.pend_totp(conn, person.id, totp.sealed(means.keys.factors, person.id, secret))
    return totp.enrolment(secret, person.email, issuer)


async def pending_app(conn: Connection, means: Means, session: Session, issuer: str = totp.ISSUER) -> Enrolment | None:
    """Return the secret of the app that waits for its first code, to be shown until then; None if there is none."""
    needs_step_up(session)
    async with conn.transaction():
        kept = await store.totp(conn, session.person)
    secret = kept and kept.pending and totp.opened(means.keys.factors, session.person, kept.pending)
    return totp.enrolment(secret, (await existing(conn, session.person)).email, issuer) if secret else None


async def confirm_app(conn: Connection, means: Means, session: Session, code: str, source: Source) -> str:
    """Show the first code of a new authenticator app, in place of an earlier app, and return the session's new token.

    Raises:
        NothingToConfirm: if no app waits for it.
        ProofRefused: if the code is not right.
    """
    needs_step_up(session)
    async with attempt(conn, means, subject_of_factors(session.person), source):
        async with conn.transaction():
            kept = await store.totp(conn, session.person)
            if kept is None or kept.pending is None:
                raise NothingToConfirm
            secret = totp.opened(means.keys.factors, session.person, kept.pending)
            if step := secret and totp.step_of(secret, code, kept.clock):
                await store.confirm_totp(conn, session.person, int(step))
                return await enrolled(conn, means, session, "the authenticator app shows the code", source)
        await refuse(conn, means, session.person, "factor.add", "the AppCode is wrong", source)
        raise ProofRefused


async def give_app(conn: Connection, means: Means, person: int, secret: str, source: Source) -> None:
    """Give a person an authenticator app whose secret is known, in base 32, as a demonstration does."""
    async with conn.transaction():
        await store.pend_totp(conn, person, totp.sealed(means.keys.factors, person, base64.b32decode(secret)))
        await store.confirm_totp(conn, person, 0)
        await grant(conn, means, person, "factor.add", "an authenticator app with a known secret", source)


async def begin_passkey(conn: Connection, means: Means, session: Session, site: Site) -> str:
    """Return what the browser is asked for a new passkey, as JSON; the answer is good for five minutes, once."""
    from opencabinet.access.people.factors import ceremonies  # noqa: PLC0415 - WebAuthn is a sixth of each start

    needs_step_up(session)
    person = await existing(conn, session.person)
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    await store.challenge(conn, session.id, "register", challenge, CHALLENGE)
    known = ceremonies.handle(means.keys.factors, person.id)
    return ceremonies.ask_for_new(site, challenge, known, person.email, await store.passkeys(conn, person.id))


async def confirm_passkey(
    conn: Connection, means: Means, session: Session, site: Site, answer: str, name: str, source: Source
) -> str:
    """Keep the passkey that a browser's answer holds, and return the session's new token.

    Raises:
        ProofRefused: if it is not what was asked for.
        PasskeyKnown: if the passkey is registered already, or the person has ten.
    """
    from opencabinet.access.people.factors import ceremonies  # noqa: PLC0415 - WebAuthn is a sixth of each start

    needs_step_up(session)
    named = passkey_name(name)
    async with attempt(conn, means, subject_of_factors(session.person), source, generated=True):
        challenge = await store.take_challenge(conn, session.id, "register")
        passkey = challenge and ceremonies.registered(site, challenge, session.person, named, answer)
        if not passkey:
            await refuse(conn, means, session.person, "factor.add", "the PasskeyAnswer is wrong", source)
            raise ProofRefused
        async with conn.transaction():
            if not await store.add_passkey(conn, passkey, MOST_PASSKEYS):
                raise PasskeyKnown
            return await enrolled(conn, means, session, f"a passkey: {named}", source)


async def ask_passkey(conn: Connection, means: Means, session: Session, site: Site) -> str:
    """Return what the browser is asked to sign, as JSON; the answer is good for five minutes, once, in this session.

    Raises:
        FactorMissing: if the person has no passkey.
    """
    from opencabinet.access.people.factors import ceremonies  # noqa: PLC0415 - WebAuthn is a sixth of each start

    del means  # asked for, so that all verbs are called alike
    present = await store.passkeys(conn, session.person)
    if not present:
        raise FactorMissing
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    await store.challenge(conn, session.id, "prove", challenge, CHALLENGE)
    return ceremonies.ask_for_proof(site, challenge, present)


async def new_recovery_codes(conn: Connection, means: Means, session: Session, source: Source) -> list[str]:
    """Return ten new recovery codes, this once; earlier ones are worth nothing.

    Raises:
        FactorMissing: if the person has no second factor that they could stand for.
    """
    needs_step_up(session)
    codes = [recovery.make() for _ in range(recovery.CODES)]
    async with conn.transaction():
        await people.lock(conn, session.person)
        if not await store.enrolled(conn, session.person):
            raise FactorMissing
        await store.replace_codes(conn, session.person, [recovery.hashed(means.keys.codes, code) for code in codes])
        await grant(conn, means, session.person, "factor.codes", "new recovery codes", source)
    return codes


async def remove_app(conn: Connection, means: Means, session: Session, source: Source) -> str:
    """Give up the authenticator app, and return the session's new token."""
    return await removed(conn, means, session, lambda: store.drop_totp(conn, session.person), source)


async def remove_passkey(conn: Connection, means: Means, session: Session, key: bytes, source: Source) -> str:
    """Give up a passkey, and return the session's new token."""
    return await removed(conn, means, session, lambda: store.drop_passkey(conn, session.person, key), source)


async def removed(
    conn: Connection, means: Means, session: Session, drop: Callable[[], Awaitable[bool]], source: Source
) -> str:
    """Give up a factor; with the last one the recovery codes go, too.

    Raises:
        FactorMissing: if there is none.
        PasswordLeans: if it is the last one, and the password is too short to stand alone.
    """
    needs_step_up(session)
    async with conn.transaction():
        await people.lock(conn, session.person)
        if not await drop():
            raise FactorMissing
        if not await store.enrolled(conn, session.person):
            if (await existing(conn, session.person)).leans:
                raise PasswordLeans
            await store.replace_codes(conn, session.person, [])
        token = await rotate(conn, session)
        await grant(conn, means, session.person, "factor.remove", "removed by the person", source)
    return token


async def reset_factors(conn: Connection, means: Means, person: int, source: Source) -> bool:
    """Take every factor and recovery code from a person who lost them, and end their sessions.

    A password that is too short to stand alone goes, too; return whether it did.
    """
    async with conn.transaction():
        await people.lock(conn, person)
        await store.drop_totp(conn, person)
        await store.drop_passkeys(conn, person)
        await store.replace_codes(conn, person, [])
        gone = await people.no_password(conn, person)
        await end_sessions(conn, means, person, source)
        await means.throttle.reset(conn, subject_of_factors(person))
        await grant(conn, means, person, "factor.reset", "all factors removed by the operator", source)
    return gone


async def enrolled(conn: Connection, means: Means, session: Session, rule: str, source: Source) -> str:
    """Tell of a new factor, which this session has shown, and return the session's new token.

    Sessions of the person that have not shown one are good no longer: see `sessions.store.FOUND`.
    """
    token = await rotate(conn, session, proved=True)
    await grant(conn, means, session.person, "factor.add", rule, source)
    return token


async def existing(conn: Connection, person: int) -> Person:
    """Return a person."""
    found = await people.person(conn, person)
    if found is None:
        raise NoSuchPerson
    return found


def passkey_name(name: str) -> str:
    """Return the name of a passkey as it is kept."""
    kept = name[: LONGEST_NAME + 1].strip()
    if not kept or len(kept) > LONGEST_NAME or not kept.isprintable():
        raise BadPasskeyName
    return kept
