"""Applying for an account, looking at an application, and deciding on it."""

from hashlib import sha256
from typing import Final

from opencabinet import access, accounts
from opencabinet.access import Source
from opencabinet.access.secrets import hash_token
from opencabinet.access.throttles.actions import take
from opencabinet.access.throttles.model import AN_HOUR, Bucket, spelled
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.onboarding import store
from opencabinet.onboarding.model import (
    LONGEST_NOTE,
    Application,
    ApplicationDecided,
    Applied,
    CameFromAnother,
    NoSuchApplication,
    Rules,
    Seen,
    Wanted,
    make_id,
    make_token,
    read_text,
)

OPENED: Final = "application.opened"
LONGEST_AGENT: Final = 200
USUAL: Final = Rules()


async def apply(conn: Connection, wanted: Wanted, source: Source, rules: Rules = USUAL) -> Applied:
    """Take an application, and return the token by which its applicant looks at it.

    What a trap has caught is kept apart, and looks to whoever sent it as any other.

    Raises:
        BadApplication: for what cannot be right.
        Throttled: if too many came within an hour, from one network, with one e-mail address, or of all.
    """
    asked, token = wanted.read(rules), make_token()
    network = None if source.address is None else access.neighbourhood(source.address)
    async with conn.transaction():
        for bucket in buckets(asked.email, spelled(network), rules):
            await take(conn, bucket)
        kept = await store.keep(
            conn,
            asked,
            id=make_id(),
            token=hash_token(token),
            state="spam" if asked.trap else "received",
            network=None if network is None else str(network),
            user_agent=source.user_agent[:LONGEST_AGENT],
        )
    return Applied(id=kept.id, token=token, received_at=kept.received_at)


def buckets(email: str, network: str, rules: Rules) -> tuple[Bucket, ...]:
    """Return what an application takes a slot of, in one order: of an e-mail address no more is kept than a hash."""
    hashed = sha256(email.encode()).hexdigest()[:32]
    return (
        Bucket(kind="pair", subject=f"applications of {hashed}", most=rules.of_email, seconds=AN_HOUR),
        Bucket(kind="pair", subject="applications", network=network, most=rules.of_network, seconds=AN_HOUR),
        Bucket(kind="pair", subject="all applications", most=rules.of_all, seconds=AN_HOUR),
    )


async def look(conn: Connection, number: int, token: str) -> Seen:
    """Return what became of an application, to whoever has its token.

    Raises:
        NoSuchApplication: if there is none, or the token is not its own: nobody learns which.
    """
    found = await store.look(conn, number, hash_token(token))
    if found is None:
        raise NoSuchApplication
    return found


async def open_as(conn: Connection, number: int, login: Login, *, note: str = "") -> Application:
    """Say that an account, which its server has opened, is the one that was applied for.

    Whose client it is will be decided by what the application says: its event tells that it can be.

    Raises:
        NoSuchApplication, ApplicationDecided: if there is none that waits.
        NoSuchAccount: if there is no such account.
        CameFromAnother: if the account came from another application.
    """
    text = read_text("note", note, LONGEST_NOTE)
    async with conn.transaction():
        await waiting(conn, number)
        await accounts.existing(conn, login)
        await outbox.hold(conn, login)
        if await store.came_from(conn, login) is not None:
            raise CameFromAnother
        opened = await store.decide(conn, number, "opened", login=login, note=text)
        await outbox.append(conn, login, OPENED, application=f"app_{number}")
    return opened


async def refuse(conn: Connection, number: int, *, note: str = "", spam: bool = False) -> Application:
    """Refuse an application, or take it for spam; the note is for the operator alone.

    Raises:
        NoSuchApplication, ApplicationDecided: if there is none that waits.
    """
    text = read_text("note", note, LONGEST_NOTE)
    async with conn.transaction():
        await waiting(conn, number)
        return await store.decide(conn, number, "spam" if spam else "refused", login=None, note=text)


async def waiting(conn: Connection, number: int) -> Application:
    """Return an application that is neither opened nor refused, held until the transaction ends.

    Raises:
        NoSuchApplication, ApplicationDecided: if there is none.
    """
    found = await store.held(conn, number) if 0 < number <= LARGEST else None
    if found is None:
        raise NoSuchApplication
    if found.state not in {"received", "spam"}:
        raise ApplicationDecided
    return found
