"""Claims: clients that a partner says are theirs, with what they say for it."""

from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Conflict, Malformed, Unknown

ClaimState = Literal["open", "accepted", "rejected"]
MOST_OPEN: Final = 20
"""Claims of a partner that wait at a time."""
LONGEST_EVIDENCE: Final = 2000
LONGEST_NOTE: Final = 500


class BadClaim(Malformed):
    """A claim says why in 1 to 2000 letters."""


class TooManyClaims(Conflict):
    """Twenty claims wait already: ask again when one of them is decided."""


class ClaimedAlready(Conflict):
    """A claim of yours for this account waits already."""


class NotActive(Conflict):
    """The partner is suspended, or has left."""


class NoSuchClaim(Unknown):
    """There is no such claim."""


class ClaimDecided(Conflict):
    """The claim was decided already."""


class Claim(Struct, frozen=True, kw_only=True):
    """A client that a partner says is theirs; whom they mean may be nobody."""

    partner: Login
    id: int
    client: Login
    evidence: str
    claimed_at: datetime
    state: ClaimState
    decided_at: datetime | None
    note: str


def read_text(text: str, longest: int) -> str:
    """Return what somebody wrote as it is kept; lines may be parted.

    Raises:
        BadClaim: if it is too long, or holds what cannot be read.
    """
    kept = text.strip()
    if len(kept) > longest or not all(letter.isprintable() or letter == "\n" for letter in kept):
        raise BadClaim
    return kept


def read_evidence(text: str) -> str:
    """Return what speaks for a claim, as it is kept.

    Raises:
        BadClaim: if that is nothing, too much, or cannot be read.
    """
    if not (kept := read_text(text, LONGEST_EVIDENCE)):
        raise BadClaim
    return kept
