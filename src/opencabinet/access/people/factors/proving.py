"""Proving who one is: the second factor a sign-in waits for, and the step up before what only the person may do."""

from opencabinet.access.model import Source
from opencabinet.access.passwords import verified
from opencabinet.access.people import store as people
from opencabinet.access.people.factors import recovery, store, totp
from opencabinet.access.people.factors.model import AppCode, PasskeyAnswer, PasswordProof, Proof, RecoveryCode
from opencabinet.access.people.means import Means, attempt, grant, refuse, subject_of_factors, subject_of_password
from opencabinet.access.people.model import Held, ProofRefused, SessionEnded
from opencabinet.access.people.sessions import Session, rotate
from opencabinet.db import Connection


async def complete(conn: Connection, means: Means, session: Session, proof: Proof, source: Source) -> str:
    """Show the second factor that a session waits for, and return the session's new token: from now on it is good.

    Raises:
        ProofRefused: if it is not right, or is a password.
        SessionEnded: if the session waits for nothing.
        Throttled: if too many were tried.
    """
    if session.good:
        raise SessionEnded
    await prove(conn, means, session, proof, source, action="session.prove")
    return await proven(conn, means, session, source, "session.begin", proved=True, stepped_up=False)


async def step_up(conn: Connection, means: Means, session: Session, proof: Proof, source: Source) -> str:
    """Prove once more who one is, with a second factor, or the password where none is; return a new token.

    Raises:
        ProofRefused: if it is not right.
        SessionEnded: if the session is not good.
        Throttled: if too many were tried.
    """
    if not session.good:
        raise SessionEnded
    await prove(conn, means, session, proof, source, action="session.step_up")
    proved = not isinstance(proof, PasswordProof)
    return await proven(conn, means, session, source, "session.step_up", proved=proved, stepped_up=True)


async def proven(
    conn: Connection, means: Means, session: Session, source: Source, action: str, *, proved: bool, stepped_up: bool
) -> str:
    """Note what was proved, and return the session's new token."""
    async with conn.transaction():
        token = await rotate(conn, session, proved=proved, stepped_up=stepped_up)
        await grant(conn, means, session.person, action, "the proof is right", source)
    return token


async def prove(conn: Connection, means: Means, session: Session, proof: Proof, source: Source, *, action: str) -> None:
    """Try a proof; the one way in which proofs are tried.

    Raises:
        ProofRefused: if it is not right, or is a password where a second factor is; the history says which.
        Throttled: if too many were tried.
    """
    held = await people.held(conn, session.person)
    if held is None:
        raise SessionEnded
    by_password = isinstance(proof, PasswordProof)
    subject = subject_of_password(held.email) if by_password else subject_of_factors(session.person)
    unguessable = isinstance(proof, RecoveryCode | PasskeyAnswer)
    async with attempt(conn, means, subject, source, generated=unguessable):
        if not await holds(conn, means, session, held, proof):
            await refuse(conn, means, session.person, action, f"the {type(proof).__name__} is wrong", source)
            raise ProofRefused


async def holds(conn: Connection, means: Means, session: Session, held: Held, proof: Proof) -> bool:
    """Whether a proof is right; what is good once is used up."""
    match proof:
        case PasswordProof(password):
            return await verified(means.hasher, held.password, password) and not held.has_factor
        case AppCode(code):
            return await code_holds(conn, means, session.person, code)
        case RecoveryCode(code) if held.has_factor:
            return await store.use_code(conn, session.person, recovery.hashed(means.keys.codes, code))
        case PasskeyAnswer():
            return await passkey_holds(conn, means, session, proof)
    return False


async def code_holds(conn: Connection, means: Means, person: int, code: str) -> bool:
    """Whether a person's authenticator app shows this code now, or did just before; it is used up."""
    async with conn.transaction():
        kept = await store.totp(conn, person)
        secret = kept and kept.secret and totp.opened(means.keys.factors, person, kept.secret)
        step = kept and secret and totp.step_of(secret, code, kept.clock)
        return bool(step) and await store.use_step(conn, person, int(step or 0))


async def passkey_holds(conn: Connection, means: Means, session: Session, proof: PasskeyAnswer) -> bool:
    """Whether a passkey of the person signed what this session asked; it is asked once, right or wrong."""
    from opencabinet.access.people.factors import ceremonies  # noqa: PLC0415 - WebAuthn is a sixth of each start

    challenge = await store.take_challenge(conn, session.id, "prove")
    present = await store.passkeys(conn, session.person)
    known = ceremonies.handle(means.keys.factors, session.person)
    signed = ceremonies.signed(proof.site, challenge, known, present, proof.answer) if challenge else None
    return signed is not None and await store.count_passkey(conn, *signed)
