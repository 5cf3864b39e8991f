"""Whose client each account is, why, and what of them their partner sees."""

from opencabinet.partners.referrals.actions import NotYet, assign, attribute, explain, on_opened, release
from opencabinet.partners.referrals.checking import check
from opencabinet.partners.referrals.claims import (
    BadClaim,
    Claim,
    ClaimDecided,
    ClaimedAlready,
    ClaimState,
    NoSuchClaim,
    NotActive,
    TooManyClaims,
    accept,
    claim,
    reject,
)
from opencabinet.partners.referrals.claims import listed as claims
from opencabinet.partners.referrals.claims import waiting as waiting_claims
from opencabinet.partners.referrals.clients import (
    Client,
    Consent,
    Level,
    NobodysClient,
    clients,
    consent,
    consented,
    consenting,
    count,
)
from opencabinet.partners.referrals.following import Following
from opencabinet.partners.referrals.model import (
    Decision,
    Entry,
    Evidence,
    Lead,
    Own,
    Referral,
    Rules,
    decide,
    replayed,
)
from opencabinet.partners.referrals.store import current, is_client

__all__ = [
    "BadClaim",
    "Claim",
    "ClaimDecided",
    "ClaimState",
    "ClaimedAlready",
    "Client",
    "Consent",
    "Decision",
    "Entry",
    "Evidence",
    "Following",
    "Lead",
    "Level",
    "NoSuchClaim",
    "NobodysClient",
    "NotActive",
    "NotYet",
    "Own",
    "Referral",
    "Rules",
    "TooManyClaims",
    "accept",
    "assign",
    "attribute",
    "check",
    "claim",
    "claims",
    "clients",
    "consent",
    "consented",
    "consenting",
    "count",
    "current",
    "decide",
    "explain",
    "is_client",
    "on_opened",
    "reject",
    "release",
    "replayed",
    "waiting_claims",
]
