"""Making claims, and deciding them."""

from datetime import UTC, datetime

from opencabinet import accounts
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.partners import programme
from opencabinet.partners.programme import NoSuchPartner
from opencabinet.partners.referrals.actions import USUAL, keep
from opencabinet.partners.referrals.claims import store
from opencabinet.partners.referrals.claims.model import (
    LONGEST_NOTE,
    MOST_OPEN,
    Claim,
    ClaimDecided,
    ClaimedAlready,
    NoSuchClaim,
    NotActive,
    TooManyClaims,
    read_evidence,
    read_text,
)
from opencabinet.partners.referrals.gathering import gather
from opencabinet.partners.referrals.model import Entry, Evidence, Lead, Rules, decide, rejected


async def claim(conn: Connection, partner: Login, client: Login, evidence: str) -> Claim:
    """Say that an account is a partner's client, and why. Any number can be claimed: nothing tells whose it is.

    Raises:
        BadClaim: if the evidence cannot be kept.
        NoSuchPartner, NotActive: if the partner is none, or none now.
        TooManyClaims, ClaimedAlready: if too many claims of the partner wait, or one for this account does.
    """
    text = read_evidence(evidence)
    async with conn.transaction():
        known = await programme.partner(conn, partner)
        if known is None:
            raise NoSuchPartner
        if known.state != "active":
            raise NotActive
        await outbox.hold(conn, partner)
        waiting = await store.open_clients(conn, partner, MOST_OPEN)
        if client in waiting:
            raise ClaimedAlready
        if len(waiting) >= MOST_OPEN:
            raise TooManyClaims
        return await store.add(conn, partner, client, text)


async def accept(
    conn: Connection, partner: Login, number: int, *, note: str = "", rules: Rules = USUAL
) -> tuple[Claim, Entry]:
    """Accept a claim: the account is the partner's client from when it was claimed.

    If that was soon enough after it was opened, and it was nobody's, it is from its opening on. What may not be is
    refused all the same, and the claim rejected: the entry of the log says why.

    Raises:
        NoSuchClaim, ClaimDecided: if there is none that waits.
        NoSuchAccount: if the account is not there: it can only be rejected.
        BadClaim: if the note cannot be kept.
    """
    text = read_text(note, LONGEST_NOTE)
    async with conn.transaction():
        found = await waiting(conn, partner, number)
        await accounts.existing(conn, found.client)
        await outbox.hold(conn, found.client)
        now = datetime.now(UTC)
        decision = decide(await gather(conn, found.client, [lead_of(found)], now, now), rules)
        entry = await keep(conn, decision, cause_of(found))
        state = "rejected" if entry.verdict == "refused" else "accepted"
        return await store.settle(conn, found, state, text or entry.reason), entry


async def reject(conn: Connection, partner: Login, number: int, *, note: str = "") -> tuple[Claim, Entry]:
    """Reject a claim; the log tells of it.

    Raises:
        NoSuchClaim, ClaimDecided: if there is none that waits.
        BadClaim: if the note cannot be kept.
    """
    text = read_text(note, LONGEST_NOTE)
    async with conn.transaction():
        found = await waiting(conn, partner, number)
        evidence = Evidence(client=found.client, at=found.claimed_at, opened_at=None, leads=())
        entry = await keep(conn, rejected(evidence, lead_of(found)), cause_of(found))
        return await store.settle(conn, found, "rejected", text), entry


async def waiting(conn: Connection, partner: Login, number: int) -> Claim:
    """Return a claim that waits, held until the transaction ends.

    Raises:
        NoSuchClaim, ClaimDecided: if there is none.
    """
    found = await store.held(conn, partner, number) if 0 < number <= LARGEST else None
    if found is None:
        raise NoSuchClaim
    if found.state != "open":
        raise ClaimDecided
    return found


def lead_of(claim: Claim) -> Lead:
    """Return what a claim says."""
    return Lead(kind="claim", at=claim.claimed_at, text=str(claim.id), partner=claim.partner)


def cause_of(claim: Claim) -> str:
    """Return what is decided on, where it is a claim."""
    return f"claim {claim.partner} {claim.id}"
