"""Settling: approved lines are summed up, rounded once, and paid; the books of it balance."""

from opencabinet.partners.rewards.settling.actions import AlreadyPaid, NoSuchSettlement, due, pay, settle
from opencabinet.partners.rewards.settling.model import Entry, Settlement
from opencabinet.partners.rewards.settling.store import entries, settlements

__all__ = [
    "AlreadyPaid",
    "Entry",
    "NoSuchSettlement",
    "Settlement",
    "due",
    "entries",
    "pay",
    "settle",
    "settlements",
]
