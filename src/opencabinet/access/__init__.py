"""Who may ask what: one judge for every door."""

from opencabinet.access.actions import close_account, issue, open_account, permit, revoke, set_password
from opencabinet.access.model import (
    AccessDenied,
    Ask,
    Decision,
    Family,
    Function,
    Grant,
    Level,
    Need,
    Network,
    Policy,
    Public,
    judge,
)
from opencabinet.access.networks import network, peer
from opencabinet.access.store import has_password, judged, live

__all__ = [
    "AccessDenied",
    "Ask",
    "Decision",
    "Family",
    "Function",
    "Grant",
    "Level",
    "Need",
    "Network",
    "Policy",
    "Public",
    "close_account",
    "has_password",
    "issue",
    "judge",
    "judged",
    "live",
    "network",
    "open_account",
    "peer",
    "permit",
    "revoke",
    "set_password",
]
