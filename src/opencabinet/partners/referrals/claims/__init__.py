"""Claims of partners, made with evidence, and decided by the operator."""

from opencabinet.partners.referrals.claims.actions import accept, claim, reject
from opencabinet.partners.referrals.claims.model import (
    BadClaim,
    Claim,
    ClaimDecided,
    ClaimedAlready,
    ClaimState,
    NoSuchClaim,
    NotActive,
    TooManyClaims,
)
from opencabinet.partners.referrals.claims.store import listed, waiting

__all__ = [
    "BadClaim",
    "Claim",
    "ClaimDecided",
    "ClaimState",
    "ClaimedAlready",
    "NoSuchClaim",
    "NotActive",
    "TooManyClaims",
    "accept",
    "claim",
    "listed",
    "reject",
    "waiting",
]
