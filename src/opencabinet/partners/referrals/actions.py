"""Deciding whose client an account is: once for each thing that says so, under the account's row lock."""

from datetime import UTC, datetime
from typing import Final

from opencabinet import accounts
from opencabinet.db import Connection, outbox
from opencabinet.db.outbox import Event
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.kernel.problem import Malformed
from opencabinet.partners import programme
from opencabinet.partners.programme import NoSuchPartner
from opencabinet.partners.referrals import store
from opencabinet.partners.referrals.gathering import LONGEST_TEXT, gather, of_registration
from opencabinet.partners.referrals.model import Decision, Entry, Lead, Rules, decide, end

CHANGED: Final = "referral.changed"
OPENING: Final = frozenset({"account.opened", "application.opened"})
"""Events after which whose client an account is can be told."""
USUAL: Final = Rules()


class NotYet(Malformed):
    """Whose client an account is can be said of now and of what was, not of what is to come."""


async def on_opened(conn: Connection, event: Event, rules: Rules = USUAL) -> Entry | None:
    """Decide whose client an account is that was opened, or that an application was tied to.

    Nothing is decided on twice, however often the event is read; None where nothing says anything, or anything new.
    """
    return await attribute(conn, event.login, event.at, rules) if event.kind in OPENING else None


async def attribute(conn: Connection, client: Login, at: datetime, rules: Rules = USUAL) -> Entry | None:
    """Decide whose client an account is by what was said when it was asked for, and by its server's word.

    `at` is when the account became known. None where nothing says anything that was not decided on.
    """
    async with conn.transaction():
        await outbox.hold(conn, client)
        words = await of_registration(conn, client, at, agents_count=rules.agents_count)
        if words is None or await store.decided(conn, client, words.cause):
            return None
        evidence = await gather(conn, client, words.leads, words.at, datetime.now(UTC))
        return await keep(conn, decide(evidence, rules), words.cause)


async def assign(
    conn: Connection, client: Login, partner: Login, *, since: datetime | None = None, note: str = ""
) -> Entry:
    """Say as the operator whose client an account is, from now on unless told; what was before is not changed.

    The entry tells if it was refused: nobody is their own partner, nor above them.

    Raises:
        NoSuchAccount, NoSuchPartner: if one of them is none.
        NotYet: if it is to be from a later moment on.
    """
    now = datetime.now(UTC)
    await accounts.existing(conn, client)
    if await programme.partner(conn, partner) is None:
        raise NoSuchPartner(f"{partner} is no partner.")
    lead = Lead(kind="operator", at=past(since, now), partner=partner, text=note[:LONGEST_TEXT])
    async with conn.transaction():
        await outbox.hold(conn, client)
        return await keep(conn, decide(await gather(conn, client, [lead], now, now), USUAL), None)


async def release(conn: Connection, client: Login, *, since: datetime | None = None) -> Entry:
    """Say as the operator that an account is nobody's client any more, from now on unless told.

    Raises:
        NoSuchAccount: if there is none.
        NotYet: if it is to be from a later moment on.
    """
    now = datetime.now(UTC)
    await accounts.existing(conn, client)
    async with conn.transaction():
        await outbox.hold(conn, client)
        return await keep(conn, end(await gather(conn, client, [], now, now), past(since, now)), None)


def past(since: datetime | None, now: datetime) -> datetime:
    """Return the moment that was told, or now.

    Raises:
        NotYet: if it is yet to come.
    """
    if since is not None and since > now:
        raise NotYet
    return since or now


async def keep(conn: Connection, decision: Decision, cause: str | None) -> Entry:
    """Write a decision to the log, and let the account's events tell of a change; in a transaction."""
    entry = await store.append(conn, decision, cause)
    if entry.since is not None:
        told = {"since": entry.since.isoformat(), "reason": entry.reason, "entry": entry.id}
        await outbox.append(conn, entry.client, CHANGED, partner=entry.partner, **told)
    return entry


async def explain(
    conn: Connection, client: Login, *, partner: Login | None = None, below: int = LARGEST, limit: int = 100
) -> list[Entry]:
    """Return why an account is whose client it is: what was decided and on what, the newest first.

    The client sees all. A `partner` sees what is about them, and of what was weighed their own; of an account that is
    not there nothing, as of any other that they have to do nothing with.
    """
    found = await store.log(conn, client, partner, below=below, limit=limit)
    return found if partner is None else [each.seen_by(partner) for each in found]
